import type { Value } from '../../base/value.ts'
import { failure, TemplateError } from '../errors.ts'
import type { Lookup } from '../options.ts'
import { parseInteger } from '../python/numbers.ts'
import { percentFormat } from '../python/percent-format.ts'
import { repr, toText } from '../python/text.ts'

/** `[start-]end[/stride][:format]`; whether the numbers are numbers is seen later. */
const SHORT = /^(?:(\w+)-)?(\w+)(?:\/(-?\w+))?(?::(.+))?$/
const MOST = 100_000

const NAMES: ReadonlySet<string> = new Set(['start', 'end', 'count', 'stride', 'format'])

/** What is asked for: `5`, `2-10/2`, `4:host%02d`, or `start=1 end=5 format=%02x`, or options. */
function read(terms: readonly Value[], options: ReadonlyMap<string, Value>): Map<string, string> {
  const out = new Map([...options].map(([key, value]) => [key, toText(value)]))
  for (const term of terms) {
    const text = toText(term).trim()
    const short = SHORT.exec(text)
    if (short) {
      const [, start, end, stride, format] = short
      for (const [name, value] of [
        ['start', start],
        ['end', end],
        ['stride', stride],
        ['format', format],
      ] as const) {
        if (value !== undefined) out.set(name, value)
      }
      continue
    }
    for (const pair of text.split(/\s+/)) {
      const [name = '', ...value] = pair.split('=')
      out.set(name, value.join('='))
    }
  }
  const unknown = [...out.keys()].filter(name => !NAMES.has(name))
  if (unknown.length > 0) throw failure(`unrecognized arguments to with_sequence: ${repr(unknown)}`)
  return out
}

function numbers(terms: readonly Value[], options: ReadonlyMap<string, Value>): Value[] {
  const given = read(terms, options)
  const number = (name: string): number | undefined => {
    const text = given.get(name)
    if (text === undefined) return undefined
    const value = parseInteger(text, /^0[xo]/i.test(text) ? 0 : 10)
    if (value === undefined) throw failure(`can't parse ${name}=${text} as integer`)
    return Number(value)
  }
  const [start = 1, count, stride = 1] = [number('start'), number('count'), number('stride')]
  let end = number('end')
  if (count === undefined && end === undefined) throw failure('must specify count or end in with_sequence')
  if (count !== undefined && end !== undefined) throw failure("can't specify both count and end in with_sequence")
  if (count !== undefined) {
    if (count === 0) return []
    end = start + (count - 1) * stride
  }
  if (end === undefined || stride === 0) return []
  if ((stride > 0 && end < start) || (stride < 0 && end > start)) {
    throw failure(
      stride > 0 ? 'to count backwards make stride negative' : "to count forward don't make stride negative",
    )
  }
  const total = Math.floor((end - start) / stride) + 1
  if (total > MOST) throw failure(`the lookup 'sequence' would give ${total} items`, 'template-limit')
  const format = given.get('format') ?? '%d'
  return Array.from({ length: total }, (_item, index) => formatted(format, start + index * stride))
}

function formatted(format: string, number: number): Value {
  try {
    return percentFormat(format, number)
  } catch (error) {
    if (error instanceof TemplateError) throw failure(`bad formatting string: ${format}`)
    throw error
  }
}

/** Numbers as text, counted up or down. */
export const SEQUENCE_LOOKUPS: Readonly<Record<string, Lookup>> = { sequence: { pure: true, run: numbers } }
