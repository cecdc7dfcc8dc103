import {
  defineMappingTag,
  defineScalarTag,
  FAILSAFE_SCHEMA,
  loadAll,
  mergeTag,
  NOT_RESOLVED,
  YAMLException,
} from 'js-yaml'
import type { Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { put } from '../python/compare.ts'
import { repr } from '../python/text.ts'
import { resolved } from './yaml-scalar.ts'

const TAG = 'tag:yaml.org,2002:'

/** The scalars of one type, as PyYAML reads them. */
const scalar = (name: string, fits: (value: Value) => boolean) =>
  defineScalarTag<unknown>(TAG + name, {
    implicit: true,
    resolve: source => {
      const value = resolved(source)
      return value !== undefined && fits(value) ? value : NOT_RESOLVED
    },
    identify: () => false,
  })

const map = defineMappingTag<Map<Value, Value>>(`${TAG}map`, {
  create: () => new Map(),
  addPair: (carrier, key, value) => {
    const name = key as Value
    if (Array.isArray(name) || name instanceof Map) return `unhashable key ${repr(name)}`
    put(carrier, name, value as Value)
    return ''
  },
  has: (carrier, key) => carrier.has(key as Value),
  keys: carrier => carrier.keys(),
  get: (carrier, key) => carrier.get(key as Value),
  identify: () => false,
})

const SCHEMA = FAILSAFE_SCHEMA.withTags(
  map,
  mergeTag,
  scalar('null', value => value === null),
  scalar('bool', value => typeof value === 'boolean'),
  scalar('int', value => typeof value === 'bigint' || Number.isInteger(value)),
  scalar('float', value => value !== null && typeof value !== 'boolean'),
)

/** What the reader says of a key that stands twice in one mapping. */
const TWICE = 'duplicated mapping key'

/**
 * Every document of a YAML text, read as PyYAML does (YAML 1.1).
 * @param twice is told of the first key that stands twice in a mapping, if any; the last one counts, unless it throws
 */
export function readYaml(text: string, twice: (fault: string) => void): Value[] {
  try {
    return loadAll(text, { schema: SCHEMA }) as Value[]
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    if (error.reason !== TWICE) throw failure(`the text is not YAML: ${error.message}`)
    twice(`Found duplicate mapping key${error.mark ? ` ${keyAt(text, error.mark)}` : ''}`)
  }
  // The reader takes the last of equal keys only when all of them are allowed.
  return loadAll(text, { schema: SCHEMA, json: true }) as Value[]
}

/** The key that a mark points at (inside of its quotes, if it has any), with its line. */
function keyAt(text: string, { position, line }: { readonly position: number; readonly line: number }): string {
  const written = /^[^:,}\n]*/.exec(text.slice(position))?.[0] ?? ''
  return `'${written.trim().replace(/["']$/, '')}' in line ${line + 1}`
}
