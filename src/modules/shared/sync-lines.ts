import type { Dressing, Mirror } from '../../kit/effect.ts'
import type { Item } from '../../questions/sides.ts'
import { modeText } from './mode.ts'
import type { SyncOptions } from './sync-options.ts'
import { shown } from './sync-paths.ts'

/** What becomes of a name: it is made, gets another content, gets other attributes, or is as it should be. */
export interface Fate {
  readonly kind: 'new' | 'content' | 'dress' | 'same'
  readonly item: Item
  /** Where it goes. */
  readonly path: string
  /** What stands there now and is of the same kind. */
  readonly there: Item | undefined
  readonly wish: Dressing
}

const SIGNS: Readonly<Record<Item['type'], string>> = { file: 'f', directory: 'd', link: 'L', other: 'S' }

/** The line of `rsync --itemize-changes` for a change. */
export function itemized({ kind, item, there, wish }: Fate, way: Mirror['way'], options: SyncOptions): string {
  const sign = item.type === 'file' ? (way === 'push' ? '<' : '>') : 'c'
  const name = `${shown(item.path === '' ? '.' : item.path)}${item.type === 'directory' ? '/' : ''}`
  const leads = item.type === 'link' ? ` -> ${shown(item.target ?? '')}` : ''
  const start = `${kind === 'dress' ? '.' : sign}${SIGNS[item.type]}`
  if (there === undefined) return `${start}+++++++++ ${name}${leads}`
  const file = item.type === 'file'
  const stamp = wish.mtime !== undefined && wish.mtime !== there.mtime
  const letters = [
    (options.checksum && file && kind === 'content') || (item.type === 'link' && kind === 'content') ? 'c' : '.',
    file && item.size !== there.size ? 's' : '.',
    stamp ? 't' : kind === 'content' && !options.times ? 'T' : '.',
    wish.mode !== undefined && wish.mode !== there.mode ? 'p' : '.',
    wish.uid !== undefined && wish.uid !== there.uid ? 'o' : '.',
    wish.gid !== undefined && wish.gid !== there.gid ? 'g' : '.',
  ]
  return `${start}${letters.join('')}... ${name}${leads}`
}

const stampText = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')
const kindText = (item: Item): string =>
  item.type === 'link'
    ? `link to ${shown(item.target ?? '')}`
    : item.type === 'file'
      ? `file of ${item.size} bytes`
      : item.type

/** The same for people: what was, and what comes, as far as they differ. */
export function differenceOf({ kind, item, there, wish }: Fate): { readonly from: string; readonly to: string } {
  if (there === undefined) return { from: 'absent', to: kindText(item) }
  const pairs: [string, string][] = []
  if (kind === 'content' && kindText(there) !== kindText(item)) pairs.push([kindText(there), kindText(item)])
  if (kind === 'content' && there.sum !== undefined && item.sum !== undefined && item.sum !== there.sum)
    pairs.push([`sha256:${there.sum.slice(0, 12)}`, `sha256:${item.sum.slice(0, 12)}`])
  if (wish.mtime !== undefined && wish.mtime !== there.mtime)
    pairs.push([`written ${stampText(there.mtime)}`, `written ${stampText(wish.mtime)}`])
  if (wish.mode !== undefined && wish.mode !== there.mode)
    pairs.push([`mode ${modeText(there.mode)}`, `mode ${modeText(wish.mode)}`])
  if (wish.uid !== undefined && wish.uid !== there.uid) pairs.push([`uid ${there.uid}`, `uid ${wish.uid}`])
  if (wish.gid !== undefined && wish.gid !== there.gid) pairs.push([`gid ${there.gid}`, `gid ${wish.gid}`])
  return { from: pairs.map(([from]) => from).join(', '), to: pairs.map(([, to]) => to).join(', ') }
}
