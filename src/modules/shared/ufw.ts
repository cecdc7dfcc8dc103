import type { UfwSeen } from '../../questions/ufw.ts'

/** A rule as people write it. */
export interface UfwRule {
  readonly rule?: string
  readonly route: boolean
  readonly delete: boolean
  readonly insert?: number
  readonly insert_relative_to: 'first-ipv4' | 'first-ipv6' | 'last-ipv4' | 'last-ipv6' | 'zero'
  readonly direction?: string
  readonly interface?: string
  readonly interface_in?: string
  readonly interface_out?: string
  readonly log: boolean
  readonly from_ip: string
  readonly from_port?: string
  readonly to_ip: string
  readonly to_port?: string
  readonly proto?: string
  readonly name?: string
  readonly comment?: string
}

const pair = (word: string, value: string | undefined): string[] => (value === undefined ? [] : [word, value])

/** A rule in the words of ufw. Where it is to be inserted means nothing to a rule that is there already. */
export const ruleWords = (wish: UfwRule, place?: number): string[] =>
  wish.rule === undefined
    ? []
    : [
        ...(wish.route ? ['route'] : []),
        ...(wish.delete ? ['delete'] : place === undefined ? [] : ['insert', String(place)]),
        wish.rule,
        ...(wish.direction === undefined ? [] : [wish.direction]),
        ...pair('on', wish.interface),
        ...(wish.interface_in === undefined ? [] : ['in', 'on', wish.interface_in]),
        ...(wish.interface_out === undefined ? [] : ['out', 'on', wish.interface_out]),
        ...(wish.log ? ['log'] : []),
        ...pair('from', wish.from_ip),
        ...pair('port', wish.from_port),
        ...pair('to', wish.to_ip),
        ...pair('port', wish.to_port),
        ...pair('proto', wish.proto),
        ...pair('app', wish.name),
        ...pair('comment', wish.comment),
      ]

/** Where a rule is inserted: undefined for the end, which ufw does not take as a number. */
export function placeOf(
  { insert, insert_relative_to: anchor, delete: gone }: UfwRule,
  { numbers }: UfwSeen,
): number | undefined {
  if (insert === undefined || gone) return undefined
  if (anchor === 'zero') return insert
  const last = Math.max(0, ...numbers.map(({ number }) => number))
  const four = numbers.filter(({ six }) => !six).map(({ number }) => number)
  const lastFour = four.length > 0 ? Math.max(...four) : undefined
  const place = {
    'first-ipv4': 1,
    'last-ipv4': lastFour ?? 1,
    'first-ipv6': lastFour === undefined ? 1 : lastFour + 1,
    'last-ipv6': numbers.some(({ six }) => six) ? last : last + 1,
  }[anchor]
  return insert + place > last ? undefined : insert + place
}

/**
 * Whether a dry run shows that ufw has nothing to do: it skips what is there and finds nothing to delete, or the rules that it
 * would write are those that there are.
 */
export function isContent({ dry, rules }: Pick<UfwSeen, 'dry' | 'rules'>): boolean {
  const idle = /^(?:Skipping |Could not delete non-existent rule)/
  if (dry.split('\n').every(line => idle.test(line) || line.trim() === '')) return true
  return dry
    .split(/^(?=\*filter$)/m)
    .filter(section => section.startsWith('*filter'))
    .every(section => {
      const kept = /^:ufw6-/m.test(section) ? rules.six : rules.four
      return (
        section
          .split('\n')
          .filter(line => line.startsWith('### tuple'))
          .join('\n') === kept.join('\n')
      )
    })
}
