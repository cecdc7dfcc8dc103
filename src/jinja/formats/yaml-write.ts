import { Unsafe, type Value, Vaulted } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { LONGEST_TEXT } from '../limits.ts'
import type { Nesting } from '../python/callable.ts'
import { compare } from '../python/compare.ts'
import { floatText, isFloat, numberText, numeric, toDouble } from '../python/numbers.ts'
import { DictView, Tuple, Undefined } from '../python/objects.ts'
import { sized } from '../python/operators.ts'
import { TextBudget, toText, typeName } from '../python/text.ts'
import { escaped, standsPlain } from './yaml-escape.ts'
import { type ScalarStyle, scalarStyle } from './yaml-style.ts'

export interface YamlStyle {
  readonly indent: number
  readonly width: number
  /** True writes all in brackets, false nothing; null what holds scalars only. */
  readonly flow: boolean | null
  readonly sortKeys: boolean
  readonly unicode: boolean
  /** Vaulted values are written as they stand in files, with their tag; otherwise they are refused. */
  readonly vaults?: boolean
}

/** Bytes of a key that stands before its colon. */
const LONGEST_KEY = 128

type Entry = readonly [Value, Value]

/** A scalar as text, and whether it is a str (whose style is to be chosen). */
function scalar(value: Value): { text: string; str: boolean } | undefined {
  if (value === null) return { text: 'null', str: false }
  if (typeof value === 'boolean') return { text: String(value), str: false }
  if (isFloat(value)) {
    const double = toDouble(value)
    if (!Number.isFinite(double))
      return { text: Number.isNaN(double) ? '.nan' : double > 0 ? '.inf' : '-.inf', str: false }
    const text = floatText(double)
    return { text: text.includes('.') ? text : text.replace('e', '.0e'), str: false }
  }
  const number = numeric(value)
  if (number !== undefined) return { text: numberText(number), str: false }
  if (typeof value === 'string' || value instanceof Unsafe) return { text: toText(value), str: true }
  if (value instanceof Undefined) throw value.error()
  if (value instanceof Vaulted) throw failure('a vaulted value cannot be written as YAML')
  return undefined
}

/** What PyYAML calls a leaf when it chooses brackets. */
const isScalar = (value: Value): boolean => scalar(value) !== undefined

const listOf = (value: Value): readonly Value[] | undefined => {
  if (Array.isArray(value)) return value
  return value instanceof Tuple || value instanceof DictView ? value.items : undefined
}

/** PyYAML's emitter as libyaml does it, which is what Ansible has: it knows its column, for it folds what is longer than the width. */
class Emitter {
  readonly #style: YamlStyle
  readonly #run: Nesting
  readonly #budget: TextBudget
  #out: string[] = []
  #column = 0
  #indent = -1
  /** The last thing written is blank; nothing but indentation and indicators stand on the line. */
  #whitespace = true
  #indention = true
  #flow = 0

  constructor(style: YamlStyle, run: Nesting, longest: number) {
    this.#style = style
    this.#run = run
    this.#budget = new TextBudget(longest)
  }

  document(value: Value): string {
    this.#node(value, 'root')
    return `${this.#out.join('')}\n`
  }

  #write(text: string): void {
    this.#out.push(this.#budget.spend(text))
    this.#column += text.length
  }

  #indicator(sign: string, space: boolean, whitespace = false, indention = false): void {
    this.#write(this.#whitespace || !space ? sign : ` ${sign}`)
    this.#whitespace = whitespace
    this.#indention = this.#indention && indention
  }

  #lineBreak(): void {
    this.#whitespace = true
    this.#indention = true
    this.#out.push('\n')
    this.#column = 0
  }

  #newLine(): void {
    const indent = Math.max(0, this.#indent)
    if (!this.#indention || this.#column > indent || (this.#column === indent && !this.#whitespace)) this.#lineBreak()
    if (this.#column < indent) {
      this.#whitespace = true
      this.#write(' '.repeat(indent - this.#column))
    }
  }

  /** Does it one level further in. */
  #indented(write: () => void, flow: boolean, indentless = false): void {
    const outer = this.#indent
    if (outer < 0) this.#indent = flow ? this.#style.indent : 0
    else if (!indentless) this.#indent += this.#style.indent
    this.#run.enter()
    write()
    this.#run.leave()
    this.#indent = outer
  }

  /** PyYAML writes a collection in brackets when it is empty, stands in brackets, or (by choice) holds scalars only. */
  #inFlow(parts: readonly Value[]): boolean {
    const { flow } = this.#style
    if (this.#flow > 0 || parts.length === 0 || flow === true) return true
    return flow === null && parts.every(part => isScalar(part))
  }

  #node(value: Value, context: 'root' | 'sequence' | 'mapping' | 'key'): void {
    if (value instanceof Vaulted && this.#style.vaults) {
      this.#indented(() => this.#literal('!vault', value.armour), true)
      return
    }
    const text = scalar(value)
    const list = listOf(value)
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

  /** Text as it is, line by line below `|`. */
  #literal(tag: string, text: string): void {
    this.#indicator(tag, true)
    this.#indicator(text.endsWith('\n') ? '|' : '|-', true)
    for (const line of text.replace(/\n$/, '').split('\n')) {
      this.#newLine()
      this.#write(line)
      this.#whitespace = false
      this.#indention = false
    }
  }

  #entries(map: Map<Value, Value>): Entry[] {
    const entries = Array.from(map.entries())
    if (!this.#style.sortKeys) return entries
    try {
      return [...entries].sort(([left], [right]) => compare(left, right))
    } catch {
      // Keys of several types have no order; Python leaves them as they are.
      return entries
    }
  }

  #flowSequence(list: readonly Value[]): void {
    this.#indicator('[', true, true)
    this.#inBrackets(list, item => this.#node(item, 'sequence'))
    this.#indicator(']', false)
  }

  #flowMapping(entries: readonly Entry[]): void {
    this.#indicator('{', true, true)
    this.#inBrackets(entries, entry => this.#pair(entry, () => this.#column > this.#style.width && this.#newLine()))
    this.#indicator('}', false)
  }

  #inBrackets<T>(list: readonly T[], write: (item: T) => void): void {
    this.#flow += 1
    this.#indented(() => {
      for (const [index, item] of list.entries()) {
        if (index > 0) this.#indicator(',', false)
        if (this.#column > this.#style.width) this.#newLine()
        write(item)
      }
    }, true)
    this.#flow -= 1
  }

  #blockSequence(list: readonly Value[], inMapping: boolean): void {
    const indentless = inMapping && !this.#indention
    this.#indented(
      () => {
        for (const item of list) {
          this.#newLine()
          this.#indicator('-', true, false, true)
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
        this.#newLine()
        this.#pair(entry, () => this.#newLine())
      }
    }, false)
  }

  #pair([key, value]: Entry, beforeColon: () => void): void {
    if (this.#simple(key)) {
      this.#node(key, 'key')
      this.#indicator(':', false)
    } else {
      const block = this.#flow === 0
      this.#indicator('?', true, false, block)
      this.#node(key, 'mapping')
      beforeColon()
      this.#indicator(':', true, false, block)
    }
    this.#node(value, 'mapping')
  }

  /** A key that can stand before its colon: short, on one line. */
  #simple(key: Value): boolean {
    const text = scalar(key)?.text
    if (text !== undefined) return Buffer.byteLength(text) <= LONGEST_KEY && !/[\n\x85\u2028\u2029]/.test(text)
    return listOf(key)?.length === 0
  }

  #scalar({ text, str }: { text: string; str: boolean }, key: boolean): void {
    const style: ScalarStyle = str ? scalarStyle(text, this.#flow > 0, key, this.#style.unicode) : 'plain'
    if (style === 'plain') this.#plain(text, !key)
    else if (style === 'single') this.#single(text, !key)
    else this.#double(text, !key)
  }

  #plain(text: string, split: boolean): void {
    if (text === '') return
    if (!this.#whitespace) this.#write(' ')
    this.#whitespace = false
    this.#indention = false
    for (const piece of text.match(/ +|[^ ]+/g) ?? []) {
      if (piece === ' ' && this.#column > this.#style.width && split) {
        this.#newLine()
        this.#whitespace = false
        this.#indention = false
      } else this.#write(piece)
    }
  }

  #single(text: string, split: boolean): void {
    this.#indicator("'", true)
    let offset = 0
    for (const piece of text.match(/ +|[\n\x85\u2028\u2029]+|[^ \n\x85\u2028\u2029]+/g) ?? []) {
      const inner = offset > 0 && offset + piece.length < text.length
      offset += piece.length
      if (piece === ' ' && this.#column > this.#style.width && split && inner) this.#newLine()
      else if (/^[\n\x85\u2028\u2029]/.test(piece)) {
        if (piece.startsWith('\n')) this.#lineBreak()
        for (const _break of piece) this.#lineBreak()
        this.#newLine()
      } else this.#write(piece.replaceAll("'", "''"))
    }
    this.#indicator("'", false)
  }

  #double(text: string, split: boolean): void {
    this.#indicator('"', true)
    const letters = Array.from(text)
    for (const [index, letter] of letters.entries()) {
      const inner = index > 0 && index < letters.length - 1 && letters[index - 1] !== ' '
      if (!standsPlain(letter, this.#style.unicode)) this.#write(escaped(letter))
      else if (letter === ' ' && split && inner && this.#column > this.#style.width) {
        this.#newLine()
        if (letters[index + 1] === ' ') this.#write('\\')
      } else this.#write(letter)
    }
    this.#indicator('"', false)
  }
}

/** A value as PyYAML's `dump` writes it, however long that is. */
export const yamlText = (value: Value, style: YamlStyle, run: Nesting): string =>
  new Emitter(style, run, Number.POSITIVE_INFINITY).document(value)

/** The same in a template, where no text may grow without end. */
export const writeYaml = (value: Value, style: YamlStyle, run: Nesting): string =>
  sized(new Emitter(style, run, LONGEST_TEXT).document(value))
