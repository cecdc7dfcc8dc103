import { Unsafe, type Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { formatValue } from './format-spec.ts'
import { getAttribute, getItem } from './lookup-part.ts'
import { Undefined } from './objects.ts'
import { ascii, repr, toText } from './text.ts'

/** The state of one `str.format` call. */
interface Format {
  readonly positional: readonly Value[]
  readonly named: ReadonlyMap<string, Value>
  /** The number of the next field that says none itself. */
  automatic: number
  /** Whether fields have numbers, once one was met: Python wants all or none of them to. */
  numbered: boolean | undefined
}

/** Parts after a field's name: `.name` or `[key]`, which may be wrong. */
const PART = /\.([^.[]*)|\[([^\]]*)\]|[\s\S]/g

/** The place of a positional field in the arguments. */
function placeOf(head: string, format: Format): number {
  const numbered = head !== ''
  if (format.numbered === !numbered) {
    const [before, after] = numbered
      ? ['automatic field numbering', 'manual']
      : ['manual field specification', 'automatic']
    throw failure(`cannot switch from ${before} to ${after} ${numbered ? 'field specification' : 'field numbering'}`)
  }
  format.numbered = numbered
  return numbered ? Number(head) : format.automatic++
}

/** The value that a field name such as `0.name[key]` means. */
function fieldValue(name: string, format: Format): Value {
  const [, head = '', path = ''] = /^([^.[]*)([\s\S]*)$/.exec(name) ?? []
  let value: Value | undefined
  if (head === '' || /^\d+$/.test(head)) {
    const index = placeOf(head, format)
    value = format.positional[index]
    if (value === undefined) throw failure(`Replacement index ${index} out of range for positional args tuple`)
  } else {
    value = format.named.get(head)
    if (value === undefined) throw failure(`format has no argument '${head}'`)
  }
  for (const [part, attribute, key] of path.matchAll(PART)) {
    if (part === '[') throw failure("expected '}' before end of string")
    if (attribute === undefined && key === undefined)
      throw failure("Only '.' or '[' may follow ']' in format field specifier")
    if (attribute === '' || key === '') throw failure('Empty attribute in format string')
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

/** A field: its name, in which brackets may hold signs, a conversion, and a specification of its format. */
const FIELD = /^((?:[^!:[]|\[[^\]]*\])*)(?:!([^:]*))?(?::([\s\S]*))?$/

function field(source: string, format: Format, depth: number): string {
  const found = FIELD.exec(source)
  if (!found) throw failure("expected '}' before end of string")
  const [, name = '', conversion, spec = ''] = found
  const value = fieldValue(name, format)
  const wanted = spec.includes('{') ? render(spec, format, depth + 1) : spec
  switch (conversion) {
    case undefined:
      return formatValue(value instanceof Unsafe ? value.text : value, wanted)
    case 'r':
      return formatValue(repr(value), wanted)
    case 's':
      return formatValue(toText(value), wanted)
    case 'a':
      return formatValue(ascii(value), wanted)
    case '':
      throw failure('end of string while looking for conversion specifier')
    default:
      throw failure(
        Array.from(conversion).length > 1
          ? "expected ':' after conversion specifier"
          : `Unknown conversion specifier ${conversion}`,
      )
  }
}

/** Python's `text.format(*positional, **named)`. */
export const braceFormat = (text: string, positional: readonly Value[], named: ReadonlyMap<string, Value>): string =>
  render(text, { positional, named, automatic: 0, numbered: undefined }, 1)
