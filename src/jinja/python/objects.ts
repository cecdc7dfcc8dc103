import { Opaque, type Value } from '../../base/value.ts'
import { failure, TemplateError } from '../errors.ts'

/** A Python object that the language carries and that has attributes of its own. */
export abstract class PyObject extends Opaque {
  /** What `repr()` prints. `inner` prints parts. */
  abstract repr(inner: (value: Value) => string): string
  /** The value of an attribute, or undefined when there is none. */
  attribute(_name: string): Value | undefined {
    return undefined
  }
}

/** A tuple: like a list, but unequal to one, unchangeable, and printed in parentheses. */
export class Tuple extends PyObject {
  readonly type: string = 'tuple'
  readonly items: readonly Value[]
  constructor(items: readonly Value[]) {
    super()
    this.items = items
  }
  repr(inner: (value: Value) => string): string {
    const [only] = this.items
    if (this.items.length === 1 && only !== undefined) return `(${inner(only)},)`
    return `(${this.items.map(inner).join(', ')})`
  }
}

/** What a missing name or attribute is until it is used. Attributes of it are undefined too (Ansible chains them). */
export class Undefined extends PyObject {
  readonly type = 'Undefined'
  readonly message: string
  /** The missing variable's name, where it is a variable. */
  readonly variable: string | undefined
  /** True for the missing `else` of an inline if: prints nothing and is an empty list. */
  readonly lenient: boolean
  /** Why there is nothing, where that happened elsewhere: in the text of a variable that this one needs. */
  readonly cause: TemplateError | undefined
  /** The missing attribute's or key's name, where it is one. */
  readonly part: string | undefined
  constructor(
    message: string,
    variable?: string,
    { lenient = false, cause, part }: { lenient?: boolean; cause?: TemplateError; part?: string } = {},
  ) {
    super()
    this.message = message
    this.variable = variable
    this.lenient = lenient
    this.cause = cause
    this.part = part
  }
  repr(): string {
    if (this.lenient) return 'Undefined'
    throw this.error()
  }
  error(): TemplateError {
    return this.cause ?? new TemplateError('undefined-variable', this.message, { variable: this.variable })
  }
}

/** What was found (None is a value), or an undefined value that says why there is nothing. */
export const foundOr = (value: Value | undefined, message: string, variable?: string): Value =>
  value === undefined ? new Undefined(message, variable) : value

/**
 * A value that may still have to be rendered. When what it needs is undefined, it is so too: `default` and `is defined` are the
 * judges of that, and whoever uses it is told what was missing, and where.
 */
export function lookedAt(look: () => Value | undefined): Value | undefined {
  try {
    return look()
  } catch (error) {
    if (!(error instanceof TemplateError) || error.code !== 'undefined-variable') throw error
    return new Undefined(error.fault, error.variable, { cause: error })
  }
}

/** `range()`: never more than three numbers, however long. */
export class Range extends PyObject {
  readonly type = 'range'
  readonly start: number
  readonly stop: number
  readonly step: number
  constructor(start: number, stop: number, step: number) {
    super()
    if (step === 0) throw failure('range() arg 3 must not be zero')
    this.start = start
    this.stop = stop
    this.step = step
  }
  get length(): number {
    return Math.max(0, Math.ceil((this.stop - this.start) / this.step))
  }
  at(index: number): number {
    return this.start + index * this.step
  }
  /** The range of every `step`th item from one index up to, without, another. */
  slice({ start, stop, step }: { start: number; stop: number; step: number }): Range {
    return new Range(this.at(start), this.at(stop), this.step * step)
  }
  /** What equal ranges share: Python compares them by their items. */
  get identity(): string {
    const { length } = this
    if (length === 0) return 'r'
    return length === 1 ? `r${this.start}` : `r${this.start},${length},${this.step}`
  }
  repr(): string {
    const [start, stop, step] = [this.start, this.stop, this.step].map(BigInt)
    return `range(${start}, ${stop}${step === 1n ? '' : `, ${step}`})`
  }
}

/** `d.keys()`, `d.values()`, `d.items()`: a list that remembers what it prints as. */
export class DictView extends PyObject {
  readonly type: 'dict_keys' | 'dict_values' | 'dict_items'
  readonly items: Value[]
  constructor(type: DictView['type'], items: Value[]) {
    super()
    this.type = type
    this.items = items
  }
  repr(inner: (value: Value) => string): string {
    return `${this.type}([${this.items.map(inner).join(', ')}])`
  }
}

/** `namespace()`: the one thing whose attributes `set` can change. */
export class Namespace extends PyObject {
  readonly type = 'Namespace'
  readonly entries = new Map<string, Value>()
  override attribute(name: string): Value | undefined {
    return this.entries.get(name)
  }
  repr(inner: (value: Value) => string): string {
    const parts = [...this.entries].map(([key, value]) => `${inner(key)}: ${inner(value)}`)
    return `<Namespace {${parts.join(', ')}}>`
  }
}

class Omit extends PyObject {
  readonly type = 'Omit'
  repr(): string {
    return '<<Omit>>'
  }
}

/** Ansible's `omit`: an argument with this value is as if it had not been written. */
export const OMIT: Value = new Omit()
