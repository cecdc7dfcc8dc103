/** Of these one is managed at a time. */
export const THINGS = [
  'icmp_block',
  'icmp_block_inversion',
  'service',
  'protocol',
  'port',
  'port_forward',
  'rich_rule',
  'interface',
  'masquerade',
  'source',
  'target',
] as const

/** What is wanted of firewalld. */
interface Wish {
  readonly state: string
  readonly zone?: string
  readonly permanent?: boolean
  readonly immediate: boolean
  readonly target?: string
  readonly interface?: string
  readonly icmp_block_inversion?: boolean
  readonly masquerade?: boolean
  readonly port_forward?: readonly Readonly<Record<string, unknown>>[]
  readonly [name: string]: unknown
}

/** Where it is to hold: now, unless only the next start is spoken of. */
export const scopesOf = ({ permanent, immediate }: Wish) => ({ now: immediate || !permanent, kept: permanent === true })

/** The value of the one thing. */
export function valueText(args: Wish): string {
  const [forward] = args.port_forward ?? []
  if (forward) {
    const { port, proto, toport, toaddr = '' } = forward
    return `port=${port}:proto=${proto}:toport=${toport}:toaddr=${toaddr}`
  }
  const name = THINGS.find(one => args[one] !== undefined)
  return name === undefined ? (args.zone ?? '') : String(args[name])
}

/**
 * firewall-offline-cmd's words for what wordsOf gives: there `--remove-service` is an option of an older tool, which goes with no zone.
 */
export const offlineWords = (words: readonly string[]): string[] =>
  words.map(word => word.replace(/^--remove-service=/, '--remove-service-from-zone='))

/** firewall-cmd's words for asking, adding or removing the one thing. */
export function wordsOf(args: Wish, verb: 'query' | 'add' | 'remove'): string[] {
  const name = THINGS.find(one => args[one] !== undefined)
  const zone = args.zone === undefined ? [] : [`--zone=${args.zone}`]
  const value = valueText(args)
  if (name === undefined)
    return verb === 'query' ? ['--get-zones'] : [`--${verb === 'add' ? 'new' : 'delete'}-zone=${value}`]
  if (name === 'target')
    return [...zone, verb === 'query' ? '--get-target' : `--set-target=${verb === 'add' ? value : 'default'}`]
  // Yes and no of these are said twice: no and disabled is yes.
  const twice = (name === 'masquerade' || name === 'icmp_block_inversion') && args[name] === false
  const turned = verb === 'query' || !twice ? verb : verb === 'add' ? 'remove' : 'add'
  if (name === 'masquerade' || name === 'icmp_block_inversion')
    return [...zone, `--${turned}-${name.replaceAll('_', '-')}`]
  const option =
    { port_forward: 'forward-port', rich_rule: 'rich-rule', icmp_block: 'icmp-block' }[name as string] ?? name
  return [
    ...zone,
    name === 'interface' && verb === 'add' ? `--change-interface=${value}` : `--${verb}-${option}=${value}`,
  ]
}

/** What was done, as Ansible tells it. */
export function deedText(args: Wish, yes: boolean): string {
  const { state } = args
  const zone = args.zone === undefined ? 'the default zone' : `zone ${args.zone}`
  const name = THINGS.find(one => args[one] !== undefined)
  const value = valueText(args)
  const changed = (what: string): string => `Changed ${what} to ${state}`
  switch (name) {
    case undefined:
      return `${yes ? 'Added' : 'Removed'} zone ${value}, ${changed(`zone ${value}`)}`
    case 'target':
      return yes ? `Set ${zone} target to ${value}` : `Reset ${zone} target to default`
    case 'masquerade':
      return yes === args.masquerade ? `Added masquerade to ${zone}` : `Removed masquerade from ${zone}`
    case 'source':
      return yes ? `Added ${value} to ${zone}` : `Removed ${value} from ${zone}`
    case 'interface':
      return yes ? `Changed ${value} to ${zone}` : `Removed ${value} from ${zone}`
    case 'icmp_block_inversion':
      return changed(`icmp-block-inversion ${args.icmp_block_inversion ? 'True' : 'False'}`)
    default:
      return changed(`${name === 'icmp_block' ? 'icmp-block' : name} ${value}`)
  }
}

/** Whether the answer to a query is that it is so; undefined for no answer. */
export function holds(args: Wish, status: number, said: string): boolean | undefined {
  if (args.target !== undefined) return status === 0 ? said.split('\n').includes(args.target) : undefined
  if (!THINGS.some(name => args[name] !== undefined))
    return status === 0 ? said.split(/\s+/).includes(args.zone ?? '') : undefined
  const turned = args.masquerade === false || args.icmp_block_inversion === false
  return status === 0 ? !turned : status === 1 ? turned : undefined
}
