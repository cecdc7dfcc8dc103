import type { Value } from '../base/value.ts'
import { foundOr, PyObject } from './python/objects.ts'

/** What `import` gives: the macros and variables that a template sets at its top level; prints as its text. */
export class TemplateModule extends PyObject {
  readonly type = 'TemplateModule'
  readonly #name: string
  readonly #members: ReadonlyMap<string, Value>
  readonly #text: string
  constructor(name: string, members: ReadonlyMap<string, Value>, text: string) {
    super()
    this.#name = name
    this.#members = members
    this.#text = text
  }
  override attribute(name: string): Value | undefined {
    return this.#members.get(name)
  }
  /** A member for `from ... import`; undefined until it is used when there is none. */
  member(name: string): Value {
    return foundOr(this.#members.get(name), `the template '${this.#name}' does not export the requested name '${name}'`)
  }
  repr(): string {
    return this.#text
  }
}
