import type { Secret } from '../base/secret.ts'
import { ask, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import { raw, sh } from '../shell/script.ts'
import { database } from './system.ts'

/** What the shadow file holds of an account, the password itself left where it is. */
export interface Shadow {
  /** Whether the stored hash is the wanted one; undefined when none was asked about. */
  readonly samePassword: boolean | undefined
  readonly locked: boolean
  readonly min: number | undefined
  readonly max: number | undefined
  readonly warn: number | undefined
  /** Days since 1970; undefined for never. */
  readonly expires: number | undefined
}

/** An account's line in the shadow file, compared on the target so that no hash travels back; undefined when there is none. */
export const shadow = (name: string, password: Secret | undefined): TargetQuestion<Shadow | undefined> =>
  ask(
    sh`[ -r /etc/shadow ] || { echo unreadable; exit; }; l=$(u=${name} awk -F: '$1 == ENVIRON["u"]' /etc/shadow); [ -n "$l" ] || exit 0; h=\${l#*:}; r=\${h#*:}; h=\${h%%:*}; ${password === undefined ? raw('echo unasked') : sh`w=${password}; if [ "\${h#!}" = "\${w#!}" ]; then echo same; else echo differs; fi`}; case $h in '!'*) echo locked;; *) echo open;; esac; printf '%s\n' "$r"`,
    [`user:${name}`, 'path:/etc/shadow'],
    answer => {
      const [same = '', lock = '', rest = ''] = answer.stdout.split('\n')
      if (same === 'unreadable')
        throw new CouldNotTell('the shadow file cannot be read: become root to manage passwords')
      if (same === '') return undefined
      const [, min, max, warn, , expires] = rest.split(':').map(text => (text === '' ? undefined : Number(text)))
      return {
        samePassword: same === 'unasked' ? undefined : same === 'same',
        locked: lock === 'locked',
        min,
        max,
        warn,
        expires,
      }
    },
    { secret: true },
  )

/** A key of an account for SSH. */
export interface SshKey {
  readonly path: string
  readonly publicKey: string
  /** As ssh-keygen tells it, or why it does not. */
  readonly fingerprint: string
}

/** An account's SSH key: the public half, undefined when there is none. A path that is not absolute is below the home. */
export const sshKey = (name: string, file: string): TargetQuestion<SshKey | undefined> =>
  ask(
    sh`h=$(u=${name} awk -F: '$1 == ENVIRON["u"] { print $6 }' /etc/passwd); f=${file}; case $f in /*) ;; *) f=$h/$f;; esac; [ -e "$f" ] || exit 0; printf '%s\n' "$f" "$(head -n 1 -- "$f.pub")"; ssh-keygen -l -f "$f" 2>&1 || :`,
    [`user:${name}`, 'path:/home', 'path:/root'],
    answer => {
      const [path = '', publicKey = '', fingerprint = ''] = answer.stdout.split('\n')
      return path === '' ? undefined : { path, publicKey, fingerprint: fingerprint.trim() }
    },
  )

/** Whether the home directory of an account is there: `home`, else the one it has. An account that is not there needs none yet. */
export const housed = (name: string, home: string | undefined): TargetQuestion<boolean> =>
  ask(
    home === undefined
      ? sh`h=$(${database('passwd', name)} | cut -d: -f6); [ -z "$h" ] || [ -e "$h" ]`
      : sh`[ -e ${home} ]`,
    [`user:${name}`, home === undefined ? 'path:/home' : `path:${home}`],
    answer => answer.ok,
  )
