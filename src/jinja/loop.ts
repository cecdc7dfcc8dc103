import type { Value } from '../base/value.ts'
import { failure } from './errors.ts'
import { Callable, type Given, NativeFunction, native } from './python/callable.ts'
import { equals } from './python/compare.ts'
import { foundOr, Tuple } from './python/objects.ts'

const CYCLE = native('*args', (self, args) => {
  if (args.rest.length === 0) throw failure('no items for cycling given')
  return self instanceof Loop ? (args.rest[self.index % args.rest.length] ?? null) : null
})

const CHANGED = native('*value', (self, args) => (self instanceof Loop ? self.changed(args.rest) : null))

/** The variable `loop`. */
export class Loop extends Callable {
  override readonly type: string = 'LoopContext'
  readonly name = 'loop'
  readonly #items: readonly Value[]
  readonly #depth: number
  readonly #recurse: ((over: Value, depth: number) => Value) | null
  #last: readonly Value[] | undefined
  /** Counts from 0. */
  index = 0

  constructor(items: readonly Value[], depth: number, recurse: ((over: Value, depth: number) => Value) | null) {
    super()
    this.#items = items
    this.#depth = depth
    this.#recurse = recurse
  }

  /** True unless the values are those of the call before. */
  changed(values: readonly Value[]): boolean {
    const same = this.#last !== undefined && equals(new Tuple(this.#last), new Tuple(values))
    this.#last = values
    return !same
  }

  override attribute(name: string): Value | undefined {
    const { length } = this.#items
    switch (name) {
      case 'index':
        return this.index + 1
      case 'index0':
        return this.index
      case 'revindex':
        return length - this.index
      case 'revindex0':
        return length - this.index - 1
      case 'first':
        return this.index === 0
      case 'last':
        return this.index === length - 1
      case 'length':
        return length
      case 'depth':
        return this.#depth
      case 'depth0':
        return this.#depth - 1
      case 'previtem':
        return foundOr(this.#items[this.index - 1], 'there is no previous item')
      case 'nextitem':
        return foundOr(this.#items[this.index + 1], 'there is no next item')
      case 'cycle':
        return new NativeFunction('cycle', CYCLE, this)
      case 'changed':
        return new NativeFunction('changed', CHANGED, this)
      default:
        return undefined
    }
  }

  override repr(): string {
    return `<LoopContext ${this.index + 1}/${this.#items.length}>`
  }

  call(given: Given): Value {
    const [over] = given.positional
    if (!this.#recurse) throw failure("The loop must have the 'recursive' marker to be called recursively.")
    if (over === undefined || given.positional.length > 1) throw failure('loop() takes exactly one argument')
    return this.#recurse(over, this.#depth + 1)
  }
}
