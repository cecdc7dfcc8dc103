import { inspect } from 'node:util'

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
