import type { Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { numeric } from '../python/numbers.ts'
import { Tuple } from '../python/objects.ts'
import { repr, toText, truthy } from '../python/text.ts'
import { listOf } from './shared.ts'

const EXPECTED = 'subelements lookup expects a list of two or three items,'
type Dict = Map<Value, Value>

/** What of an item was found: the list, and the item without it, as Ansible gives it. */
interface Taken {
  readonly item: Dict
  readonly list: readonly Value[]
}

/** Takes the list at the end of a path of keys out of a dict; null when a key lacks and may. */
function take(item: Dict, keys: readonly string[], skipMissing: boolean): Taken | null {
  const [key = '', ...deeper] = keys
  const inner = item.get(key)
  if (inner === undefined) {
    if (skipMissing) return null
    throw failure(`could not find '${key}' key in iterated item '${toText(item)}'`)
  }
  const rest = new Map(item)
  if (deeper.length === 0) {
    const list = listOf(inner)
    if (!list) throw failure(`the key ${key} should point to a list, got '${toText(inner)}'`)
    rest.delete(key)
    return { item: rest, list }
  }
  if (!(inner instanceof Map)) {
    if (skipMissing) return null
    throw failure(`the key ${key} should point to a dictionary, got '${toText(inner)}'`)
  }
  const taken = take(inner, deeper, skipMissing)
  return taken && { item: rest.set(key, taken.item), list: taken.list }
}

/** A number stands for a list of it, which is then said to hold no dict. */
const isNumber = (value: Value): boolean => numeric(value) !== undefined && typeof value !== 'boolean'

const isSkipped = (item: Dict): boolean => truthy(item.get('skipped') ?? false)

/** Every item of a list with every element of a list in it: `subelements, list, 'path', {'skip_missing': true}`. */
export function subelements(terms: readonly Value[]): Value[] {
  const [over, path, flags = new Map()] = terms
  if (terms.length < 2 || terms.length > 3) throw failure(`${EXPECTED} got ${terms.length}`)
  const given =
    over instanceof Map ? [...over.values()] : over === undefined ? undefined : isNumber(over) ? [over] : listOf(over)
  if (!given || typeof path !== 'string')
    throw failure(`${EXPECTED} first a dict or a list, second a string pointing to the subkey`)
  if (!(flags instanceof Map) || [...flags.keys()].some(key => key !== 'skip_missing'))
    throw failure(`${EXPECTED} the optional third item must be a dict with flags ('skip_missing',)`)
  if (over instanceof Map && isSkipped(over)) return []
  const skipMissing = truthy(flags.get('skip_missing') ?? false)
  return given.flatMap((item): Value[] => {
    if (!(item instanceof Map)) throw failure(`subelements lookup expects a dictionary, got ${repr(item)}`)
    const taken = isSkipped(item) ? null : take(item, path.split('.'), skipMissing)
    return taken ? taken.list.map(element => new Tuple([taken.item, element])) : []
  })
}
