import type { Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import type { RenderOptions, Scope } from '../options.ts'
import { PyObject } from './objects.ts'

/** The arguments of a call as they are given. */
export interface Given {
  readonly positional: readonly Value[]
  readonly named: ReadonlyMap<string, Value>
}

export const NOTHING_GIVEN: Given = { positional: [], named: new Map() }

/** Enters and leaves something that can stand in itself; `enter` throws when it is too deep. */
export interface Nesting {
  enter(): void
  leave(): void
}

/** What filters, tests, methods and lookups may use of the rendering in which they run. */
export interface Runtime extends Nesting {
  readonly scope: Scope
  readonly options: RenderOptions
  /** Counts work against the step budget; throws when it is spent. */
  charge(steps: number): void
  /** A variable as the template sees it here; Undefined when there is none. */
  variable(name: string): Value
  filter(name: string, input: Value, given: Given): Value
  test(name: string, input: Value, given: Given): boolean
  lookup(name: string, given: Given, asList: boolean): Value
  renderFile(text: string, file: string, variables?: ReadonlyMap<string, Value>): Value
  /** True when there is a filter or test of this name. */
  knows(kind: 'filter' | 'test', name: string): boolean
  /** Throws NotNow in pure mode. */
  impure(what: string): void
}

/** Anything that can be called in a template. */
export abstract class Callable extends PyObject {
  readonly type: string = 'function'
  abstract readonly name: string
  abstract call(given: Given, run: Runtime): Value
  repr(): string {
    return `<function ${this.name}>`
  }
}

interface Parameter {
  readonly name: string
  readonly fallback: Value | undefined
  readonly required: boolean
}

/** A function's parameters, read from a signature as Python writes it: `a, b=None, *rest, **named`. `x=?` is optional. */
export interface Signature {
  readonly parameters: readonly Parameter[]
  readonly rest: boolean
  readonly named: boolean
}

const LITERALS = new Map<string, Value | undefined>([
  ['?', undefined],
  ['None', null],
  ['True', true],
  ['False', false],
])

/** Reads a signature; defaults are None, True, False, numbers, quoted words or `?`. */
export function signature(text: string): Signature {
  const parts = text === '' ? [] : text.split(/,\s*(?=[a-z*])/)
  const parameters: Parameter[] = []
  for (const part of parts) {
    if (part.startsWith('*')) continue
    const [name = '', literal] = part.split('=')
    const quoted = literal?.match(/^'(.*)'$/)
    const fallback = quoted
      ? (quoted[1] ?? '')
      : LITERALS.has(literal ?? '?')
        ? LITERALS.get(literal ?? '?')
        : Number(literal)
    parameters.push({ name, fallback, required: literal === undefined })
  }
  return { parameters, rest: /(^|\s)\*[a-z]/.test(text), named: text.includes('**') }
}

/** Arguments bound to parameters, read by name. */
export class Bound {
  readonly #values: ReadonlyMap<string, Value | undefined>
  /** What `*rest` got. */
  readonly rest: readonly Value[]
  /** What `**named` got. */
  readonly named: ReadonlyMap<string, Value>
  constructor(
    values: ReadonlyMap<string, Value | undefined>,
    rest: readonly Value[],
    named: ReadonlyMap<string, Value>,
  ) {
    this.#values = values
    this.rest = rest
    this.named = named
  }
  /** True when the argument was given or has a default. */
  given(name: string): boolean {
    return this.#values.get(name) !== undefined
  }
  value(name: string): Value {
    return this.#values.get(name) ?? null
  }
  optional(name: string): Value | undefined {
    return this.#values.get(name)
  }
}

const NO_VALUES: readonly Value[] = []
const NO_NAMES: ReadonlyMap<string, Value> = new Map()

/** Binds arguments as Python does; throws its words when they do not fit. */
export function bind(name: string, wanted: Signature, given: Given): Bound {
  const values = new Map<string, Value | undefined>()
  const { parameters } = wanted
  let extra: Map<string, Value> | undefined
  for (const [key, value] of given.named) {
    const index = parameters.findIndex(parameter => parameter.name === key)
    if (index >= 0 && index < given.positional.length)
      throw failure(`${name}() got multiple values for argument '${key}'`)
    if (index >= 0) values.set(key, value)
    else if (wanted.named) {
      extra ??= new Map()
      extra.set(key, value)
    } else throw failure(`${name}() got an unexpected keyword argument '${key}'`)
  }
  for (const [index, parameter] of parameters.entries()) {
    if (index < given.positional.length) values.set(parameter.name, given.positional[index])
    else if (!values.has(parameter.name)) {
      if (parameter.required) throw failure(`${name}() missing 1 required positional argument: '${parameter.name}'`)
      values.set(parameter.name, parameter.fallback)
    }
  }
  if (given.positional.length > parameters.length && !wanted.rest) {
    const many = parameters.length === 1 ? 'argument' : 'arguments'
    throw failure(`${name}() takes ${parameters.length} positional ${many} but ${given.positional.length} were given`)
  }
  return new Bound(values, wanted.rest ? given.positional.slice(parameters.length) : NO_VALUES, extra ?? NO_NAMES)
}

export type Body<T> = (input: Value, args: Bound, run: Runtime) => T

/** A filter, test or method: a signature (without the input) and what it does. */
export interface Native<T = Value> {
  readonly signature: Signature
  readonly body: Body<T>
  /** True when an undefined input is its business. */
  readonly lenient: boolean
  /** True when the answer depends on more than the arguments. */
  readonly impure: boolean
}

export type Filters = Readonly<Record<string, Native>>
export type Tests = Readonly<Record<string, Native<boolean>>>

interface Traits {
  readonly lenient?: boolean
  readonly impure?: boolean
}

export const native = <T>(text: string, body: Body<T>, traits: Traits = {}): Native<T> => ({
  signature: signature(text),
  body,
  lenient: traits.lenient ?? false,
  impure: traits.impure ?? false,
})

/** Looks up a name in a table of ours; never finds what objects inherit. */
export const own = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined

/** A global function or a method together with its object. */
export class NativeFunction extends Callable {
  readonly name: string
  readonly #self: Value
  readonly #native: Native
  constructor(name: string, native: Native, self: Value = null) {
    super()
    this.name = name
    this.#native = native
    this.#self = self
  }
  call(given: Given, run: Runtime): Value {
    return this.#native.body(this.#self, bind(this.name, this.#native.signature, given), run)
  }
}
