import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { compare } from './model.ts'

/** Names that are never a source: Ansible's INVENTORY_IGNORE_EXTS, and what has a meaning of its own. */
const IGNORED_ENDINGS = ['.pyc', '.pyo', '.swp', '.bak', '~', '.rpm', '.md', '.txt', '.rst', '.orig', '.cfg', '.retry']
/** What stands beside an inventory and must not be read as one, least of all quoted in a message: keys, certificates, archives. */
const OTHER_ENDINGS = ['.pem', '.key', '.crt', '.csr', '.tar', '.tgz', '.gz', '.xz', '.bz2', '.zst', '.zip']
const IGNORED_NAMES = new Set(['host_vars', 'group_vars', 'vars_plugins'])

/** The sources in a directory, in the order of their names. */
export const sourcesIn = (dir: string): readonly string[] =>
  readdirSync(dir)
    .filter(name => !name.startsWith('.') && !IGNORED_NAMES.has(name))
    .filter(name => ![...IGNORED_ENDINGS, ...OTHER_ENDINGS].some(ending => name.endsWith(ending)))
    .sort(compare)
    .map(name => join(dir, name))
