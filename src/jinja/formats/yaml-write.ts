import { type Value, Vaulted } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { LONGEST_TEXT } from '../limits.ts'
import type { Nesting } from '../python/callable.ts'
import { compare } from '../python/compare.ts'
import { sized } from '../python/operators.ts'
import { typeName } from '../python/text.ts'
import { isScalar, listOf, type ScalarText, scalar, type YamlStyle } from './yaml-parts.ts'
import { Pen } from './yaml-pen.ts'
import { type ScalarStyle, scalarStyle, wantedStyle } from './yaml-style.ts'

/** Bytes of a key that stands before its colon. */
const LONGEST_KEY = 128

type Entry = readonly [Value, Value]

/** PyYAML's emitter as libyaml does it, which is what Ansible has: it knows its column, for it folds what is longer than the width. */
class Emitter extends Pen {
  readonly #run: Nesting
  #flow = 0

  constructor(style: YamlStyle, run: Nesting, longest: number) {
    super(style, longest)
    this.#run = run
  }

  document(value: Value): string {
    const { start, end, canonical } = this.style
    if (start || canonical) this.indicator('---', true)
    if (canonical) this.newLine()
    this.#node(value, 'root')
    const text = this.out.join('')
    // Line ends that are kept would go on to the end of the stream.
    return `${text}${text.endsWith('\n') ? '' : '\n'}${end || this.open ? '...\n' : ''}`
  }

  /** Does it one level further in. */
  #indented(write: () => void, flow: boolean, indentless = false): void {
    const outer = this.indent
    if (outer < 0) this.indent = flow ? this.style.indent : 0
    else if (!indentless) this.indent += this.style.indent
    this.#run.enter()
    write()
    this.#run.leave()
    this.indent = outer
  }

  /** PyYAML writes a collection in brackets when it is empty, stands in brackets, or (by choice) holds scalars only. */
  #inFlow(parts: readonly Value[]): boolean {
    const { flow, canonical, scalars } = this.style
    if (this.#flow > 0 || parts.length === 0 || flow === true || canonical) return true
    return flow === null && scalars === undefined && parts.every(part => isScalar(part))
  }

  #node(value: Value, context: 'root' | 'sequence' | 'mapping' | 'key'): void {
    if (value instanceof Vaulted && this.style.vaults) {
      this.#indented(() => this.#literal('!vault', value.armour), true)
      return
    }
    const text = scalar(value)
    const list = listOf(value)
    if (this.style.canonical) this.#tag(list ? 'seq' : (text?.type ?? 'map'))
    if (list) {
      if (this.#inFlow(list)) this.#flowSequence(list)
      else this.#blockSequence(list, context === 'mapping')
    } else if (value instanceof Map) {
      const entries = this.#entries(value)
      if (this.#inFlow(entries.flat())) this.#flowMapping(entries)
      else this.#blockMapping(entries)
    } else if (text) this.#indented(() => this.#scalar(text, context === 'key'), true)
    else throw failure(`to_yaml cannot write a value of type ${typeName(value)}`)
  }

  #tag(type: string): void {
    this.indicator(`!!${type}`, true)
  }

  /** Text as it is, line by line below `|`. */
  #literal(tag: string, text: string): void {
    this.indicator(tag, true)
    this.indicator(text.endsWith('\n') ? '|' : '|-', true)
    for (const line of text.replace(/\n$/, '').split('\n')) {
      this.newLine()
      this.write(line)
      this.whitespace = false
      this.indention = false
    }
  }

  #entries(map: Map<Value, Value>): Entry[] {
    const entries = Array.from(map.entries())
    if (!this.style.sortKeys) return entries
    try {
      return [...entries].sort(([left], [right]) => compare(left, right))
    } catch {
      // Keys of several types have no order; Python leaves them as they are.
      return entries
    }
  }

  #flowSequence(list: readonly Value[]): void {
    this.indicator('[', true, true)
    this.#inBrackets(list, item => this.#node(item, 'sequence'))
    this.#lastOfCanonical(list.length)
    this.indicator(']', false)
  }

  #flowMapping(entries: readonly Entry[]): void {
    this.indicator('{', true, true)
    this.#inBrackets(entries, entry => this.#pair(entry, () => this.#beyond() && this.newLine()))
    this.#lastOfCanonical(entries.length)
    this.indicator('}', false)
  }

  /** Whether what comes in brackets begins a line. */
  #beyond(): boolean {
    return this.style.canonical === true || this.column > this.style.width
  }

  /** The canonical form has a comma after the last part, too, and its bracket on a line of its own. */
  #lastOfCanonical(count: number): void {
    if (!this.style.canonical || count === 0) return
    this.indicator(',', false)
    this.newLine()
  }

  #inBrackets<T>(list: readonly T[], write: (item: T) => void): void {
    this.#flow += 1
    this.#indented(() => {
      for (const [index, item] of list.entries()) {
        if (index > 0) this.indicator(',', false)
        if (this.#beyond()) this.newLine()
        write(item)
      }
    }, true)
    this.#flow -= 1
  }

  #blockSequence(list: readonly Value[], inMapping: boolean): void {
    const indentless = inMapping && !this.indention
    this.#indented(
      () => {
        for (const item of list) {
          this.newLine()
          this.indicator('-', true, false, true)
          this.#node(item, 'sequence')
        }
      },
      false,
      indentless,
    )
  }

  #blockMapping(entries: readonly Entry[]): void {
    this.#indented(() => {
      for (const entry of entries) {
        this.newLine()
        this.#pair(entry, () => this.newLine())
      }
    }, false)
  }

  #pair([key, value]: Entry, beforeColon: () => void): void {
    if (!this.style.canonical && this.#simple(key)) {
      this.#node(key, 'key')
      this.indicator(':', false)
    } else {
      const block = this.#flow === 0
      this.indicator('?', true, false, block)
      this.#node(key, 'mapping')
      beforeColon()
      this.indicator(':', true, false, block)
    }
    this.#node(value, 'mapping')
  }

  /** A key that can stand before its colon: short, on one line. */
  #simple(key: Value): boolean {
    const text = scalar(key)?.text
    if (text !== undefined) return Buffer.byteLength(text) <= LONGEST_KEY && !/[\n\x85\u2028\u2029]/.test(text)
    return listOf(key)?.length === 0
  }

  #scalar({ text, str }: ScalarText, key: boolean): void {
    const style = this.#styleOf(text, str, key)
    this.open = false
    // Quotes would make a str of it
    if (!str && style !== 'plain' && !this.style.canonical) this.indicator('!', true)
    if (style === 'plain') this.plain(text, !key)
    else if (style === 'single') this.single(text, !key)
    else if (style === 'double') this.double(text, !key)
    else this.block(text, style)
  }

  #styleOf(text: string, str: boolean, key: boolean): ScalarStyle {
    const { scalars, canonical, unicode } = this.style
    if (canonical) return 'double'
    if (scalars !== undefined) return wantedStyle(scalars, text, this.#flow > 0, key, unicode)
    return str ? scalarStyle(text, this.#flow > 0, key, unicode) : 'plain'
  }
}

/** A value as PyYAML's `dump` writes it, however long that is. */
export const yamlText = (value: Value, style: YamlStyle, run: Nesting): string =>
  new Emitter(style, run, Number.POSITIVE_INFINITY).document(value)

/** The same in a template, where no text may grow without end. */
export const writeYaml = (value: Value, style: YamlStyle, run: Nesting): string =>
  sized(new Emitter(style, run, LONGEST_TEXT).document(value))
