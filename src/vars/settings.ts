import type { Diagnostic } from '../base/diagnostic.ts'
import { Secret } from '../base/secret.ts'
import type { Span } from '../base/span.ts'
import { Unsafe, type Value } from '../base/value.ts'
import { toText } from '../jinja/python/text.ts'
import type { HostScope } from './scope.ts'

/** Reads the variables that steer a connection, each by its names in order of strength, and collects what is wrong. */
export class Settings {
  readonly faults: Diagnostic[] = []
  readonly #scope: HostScope

  constructor(scope: HostScope) {
    this.#scope = scope
  }

  /** The first of the names that has a value other than null. Throws TemplateError. */
  first(names: readonly string[]): { name: string; value: Value; span: Span | undefined } | undefined {
    for (const name of names) {
      const value = this.#scope.get(name)
      if (value !== undefined && value !== null) return { name, value, span: this.#scope.find(name)?.span }
    }
    return undefined
  }

  text(...names: string[]): string | undefined {
    const found = this.first(names)
    if (!found) return undefined
    const { value } = found
    if (value instanceof Map || Array.isArray(value)) {
      this.fault(found, `is a ${value instanceof Map ? 'dict' : 'list'}`, 'give it one value')
      return undefined
    }
    const text = value instanceof Unsafe ? value.text : toText(value)
    return text === '' ? undefined : text
  }

  secret(...names: string[]): Secret | undefined {
    const text = this.text(...names)
    return text === undefined ? undefined : new Secret(text, names[0] ?? 'password')
  }

  whole(lowest: number, highest: number, ...names: string[]): number | undefined {
    const found = this.first(names)
    const text = found && this.text(...names)
    if (!found || text === undefined) return undefined
    if (/^\d+$/.test(text) && Number(text) >= lowest && Number(text) <= highest) return Number(text)
    this.fault(found, `is ${JSON.stringify(text)}`, `it is a whole number from ${lowest} to ${highest}`)
    return undefined
  }

  bool(...names: string[]): boolean | undefined {
    const found = this.first(names)
    const said = found && asBool(found.value)
    if (found && said === undefined) this.fault(found, 'is neither yes nor no', 'write true or false')
    return said
  }

  fault(found: { name: string; span?: Span | undefined }, what: string, remedy: string): void {
    this.faults.push({
      code: 'connection-setting',
      severity: 'error',
      message: `${found.name} of host ${this.#scope.host} ${what}`,
      ...(found.span && { span: found.span }),
      remedy,
    })
  }
}

const WORDS: Readonly<Record<string, boolean>> = {
  yes: true,
  true: true,
  on: true,
  y: true,
  t: true,
  '1': true,
  no: false,
  false: false,
  off: false,
  n: false,
  f: false,
  '0': false,
}

/** A boolean as Ansible's options take it: also as a word. */
export function asBool(value: Value): boolean | undefined {
  if (typeof value === 'boolean') return value
  if (typeof value === 'number' || typeof value === 'string') return WORDS[String(value).toLowerCase().trim()]
  return undefined
}
