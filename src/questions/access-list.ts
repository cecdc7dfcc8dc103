import { ask, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import { nothing, sh } from '../shell/script.ts'
import { reads } from './files.ts'

/** The access list of a file, and whether `setfacl` would change it. */
export interface AccessList {
  readonly lines: readonly string[]
  readonly changes: boolean
  /** Why it cannot be changed so. */
  readonly fault?: string
}

/** Bytes of the lists of a whole tree. */
const KEPT = 16 * 1024 * 1024

/**
 * The access list of a path. `words` are what `setfacl` is to be told, and it is asked what that would change.
 * @param options for both tools
 */
export const accessList = (
  path: string,
  words: readonly string[],
  options: { readonly set: readonly string[]; readonly get: readonly string[] },
): TargetQuestion<AccessList | 'absent' | 'no tools'> => {
  const test = sh`setfacl --test ${options.set} ${words} ${path} 2>&1; printf '\n%s\n\n' "$?"; `
  return ask(
    sh`command -v getfacl >/dev/null && command -v setfacl >/dev/null || { echo none; exit; }; [ -e ${path} ] || { echo absent; exit; }
export LC_ALL=C; echo; ${words.length === 0 ? nothing : test}getfacl --omit-header --absolute-names ${options.get} ${path}`,
    reads(path),
    answer => {
      const said = answer.stdout
      if (said === 'none\n') return 'no tools'
      if (said === 'absent\n') return 'absent'
      const [, tested = '', status = '0', shown = said.slice(1)] =
        /^\n([\s\S]*?)\n(\d+)\n\n([\s\S]*)$/.exec(words.length === 0 ? '' : said) ?? []
      if (!answer.ok) throw new CouldNotTell(`cannot read the access list of ${path}: ${answer.stderr.trim()}`)
      const lines = shown
        .replace(/\n$/, '')
        .split('\n')
        .map(line => line.trim())
        .filter(line => !line.startsWith('#'))
      if (lines.at(-1) === '') lines.pop()
      // A file an entry, which begins with its path: a name may have line ends.
      const told = tested.includes(path) ? `\n${tested}`.split(`\n${path}`) : tested.split('\n')
      const changes = told.some(entry => entry !== '' && !entry.trimEnd().endsWith('*,*'))
      return {
        lines,
        changes,
        ...(status === '0' ? {} : { fault: tested.trim() || `setfacl ended with status ${status}` }),
      }
    },
    { keep: KEPT },
  )
}
