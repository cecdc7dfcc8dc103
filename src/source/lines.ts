import type { Span } from '../base/span.ts'

/** Where the lines of a text begin; turns offsets into spans. Asking in ascending order costs nothing. */
export class Lines {
  readonly #file: string
  readonly #starts: number[] = [0]
  #cursor = 0

  constructor(text: string, file: string) {
    this.#file = file
    const breaks = /\r\n|\n|\r/g
    while (breaks.test(text)) this.#starts.push(breaks.lastIndex)
  }

  span(offset: number): Span {
    if (offset < (this.#starts[this.#cursor] ?? 0)) this.#cursor = this.#before(offset)
    while ((this.#starts[this.#cursor + 1] ?? Number.POSITIVE_INFINITY) <= offset) this.#cursor++
    const start = this.#starts[this.#cursor] ?? 0
    return { file: this.#file, line: this.#cursor + 1, col: offset - start + 1, offset }
  }

  /** The last line that begins at or before the offset, by halving. */
  #before(offset: number): number {
    let low = 0
    let high = this.#cursor
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.#starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return low
  }
}
