import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { compilePattern } from '../jinja/regex/pattern.ts'
import { compare } from './model.ts'

/** Names that are never a source: Ansible's INVENTORY_IGNORE_EXTS, and what has a meaning of its own. */
const IGNORED_ENDINGS = ['.pyc', '.pyo', '.swp', '.bak', '~', '.rpm', '.md', '.txt', '.rst', '.orig', '.cfg', '.retry']
/** What stands beside an inventory and must not be read as one, least of all quoted in a message: keys, certificates, archives. */
const OTHER_ENDINGS = ['.pem', '.key', '.crt', '.csr', '.tar', '.tgz', '.gz', '.xz', '.bz2', '.zst', '.zip']
const IGNORED_NAMES = new Set(['host_vars', 'group_vars', 'vars_plugins'])

/** Which files of a directory are no sources, beside those that never are. */
export interface Ignored {
  /** In place of the usual endings. */
  readonly endings?: readonly string[]
  /** Python regular expressions that are found in a name. */
  readonly patterns?: readonly string[]
}

/** The sources in a directory, in the order of their names. Throws what `compilePattern` throws. */
export const sourcesIn = (dir: string, { endings, patterns = [] }: Ignored = {}): readonly string[] =>
  readdirSync(dir)
    .filter(name => !name.startsWith('.') && !IGNORED_NAMES.has(name))
    .filter(name => ![...(endings ?? IGNORED_ENDINGS), ...OTHER_ENDINGS].some(ending => name.endsWith(ending)))
    .filter(name => !patterns.some(pattern => compilePattern(pattern).find(name)))
    .sort(compare)
    .map(name => join(dir, name))
