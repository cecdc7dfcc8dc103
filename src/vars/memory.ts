import type { Value } from '../base/value.ts'
import type { VarEntry } from '../inventory/model.ts'
import { CONNECTION_NAMES } from '../inventory/names.ts'
import type { Scalar } from '../source/node.ts'

/** Where facts outlive a run, by the names that Ansible keeps them by. */
export interface FactKeeper {
  load(host: string): ReadonlyMap<string, Value> | undefined
  save(host: string, facts: ReadonlyMap<string, Value>): void
  forget(host: string): void
}

const PREFIX = 'ansible_'
const WHOLE = 'ansible_facts'

/** What a run has learnt of a host. All values are final, but for vaults, and what `include_vars` brought, which people wrote. */
export class Memory {
  readonly #host: string
  readonly #keeper: FactKeeper | undefined
  /** By the names that playbooks use at the top: `ansible_distribution`; and all by their short names in `ansible_facts`. */
  readonly facts = new Map<string, Value>([[WHOLE, new Map()]])
  readonly set = new Map<string, Value>()
  /** What `set_fact` gave as a vault: opened when it is used. A name is here or in `set`. */
  readonly sealed = new Map<string, VarEntry>()
  readonly included = new Map<string, VarEntry>()

  constructor(host: string, keeper?: FactKeeper) {
    this.#host = host
    this.#keeper = keeper
    const kept = keeper?.load(host)
    if (!kept) return
    const prefixed = [...kept].filter(([name]) => name.startsWith(PREFIX))
    this.#add(new Map<Value, Value>(prefixed), false)
    for (const [name, value] of kept) if (!name.startsWith(PREFIX)) this.#addOwn(name, value)
  }

  /** The facts by their short names. */
  get short(): ReadonlyMap<Value, Value> {
    const facts = this.facts.get(WHOLE)
    return facts instanceof Map ? facts : new Map()
  }

  /** Adds facts as modules return them. @see VariableStore.setFacts */
  addFacts(facts: ReadonlyMap<Value, Value>, bare: boolean): void {
    this.#add(facts, bare)
    this.#keep()
  }

  /** A fact of `set_fact: {cacheable: true}`. */
  addOwn(name: string, value: Value): void {
    this.#addOwn(name, value)
    this.#keep()
  }

  /** What `set_fact` or `register` gives; the later one counts. */
  put(name: string, value: Value, cacheable = false): void {
    this.sealed.delete(name)
    this.set.set(name, value)
    if (cacheable) this.addOwn(name, value)
  }

  /** What `set_fact` gives as a vault. */
  seal(name: string, node: Scalar): void {
    this.set.delete(name)
    this.sealed.set(name, { node, span: node.span, origin: 'set_fact' })
  }

  clearFacts(): void {
    this.facts.clear()
    this.facts.set(WHOLE, new Map())
    this.#keeper?.forget(this.#host)
  }

  #add(facts: ReadonlyMap<Value, Value>, bare: boolean): void {
    // A new dict: the old one may have been handed out, and what was handed out is final
    const short = new Map(this.short)
    for (const [key, value] of facts) {
      const name = String(key)
      const stem = name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name
      short.set(stem, value)
      if (name === 'ansible_local') short.set(name, value)
      if (mayBeFact(PREFIX + stem)) this.facts.set(PREFIX + stem, value)
      if (bare && stem === name) this.facts.set(name, value)
    }
    this.facts.set(WHOLE, short)
  }

  #addOwn(name: string, value: Value): void {
    this.facts.set(name, value)
    this.facts.set(WHOLE, new Map(this.short).set(name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name, value))
  }

  /** Hands over all facts by the names that they came by. */
  #keep(): void {
    if (!this.#keeper) return
    const all = new Map<string, Value>()
    for (const [key, value] of this.short) {
      const name = String(key)
      if (!name.startsWith(PREFIX)) all.set(this.facts.has(name) ? name : PREFIX + name, value)
    }
    this.#keeper.save(this.#host, all)
  }
}

const STEERING = new Set(CONNECTION_NAMES)

/**
 * Facts come from the host, and facts outrank the inventory: a host must not say how it is reached, or by whom. Such facts are seen in
 * `ansible_facts` only.
 */
const mayBeFact = (name: string): boolean =>
  !STEERING.has(name) && !/^ansible_(?:become_|ssh_(?!host_key_)|.*_interpreter$)/.test(name)
