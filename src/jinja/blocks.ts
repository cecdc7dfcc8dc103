import type { Value } from '../base/value.ts'
import type { TemplateState } from './frame.ts'
import { Callable } from './python/callable.ts'
import { PyObject } from './python/objects.ts'

/** Something called without arguments that renders a block. */
class BlockCall extends Callable {
  override readonly type: string = 'BlockReference'
  readonly name: string
  readonly #render: () => Value
  constructor(name: string, render: () => Value) {
    super()
    this.name = name
    this.#render = render
  }
  call(): Value {
    return this.#render()
  }
}

/** `super`, or `self.name`. */
export const blockCall = (name: string, render: () => Value): Callable => new BlockCall(name, render)

/** The variable `self`: the blocks of the template that is being rendered. */
export class TemplateReference extends PyObject {
  readonly type = 'TemplateReference'
  readonly #state: TemplateState
  readonly #render: (name: string) => Value
  constructor(state: TemplateState, render: (name: string) => Value) {
    super()
    this.#state = state
    this.#render = render
  }
  override attribute(name: string): Value | undefined {
    return this.#state.blocks.has(name) ? blockCall(name, () => this.#render(name)) : undefined
  }
  repr(): string {
    return '<TemplateReference None>'
  }
}
