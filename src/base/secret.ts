import { inspect } from 'node:util'

const watchers = new Set<(secret: Secret) => void>()

/**
 * From now on `heed` gets every secret as soon as there is one, wherever it comes from: what keeps secrets off the screen
 * depends on nobody's memory. Returns the way to stop.
 */
export function watchSecrets(heed: (secret: Secret) => void): () => void {
  watchers.add(heed)
  return () => void watchers.delete(heed)
}

/**
 * A value that must not be seen. It is not a string: every printed form is its label, and the only way to the bytes is
 * `reveal()`, which stands only in a few rooms (docs/architecture.md says which).
 */
export class Secret {
  readonly #value: string
  readonly label: string

  constructor(value: string, label: string) {
    this.#value = value
    this.label = label
    for (const heed of watchers) heed(this)
  }

  reveal(): string {
    return this.#value
  }

  /** Whether both hide the same text. */
  same(other: Secret | undefined): boolean {
    return other !== undefined && other.#value === this.#value
  }

  toString(): string {
    return `<${this.label}>`
  }

  toJSON(): string {
    return this.toString()
  }

  [inspect.custom](): string {
    return this.toString()
  }
}
