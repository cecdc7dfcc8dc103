import type { Value } from '../base/value.ts'
import type { Body, Parameters } from './ast.ts'
import { failure } from './errors.ts'
import type { Frame } from './frame.ts'
import { Callable, type Given } from './python/callable.ts'
import { foundOr, Tuple, Undefined } from './python/objects.ts'
import { repr } from './python/text.ts'

/** How a body is run to what it prints: given by the executor, which macros are made by. */
export type RunBody = (body: Body, frame: Frame) => Value
export type Fallback = (expression: NonNullable<Parameters['names'][number]['fallback']>, frame: Frame) => Value

/** A macro, or the body of a call block, with the frame in which it was written. */
export class Macro extends Callable {
  override readonly type: string = 'Macro'
  readonly name: string
  readonly #anonymous: boolean
  readonly #parameters: Parameters
  readonly #body: Body
  readonly #frame: Frame
  readonly #runBody: RunBody
  readonly #fallback: Fallback

  constructor(
    name: string | null,
    parameters: Parameters,
    body: Body,
    frame: Frame,
    runBody: RunBody,
    fallback: Fallback,
  ) {
    super()
    this.name = name ?? 'caller'
    this.#anonymous = name === null
    this.#parameters = parameters
    this.#body = body
    this.#frame = frame
    this.#runBody = runBody
    this.#fallback = fallback
  }

  override attribute(name: string): Value | undefined {
    if (name === 'name') return this.#anonymous ? null : this.name
    if (name === 'arguments') return new Tuple(this.#parameters.names.map(parameter => parameter.name))
    if (name === 'catch_kwargs') return this.#parameters.kwargs
    if (name === 'catch_varargs') return this.#parameters.varargs
    return name === 'caller' ? this.#parameters.caller : undefined
  }

  override repr(): string {
    return this.#anonymous ? '<Macro anonymous>' : `<Macro ${repr(this.name)}>`
  }

  call(given: Given): Value {
    const { run, state } = this.#frame
    return run.within(state.origin, () => {
      run.enter()
      const frame = this.#frame.child()
      this.#bind(frame, given)
      const printed = this.#runBody(this.#body, frame)
      run.leave()
      return printed
    })
  }

  #bind(frame: Frame, given: Given): void {
    const { names, varargs, kwargs, caller } = this.#parameters
    const { positional } = given
    const named = new Map(given.named)
    if (positional.length > names.length && !varargs) {
      throw failure(`macro ${repr(this.name)} takes not more than ${names.length} argument(s)`)
    }
    // A default that names a parameter means the parameter, never a variable outside
    for (const { name } of names) frame.vars.set(name, new Undefined(`parameter '${name}' was not provided`))
    for (const [index, { name, fallback }] of names.entries()) {
      const value = index < positional.length ? positional[index] : named.get(name)
      if (index < positional.length && named.has(name))
        throw failure(`macro ${repr(this.name)} got multiple values for argument '${name}'`)
      named.delete(name)
      const missing = () =>
        fallback ? this.#fallback(fallback, frame) : new Undefined(`parameter '${name}' was not provided`)
      frame.vars.set(name, value === undefined ? missing() : value)
    }
    const callerGiven = named.get('caller')
    if (caller) {
      named.delete('caller')
      if (!names.some(({ name }) => name === 'caller')) {
        frame.vars.set('caller', foundOr(callerGiven, 'No caller defined', 'caller'))
      }
    }
    if (varargs) frame.vars.set('varargs', new Tuple(positional.slice(names.length)))
    if (kwargs) frame.vars.set('kwargs', new Map<Value, Value>(named))
    else for (const name of named.keys()) throw failure(`macro ${repr(this.name)} takes no keyword argument '${name}'`)
  }
}
