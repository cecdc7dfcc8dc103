import { type Float, float, Unsafe, type Value, Vaulted } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { DEEPEST_EVALUATION } from '../limits.ts'
import { floatText, isFloat, isInt, toDouble } from '../python/numbers.ts'
import { DictView, Range, Tuple, Undefined } from '../python/objects.ts'
import { toText } from '../python/text.ts'

/** A value in JSON that tells Python's types apart: `{"$i": "7"}`, `{"$f": "7.5"}`, `{"$m": [[key, value]]}`. */
export type TypedJson =
  | null
  | boolean
  | string
  | readonly TypedJson[]
  | { readonly $i: string }
  | { readonly $f: string }
  | { readonly $m: readonly (readonly [TypedJson, TypedJson])[] }

const MOST_ITEMS = 1_000_000

/** What iterates is a list; so the missing else of an inline if, which iterates over nothing, is an empty one. */
function listed(value: Value): readonly Value[] | undefined {
  if (Array.isArray(value)) return value
  if (value instanceof Tuple || value instanceof DictView) return value.items
  if (value instanceof Range)
    return Array.from({ length: Math.min(value.length, MOST_ITEMS) }, (_item, index) => value.at(index))
  if (!(value instanceof Undefined)) return undefined
  if (value.lenient) return []
  throw value.error()
}

/** Throws TemplateError for an undefined value, and for a list that holds itself. */
export const encodeTyped = (value: Value): TypedJson => encoded(value, 0, { left: MOST_ITEMS })

function encoded(value: Value, depth: number, room: { left: number }): TypedJson {
  room.left -= 1
  if (depth > DEEPEST_EVALUATION) throw failure('nested too deeply', 'template-limit')
  if (room.left < 0) throw failure(`the value has more than ${MOST_ITEMS.toLocaleString('en')} parts`, 'template-limit')
  const inner = (item: Value): TypedJson => encoded(item, depth + 1, room)
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
  if (value instanceof Unsafe) return value.text
  if (value instanceof Vaulted) return value.armour
  if (isInt(value)) return { $i: BigInt(value).toString() }
  if (isFloat(value)) return { $f: floatText(toDouble(value)) }
  if (value instanceof Map) return { $m: Array.from(value, ([key, item]) => [inner(key), inner(item)]) }
  const list = listed(value)
  if (list) return list.map(inner)
  return toText(value)
}

/** The value that `encodeTyped` wrote. Plain JSON numbers are taken by how JavaScript sees them. */
export function decodeTyped(data: unknown): Value {
  if (Array.isArray(data)) return data.map(item => decodeTyped(item))
  if (typeof data !== 'object' || data === null) return data as Value
  const boxed = data as { $i?: string; $f?: string; $m?: [unknown, unknown][] }
  if (boxed.$i !== undefined) return Number.isSafeInteger(Number(boxed.$i)) ? Number(boxed.$i) : BigInt(boxed.$i)
  if (boxed.$f !== undefined) return floatOf(boxed.$f)
  return new Map((boxed.$m ?? []).map(([key, value]) => [decodeTyped(key), decodeTyped(value)]))
}

const floatOf = (text: string): number | Float => float(Number(text.replace('inf', 'Infinity').replace('nan', 'NaN')))
