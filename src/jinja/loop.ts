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

/**
 * The variable `loop`, and the turns of it: an item is taken when its turn comes, or when somebody asks for what follows, so
 * that a filter sees what the turns before it have set.
 */
export class Loop extends Callable {
  override readonly type: string = 'LoopContext'
  readonly name = 'loop'
  readonly #items: Iterator<Value>
  readonly #sized: (() => number) | null
  readonly #depth: number
  readonly #recurse: ((over: Value, depth: number) => Value) | null
  #last: readonly Value[] | undefined
  #length: number | undefined
  #before: Value | undefined
  #now: Value | undefined
  /** Items that were taken before their turn. */
  #ahead: Value[] = []
  #over = false
  /** Counts from 0. */
  index = -1

  /** @param sized how many items there are, where that is known without taking them all */
  constructor(
    items: Iterator<Value>,
    sized: (() => number) | null,
    depth: number,
    recurse: ((over: Value, depth: number) => Value) | null,
  ) {
    super()
    this.#items = items
    this.#sized = sized
    this.#depth = depth
    this.#recurse = recurse
  }

  /** The item of the next turn; undefined when there is none. */
  next(): Value | undefined {
    const item = this.#ahead.length > 0 ? this.#ahead.shift() : this.#take()
    if (item === undefined) return undefined
    this.index += 1
    this.#before = this.#now
    this.#now = item
    return item
  }

  #take(): Value | undefined {
    if (this.#over) return undefined
    const { done, value } = this.#items.next()
    if (!done) return value
    this.#over = true
    return undefined
  }

  #peek(): Value | undefined {
    const [first] = this.#ahead
    if (first !== undefined) return first
    const item = this.#take()
    if (item !== undefined) this.#ahead.push(item)
    return item
  }

  /** Counted once, as Jinja2 does. */
  get #count(): number {
    if (this.#length !== undefined) return this.#length
    if (this.#sized) this.#length = this.#sized()
    else {
      for (let item = this.#take(); item !== undefined; item = this.#take()) this.#ahead.push(item)
      this.#length = this.index + 1 + this.#ahead.length
    }
    return this.#length
  }

  /** True unless the values are those of the call before. */
  changed(values: readonly Value[]): boolean {
    const same = this.#last !== undefined && equals(new Tuple(this.#last), new Tuple(values))
    this.#last = values
    return !same
  }

  override attribute(name: string): Value | undefined {
    switch (name) {
      case 'index':
        return this.index + 1
      case 'index0':
        return this.index
      case 'revindex':
        return this.#count - this.index
      case 'revindex0':
        return this.#count - this.index - 1
      case 'first':
        return this.index === 0
      case 'last':
        return this.#peek() === undefined
      case 'length':
        return this.#count
      case 'depth':
        return this.#depth
      case 'depth0':
        return this.#depth - 1
      case 'previtem':
        return foundOr(this.#before, 'there is no previous item')
      case 'nextitem':
        return foundOr(this.#peek(), 'there is no next item')
      case 'cycle':
        return new NativeFunction('cycle', CYCLE, this)
      case 'changed':
        return new NativeFunction('changed', CHANGED, this)
      default:
        return undefined
    }
  }

  override repr(): string {
    return `<LoopContext ${this.index + 1}/${this.#count}>`
  }

  call(given: Given): Value {
    const [over] = given.positional
    if (!this.#recurse) throw failure("The loop must have the 'recursive' marker to be called recursively.")
    if (over === undefined || given.positional.length > 1) throw failure('loop() takes exactly one argument')
    return this.#recurse(over, this.#depth + 1)
  }
}
