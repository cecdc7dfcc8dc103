import type { HostInfo } from '../kit/host.ts'
import { defineModule } from '../kit/module.ts'
import { change, type Edit, type Plan, refuse } from '../kit/plan.ts'
import { chainResource, chainSeen } from '../questions/iptables.ts'
import { sh } from '../shell/script.ts'
import { run } from './shared/attributes.ts'
import { type RuleWish, ruleWords } from './shared/iptables-rule.ts'

const TEXT = { type: 'string' } as const
const LIST = { type: 'array', items: TEXT, default: [] } as const
const LEVELS = '0 1 2 3 4 5 6 7 alert crit debug emerg error info notice warning'

/** A rule of the firewall of the kernel, until the host is started anew. */
export default defineModule({
  name: 'iptables',
  summary: 'A rule, a chain or a policy is in the firewall of the kernel, or is not',
  args: {
    type: 'object',
    additionalProperties: false,
    exclusive: [
      ['set_dscp_mark', 'set_dscp_mark_class'],
      ['flush', 'policy'],
    ],
    properties: {
      table: { ...TEXT, enum: ['filter', 'mangle', 'nat', 'raw', 'security'], default: 'filter' },
      state: { ...TEXT, enum: ['absent', 'present'], default: 'present' },
      action: { ...TEXT, enum: ['append', 'insert'], default: 'append' },
      rule_num: { ...TEXT, pattern: '^\\d+$', description: 'Where a new rule is inserted' },
      ip_version: { ...TEXT, enum: ['ipv4', 'ipv6'], default: 'ipv4' },
      chain: { ...TEXT, pattern: '^[^-!\\s]\\S*$' },
      chain_management: { type: 'boolean', default: false, description: 'The chain is made, or taken away, too' },
      flush: { type: 'boolean', default: false, description: 'All rules of the chain go, or of the table' },
      policy: {
        ...TEXT,
        enum: ['ACCEPT', 'DROP', 'QUEUE', 'RETURN'],
        description: 'What becomes of what no rule is for',
      },
      numeric: { type: 'boolean', default: false, description: 'Accepted; nothing is looked up in any case' },
      wait: { ...TEXT, description: 'Seconds to wait for others who change the firewall' },
      protocol: TEXT,
      source: TEXT,
      destination: TEXT,
      match: { ...LIST, description: 'Extensions' },
      tcp_flags: {
        type: 'object',
        additionalProperties: false,
        properties: { flags: { type: 'array', items: TEXT }, flags_set: { type: 'array', items: TEXT } },
      },
      jump: TEXT,
      gateway: TEXT,
      log_prefix: TEXT,
      log_level: { ...TEXT, enum: LEVELS.split(' ') },
      goto: TEXT,
      in_interface: TEXT,
      out_interface: TEXT,
      fragment: TEXT,
      set_counters: TEXT,
      source_port: TEXT,
      destination_port: TEXT,
      destination_ports: LIST,
      to_ports: TEXT,
      to_destination: TEXT,
      to_source: TEXT,
      set_dscp_mark: TEXT,
      set_dscp_mark_class: TEXT,
      syn: { ...TEXT, enum: ['ignore', 'match', 'negate'], default: 'ignore' },
      ctstate: LIST,
      src_range: TEXT,
      dst_range: TEXT,
      match_set: TEXT,
      match_set_flags: { ...TEXT, enum: ['dst', 'dst,src', 'src', 'src,dst'] },
      limit: TEXT,
      limit_burst: TEXT,
      uid_owner: TEXT,
      gid_owner: TEXT,
      reject_with: TEXT,
      icmp_type: TEXT,
      comment: TEXT,
    },
  },
  probe: args => ({ seen: chainSeen(toolOf(args), args.table, args.chain, ruleWords(logging(args))) }),
  plan(args, { seen }, host: HostInfo): Plan {
    const { table, chain, state, flush, policy, chain_management: managed } = args
    const tool = toolOf(args)
    const told = ruleWords(args as RuleWish)
    const result = {
      ip_version: args.ip_version,
      table,
      chain: chain ?? null,
      flush,
      rule: told.join(' '),
      state,
      chain_management: managed,
    }
    if (!flush && chain === undefined) return refuse('Either chain or flush parameter must be specified.')
    if ((args.log_prefix ?? args.log_level) !== undefined && (args.jump ?? 'LOG') !== 'LOG')
      return refuse('Logging options can only be used with the LOG jump target.')
    if (args.jump?.toLowerCase() === 'tee' && args.gateway === undefined)
      return refuse(`jump is ${args.jump} but all of the following are missing: gateway`)
    if (seen.missing) return refuse(`${host.name} has no ${tool}`, 'install iptables')
    if (!flush && policy === undefined && seen.fault !== '') return refuse(seen.fault)
    const words = ruleWords(logging(args))
    const name = chain ?? ''
    const there = seen.chains.get(name)
    const edits: Edit[] = []
    const say = (what: string, from: string, to: string, verb: readonly string[]) =>
      edits.push({ what, from, to, by: run(sh`PATH=$PATH:/usr/sbin:/sbin; ${tool} -t ${table} ${verb}`) })
    if (flush) {
      if (chain !== undefined && there === undefined)
        return refuse(`there is no chain ${chain} in ${table} on ${host.name}`)
      const full = [...seen.chains].filter(([one, { rules }]) => rules > 0 && (chain === undefined || one === chain))
      if (full.length > 0) say(name || table, 'rules', 'no rules', ['-F', ...(chain === undefined ? [] : [chain])])
    } else if (policy !== undefined) {
      if (there === undefined || there.policy === '-')
        return refuse("Can't detect current policy", `${name} is no chain of the kernel's own`)
      if (there.policy !== policy) say(`policy of ${name}`, there.policy, policy, ['-P', name, policy])
    } else if (state === 'absent' && words.length === 0) {
      if (there !== undefined && managed) say(name, 'chain', 'absent', ['-X', name])
    } else if (state === 'absent') {
      if (seen.present) say(`${name} ${told.join(' ')}`, 'rule', 'absent', ['-D', name, ...words])
    } else if (!seen.present) {
      if (words.length === 0 && !managed)
        return refuse('there is no rule to add', 'say what it matches, or set chain_management: true')
      if (there === undefined && !managed)
        return refuse(`there is no chain ${name} in ${table} on ${host.name}`, 'set chain_management: true to make it')
      if (there === undefined) say(name, 'absent', 'chain', ['-N', name])
      const place =
        args.action === 'insert' ? ['-I', name, ...(args.rule_num === undefined ? [] : [args.rule_num])] : ['-A', name]
      if (words.length > 0) say(`${name} ${told.join(' ')}`, 'absent', 'rule', [...place, ...words])
    }
    const chains = chain === undefined ? [...seen.chains.keys()] : [chain]
    const touches = [chainResource(tool, table), ...chains.map(one => chainResource(tool, table, one))]
    return change(edits, touches, result)
  },
})

const toolOf = ({ ip_version }: { ip_version: 'ipv4' | 'ipv6' }) => (ip_version === 'ipv4' ? 'iptables' : 'ip6tables')

/** Who says how to log wants to log. */
const logging = (wish: RuleWish): RuleWish =>
  (wish.log_prefix ?? wish.log_level) !== undefined && wish.jump === undefined ? { ...wish, jump: 'LOG' } : wish
