import type { Value } from '../../base/value.ts'
import type { Nesting } from '../python/callable.ts'
import { compare } from '../python/compare.ts'
import { textLength } from '../python/iterate.ts'
import { DictView, Tuple } from '../python/objects.ts'
import { splitLines } from '../python/split.ts'
import { quoted, repr, toText, typeName } from '../python/text.ts'

const WIDTH = 80

type Entry = readonly [Value, Value]

/** By key; keys of several types by the names of their types, as Python's pprint does. */
function sortedEntries(map: Map<Value, Value>): Entry[] {
  return Array.from(map.entries()).sort(([left], [right]) => {
    if (typeName(left) === typeName(right) || (typeof left === 'number' && typeof right === 'number'))
      return compare(left, right)
    return typeName(left) < typeName(right) ? -1 : 1
  })
}

/** `repr` with the keys of dicts in order. */
function flat(value: Value, run: Nesting): string {
  run.enter()
  const inner = (item: Value): string => flat(item, run)
  let text: string
  if (Array.isArray(value)) text = `[${value.map(inner).join(', ')}]`
  else if (value instanceof Map)
    text = `{${sortedEntries(value)
      .map(([key, item]) => `${inner(key)}: ${inner(item)}`)
      .join(', ')}}`
  else text = value instanceof Tuple || value instanceof DictView ? value.repr(inner) : repr(value)
  run.leave()
  return text
}

/** Items below each other, the last of which leaves room for what closes the containers around it. */
function listed(
  items: readonly Value[],
  open: string,
  close: string,
  column: number,
  room: number,
  run: Nesting,
): string {
  const inner = items.map((item, index) =>
    formatted(item, column + 1, index === items.length - 1 ? room + close.length : 1, run),
  )
  return open + inner.join(`,\n${' '.repeat(column + 1)}`) + close
}

function dictText(map: Map<Value, Value>, column: number, room: number, run: Nesting): string {
  const entries = sortedEntries(map)
  const inner = entries.map(([key, item], index) => {
    const name = flat(key, run)
    return `${name}: ${formatted(item, column + textLength(name) + 3, index === entries.length - 1 ? room + 1 : 1, run)}`
  })
  return `{${inner.join(`,\n${' '.repeat(column + 1)}`)}}`
}

/** A long str as several, broken after lines and after blanks; in parentheses where it stands alone. */
function stringText(text: string, column: number, room: number, outermost: boolean): string {
  const indent = column + (outermost ? 1 : 0)
  const allowance = room + (outermost ? 1 : 0)
  const width = WIDTH - indent
  const lines = splitLines(text, true)
  const chunks: string[] = []
  for (const [index, line] of lines.entries()) {
    const last = index === lines.length - 1
    if (textLength(quoted(line)) <= width - (last ? allowance : 0)) {
      chunks.push(quoted(line))
      continue
    }
    let current = ''
    const words = line.match(/\S*\s*/g)?.filter(word => word !== '') ?? []
    for (const [at, word] of words.entries()) {
      const most = last && at === words.length - 1 ? width - allowance : width
      if (current !== '' && textLength(quoted(current + word)) > most) {
        chunks.push(quoted(current))
        current = ''
      }
      current += word
    }
    if (current !== '') chunks.push(quoted(current))
  }
  if (chunks.length === 1) return quoted(text)
  const body = chunks.join(`\n${' '.repeat(indent)}`)
  return outermost ? `(${body})` : body
}

/** A value that begins at a column and is followed by `room` characters. */
function formatted(value: Value, column: number, room: number, run: Nesting, outermost = false): string {
  const line = flat(value, run)
  if (textLength(line) <= WIDTH - column - room) return line
  run.enter()
  let text = line
  if (Array.isArray(value)) text = listed(value, '[', ']', column, room, run)
  else if (value instanceof Tuple)
    text = listed(value.items, '(', value.items.length === 1 ? ',)' : ')', column, room, run)
  else if (value instanceof Map) text = value.size === 0 ? '{}' : dictText(value, column, room, run)
  else if (typeof value === 'string') text = stringText(value, column, room, outermost)
  run.leave()
  return text
}

/** Python's `pprint.pformat`: one line when it fits into 80 columns, else parts below each other. */
export const prettyText = (value: Value, run: Nesting): string =>
  typeof value === 'string' || typeof value === 'object' ? formatted(value, 0, 0, run, true) : toText(value)
