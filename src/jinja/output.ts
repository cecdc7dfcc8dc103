import type { Value } from '../base/value.ts'
import { failure } from './errors.ts'
import { LONGEST_TEXT } from './limits.ts'
import { DictView, Range, Tuple, Undefined } from './python/objects.ts'
import { toText } from './python/text.ts'

/** What a template prints. One printed value and nothing else keeps its type when `native` is asked for. */
export class Output {
  readonly #parts: string[] = []
  readonly #native: boolean
  readonly #noneText: string
  #only: Value | undefined
  #count = 0
  #size = 0
  #muted = false

  constructor(native: boolean, noneText: string) {
    this.#native = native
    this.#noneText = noneText
  }

  /** After `extends` nothing more of a template is printed. */
  mute(muted: boolean): void {
    this.#muted = muted
  }

  text(text: string): void {
    if (this.#muted) return
    this.#flush()
    this.#count += 1
    this.#push(text)
  }

  value(value: Value): void {
    if (this.#muted) return
    this.#flush()
    this.#count += 1
    if (this.#native && this.#count === 1) this.#only = value
    else this.#push(this.#printed(value))
  }

  /** All as one text. */
  asText(): string {
    this.#flush()
    return this.#parts.join('')
  }

  /** The one value, or all as text; an empty text when nothing was printed. */
  result(): Value {
    return settled(this.kept())
  }

  /** The same within a template: tuples, views and ranges are still what they were. */
  kept(): Value {
    return this.#only === undefined ? this.asText() : this.#only
  }

  #flush(): void {
    if (this.#only === undefined) return
    const value = this.#only
    this.#only = undefined
    this.#push(this.#printed(value))
  }

  #printed(value: Value): string {
    return value === null ? this.#noneText : toText(value)
  }

  #push(text: string): void {
    this.#size += text.length
    if (this.#size > LONGEST_TEXT)
      throw failure(`the output grows over ${LONGEST_TEXT / 1024 / 1024} MiB`, 'template-limit')
    this.#parts.push(text)
  }
}

/**
 * A result as the rest of the program knows values: tuples, views and ranges become lists, an undefined value throws.
 * Only containers that need it are copied; lazy maps are left alone, for looking into them would render them.
 */
export const settled = (value: Value): Value => settledOnce(value, new Map())

/** `known` holds what was settled already: a list that stands in many places is looked at once. */
function settledOnce(value: Value, known: Map<Value, Value>): Value {
  if (typeof value !== 'object' || value === null) return value
  const before = known.get(value)
  if (before !== undefined) return before
  const settled = settledParts(value, item => settledOnce(item, known))
  known.set(value, settled)
  return settled
}

function settledParts(value: Value, inner: (item: Value) => Value): Value {
  if (value instanceof Undefined) {
    if (value.lenient) return ''
    throw value.error()
  }
  if (value instanceof Tuple || value instanceof DictView) return value.items.map(inner)
  if (value instanceof Range) {
    if (value.length > 1_000_000) throw failure('the range is too long for a list', 'template-limit')
    return Array.from({ length: value.length }, (_item, index) => value.at(index))
  }
  if (Array.isArray(value)) {
    const items = value.map(inner)
    return items.some((item, index) => item !== value[index]) ? items : value
  }
  if (value instanceof Map && Object.getPrototypeOf(value) === Map.prototype) {
    const entries = Array.from(value, ([key, item]): [Value, Value] => [key, inner(item)])
    return entries.some(([key, item]) => item !== value.get(key)) ? new Map(entries) : value
  }
  return value
}
