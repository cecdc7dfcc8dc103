import { posix } from 'node:path'
import type { Mirror } from '../../kit/effect.ts'
import type { HostInfo } from '../../kit/host.ts'
import { at } from '../../questions/files.ts'
import type { Looking, Side } from '../../questions/sides.ts'
import { NotHonoured, patternFiles, type SyncArgs, type SyncOptions, syncOptions } from './sync-options.ts'
import type { Ends } from './sync-plan.ts'

/** The parameters of a synchronization that say where. */
export interface SyncPlaces extends SyncArgs {
  readonly src: string
  readonly dest: string
  readonly mode: 'push' | 'pull'
  readonly delegated: 'no' | 'itself' | 'elsewhere'
}

/** Which way it goes. A task that is delegated to its own host works there alone. */
export const wayOf = ({ mode, delegated }: SyncPlaces): Mirror['way'] => (delegated === 'no' ? mode : 'within')

/** A path of the controller without slashes at its end. */
const plain = (path: string): string => path.replace(/(?<=.)\/+$/, '')

/** The directory that names are in, and the one name; '' for all that is in it. */
function sourceOf(args: SyncPlaces, host: HostInfo): { readonly root: string; readonly name: string } {
  const path = wayOf(args) === 'push' ? plain(args.src) : at(args.src, host)
  if (/(?:^|\/)\.{0,2}$/.test(args.src)) return { root: path, name: '' }
  return { root: posix.dirname(path), name: posix.basename(path) }
}

const destOf = (args: SyncPlaces, host: HostInfo): string =>
  wayOf(args) === 'pull' ? plain(args.dest) : at(args.dest, host)

/** How both ends are looked at. Options that are refused later are as good as none. */
export function looksOf(args: SyncPlaces, host: HostInfo): { readonly source: Looking; readonly goal: Looking } {
  const { recursive, copyLinks, checksum, sizeOnly, times } = quietOptions(args)
  const { root, name } = sourceOf(args, host)
  const how = { name, sums: checksum || (!times && !sizeOnly) }
  const start = name === '' ? 'start' : 'none'
  return {
    source: { ...how, root, levels: recursive ? Infinity : 1, follow: copyLinks ? 'all' : start },
    // A directory there has to make way for a file only when it is empty.
    goal: { ...how, root: destOf(args, host), levels: recursive ? Infinity : 2, follow: start },
  }
}

function quietOptions(args: SyncPlaces): SyncOptions {
  try {
    return syncOptions(args, new Map())
  } catch (error) {
    if (error instanceof NotHonoured) return syncOptions({ ...args, rsync_opts: [] }, new Map())
    throw error
  }
}

/** The files with patterns that options name; options that are refused later name none. */
export function filesOf(args: SyncPlaces): readonly string[] {
  try {
    return patternFiles(args.rsync_opts)
  } catch (error) {
    if (error instanceof NotHonoured) return []
    throw error
  }
}

/** Both ends as they are compared. Throws `NotHonoured` where there is nothing to compare. */
export function endsOf(args: SyncPlaces, host: HostInfo, from: Side): Ends {
  const { src, dest, delegated } = args
  const way = wayOf(args)
  if (delegated === 'elsewhere')
    throw new NotHonoured(
      'delegate_to names another host than the one that the task is for',
      'from one host to another it takes two tasks by way of the controller, the first with mode: pull',
    )
  for (const path of [src, dest])
    if (/^rsync:\/\//.test(path)) throw new NotHonoured(`${path} is served by a daemon of rsync`, 'name a path')
  if (way === 'within' && filesOf(args).length > 0)
    throw new NotHonoured('files with patterns are read on the controller', 'write the patterns into rsync_opts')
  const { root, name } = sourceOf(args, host)
  const bytes = Buffer.from(name).toString('latin1')
  const top = from.items.get(bytes)
  const where = way === 'push' ? 'the controller' : host.name
  if (top === undefined) throw new NotHonoured(`there is no ${src} on ${where}`, 'check src')
  if (name === '' && top.type !== 'directory')
    throw new NotHonoured(`${src} is no directory on ${where}`, 'leave out the slash at the end of src')
  return { way, from: root, name: bytes, dest: destOf(args, host), intoDirectory: dest.endsWith('/') }
}

/** The words that rsync would be given, but for how it gets to the host. */
export function commandOf(args: SyncPlaces & { readonly compress: boolean; readonly partial: boolean }): string {
  const flag = (on: boolean, ...words: readonly string[]): readonly string[] => (on ? words : [])
  const kinds = ['recursive', 'links', 'perms', 'times', 'owner', 'group'] as const
  const words = [
    'rsync',
    ...flag(args.delay_updates, '--delay-updates', '-F'),
    ...flag(args.compress, '--compress'),
    ...flag(args.delete, '--delete-after'),
    ...flag(args.existing_only, '--existing'),
    ...flag(args.checksum, '--checksum'),
    ...flag(args.copy_links, '--copy-links'),
    ...flag(args.archive, '--archive'),
    ...kinds.flatMap(kind => flag(args[kind] === !args.archive, `--${args.archive ? 'no-' : ''}${kind}`)),
    ...flag(args.dirs, '--dirs'),
    ...args.rsync_opts,
    ...flag(args.partial, '--partial'),
  ]
  return [...words, args.src, args.dest].join(' ')
}
