import { realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import { posix } from 'node:path'
import type { Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { soft, text, textArgument } from '../python/arguments.ts'
import { type Filters, native, type Runtime } from '../python/callable.ts'
import { matching } from '../python/glob.ts'
import { items } from '../python/iterate.ts'
import { Tuple } from '../python/objects.ts'
import { typeName } from '../python/text.ts'

/** Python's os.path.basename: nothing after a closing slash. */
const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** Python's os.path.dirname. */
function dirName(path: string): string {
  const head = path.slice(0, path.lastIndexOf('/') + 1)
  let end = head.length
  while (end > 0 && head[end - 1] === '/') end -= 1
  return end === 0 ? head : head.slice(0, end)
}

/** Python's os.path.splitext: leading dots belong to the name. */
function splitExtension(path: string): [string, string] {
  const name = baseName(path)
  const dot = name.lastIndexOf('.')
  if (dot < 0 || /^\.*$/.test(name.slice(0, dot))) return [path, '']
  return [path.slice(0, path.length - name.length + dot), name.slice(dot)]
}

const expandUser = (path: string): string => (/^~(\/|$)/.test(path) ? homedir() + path.slice(1) : path)

const globbed = (path: string): string[] => matching(posix.dirname(path), posix.basename(path))

const expandVars = (path: string): string =>
  path.replace(
    /\$(?:(\w+)|\{([^}]*)\})/g,
    (whole, plain?: string, braced?: string) => process.env[plain ?? braced ?? ''] ?? whole,
  )

/** The path with its links resolved as far as it exists. */
function realPath(path: string): string {
  const full = posix.resolve(path)
  try {
    return realpathSync(full)
  } catch {
    // What does not exist has no links; its parent may.
    return full === '/' ? full : posix.join(realPath(dirName(full)), baseName(full))
  }
}

/** The parts of a path; Ansible's own words where there are none. */
function partsOf(value: Value, run: Runtime, filter: string, wanted: string): string[] {
  if (!Array.isArray(value) && !(value instanceof Tuple))
    throw failure(`|${filter} expects ${wanted}, got ${typeName(value)} instead`)
  return items(value, run).map(soft)
}

function joinPath(value: Value, run: Runtime): string {
  const parts = typeof value === 'string' ? [value] : partsOf(value, run, 'path_join', 'string or sequence')
  return parts.reduce(
    (path, part) => (part.startsWith('/') || path === '' ? part : path.endsWith('/') ? path + part : `${path}/${part}`),
    '',
  )
}

/** Paths on the controller. */
export const PATH_FILTERS: Filters = {
  basename: native('', value => baseName(text(value))),
  dirname: native('', value => dirName(text(value))),
  splitext: native('', value => new Tuple(splitExtension(text(value)))),
  path_join: native('', (value, _args, run) => joinPath(value, run)),
  normpath: native('', value => posix.normalize(soft(value) || '.').replace(/(.)\/$/, '$1')),
  relpath: native(
    "start='.'",
    (value, args) => posix.relative(posix.resolve(textArgument(args, 'start')), posix.resolve(soft(value))) || '.',
    {
      impure: true,
    },
  ),
  commonpath: native('', (value, _args, run) => commonPath(partsOf(value, run, 'commonpath', 'sequence'))),
  realpath: native('', value => realPath(soft(value)), { impure: true }),
  expanduser: native('', value => expandUser(soft(value)), { impure: true }),
  expandvars: native('', value => expandVars(soft(value)), { impure: true }),
  fileglob: native('', value => globbed(expandUser(soft(value))), { impure: true }),
  win_basename: native('', value => soft(value).split(/[\\/]/).at(-1) ?? ''),
}

function commonPath(paths: readonly string[]): string {
  const [first = [], ...others] = paths.map(path => path.split('/'))
  const count = first.findIndex((part, index) => others.some(other => other[index] !== part))
  return (count < 0 ? first : first.slice(0, count)).join('/') || (paths[0]?.startsWith('/') ? '/' : '')
}
