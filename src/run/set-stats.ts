import { type Dict, dict, fromJson, type Value } from '../base/value.ts'
import { isVariableName } from '../base/variable-name.ts'
import { toText, typeName } from '../jinja/python/text.ts'
import { field } from '../source/node.ts'
import { renderNode } from '../vars/render.ts'
import { failed } from './ensure.ts'
import type { Speech } from './language.ts'
import { targetsOf } from './learn.ts'
import { ownArguments } from './own-arguments.ts'
import type { Result } from './ports.ts'
import type { Turn } from './turn.ts'

/** `set_stats` */
export function setStats(turn: Turn, speech: Speech): Result {
  const args = ownArguments(turn, speech)
  const data = dataOf(turn, speech) ?? fromJson(args['data'])
  if (!(data instanceof Map)) throw new Error('data is a dict: the schema says so')
  const odd = [...data.keys()].map(toText).find(name => !isVariableName(name))
  if (odd !== undefined)
    return failed(
      `The variable name '${odd}' is not valid. Variables must start with a letter or underscore character, and contain only letters, numbers and underscores.`,
      'choose another name, which is no word of Python',
    )
  const perHost = args['per_host'] === true
  const aggregate = args['aggregate'] !== false
  for (const key of perHost ? targetsOf(turn) : [RUN]) gather(turn.play.run.stats, key, data, aggregate)
  const told = dict({ data, per_host: perHost, aggregate })
  return { changed: false, fields: dict({ ansible_stats: told }), diff: [] }
}

/** Under this key stand the statistics of the run as a whole. */
export const RUN = ''

/** The data where it is written out: its keys may be templates. */
function dataOf({ placed: { task } }: Turn, { scope, options }: Speech): Value | undefined {
  const node = field(task.args, 'data')
  return node?.kind === 'mapping' ? renderNode(node, scope, { ...options, keys: true }) : undefined
}

function gather(stats: Map<string, Map<string, Value>>, key: string, data: Dict, aggregate: boolean): void {
  const known = stats.get(key) ?? new Map<string, Value>()
  stats.set(key, known)
  for (const [name, value] of data) {
    const before = known.get(toText(name))
    known.set(toText(name), aggregate && before !== undefined ? added(before, value) : value)
  }
}

/** Two values together: numbers are added, texts and lists joined, dicts merged in depth; of two of different types the first stays. */
function added(before: Value, value: Value): Value {
  if (typeName(before) !== typeName(value)) return before
  if (typeof before === 'number' && typeof value === 'number') return before + value
  if (typeof before === 'string' && typeof value === 'string') return before + value
  if (Array.isArray(before) && Array.isArray(value)) return [...before, ...value]
  return before instanceof Map && value instanceof Map ? merged(before, value) : before
}

function merged(before: Dict, after: Dict): Dict {
  const out = new Map(before)
  for (const [key, value] of after) {
    const old = before.get(key)
    out.set(key, old instanceof Map && value instanceof Map ? merged(old, value) : value)
  }
  return out
}
