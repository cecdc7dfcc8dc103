import type { Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import type { Lookup, LookupContext } from '../options.ts'
import { toText, truthy, typeName } from '../python/text.ts'
import { compilePattern } from '../regex/pattern.ts'
import { listOf, type Options, opened, word } from './shared.ts'

/** Which names a pattern means. */
function matcher(pattern: string, options: Options): (name: string) => boolean {
  switch (word(options, 'pattern_type') ?? 'regex') {
    case 'prefix':
      return name => name.startsWith(pattern)
    case 'suffix':
      return name => name.endsWith(pattern)
    case 'regex': {
      const regex = compilePattern(pattern)
      return name => regex.find(name) !== null
    }
    default:
      throw failure('merge_variables: pattern_type must be prefix, suffix or regex')
  }
}

function merged(left: Value, right: Value, override: string): Value {
  const [a, b] = [listOf(left), listOf(right)]
  if (a && b) return [...a, ...b]
  if (!(left instanceof Map) || !(right instanceof Map))
    throw failure(`merge_variables: a ${typeName(left)} and a ${typeName(right)} cannot be merged`)
  const out = new Map(left.entries())
  for (const [key, value] of right.entries()) {
    const old = out.get(key)
    if (old instanceof Map && value instanceof Map) out.set(key, merged(old, value, override))
    else if (out.has(key) && override === 'error')
      throw failure(`merge_variables: the key '${toText(key)}' is there twice`)
    else out.set(key, value)
  }
  return out
}

/** The variables of this host, or of every host of some groups, whose names match. */
function* values(matches: (name: string) => boolean, options: Options, context: LookupContext): Generator<Value> {
  const groups = listOf(options.get('groups') ?? null)
  if (!groups) {
    for (const name of [...context.scope.names()].filter(matches).sort()) yield context.scope.get(name) ?? null
    return
  }
  const all = context.scope.get('hostvars')
  const members = context.scope.get('groups')
  const hosts = groups.flatMap(group => (members instanceof Map ? [...(listOf(members.get(group) ?? null) ?? [])] : []))
  for (const host of new Set(hosts)) {
    const variables = all instanceof Map ? all.get(host) : undefined
    if (!(variables instanceof Map)) continue
    const names = Array.from(variables.keys(), toText).filter(matches).sort()
    for (const name of names) yield variables.get(name) ?? null
  }
}

/** One dict or list of all variables whose names match. */
const mergeVariables: Lookup = {
  pure: true,
  run: (terms, options, context) =>
    opened(terms).map(term => {
      let out: Value | undefined = options.get('initial_value') ?? undefined
      for (const value of values(matcher(toText(term), options), options, context))
        out =
          out === undefined || (out !== null && !truthy(out))
            ? value
            : merged(out, value, word(options, 'override') ?? 'error')
      return out ?? new Map<Value, Value>()
    }),
}

export const MERGE_LOOKUPS: Readonly<Record<string, Lookup>> = { merge_variables: mergeVariables }
