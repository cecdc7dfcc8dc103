import { ask, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import { sh } from '../shell/script.ts'

/** The words that name a ring of keys to `apt-key`. */
export const ringOf = (keyring: string | undefined): readonly string[] =>
  keyring === undefined ? [] : ['--keyring', keyring]

/**
 * Numbers of the keys and subkeys that apt trusts and that have not expired, 16 hex digits each; undefined without `apt-key`.
 * What else gpg tells holds times, and would be other at every look.
 */
export const aptKeys = (keyring: string | undefined): TargetQuestion<readonly string[] | undefined> =>
  ask(
    sh`command -v apt-key >/dev/null && command -v gpg >/dev/null || { echo missing; exit 0; }
${keyring === undefined ? sh`:` : sh`[ -e ${keyring} ] || exit 0`}
o=$(LC_ALL=C APT_KEY_DONT_WARN_ON_DANGEROUS_USAGE=1 apt-key ${ringOf(keyring)} adv --batch --with-colons --list-public-keys) || exit
printf '%s\n' "$o" | sed -n '/^[ps]ub:/p' | cut -d: -f1,2,5`,
    ['path:/etc/apt', ...(keyring === undefined ? [] : [`path:${keyring}`])],
    answer => {
      if (answer.stdout === 'missing\n') return undefined
      if (!answer.ok) throw new CouldNotTell(`Unable to list public keys: ${answer.stderr.trim()}`)
      return answer.stdout.split('\n').flatMap(line => {
        const [kind, validity, id] = line.split(':')
        return (kind === 'pub' || kind === 'sub') && validity !== 'e' && id !== undefined ? [id] : []
      })
    },
  )
