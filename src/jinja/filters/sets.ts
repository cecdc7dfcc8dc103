import type { Value } from '../../base/value.ts'
import { type Bound, type Filters, native, type Runtime } from '../python/callable.ts'
import { equals } from '../python/compare.ts'
import { identity } from '../python/identity.ts'
import { items } from '../python/iterate.ts'

/** Values by Python's equality; all but lists, dicts and times are found without comparing with the others. */
export class Members {
  readonly #known = new Set<string>()
  readonly #others: Value[] = []
  readonly #run: Runtime

  constructor(run: Runtime, list: readonly Value[] = []) {
    this.#run = run
    for (const item of list) this.add(item)
  }

  has(value: Value): boolean {
    const name = identity(value)
    if (name !== undefined) return this.#known.has(name)
    this.#run.charge(1 + this.#others.length / 100)
    return this.#others.some(other => equals(other, value))
  }

  /** True when it was not there. */
  add(value: Value): boolean {
    if (this.has(value)) return false
    const name = identity(value)
    if (name === undefined) this.#others.push(value)
    else this.#known.add(name)
    return true
  }
}

/** The items that differ by key, first ones kept, in their order. */
export function distinct(list: readonly Value[], run: Runtime, key: (item: Value) => Value = item => item): Value[] {
  run.charge(list.length)
  const seen = new Members(run)
  return list.filter(item => seen.add(key(item)))
}

type Choice = (left: readonly Value[], right: readonly Value[], run: Runtime) => Value[]

const filter = (choose: Choice) =>
  native('other', (value: Value, args: Bound, run: Runtime) =>
    choose(items(value, run), items(args.value('other'), run), run),
  )

const without: Choice = (left, right, run) => {
  const unwanted = new Members(run, right)
  return distinct(left, run).filter(item => !unwanted.has(item))
}

/** Sets as lists: without duplicates, in the order in which items first stand. */
export const SET_FILTERS: Filters = {
  union: filter((left, right, run) => distinct([...left, ...right], run)),
  difference: filter(without),
  intersect: filter((left, right, run) => {
    const wanted = new Members(run, right)
    return distinct(left, run).filter(item => wanted.has(item))
  }),
  symmetric_difference: filter((left, right, run) => [...without(left, right, run), ...without(right, left, run)]),
}
