import { ask, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import { nothing, sh } from '../shell/script.ts'

/** What ufw says of itself, and of a rule. */
export interface UfwSeen {
  readonly missing: boolean
  /** `ufw status verbose`. */
  readonly status: string
  readonly active: boolean
  /** ACCEPT, DROP or REJECT by direction, as they are configured. */
  readonly policies: Readonly<Record<'incoming' | 'outgoing' | 'routed', string>>
  /** off, low, medium, high or full. */
  readonly logging: string
  /** Numbers of the rules that are there, in order, with what each is for. */
  readonly numbers: readonly { readonly number: number; readonly six: boolean }[]
  /** Rules of one's own as ufw keeps them, for IPv4 and IPv6. */
  readonly rules: { readonly four: readonly string[]; readonly six: readonly string[] }
  /** What a dry run of the rule says; '' where none was asked about. */
  readonly dry: string
  /** Why ufw does not take the rule. */
  readonly fault: string
}

/** Asks ufw, and lets it try a rule: `words` stand behind `ufw --dry-run`. */
export const ufwSeen = (words: readonly string[]): TargetQuestion<UfwSeen> =>
  ask(
    sh`PATH=$PATH:/usr/sbin:/sbin; command -v ufw >/dev/null || { echo missing; exit 0; }
export LC_ALL=C LANG=C; s=$(ufw status verbose) || exit; printf 'status %s\n' "$s" | sed 's/^\\(status \\)\\{0,1\\}/status /'
ufw status numbered | sed 's/^/numbered /'
grep '^### tuple' /etc/ufw/user.rules | sed 's/^/four /'; grep '^### tuple' /etc/ufw/user6.rules | sed 's/^/six /'
sed -n 's/^DEFAULT_\\([A-Z]*\\)_POLICY="*\\([A-Z]*\\)"*.*/policy \\1 \\2/p' /etc/default/ufw; sed -n 's/^LOGLEVEL=\\([a-z]*\\).*/logging \\1/p' /etc/ufw/ufw.conf
${words.length === 0 ? nothing : sh`d=$(ufw --dry-run ${words} 2>&1) || echo fault; printf '%s\n' "$d" | sed 's/^/dry /'`}`,
    ['path:/etc/ufw', 'path:/etc/default/ufw'],
    answer => {
      if (!answer.ok) throw new CouldNotTell(`ufw does not answer: ${answer.stderr.trim() || answer.stdout.trim()}`)
      const lines = answer.stdout.split('\n')
      const of = (name: string): string[] =>
        lines.flatMap(line => (line.startsWith(`${name} `) ? [line.slice(name.length + 1)] : []))
      const policies = new Map(of('policy').map(line => [line.split(' ')[0], line.split(' ')[1] ?? '']))
      const dry = of('dry').join('\n')
      return {
        missing: lines[0] === 'missing',
        status: of('status').join('\n'),
        active: of('status')[0] === 'Status: active',
        policies: {
          incoming: policies.get('INPUT') ?? '',
          outgoing: policies.get('OUTPUT') ?? '',
          routed: policies.get('FORWARD') ?? '',
        },
        logging: of('logging')[0] ?? '',
        numbers: of('numbered').flatMap(line => {
          const [, number] = /^\[ *(\d+)\] /.exec(line) ?? []
          return number === undefined ? [] : [{ number: Number(number), six: line.includes('(v6)') }]
        }),
        rules: { four: of('four'), six: of('six') },
        dry,
        fault: lines.includes('fault') ? dry : '',
      }
    },
  )
