import { Float, Opaque, Unsafe, type Value, Vaulted } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { LONGEST_TEXT } from '../limits.ts'
import { numberText, numeric } from './numbers.ts'
import { DictView, PyObject, Range, Tuple, Undefined } from './objects.ts'

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }
const UNPRINTABLE = /[\\\p{C}\p{Z}]/u

/** One character as `repr` shows it. */
function escaped(character: string): string {
  const known = ESCAPES[character]
  if (known !== undefined) return known
  return character === ' ' || !UNPRINTABLE.test(character) ? character : coded(character)
}

/** One character by its number. */
function coded(character: string): string {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`
}

/** A str as Python's `repr` prints it. */
export function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  let body = UNPRINTABLE.test(text) ? Array.from(text, escaped).join('') : text
  if (quote === "'") body = body.replaceAll("'", "\\'")
  return quote + body + quote
}

/** Counts the text that comes together, so that a list of a million references to one long text is refused in time. */
export class TextBudget {
  #left: number

  constructor(characters = LONGEST_TEXT) {
    this.#left = characters
  }

  /** Gives the text back, or throws when it is too much. */
  spend(text: string): string {
    this.#left -= text.length
    if (this.#left < 0) throw failure(`a text grows over ${LONGEST_TEXT / 1024 / 1024} MiB`, 'template-limit')
    return text
  }
}

function reprWithin(value: Value, budget: TextBudget): string {
  const inner = (part: Value): string => reprWithin(part, budget)
  if (typeof value === 'string') return budget.spend(quoted(value))
  if (value instanceof Unsafe) return budget.spend(quoted(value.text))
  budget.spend('[]')
  if (Array.isArray(value)) return `[${value.map(inner).join(', ')}]`
  if (value instanceof Map) return `{${Array.from(value, ([key, item]) => `${inner(key)}: ${inner(item)}`).join(', ')}}`
  return value instanceof PyObject ? value.repr(inner) : budget.spend(toText(value))
}

/** Python's `repr()`. Throws when the text would grow too long. */
export const repr = (value: Value): string => reprWithin(value, new TextBudget())

/** Python's `ascii()`: `repr` with all that is not ASCII by its number. */
export const ascii = (value: Value): string => repr(value).replace(/[^\0-\x7f]/gu, coded)

/** Python's `str()`: True, False and None; containers hold the `repr` of their parts. Throws for an undefined value. */
export function toText(value: Value): string {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (value === null) return 'None'
  if (value instanceof Unsafe) return value.text
  if (value instanceof Undefined && value.lenient) return ''
  const number = numeric(value)
  if (number !== undefined) return numberText(number)
  if (value instanceof Vaulted) return value.armour
  return value instanceof Opaque && !(value instanceof PyObject) ? String(value) : repr(value)
}

/** Python's truth: empty and zero are false. Throws for an undefined value. */
export function truthy(value: Value): boolean {
  if (typeof value === 'boolean') return value
  if (typeof value === 'string') return value !== ''
  if (value === null) return false
  if (Array.isArray(value)) return value.length > 0
  if (value instanceof Map) return value.size > 0
  if (value instanceof Float) return value.value !== 0
  if (value instanceof Unsafe) return value.text !== ''
  if (value instanceof Tuple || value instanceof DictView) return value.items.length > 0
  if (value instanceof Range) return value.length > 0
  if (value instanceof Undefined && !value.lenient) throw value.error()
  if (value instanceof Undefined) return false
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value) !== 0
  return true
}

/** The Python name of a value's type, for messages. */
export function typeName(value: Value): string {
  if (value === null) return 'NoneType'
  if (typeof value === 'string' || value instanceof Unsafe || value instanceof Vaulted) return 'str'
  if (typeof value === 'boolean') return 'bool'
  if (Array.isArray(value)) return 'list'
  if (value instanceof Map) return 'dict'
  if (value instanceof Opaque) return value.type
  return value instanceof Float || (typeof value === 'number' && !Number.isInteger(value)) ? 'float' : 'int'
}
