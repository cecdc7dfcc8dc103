import type { Span } from '../base/span.ts'
import { toJson } from '../base/value.ts'
import { toValue } from '../source/node.ts'
import type { Level } from './precedence.ts'
import type { HostScope } from './scope.ts'

/** One definition of a variable. */
export interface Provenance {
  readonly level: Level
  readonly origin: string
  readonly span?: Span
  /** As written, not rendered, as JSON data. */
  readonly raw: unknown
  /** False for values that came from a host or were computed. */
  readonly written: boolean
}

/** Every definition of a name for a host, the winner first and then what it overrode. */
export const explain = (scope: HostScope, name: string): readonly Provenance[] =>
  scope.findAll(name).map(({ level, origin, span, node, value }) => ({
    level,
    origin,
    ...(span && { span }),
    raw: node ? toJson(toValue(node)) : toJson(value ?? null),
    written: node !== undefined,
  }))
