import { ask, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import { raw, sh } from '../shell/script.ts'

/** A chain of a table of the firewall, and whether it has a rule. */
export interface ChainSeen {
  readonly missing: boolean
  /** Chains by name: their policy ('-' for one's own) and how many rules they have. */
  readonly chains: ReadonlyMap<string, { readonly policy: string; readonly rules: number }>
  readonly present: boolean
  /** Why iptables does not take the rule; '' where it does. */
  readonly fault: string
}

/** The resource that a chain is, or a table without a chain. */
export const chainResource = (tool: string, table: string, chain?: string): string =>
  `iptables:${tool}/${table}${chain === undefined ? '' : `/${chain}`}`

/** The chains of a table, and whether a chain has the rule of these words. */
export const chainSeen = (
  tool: 'iptables' | 'ip6tables',
  table: string,
  chain: string | undefined,
  words: readonly string[],
): TargetQuestion<ChainSeen> => {
  const check = chain === undefined || words.length === 0 ? raw('false') : sh`${tool} -t ${table} -C ${chain} ${words}`
  return ask(
    sh`PATH=$PATH:/usr/sbin:/sbin; command -v ${tool} >/dev/null || { echo missing; exit 0; }
export LC_ALL=C; e=$(${check} 2>&1); case $? in 0) echo present;; 2) printf '%s\n' "$e" | sed 's/^/fault /';; esac
${tool} -w -t ${table} -S`,
    [chainResource(tool, table, chain)],
    answer => {
      const lines = answer.stdout.split('\n')
      if (!answer.ok) throw new CouldNotTell(`${tool} does not tell its rules: ${answer.stderr.trim()}`)
      const chains = new Map<string, { policy: string; rules: number }>()
      for (const line of lines) {
        const [, kind, name = '', policy = '-'] = /^-([PNA]) (\S+)(?: (\S+))?/.exec(line) ?? []
        if (kind === undefined) continue
        const known = chains.get(name)
        chains.set(name, kind === 'A' && known ? { ...known, rules: known.rules + 1 } : { policy, rules: 0 })
      }
      const fault =
        chain !== undefined && chains.has(chain)
          ? lines.flatMap(line => (line.startsWith('fault ') ? [line.slice(6)] : []))
          : []
      return { missing: lines[0] === 'missing', present: lines[0] === 'present', chains, fault: fault.join('\n') }
    },
  )
}
