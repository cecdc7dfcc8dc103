import { posix } from 'node:path'
import type { Mirror, Removal } from '../../kit/effect.ts'
import type { Item, Side } from '../../questions/sides.ts'
import { STAGE } from '../../questions/sides.ts'
import { leftovers } from './sync-delete.ts'
import { type Filter, type FilterFiles, hiding, keeping, ruleFiles } from './sync-filter.ts'
import { differenceOf, type Fate, itemized } from './sync-lines.ts'
import { NotHonoured, type SyncOptions } from './sync-options.ts'
import { belowOf, deepestFirst, deleting, parentOf, shown, under } from './sync-paths.ts'
import { missing, Wishes } from './sync-wish.ts'

/** Both ends of a synchronization. */
export interface Ends {
  readonly way: Mirror['way']
  /** The directory that the source's names are in. */
  readonly from: string
  /** The one name in it; '' when it is all that is in there. A byte string. */
  readonly name: string
  readonly dest: string
  /** Nothing but a directory may stand there. */
  readonly intoDirectory: boolean
}

/** A difference as an edit shows it. */
export interface Difference {
  readonly what: string
  readonly from: string
  readonly to: string
}

/** What would have to be done, in rsync's lines and as differences. */
export interface Synchronization {
  readonly mirror: Mirror
  readonly differences: readonly Difference[]
  readonly lines: readonly string[]
  readonly warnings: readonly string[]
}

/** Compares both ends, and says what makes the one as the other is. Throws `NotHonoured` where that cannot be done. */
export function synchronization(options: SyncOptions, ends: Ends, from: Side, to: Side): Synchronization {
  return new Comparison(options, ends, from, to).result()
}

const leadsNowhere = (path: string): NotHonoured =>
  new NotHonoured(`symlink has no referent: ${shown(path)}`, 'mend the link, or set copy_links: false')

class Comparison {
  readonly #options: SyncOptions
  readonly #ends: Ends
  readonly #wishes: Wishes
  readonly #from: Side
  readonly #to: Side
  readonly #hidden: Filter
  /** A single file may take another name. */
  readonly #named: { readonly into: string; readonly rename?: string }
  readonly #below: ReadonlyMap<string, readonly string[]>
  readonly #names = new Set<string>()
  readonly #fates: Fate[] = []
  readonly #clear: Removal[] = []
  readonly #remove: Removal[] = []
  readonly #warnings: string[] = []
  readonly #lines: string[] = []

  constructor(options: SyncOptions, ends: Ends, from: Side, to: Side) {
    this.#options = options
    this.#ends = ends
    this.#wishes = new Wishes(options, from, to)
    this.#from = from
    this.#to = to
    this.#hidden = hiding(options.rules, this.#filterFiles(from.items))
    const top = from.items.get(ends.name)
    const single = ends.name !== '' && top?.type !== 'directory'
    const inside = ends.intoDirectory || to.root?.type === 'directory'
    this.#named =
      single && !inside
        ? { into: posix.dirname(ends.dest), rename: Buffer.from(posix.basename(ends.dest)).toString('latin1') }
        : { into: ends.dest }
    if (!single && to.root !== undefined && to.root.type !== 'directory')
      throw new NotHonoured(`${ends.dest} is a ${to.root.type}, no directory can go there`, 'choose another dest')
    if (single && ends.intoDirectory && to.root !== undefined && to.root.type !== 'directory')
      throw new NotHonoured(`${ends.dest} is no directory`, 'leave out the slash at the end of dest')
    this.#below = belowOf(from.items)
    if (top) this.#visit(top)
    if (options.delete && top?.type === 'directory') this.#delete()
  }

  result(): Synchronization {
    const { into, rename } = this.#named
    const { way, from, dest } = this.#ends
    const made = rename === undefined && this.#to.root === undefined && this.#fates.length > 0
    // In a directory whose time is set again, whatever happens there.
    const { name } = this.#ends
    const top = name !== '' && this.#to.items.get(name)?.type === 'directory' && rename === undefined ? `${name}/` : ''
    const changed = this.#fates.filter(fate => fate.kind !== 'same')
    const mirror: Mirror = {
      ...{ kind: 'mirror', way, from, into, stage: `${top}${STAGE}` },
      ...(made ? { make: this.#options.makePath ? 'all' : 'one' } : {}),
      clear: this.#clear,
      directories: changed.flatMap(({ kind, item, path }) =>
        kind === 'new' && item.type === 'directory' && path !== '' ? [path] : [],
      ),
      files: changed.flatMap(({ kind, item, path, wish }) =>
        item.type === 'file' && kind !== 'dress' ? [{ ...wish, path, source: item.path, size: item.size }] : [],
      ),
      links: changed.flatMap(({ kind, item, path, wish }) =>
        item.type === 'link' && kind !== 'dress' ? [{ ...wish, path, target: item.target ?? '' }] : [],
      ),
      remove: this.#remove,
      dress: this.#dress(),
    }
    const where = (path: string): string => posix.join(into, shown(path))
    const created = made ? [`created directory ${dest}`] : []
    return {
      mirror,
      differences: [
        ...changed.map(fate => ({ what: where(fate.path), ...differenceOf(fate) })),
        ...this.#remove.map(({ path, directory }) => ({
          ...{ what: where(path), from: directory ? 'directory' : 'present', to: 'absent' },
        })),
      ],
      lines: [...created, ...this.#lines],
      warnings: this.#warnings,
    }
  }

  /** What is dressed at the end; directories whose content changes get their time back. */
  #dress(): Mirror['dress'] {
    const busy = new Set(
      [
        ...this.#fates.filter(fate => fate.kind !== 'same' && fate.kind !== 'dress'),
        ...this.#clear,
        ...this.#remove,
      ].map(({ path }) => parentOf(path)),
    )
    const top = this.#ends.name
    return this.#fates
      .flatMap(({ kind, item, path, there, wish }) => {
        const link = item.type === 'link'
        if (item.type !== 'directory') return kind === 'dress' ? [{ ...missing(wish, there), link }] : []
        const again = busy.has(path) || path === top ? this.#wishes.stampOf(item) : {}
        const needed = { ...missing(wish, there), ...again, link }
        return Object.keys(needed).length > 2 ? [needed] : []
      })
      .toSorted(deepestFirst)
  }

  #visit(item: Item): void {
    const { recursive, dirs, links, existing } = this.#options
    const { path, type } = item
    const directory = type === 'directory'
    const top = path === this.#ends.name
    if (this.#hidden(path, directory)) return
    if (directory && !recursive && !dirs) {
      this.#lines.push(`skipping directory ${path === '' ? '.' : shown(path)}`)
      return
    }
    this.#names.add(path)
    if (type === 'other') {
      this.#warnings.push(`${shown(path)} is a device, pipe or socket, which is left out`)
      return
    }
    if (type === 'link' && this.#options.copyLinks) throw leadsNowhere(path)
    if (type === 'link' && !links) {
      this.#lines.push(`skipping non-regular file "${shown(path)}"`)
      return
    }
    const goal = this.#named.rename ?? path
    const there = this.#to.items.get(this.#named.rename === undefined ? path : '')
    if (existing && there === undefined && path !== '') {
      this.#list(item)
      return
    }
    if (this.#passedOver(item, there)) return
    this.#judge(item, goal, there)
    // Without recursion, what `src/` holds is sent, and what is below that is not.
    if (directory && (recursive || (top && path === '')))
      for (const name of this.#below.get(path) ?? []) {
        const child = this.#from.items.get(name)
        if (child) this.#visit(child)
      }
  }

  /** What is not to be made is listed all the same, with all that is in it, and links there have to lead somewhere when they are followed. */
  #list({ path, type }: Item): void {
    if (type === 'link' && this.#options.copyLinks) throw leadsNowhere(path)
    if (type !== 'directory' || !this.#options.recursive) return
    for (const name of this.#below.get(path) ?? []) {
      const child = this.#from.items.get(name)
      if (child && !this.#hidden(name, child.type === 'directory')) this.#list(child)
    }
  }

  /** With `--ignore-existing` whatever stands there stays as it is, of its kind or of another; directories are gone through. */
  #passedOver({ path, type }: Item, there: Item | undefined): boolean {
    if (!this.#options.ignoreExisting || there === undefined) return false
    if (type !== 'directory') return true
    if (there.type !== type && this.#below.has(path))
      throw new NotHonoured(
        `${shown(path)} is a directory, and a ${there.type} that is to stay stands there`,
        'move it',
      )
    return there.type !== type
  }

  #judge(item: Item, path: string, there: Item | undefined): void {
    const { update } = this.#options
    const fresh = there === undefined || there.type !== item.type
    const wish = this.#wishes.of(item, path, fresh ? undefined : there)
    if (fresh) {
      if (there) this.#makeWay(there, path)
      this.#decide({ kind: 'new', item, path, there: undefined, wish })
      return
    }
    if (update && item.type === 'file' && there.mtime > item.mtime) return
    const content =
      (item.type === 'file' && this.#wishes.differs(item, there)) ||
      (item.type === 'link' && item.target !== there.target)
    const attributes = Object.keys(missing(wish, there)).length > 1
    this.#decide({ kind: content ? 'content' : attributes ? 'dress' : 'same', item, path, there, wish })
  }

  #decide(fate: Fate): void {
    this.#fates.push(fate)
    if (fate.kind !== 'same') this.#lines.push(itemized(fate, this.#ends.way, this.#options))
  }

  /** What is of another kind goes, with all that is in it where that may be. */
  #makeWay(there: Item, path: string): void {
    const inside = [...this.#to.items.values()].filter(one => one.path !== path && under(one.path, path))
    if (there.type === 'directory' && inside.length > 0 && !this.#options.delete && !this.#options.force)
      throw new NotHonoured(
        `could not make way for ${shown(path)}: a directory that is not empty stands there`,
        'set delete: true, or remove it',
      )
    const { remove: gone } = leftovers(this.#to, [{ path, directory: true }], new Set(), this.#keeping(this.#to.items))
    if (gone.length < inside.length)
      throw new NotHonoured(
        `could not make way for ${shown(path)}: a rule keeps something in the directory that stands there`,
        'move it, or change the rule',
      )
    this.#clear.push(...gone, { path, directory: there.type === 'directory' })
    this.#lines.push(...gone.map(deleting))
  }

  #filterFiles(items: ReadonlyMap<string, Item>): FilterFiles {
    const files = this.#options.filterFiles ? ruleFiles(items.values()) : new Map<string, never>()
    if (typeof files === 'string') throw new NotHonoured(`the rule ${files} is not supported`)
    return files
  }

  /** What must stay at the goal, by its own filter files. */
  #keeping(items: ReadonlyMap<string, Item>): { readonly kept: Filter; readonly used: ReadonlySet<string> } {
    const { rules, deleteExcluded } = this.#options
    const used = new Set<string>()
    return { kept: keeping(rules, this.#filterFiles(items), deleteExcluded, used), used }
  }

  /** What the source has not goes. Filter files of the goal count as they are by then. */
  #delete(): void {
    if (!this.#options.recursive)
      throw new NotHonoured('delete does not work without recursive', 'set recursive: true, or leave out delete')
    const items = new Map(this.#to.items)
    for (const { kind, path, item } of this.#fates) if (kind === 'new' || kind === 'content') items.set(path, item)
    const names = [...this.#names].map(path => ({ path, directory: this.#from.items.get(path)?.type === 'directory' }))
    const way = new Set(this.#clear.map(({ path }) => path))
    const { remove, lines } = leftovers(this.#to, names, way, this.#keeping(items))
    this.#remove.push(...remove)
    this.#lines.push(...lines)
  }
}
