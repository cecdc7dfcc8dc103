import type { Value } from '../base/value.ts'
import { failure } from './errors.ts'
import { integer, text } from './python/arguments.ts'
import { Callable, type Filters, type Given, NativeFunction, native, type Runtime } from './python/callable.ts'
import { put } from './python/compare.ts'
import { DateTime, formatMoment, momentOf } from './python/date-time.ts'
import { items } from './python/iterate.ts'
import { Namespace, PyObject, Range, Undefined } from './python/objects.ts'
import { truthy } from './python/text.ts'

/** Pairs, or a dict, and named entries: what `dict()` and `namespace()` take. */
function entries(given: Value | undefined, named: ReadonlyMap<string, Value>, run: Runtime): Map<Value, Value> {
  const out = new Map<Value, Value>(given instanceof Map ? given.entries() : [])
  if (given !== undefined && !(given instanceof Map)) {
    for (const pair of items(given, run)) {
      const [key, value, ...rest] = items(pair, run)
      if (key === undefined || value === undefined || rest.length > 0)
        throw failure('dict() wants pairs of key and value')
      put(out, key, value)
    }
  }
  for (const [key, value] of named) out.set(key, value)
  return out
}

/** `cycler(...)`: gives its values one after the other. */
class Cycler extends PyObject {
  readonly type = 'Cycler'
  readonly #values: readonly Value[]
  #at = 0
  constructor(values: readonly Value[]) {
    super()
    if (values.length === 0) throw failure('at least one item has to be provided')
    this.#values = values
  }
  get current(): Value {
    return this.#values[this.#at] ?? null
  }
  next(): Value {
    const value = this.current
    this.#at = (this.#at + 1) % this.#values.length
    return value
  }
  reset(): null {
    this.#at = 0
    return null
  }
  override attribute(name: string): Value | undefined {
    if (name === 'current') return this.current
    if (name === 'next')
      return new NativeFunction(
        'next',
        native('', () => this.next()),
      )
    return name === 'reset'
      ? new NativeFunction(
          'reset',
          native('', () => this.reset()),
        )
      : undefined
  }
  repr(): string {
    return '<Cycler>'
  }
}

/** `joiner(sep)`: nothing the first time, then the separator. */
class Joiner extends Callable {
  override readonly type: string = 'Joiner'
  readonly name = 'joiner'
  readonly #separator: string
  #used = false
  constructor(separator: string) {
    super()
    this.#separator = separator
  }
  call(): Value {
    const value = this.#used ? this.#separator : ''
    this.#used = true
    return value
  }
}

class LookupFunction extends Callable {
  readonly name: string
  readonly #asList: boolean
  constructor(name: string, asList: boolean) {
    super()
    this.name = name
    this.#asList = asList
  }
  call(given: Given, run: Runtime): Value {
    const [name, ...positional] = given.positional
    if (name === undefined) throw failure(`${this.name}() wants the name of a lookup`)
    return run.lookup(text(name, 'the name of a lookup'), { positional, named: given.named }, this.#asList)
  }
}

/** Filler text is chosen by chance in Jinja2; here it is always the same. */
const LIPSUM = 'Lorem ipsum dolor sit amet consectetuer adipiscing elit.'
const MOST_PARAGRAPHS = 1000

const FUNCTIONS: Filters = {
  range: native('start, stop=None, step=1', (_self, args) => {
    const first = integer(args.value('start'))
    const stop = args.value('stop')
    return stop === null ? new Range(0, first, 1) : new Range(first, integer(stop), integer(args.value('step')))
  }),
  dict: native('entries=?, **named', (_self, args, run) => entries(args.optional('entries'), args.named, run)),
  namespace: native('entries=?, **named', (_self, args, run) => {
    const space = new Namespace()
    for (const [key, value] of entries(args.optional('entries'), args.named, run)) space.entries.set(text(key), value)
    return space
  }),
  cycler: native('*items', (_self, args) => new Cycler(args.rest)),
  joiner: native("sep=', '", (_self, args) => new Joiner(text(args.value('sep')))),
  lipsum: native('n=5, html=True, min=20, max=100', (_self, args) => {
    const count = Math.min(MOST_PARAGRAPHS, Math.max(0, integer(args.value('n'))))
    const html = truthy(args.value('html'))
    return Array<string>(count)
      .fill(html ? `<p>${LIPSUM}</p>` : LIPSUM)
      .join(html ? '\n' : '\n\n')
  }),
  now: native('utc=False, fmt=None', (_self, args, run) => {
    run.impure("the function 'now'")
    const moment = momentOf(Date.now() / 1000, truthy(args.value('utc')))
    const format = args.value('fmt')
    return truthy(format) ? formatMoment(text(format), moment) : new DateTime(moment)
  }),
  undef: native('hint=None', (_self, args) => {
    const hint = args.value('hint')
    return new Undefined(truthy(hint) ? text(hint) : 'Mandatory variable has not been overridden')
  }),
}

/** The functions that every template knows; a variable of the same name hides them. */
export const GLOBALS: Readonly<Record<string, Value>> = {
  ...Object.fromEntries(Object.entries(FUNCTIONS).map(([name, body]) => [name, new NativeFunction(name, body)])),
  lookup: new LookupFunction('lookup', false),
  query: new LookupFunction('query', true),
  q: new LookupFunction('q', true),
}
