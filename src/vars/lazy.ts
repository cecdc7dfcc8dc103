import type { Value } from '../base/value.ts'
import type { Scope } from '../jinja/options.ts'
import type { Explaining } from '../jinja/python/attributes.ts'

/** A value that is computed when it is first looked at. Computing it may throw, and is then tried again next time. */
class Cell {
  readonly compute: () => Value
  constructor(compute: () => Value) {
    this.compute = compute
  }
}

/**
 * A dict whose values are rendered when they are looked at, so that `d.a` does not render `d.b`. Everywhere else it is a Map. The
 * cells stand in the Map itself and are replaced by what they yield.
 */
export class LazyDict extends Map<Value, Value> {
  /** Sets a value that is still to be computed. */
  defer(key: Value, compute: () => Value): void {
    super.set(key, new Cell(compute) as unknown as Value)
  }

  override get(key: Value): Value | undefined {
    const held: unknown = super.get(key)
    if (!(held instanceof Cell)) return held as Value | undefined
    const value = held.compute()
    super.set(key, value)
    return value
  }

  override *entries(): MapIterator<[Value, Value]> {
    for (const key of super.keys()) yield [key, this.get(key) as Value]
  }

  override *values(): MapIterator<Value> {
    for (const key of super.keys()) yield this.get(key) as Value
  }

  override forEach(each: (value: Value, key: Value, map: Map<Value, Value>) => void): void {
    for (const [key, value] of this.entries()) each(value, key, this)
  }

  override [Symbol.iterator](): MapIterator<[Value, Value]> {
    return this.entries()
  }
}

/** A dict that nobody can change, whose values are made when they are asked for. */
abstract class View extends Map<Value, Value> {
  protected abstract listed(): Iterable<string>
  protected abstract find(name: string): Value | undefined

  override get size(): number {
    return [...this.listed()].length
  }

  override get(key: Value): Value | undefined {
    return typeof key === 'string' ? this.find(key) : undefined
  }

  override has(key: Value): boolean {
    return this.get(key) !== undefined
  }

  override *keys(): MapIterator<Value> {
    yield* this.listed()
  }

  override *entries(): MapIterator<[Value, Value]> {
    for (const name of this.listed()) yield [name, this.find(name) ?? null]
  }

  override *values(): MapIterator<Value> {
    for (const [, value] of this.entries()) yield value
  }

  override forEach(each: (value: Value, key: Value, map: Map<Value, Value>) => void): void {
    for (const [key, value] of this.entries()) each(value, key, this)
  }

  override [Symbol.iterator](): MapIterator<[Value, Value]> {
    return this.entries()
  }

  override set(): this {
    throw new TypeError('a view of variables cannot be changed')
  }
}

/** A scope seen as a dict: `vars`, and each entry of `hostvars`. */
export class ScopeDict extends View {
  readonly #scope: Scope
  readonly #hidden: ReadonlySet<string>

  /** @param hidden names that can be asked for but do not appear in lists, for they would hold the dict itself */
  constructor(scope: Scope, hidden: ReadonlySet<string>) {
    super()
    this.#scope = scope
    this.#hidden = hidden
  }

  protected listed(): Iterable<string> {
    return [...this.#scope.names()].filter(name => !this.#hidden.has(name))
  }

  protected find(name: string): Value | undefined {
    return this.#scope.get(name)
  }

  /** Without making the value, which may fail. */
  override has(key: Value): boolean {
    return typeof key === 'string' && (this.#scope.has?.(key) ?? this.#scope.get(key) !== undefined)
  }
}

/** `hostvars`: every host of the inventory by name, its variables made when they are asked for. */
export class HostVars extends View implements Explaining {
  readonly #find: (name: string) => Value | undefined
  readonly #names: () => Iterable<string>
  readonly #known = new Map<string, Value>()

  constructor(names: () => Iterable<string>, find: (name: string) => Value | undefined) {
    super()
    this.#names = names
    this.#find = find
  }

  protected listed(): Iterable<string> {
    return this.#names()
  }

  lacks(name: string): string {
    return `"hostvars['${name}']" is undefined: the inventory has no such host`
  }

  protected find(name: string): Value | undefined {
    const known = this.#known.get(name)
    if (known !== undefined) return known
    const found = this.#find(name)
    if (found !== undefined) this.#known.set(name, found)
    return found
  }
}
