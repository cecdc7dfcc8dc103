import { TextBudget } from '../python/text.ts'
import { escaped, standsPlain } from './yaml-escape.ts'
import type { YamlStyle } from './yaml-parts.ts'

/** Writes scalars and signs, and knows where it stands: libyaml folds what is longer than the width. */
export class Pen {
  protected readonly style: YamlStyle
  readonly #budget: TextBudget
  protected readonly out: string[] = []
  protected column = 0
  protected indent = -1
  /** The last thing written is blank; nothing but indentation and indicators stand on the line. */
  protected whitespace = true
  protected indention = true
  /** The last scalar keeps the line ends after it. */
  protected open = false

  constructor(style: YamlStyle, longest: number) {
    this.style = style
    this.#budget = new TextBudget(longest)
  }

  protected write(text: string): void {
    this.out.push(this.#budget.spend(text))
    this.column += text.length
  }

  protected indicator(sign: string, space: boolean, whitespace = false, indention = false): void {
    this.write(this.whitespace || !space ? sign : ` ${sign}`)
    this.whitespace = whitespace
    this.indention = this.indention && indention
  }

  protected lineBreak(): void {
    this.whitespace = true
    this.indention = true
    this.out.push('\n')
    this.column = 0
  }

  protected newLine(): void {
    const indent = Math.max(0, this.indent)
    if (!this.indention || this.column > indent || (this.column === indent && !this.whitespace)) this.lineBreak()
    if (this.column < indent) {
      this.whitespace = true
      this.write(' '.repeat(indent - this.column))
    }
  }

  /** Text line by line below `|`, or folded below `>`. */
  protected block(text: string, style: 'literal' | 'folded'): void {
    const hint = /^[ \n\x85\u2028\u2029]/.test(text) ? String(this.style.indent) : ''
    const chomp = !text.endsWith('\n') ? '-' : text === '\n' || text.endsWith('\n\n') ? '+' : ''
    this.indicator(`${style === 'literal' ? '|' : '>'}${hint}${chomp}`, true)
    this.lineBreak()
    const letters = Array.from(text)
    let [broken, blank] = [true, true]
    for (const [index, letter] of letters.entries()) {
      if (letter === '\n') {
        // A single line end would fold to a blank; a second one keeps it.
        if (style === 'folded' && !broken && !blank && !/^\n*(?:[ \t]|$)/.test(text.slice(index))) this.lineBreak()
        this.lineBreak()
        broken = true
        continue
      }
      if (broken) {
        this.newLine()
        blank = letter === ' ' || letter === '\t'
      }
      const fold = style === 'folded' && !broken && letter === ' ' && letters[index + 1] !== ' '
      if (fold && this.column > this.style.width) this.newLine()
      else this.write(letter)
      this.whitespace = false
      this.indention = false
      broken = false
    }
    this.open = chomp === '+'
  }

  protected plain(text: string, split: boolean): void {
    if (text === '') return
    if (!this.whitespace) this.write(' ')
    this.whitespace = false
    this.indention = false
    for (const piece of text.match(/ +|[^ ]+/g) ?? []) {
      if (piece === ' ' && this.column > this.style.width && split) {
        this.newLine()
        this.whitespace = false
        this.indention = false
      } else this.write(piece)
    }
  }

  protected single(text: string, split: boolean): void {
    this.indicator("'", true)
    let offset = 0
    for (const piece of text.match(/ +|[\n\x85\u2028\u2029]+|[^ \n\x85\u2028\u2029]+/g) ?? []) {
      const inner = offset > 0 && offset + piece.length < text.length
      offset += piece.length
      if (piece === ' ' && this.column > this.style.width && split && inner) this.newLine()
      else if (/^[\n\x85\u2028\u2029]/.test(piece)) {
        if (piece.startsWith('\n')) this.lineBreak()
        for (const _break of piece) this.lineBreak()
        this.newLine()
      } else this.write(piece.replaceAll("'", "''"))
    }
    this.indicator("'", false)
  }

  protected double(text: string, split: boolean): void {
    this.indicator('"', true)
    const letters = Array.from(text)
    for (const [index, letter] of letters.entries()) {
      const inner = index > 0 && index < letters.length - 1 && letters[index - 1] !== ' '
      if (!standsPlain(letter, this.style.unicode)) this.write(escaped(letter))
      else if (letter === ' ' && split && inner && this.column > this.style.width) {
        this.newLine()
        if (letters[index + 1] === ' ') this.write('\\')
      } else this.write(letter)
    }
    this.indicator('"', false)
  }
}
