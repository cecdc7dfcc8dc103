import { dict, fromJson, type Value } from '../base/value.ts'
import type { Speech } from './language.ts'
import { ownArguments } from './own-arguments.ts'
import type { Result } from './ports.ts'
import type { Turn } from './turn.ts'

/** `set_stats` */
export function setStats(turn: Turn, speech: Speech): Result {
  const args = ownArguments(turn, speech)
  const data = fromJson(args['data'])
  if (!(data instanceof Map)) throw new Error('data is a dict: the schema says so')
  const perHost = args['per_host'] === true
  const aggregate = args['aggregate'] !== false
  const { stats } = turn.play.run
  const key = perHost ? turn.host.name : ''
  const known = stats.get(key) ?? new Map<string, Value>()
  stats.set(key, known)
  for (const [name, value] of data) {
    const before = known.get(String(name))
    known.set(String(name), aggregate && before !== undefined ? added(before, value) : value)
  }
  const told = dict({ data, per_host: perHost, aggregate })
  return { changed: false, fields: dict({ ansible_stats: told }), diff: [] }
}

/** Two values together: numbers are added, texts and lists joined, dicts merged; of what does not go together the first stays. */
function added(before: Value, value: Value): Value {
  if (typeof before === 'number' && typeof value === 'number') return before + value
  if (typeof before === 'string' && typeof value === 'string') return before + value
  if (Array.isArray(before) && Array.isArray(value)) return [...before, ...value]
  if (before instanceof Map && value instanceof Map) return new Map([...before, ...value])
  return before
}
