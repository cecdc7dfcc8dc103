/** A bounded memory of what was made last: at most `entries` things from at most `characters` of text. */
export class Cache<T> {
  readonly #entries = new Map<string, T>()
  readonly #most: number
  readonly #mostCharacters: number
  #characters = 0

  constructor(entries: number, characters: number) {
    this.#most = entries
    this.#mostCharacters = characters
  }

  /** What `make` made for this key, now or earlier. What throws is not kept. */
  get(key: string, make: () => T): T {
    const known = this.#entries.get(key)
    if (known !== undefined) {
      this.#entries.delete(key)
      this.#entries.set(key, known)
      return known
    }
    const made = make()
    if (key.length <= this.#mostCharacters) {
      this.#entries.set(key, made)
      this.#characters += key.length
      this.#shrink()
    }
    return made
  }

  get size(): number {
    return this.#entries.size
  }

  #shrink(): void {
    for (const key of this.#entries.keys()) {
      if (this.#entries.size <= this.#most && this.#characters <= this.#mostCharacters) return
      this.#entries.delete(key)
      this.#characters -= key.length
    }
  }
}
