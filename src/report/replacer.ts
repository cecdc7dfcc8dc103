/**
 * Replaces texts of a large set wherever they stand in another text, in one pass: at each place the longest that fits. A vault
 * of many secrets has thousands of forms, for which a regular expression would try one after the other at every character.
 */
export class Replacer {
  readonly #shortest: number
  readonly #labels = new Map<string, string>()
  /** The texts by the hash of their beginning, the longest first. */
  readonly #byHead = new Map<number, string[]>()

  /** @param shortest all texts have at least this many characters */
  constructor(shortest: number) {
    this.#shortest = shortest
  }

  get size(): number {
    return this.#labels.size
  }

  /** The first label of a text is the one that stays. */
  add(text: string, label: string): void {
    if (text.length < this.#shortest) throw new RangeError(`a text of ${text.length} characters is too short`)
    if (this.#labels.has(text)) return
    this.#labels.set(text, label)
    const head = this.#head(text, 0)
    const alike = this.#byHead.get(head)
    if (!alike) this.#byHead.set(head, [text])
    else {
      const at = alike.findIndex(other => other.length < text.length)
      alike.splice(at < 0 ? alike.length : at, 0, text)
    }
  }

  /** What stands for a text that is one of the set as a whole. */
  get(text: string): string | undefined {
    return this.#labels.get(text)
  }

  replace(text: string): string {
    if (this.#labels.size === 0) return text
    const parts: string[] = []
    let done = 0
    for (let at = 0; at <= text.length - this.#shortest; ) {
      const found = this.#byHead.get(this.#head(text, at))?.find(each => text.startsWith(each, at))
      if (found === undefined) at += 1
      else {
        parts.push(text.slice(done, at), this.#labels.get(found) ?? '')
        at += found.length
        done = at
      }
    }
    return done === 0 ? text : parts.join('') + text.slice(done)
  }

  #head(text: string, at: number): number {
    let hash = 0
    for (let i = at; i < at + this.#shortest; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0
    return hash
  }
}
