import { ask, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import { sh } from '../shell/script.ts'

/** A key that rpm trusts: the package that stands for it, and the digits by which that is named, in capitals. */
export interface RpmKey {
  readonly name: string
  /** The last eight digits of the key's fingerprint, or, since rpm 6, all of them. */
  readonly id: string
}

/** The keys with which rpm judges packages; undefined where there is no rpm that keeps packages. */
export const rpmKeys: TargetQuestion<readonly RpmKey[] | undefined> = ask(
  sh`rpm --version >/dev/null 2>&1 || { echo missing; exit 0; }; LC_ALL=C rpm -q gpg-pubkey --qf '%{NAME}-%{VERSION}-%{RELEASE} %{VERSION}\n'`,
  ['path:/var/lib/rpm', 'path:/usr/lib/sysimage/rpm', 'package:gpg-pubkey'],
  answer => {
    if (answer.stdout === 'missing\n') return undefined
    if (answer.stdout.trim() === 'package gpg-pubkey is not installed') return []
    if (!answer.ok)
      throw new CouldNotTell(`rpm does not tell its keys: ${answer.stderr.trim() || answer.stdout.trim()}`)
    return answer.stdout
      .trim()
      .split('\n')
      .map(line => {
        const [name = '', id = ''] = line.split(' ')
        return { name, id: id.toUpperCase() }
      })
  },
)
