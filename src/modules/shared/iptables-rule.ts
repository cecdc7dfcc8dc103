/** What a rule says, by the names of Ansible's parameters. */
export interface RuleWish {
  readonly ip_version: 'ipv4' | 'ipv6'
  readonly wait?: string
  readonly protocol?: string
  readonly source?: string
  readonly destination?: string
  readonly match: readonly string[]
  readonly tcp_flags?: { readonly flags?: readonly string[]; readonly flags_set?: readonly string[] }
  readonly jump?: string
  readonly gateway?: string
  readonly log_prefix?: string
  readonly log_level?: string
  readonly to_destination?: string
  readonly destination_ports: readonly string[]
  readonly to_source?: string
  readonly goto?: string
  readonly in_interface?: string
  readonly out_interface?: string
  readonly fragment?: string
  readonly set_counters?: string
  readonly source_port?: string
  readonly destination_port?: string
  readonly to_ports?: string
  readonly set_dscp_mark?: string
  readonly set_dscp_mark_class?: string
  readonly syn: 'ignore' | 'match' | 'negate'
  readonly ctstate: readonly string[]
  readonly src_range?: string
  readonly dst_range?: string
  readonly match_set?: string
  readonly match_set_flags?: string
  readonly limit?: string
  readonly limit_burst?: string
  readonly uid_owner?: string
  readonly gid_owner?: string
  readonly reject_with?: string
  readonly icmp_type?: string
  readonly comment?: string
}

/** An option with its value; a value that begins with ! turns it around. */
const option = (flag: string, value: string | undefined): string[] =>
  value === undefined || value === '' ? [] : value.startsWith('!') ? ['!', flag, value.slice(1)] : [flag, value]

const list = (flag: string, values: readonly string[]): string[] => (values.length > 0 ? [flag, values.join(',')] : [])

/** The extension that options need, unless it is named anyway. */
const extension = (name: string, wish: RuleWish, needed: boolean): string[] =>
  needed && !wish.match.includes(name) ? ['-m', name] : []

function states(wish: RuleWish): string[] {
  const { ctstate, match } = wish
  if (!match.includes('conntrack') && match.includes('state')) return list('--state', ctstate)
  return [...extension('conntrack', wish, ctstate.length > 0), ...list('--ctstate', ctstate)]
}

const owners = (flag: string, value: string | undefined): string[] =>
  value === undefined ? [] : ['-m', 'owner', ...option(flag, value)]

function flags({ tcp_flags: of }: RuleWish): string[] {
  return of?.flags && of.flags_set ? ['--tcp-flags', of.flags.join(','), of.flags_set.join(',')] : []
}

/** The words of a rule, in the order that iptables wants: an extension before its options. */
export function ruleWords(wish: RuleWish): string[] {
  const { jump, syn } = wish
  return [
    ...option('-w', wish.wait),
    ...option('-p', wish.protocol),
    ...option('-s', wish.source),
    ...option('-d', wish.destination),
    ...wish.match.flatMap(name => option('-m', name)),
    ...flags(wish),
    ...option('-j', jump),
    ...(jump?.toLowerCase() === 'tee' ? option('--gateway', wish.gateway) : []),
    ...option('--log-prefix', wish.log_prefix),
    ...option('--log-level', wish.log_level),
    ...option('--to-destination', wish.to_destination),
    ...(wish.destination_ports.length > 0 ? ['-m', 'multiport'] : []),
    ...list('--dports', wish.destination_ports),
    ...option('--to-source', wish.to_source),
    ...option('-g', wish.goto),
    ...option('-i', wish.in_interface),
    ...option('-o', wish.out_interface),
    ...option('-f', wish.fragment),
    ...option('-c', wish.set_counters),
    ...option('--source-port', wish.source_port),
    ...option('--destination-port', wish.destination_port),
    ...option('--to-ports', wish.to_ports),
    ...option('--set-dscp', wish.set_dscp_mark),
    ...option('--set-dscp-class', wish.set_dscp_mark_class),
    ...(syn === 'match' ? ['--syn'] : syn === 'negate' ? ['!', '--syn'] : []),
    ...states(wish),
    ...extension('iprange', wish, (wish.src_range ?? wish.dst_range) !== undefined),
    ...option('--src-range', wish.src_range),
    ...option('--dst-range', wish.dst_range),
    ...extension('set', wish, wish.match_set !== undefined),
    ...option('--match-set', wish.match_set),
    ...(wish.match_set === undefined || wish.match_set_flags === undefined ? [] : [wish.match_set_flags]),
    ...((wish.limit ?? wish.limit_burst) === undefined ? [] : ['-m', 'limit']),
    ...option('--limit', wish.limit),
    ...option('--limit-burst', wish.limit_burst),
    ...owners('--uid-owner', wish.uid_owner),
    ...owners('--gid-owner', wish.gid_owner),
    ...(jump === undefined && wish.reject_with !== undefined ? ['-j', 'REJECT'] : []),
    ...option('--reject-with', wish.reject_with),
    ...option(wish.ip_version === 'ipv4' ? '--icmp-type' : '--icmpv6-type', wish.icmp_type),
    ...(wish.comment === undefined ? [] : ['-m', 'comment']),
    ...option('--comment', wish.comment),
  ]
}
