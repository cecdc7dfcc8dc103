import { type Value, Vaulted } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { LONGEST_TEXT } from '../limits.ts'
import type { Nesting } from '../python/callable.ts'
import { compare } from '../python/compare.ts'
import { isFloat, type Num, numberText, numeric, toDouble } from '../python/numbers.ts'
import { DictView, Range, Tuple, Undefined } from '../python/objects.ts'
import { sized } from '../python/operators.ts'
import { sorted } from '../python/sort.ts'
import { TextBudget, toText, typeName } from '../python/text.ts'

export interface JsonStyle {
  /** What a level is indented by; null puts all on one line. */
  readonly indent: string | null
  readonly sortKeys: boolean
  readonly ascii: boolean
  /** Between items; between key and value. */
  readonly separators: readonly [string, string]
}

const SHORT: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
}

/** A str as Python's json writes it. */
export function jsonString(text: string, ascii: boolean): string {
  const unit = (letter: string): string => SHORT[letter] ?? `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`
  return `"${text.replace(ascii ? /["\\\x00-\x1f\x7f-\uffff]/g : /["\\\x00-\x1f]/g, unit)}"`
}

function number(value: Num): string {
  const double = toDouble(value)
  if (Number.isNaN(double)) return 'NaN'
  if (isFloat(value) && !Number.isFinite(double)) return double > 0 ? 'Infinity' : '-Infinity'
  return numberText(value)
}

function key(value: Value, ascii: boolean): string {
  if (typeof value === 'string') return jsonString(value, ascii)
  if (value === null) return '"null"'
  if (typeof value === 'boolean') return `"${value}"`
  const asNumber = numeric(value)
  if (asNumber === undefined) throw failure(`keys must be str, int, float, bool or None, not ${typeName(value)}`)
  return `"${number(asNumber)}"`
}

class Writer {
  readonly #style: JsonStyle
  readonly #run: Nesting
  readonly #budget: TextBudget
  constructor(style: JsonStyle, run: Nesting, longest: number) {
    this.#style = style
    this.#run = run
    this.#budget = new TextBudget(longest)
  }

  write(value: Value, margin: string): string {
    this.#run.enter()
    const text = this.#text(value, margin)
    this.#run.leave()
    return text
  }

  #text(value: Value, margin: string): string {
    if (value === null) return 'null'
    if (typeof value === 'boolean') return String(value)
    const asNumber = numeric(value)
    if (asNumber !== undefined) return this.#budget.spend(number(asNumber))
    if (value instanceof Undefined) throw value.error()
    if (value instanceof Map) return this.#object(value, margin)
    const list = Array.isArray(value)
      ? value
      : value instanceof Tuple || value instanceof DictView
        ? value.items
        : undefined
    if (list) return this.#wrap('[', ']', list, margin, (item, inner) => this.write(item, inner))
    if (value instanceof Vaulted || value instanceof Range)
      throw failure(`Object of type ${typeName(value)} is not JSON serializable`)
    return this.#budget.spend(jsonString(toText(value), this.#style.ascii))
  }

  #object(map: Map<Value, Value>, margin: string): string {
    let entries = Array.from(map.entries())
    if (this.#style.sortKeys) {
      if (entries.every(([name]) => typeof name === 'string')) entries = sorted(entries, false, entry => entry[0])
      else entries.sort(([left], [right]) => compare(left, right))
    }
    const { ascii, separators } = this.#style
    return this.#wrap(
      '{',
      '}',
      entries,
      margin,
      ([name, item], inner) => this.#budget.spend(key(name, ascii)) + separators[1] + this.write(item, inner),
    )
  }

  #wrap<T>(
    open: string,
    close: string,
    list: readonly T[],
    margin: string,
    write: (item: T, margin: string) => string,
  ): string {
    if (list.length === 0) return open + close
    const { indent, separators } = this.#style
    if (indent === null) return open + list.map(item => write(item, margin)).join(separators[0]) + close
    const inner = margin + indent
    return `${open}\n${list.map(item => inner + write(item, inner)).join(`${separators[0].trimEnd()}\n`)}\n${margin}${close}`
  }
}

/** A value as Python's `json.dumps` writes it, however long that is. */
export const jsonText = (value: Value, style: JsonStyle, run: Nesting): string =>
  new Writer(style, run, Number.POSITIVE_INFINITY).write(value, '')

/** The same in a template, where no text may grow without end. */
export const writeJson = (value: Value, style: JsonStyle, run: Nesting): string =>
  sized(new Writer(style, run, LONGEST_TEXT).write(value, ''))
