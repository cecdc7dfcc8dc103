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

/** Every document of a YAML text, read as PyYAML does (YAML 1.1). */
export function readYaml(text: string): Value[] {
  try {
    return loadAll(text, { schema: SCHEMA }) as Value[]
  } catch (error) {
    if (error instanceof YAMLException) throw failure(`the text is not YAML: ${error.message}`)
    throw error
  }
}
