import { nearest } from '../base/nearest.ts'
import type { Value } from '../base/value.ts'
import { failure, NotNow, TemplateError } from './errors.ts'
import { FILTERS } from './filters/all.ts'
import { GLOBALS } from './globals.ts'
import { DEEPEST_EVALUATION, MOST_STEPS, STEP_OF_TEXT } from './limits.ts'
import { callLookup } from './lookups/call.ts'
import type { RenderOptions, Scope } from './options.ts'
import { excerpt, type Origin, placeIn } from './place.ts'
import { bind, type Given, type Native, own, type Runtime } from './python/callable.ts'
import { foundOr, lookedAt, OMIT, Undefined } from './python/objects.ts'
import { TESTS } from './tests/all.ts'

/** Collections whose filters and tests are known by their last name. */
const COLLECTION = /^(?:ansible\.(?:builtin|legacy|utils|netcommon|posix)|community\.(?:general|crypto))\./

/** The name of a filter, test or lookup without the collections that we speak for. */
export const shortName = (name: string): string => name.replace(COLLECTION, '')

/** How other texts are rendered within a rendering: files, and templates among the terms of a lookup. */
export interface Nested {
  file(
    run: Rendering,
    text: string,
    file: string,
    variables?: ReadonlyMap<string, Value>,
    options?: RenderOptions,
  ): Value
  value(run: Rendering, text: string): Value
}

/** One call of `evaluate` or `render`: its budget, the place where it stands, and what it may reach. */
export class Rendering implements Runtime {
  readonly scope: Scope
  readonly options: RenderOptions
  /** Where an error found now is: an offset into the origin's source. */
  at = 0
  autoescape = false
  /** What prints one value and nothing else (a macro, the block of a `set`) gives that value, not its text. */
  typed = false
  #origin: Origin
  #steps = 0
  #depth = 0
  readonly #nested: Nested

  constructor(scope: Scope, options: RenderOptions, origin: Origin, nested: Nested) {
    this.scope = scope
    this.options = options
    this.#origin = origin
    this.#nested = nested
  }

  charge(steps: number): void {
    this.#steps += steps
    if (this.#steps > MOST_STEPS) {
      throw failure(`the template does more than ${MOST_STEPS.toLocaleString('en')} steps`, 'template-limit')
    }
  }

  /** Enters something that can stand in itself. What is entered is left with `leave`, unless all fails. */
  enter(): void {
    this.charge(1)
    this.#depth += 1
    if (this.#depth > DEEPEST_EVALUATION) throw failure('the template calls itself too deeply', 'template-limit')
  }

  leave(): void {
    this.#depth -= 1
  }

  /** Does something in another text; what fails there is placed there. */
  within<T>(origin: Origin, action: () => T): T {
    const [outer, at, depth] = [this.#origin, this.at, this.#depth]
    this.#origin = origin
    try {
      return action()
    } catch (error) {
      throw this.placed(error)
    } finally {
      this.#origin = outer
      this.at = at
      this.#depth = depth
    }
  }

  /** The error with its place, where it has none yet, and with a guess at what was meant. */
  placed(error: unknown): unknown {
    if (error instanceof RangeError) return this.placed(limitOf(error))
    if (isOfSystem(error)) return this.placed(failure(error.message))
    if (!(error instanceof TemplateError) || error.expression !== undefined) return error
    const { code, variable } = error
    const guess = variable === undefined ? undefined : nearest(variable, this.scope.names())
    const fault = guess === undefined || guess === variable ? error.fault : `${error.fault}; did you mean '${guess}'?`
    const { source } = this.#origin
    const details = {
      span: placeIn(this.#origin, this.at),
      variable,
      expression: excerpt(source, this.at),
      cause: error.cause,
    }
    return new TemplateError(code, fault, details)
  }

  /** A name in the scope or among the globals. */
  known(name: string): Value | undefined {
    const value = lookedAt(() => this.scope.get(name))
    return value === undefined ? this.global(name) : value
  }

  global(name: string): Value | undefined {
    return name === 'omit' ? OMIT : own(GLOBALS, name)
  }

  variable(name: string): Value {
    return foundOr(this.known(name), `'${name}' is undefined`, name)
  }

  impure(what: string): void {
    if (this.options.pure) throw new NotNow(what)
  }

  filter(name: string, input: Value, given: Given): Value {
    const filter = own(FILTERS, shortName(name))
    if (!filter) throw unknown('filter', name, Object.keys(FILTERS))
    if (!filter.lenient && input instanceof Undefined && !input.lenient) return input
    return this.#apply('filter', name, filter, input, given)
  }

  test(name: string, input: Value, given: Given): boolean {
    const test = own(TESTS, shortName(name))
    if (!test) throw unknown('test', name, Object.keys(TESTS))
    return this.#apply('test', name, test, input, given)
  }

  knows(kind: 'filter' | 'test', name: string): boolean {
    return Object.hasOwn(kind === 'filter' ? FILTERS : TESTS, shortName(name))
  }

  lookup(name: string, given: Given, asList: boolean): Value {
    return callLookup(this, shortName(name), given, asList)
  }

  renderFile(text: string, file: string, variables?: ReadonlyMap<string, Value>, options?: RenderOptions): Value {
    return this.#nested.file(this, text, file, variables, options)
  }

  /** The value of a template that stands in a string of this text. */
  embedded(text: string): Value {
    return this.#nested.value(this, text)
  }

  #apply<T>(kind: string, name: string, native: Native<T>, input: Value, given: Given): T {
    if (native.impure) this.impure(`the ${kind} '${name}'`)
    this.charge(1)
    if (!native.lenient && input instanceof Undefined && !input.lenient) throw input.error()
    const result = native.body(input, bind(name, native.signature, given), this)
    if (typeof result === 'string' && result !== input) this.charge(result.length / STEP_OF_TEXT)
    return result
  }
}

function unknown(kind: 'filter' | 'test', name: string, names: readonly string[]): TemplateError {
  const guess = nearest(name, names)
  const hint = guess === undefined ? '' : `; did you mean '${guess}'?`
  return failure(`No ${kind} named '${name}'${hint}`, `unknown-${kind}`)
}

/** JavaScript's own limits, met where ours did not catch it: the stack and the length of a string. */
function limitOf(error: RangeError): TemplateError {
  if (/call stack/i.test(error.message)) return failure('nested too deeply', 'template-limit')
  if (/string length|array length/i.test(error.message)) return failure('a value grows too large', 'template-limit')
  return failure(error.message)
}

/** An error of the controller's system or of Node about an argument: a file that cannot be read, a name with a NUL. */
const isOfSystem = (error: unknown): error is Error =>
  error instanceof Error && !(error instanceof TemplateError) && 'code' in error && typeof error.code === 'string'
