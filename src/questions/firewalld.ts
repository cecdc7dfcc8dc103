import { ask, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import { raw, sh } from '../shell/script.ts'

/** What firewalld says of one thing, for now and for its next start. */
export interface FirewalldSeen {
  readonly missing: boolean
  readonly running: boolean
  /** Statuses of the query: 0 is yes, 1 is no. */
  readonly now: number | undefined
  readonly kept: number | undefined
  /** What it said. */
  readonly said: string
}

/**
 * Asks firewalld. Where it is not at work, its configuration is asked, which is what it will do when it starts.
 * @param words the query, such as `--zone=public --query-service=ssh`
 */
export const firewalldSeen = (
  words: readonly string[],
  scopes: { readonly now: boolean; readonly kept: boolean },
): TargetQuestion<FirewalldSeen> => {
  const say = (name: string, command: string) =>
    sh`o=$(${raw(command)} ${words} 2>&1); printf '%s %s\n' ${name} "$?"; printf '%s\n' "$o" | sed 's/^/said /'`
  return ask(
    sh`PATH=$PATH:/usr/sbin:/sbin; export LC_ALL=C; command -v firewall-cmd >/dev/null || command -v firewall-offline-cmd >/dev/null || { echo missing; exit 0; }
if firewall-cmd --state >/dev/null 2>&1; then echo running
${scopes.now ? say('now', 'firewall-cmd') : raw(':')}
${scopes.kept ? say('kept', 'firewall-cmd --permanent') : raw(':')}
else echo stopped; ${say('kept', 'firewall-offline-cmd')}; fi`,
    ['path:/etc/firewalld', 'unit:firewalld'],
    answer => {
      const lines = answer.stdout.split('\n')
      const said = lines.flatMap(line => (line.startsWith('said ') ? [line.slice(5)] : [])).join('\n')
      const of = (name: string): number | undefined => {
        const line = lines.find(one => one.startsWith(`${name} `))
        return line === undefined ? undefined : Number(line.slice(name.length + 1))
      }
      if (lines[0] !== 'missing' && lines[0] !== 'running' && lines[0] !== 'stopped')
        throw new CouldNotTell(`firewalld does not answer: ${answer.stderr.trim()}`)
      return {
        missing: lines[0] === 'missing',
        running: lines[0] === 'running',
        now: of('now'),
        kept: of('kept'),
        said,
      }
    },
  )
}
