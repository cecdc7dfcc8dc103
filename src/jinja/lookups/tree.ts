import { lstatSync, readdirSync, readlinkSync, type Stats } from 'node:fs'
import { posix } from 'node:path'
import type { Value } from '../../base/value.ts'
import { dict, float } from '../../base/value.ts'
import type { Lookup, LookupContext } from '../options.ts'
import { toText } from '../python/text.ts'
import { expandHome, opened, places } from './shared.ts'

const stateOf = (stat: Stats): string | undefined => {
  if (stat.isDirectory()) return 'directory'
  if (stat.isSymbolicLink()) return 'link'
  return stat.isFile() ? 'file' : undefined
}

/** What is told of one entry below a root; undefined for sockets, devices and the like. */
function described(root: string, path: string): Value | undefined {
  const full = posix.join(root, path)
  const stat = lstatSync(full)
  const state = stateOf(stat)
  if (state === undefined) return undefined
  return dict({
    root: `${root}/`,
    path,
    state,
    src: state === 'link' ? readlinkSync(full) : state === 'file' ? full : undefined,
    mode: `0${(stat.mode & 0o7777).toString(8)}`,
    uid: stat.uid,
    gid: stat.gid,
    size: stat.size,
    mtime: float(stat.mtimeMs / 1000),
    ctime: float(stat.ctimeMs / 1000),
  })
}

/** Everything below a directory, by its path relative to it; a directory comes before what is in it. */
function walk(root: string, below: string): Value[] {
  const names = readdirSync(posix.join(root, below), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  return names.flatMap(entry => {
    const path = posix.join(below, entry.name)
    const own = described(root, path)
    return [...(own === undefined ? [] : [own]), ...(entry.isDirectory() ? walk(root, path) : [])]
  })
}

const directoryOf = (path: string, context: LookupContext): string | undefined =>
  (posix.isAbsolute(path) ? [path] : places(context).map(place => posix.join(place, path))).find(place =>
    lstatSync(place, { throwIfNoEntry: false })?.isDirectory(),
  )

/** The files, directories and links below directories; of the same path the first is taken. */
const filetree: Lookup = {
  run: (terms, _options, context) => {
    const out = new Map<Value, Value>()
    for (const term of opened(terms)) {
      const root = directoryOf(expandHome(toText(term)).replace(/(.)\/+$/, '$1'), context)
      if (root === undefined) continue
      for (const entry of walk(root, '')) {
        const path = entry instanceof Map ? (entry.get('path') ?? null) : null
        if (!out.has(path)) out.set(path, entry)
      }
    }
    return [...out.values()]
  },
}

/** Lookups that walk directories on the controller. */
export const TREE_LOOKUPS: Readonly<Record<string, Lookup>> = { filetree }
