import { Unsafe, type Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { formatValue } from './format-spec.ts'
import { getAttribute, getItem } from './lookup-part.ts'
import { Undefined } from './objects.ts'
import { repr, toText } from './text.ts'

/** The state of one `str.format` call. */
interface Format {
  readonly positional: readonly Value[]
  readonly named: ReadonlyMap<string, Value>
  automatic: number
}

/** The value that a field name such as `0.name[key]` means. */
function fieldValue(name: string, format: Format): Value {
  const [, head = '', path = ''] = /^([^.[]*)([\s\S]*)$/.exec(name) ?? []
  let value: Value | undefined
  if (head === '' || /^\d+$/.test(head)) {
    const index = head === '' ? format.automatic++ : Number(head)
    value = format.positional[index]
    if (value === undefined) throw failure(`Replacement index ${index} out of range for positional args tuple`)
  } else {
    value = format.named.get(head)
    if (value === undefined) throw failure(`format has no argument '${head}'`)
  }
  for (const [, attribute, key] of path.matchAll(/\.([^.[]+)|\[([^\]]*)\]/g)) {
    value =
      attribute !== undefined
        ? getAttribute(value, attribute)
        : getItem(value, /^\d+$/.test(key ?? '') ? Number(key) : (key ?? ''))
    if (value instanceof Undefined) throw value.error()
  }
  return value
}

/** The end of the field that begins after an open brace; fields in its format may stand in braces. */
function fieldEnd(text: string, from: number): number {
  let depth = 1
  for (let index = from; index < text.length; index++) {
    if (text[index] === '{') depth += 1
    else if (text[index] === '}') {
      depth -= 1
      if (depth === 0) return index
    }
  }
  throw failure("expected '}' before end of string")
}

function render(text: string, format: Format, depth: number): string {
  if (depth > 2) throw failure('Max string recursion exceeded')
  let out = ''
  for (let index = 0; index < text.length; index++) {
    const letter = text[index] ?? ''
    if ((letter === '{' || letter === '}') && text[index + 1] === letter) {
      out += letter
      index += 1
    } else if (letter === '}') throw failure("Single '}' encountered in format string")
    else if (letter !== '{') out += letter
    else {
      if (index + 1 >= text.length) throw failure("Single '{' encountered in format string")
      const end = fieldEnd(text, index + 1)
      out += field(text.slice(index + 1, end), format, depth)
      index = end
    }
  }
  return out
}

function field(source: string, format: Format, depth: number): string {
  const [, name = '', conversion, spec = ''] = /^((?:[^!:[]|\[[^\]]*\])*)(?:!(.))?(?::([\s\S]*))?$/.exec(source) ?? []
  const value = fieldValue(name, format)
  const wanted = spec.includes('{') ? render(spec, format, depth + 1) : spec
  if (conversion === 'r') return formatValue(repr(value), wanted)
  if (conversion === 's') return formatValue(toText(value), wanted)
  if (conversion !== undefined) throw failure(`Unknown conversion specifier ${conversion}`)
  return formatValue(value instanceof Unsafe ? value.text : value, wanted)
}

/** Python's `text.format(*positional, **named)`. */
export const braceFormat = (text: string, positional: readonly Value[], named: ReadonlyMap<string, Value>): string =>
  render(text, { positional, named, automatic: 0 }, 1)
