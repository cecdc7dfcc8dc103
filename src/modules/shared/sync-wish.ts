import type { Dressing } from '../../kit/effect.ts'
import type { Item, Side } from '../../questions/sides.ts'
import { modeFrom } from './mode.ts'
import { NotHonoured, type SyncOptions } from './sync-options.ts'

/** What is kept of the source: times, modes, owners. Not every end can be given all of it. */
export class Wishes {
  readonly #options: SyncOptions
  readonly #from: Side
  readonly #to: Side
  /** Numbers at the goal by their names. */
  readonly #numbers: { readonly owner: ReadonlyMap<string, number>; readonly group: ReadonlyMap<string, number> }

  constructor(options: SyncOptions, from: Side, to: Side) {
    this.#options = options
    this.#from = from
    this.#to = to
    this.#numbers = { owner: byName(to.users), group: byName(to.groups) }
  }

  /** What an item is to have at its goal, where something of its kind may stand already. */
  of(item: Item, path: string, there: Item | undefined): Dressing {
    const mode = item.type === 'link' ? undefined : this.#modeOf(item, there)
    const uid = this.#idOf('owner', item)
    const gid = this.#idOf('group', item)
    return {
      path,
      ...(mode === undefined ? {} : { mode }),
      ...(uid === undefined ? {} : { uid }),
      ...(gid === undefined ? {} : { gid }),
      ...this.stampOf(item),
    }
  }

  /** The time that an item keeps. */
  stampOf({ type, mtime }: Item): { readonly mtime?: number } {
    const { times, omitDirTimes, omitLinkTimes } = this.#options
    const kept = times && !(type === 'directory' && omitDirTimes) && !(type === 'link' && omitLinkTimes)
    return kept ? { mtime } : {}
  }

  /** Whether a file has to be sent. Without times, nothing but their bytes can tell whether files of one size are the same. */
  differs(item: Item, there: Item): boolean {
    const { checksum, sizeOnly, times } = this.#options
    if (item.size !== there.size) return true
    if (checksum || (!times && !sizeOnly)) return item.sum !== there.sum
    return !sizeOnly && item.mtime !== there.mtime
  }

  #modeOf(item: Item, there: Item | undefined): number {
    const { perms, chmod } = this.#options
    if (!perms && there) return there.mode
    const directory = item.type === 'directory'
    const kind = directory ? 'D' : 'F'
    const asked = chmod.reduce(
      (mode, change) => (change.of === '' || change.of === kind ? changed(mode, change.mode, directory) : mode),
      item.mode,
    )
    return perms ? asked : asked & 0o777 & ~this.#to.umask
  }

  /** The number that somebody of the source has at the goal: by name, unless told otherwise; root is root everywhere. */
  #idOf(what: 'owner' | 'group', item: Item): number | undefined {
    const owner = what === 'owner'
    const { numeric, chown } = this.#options
    if (!this.#options[what] || (owner && this.#to.uid !== 0)) return undefined
    const given = owner ? chown?.user : chown?.group
    const number = owner ? item.uid : item.gid
    const names = owner ? this.#from.users : this.#from.groups
    const name = given || (numeric || number === 0 ? undefined : names.get(number))
    const found = name === undefined ? undefined : this.#numbers[what].get(name)
    if (given && found === undefined && !/^\d+$/.test(given))
      throw new NotHonoured(`there is no ${owner ? 'user' : 'group'} '${given}' for --chown`, 'make it first')
    const wanted = found ?? (given ? Number(given) : number)
    return owner || this.#to.uid === 0 || this.#to.gids.includes(wanted) ? wanted : undefined
  }
}

const byName = (names: ReadonlyMap<number, string>): ReadonlyMap<string, number> =>
  new Map([...names].toReversed().map(([number, name]) => [name, number]))

/** The mode that a change makes of another; `=` leaves the special bits that it does not name. */
function changed(now: number, change: string, directory: boolean): number {
  const mode = modeFrom(change, now, directory)
  return /^[ugoa]*=[^st]*$/.test(change) ? (mode & 0o777) | (now & 0o7000) : mode
}

/** What is wished and not so yet. Another owner takes some bits of the mode away. */
export function missing(wish: Dressing, there: Item | undefined): Dressing {
  if (there === undefined) return wish
  const { path, mode, uid, gid, mtime } = wish
  const given = (uid !== undefined && uid !== there.uid) || (gid !== undefined && gid !== there.gid)
  return {
    path,
    ...(mode !== undefined && (given || mode !== there.mode) ? { mode } : {}),
    ...(uid !== undefined && uid !== there.uid ? { uid } : {}),
    ...(gid !== undefined && gid !== there.gid ? { gid } : {}),
    ...(mtime !== undefined && mtime !== there.mtime ? { mtime } : {}),
  }
}
