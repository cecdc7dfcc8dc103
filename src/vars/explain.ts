import type { Span } from '../base/span.ts'
import { toJson, Vaulted } from '../base/value.ts'
import { type Node, toValue } from '../source/node.ts'
import type { Level } from './precedence.ts'
import type { HostScope } from './scope.ts'

/** One definition of a variable. */
export interface Provenance {
  readonly level: Level
  readonly origin: string
  readonly span?: Span
  /** As written, not rendered, as JSON data. */
  readonly raw: unknown
  /** Whether some of it is vaulted; its armour tells people nothing. */
  readonly vaulted: boolean
  /** False for values that came from a host or were computed. */
  readonly written: boolean
  /** A dict that the winner is laid over, where dicts are merged. */
  readonly merged?: true
}

/** Every definition of a name for a host, the winner first and then what it overrode. */
export const explain = (scope: HostScope, name: string): readonly Provenance[] =>
  scope.findAll(name).map(({ level, origin, span, node, value, merged }) => ({
    level,
    origin,
    ...(span && { span }),
    raw: node ? toJson(toValue(node)) : toJson(value ?? null),
    vaulted: node !== undefined && hasVault(node),
    written: node !== undefined,
    ...(merged && { merged }),
  }))

const hasVault = (node: Node): boolean =>
  node.kind === 'scalar'
    ? node.value instanceof Vaulted
    : node.kind === 'sequence'
      ? node.items.some(hasVault)
      : node.entries.some(({ value }) => hasVault(value))
