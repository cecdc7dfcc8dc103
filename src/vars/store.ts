import type { Diagnostic } from '../base/diagnostic.ts'
import type { Value } from '../base/value.ts'
import {
  type AdjacentVars,
  type Group,
  type Host,
  type Inventory,
  lay,
  type VarEntry,
  type VarMap,
} from '../inventory/model.ts'
import { selectHosts } from '../inventory/pattern.ts'
import type { Mapping, Scalar } from '../source/node.ts'
import type { Frame } from './frame.ts'
import { DeferredLayer, EntryLayer, type Layer, pushMappings, ValueLayer } from './layer.ts'
import { HostVars, ScopeDict } from './lazy.ts'
import { type MagicContext, MagicLayer, type RunInfo } from './magic.ts'
import { type FactKeeper, Memory } from './memory.ts'
import { MergingScope } from './merging-scope.ts'
import { defaultsOf, IMPLICIT, pushDefaults, pushEntries, pushParams, pushPlay, pushTask } from './push.ts'
import { faultsIn, readably } from './readable.ts'
import { type NodeOptions, renderNode } from './render.ts'
import { HostScope, Trail } from './scope.ts'
import { VarsFiles } from './vars-files.ts'

export interface StoreOptions {
  readonly inventory: Inventory
  readonly run: RunInfo
  readonly extraVars?: VarMap
  /** `group_vars/` and `host_vars/` beside the playbook. */
  readonly playbookVars?: AdjacentVars
  /** The same beside a play that stands in another directory than the first playbook. */
  readonly playbookVarsIn?: (dir: string) => AdjacentVars
  /** Keeps facts for later runs. */
  readonly facts?: FactKeeper
  /** What every rendering gets: loader, lookups, vault. */
  readonly options?: NodeOptions
}

const HIDDEN: ReadonlySet<string> = new Set(['vars', 'hostvars'])

/** All variables of a run, and the scopes in which templates see them. */
export class VariableStore {
  readonly inventory: Inventory
  /** Called when a lookup may change files of the controller. */
  acting: () => void = () => undefined
  readonly #setup: StoreOptions
  readonly #trail = new Trail()
  readonly #memories = new Map<string, Memory>()
  readonly #groupLayers = new WeakMap<readonly Group[], Map<AdjacentVars | undefined, readonly Layer[]>>()
  readonly #besides = new Map<string, AdjacentVars>()
  #version = 0
  #views = new Map<string, { stamp: string; view: Value }>()

  constructor(setup: StoreOptions) {
    this.inventory = setup.inventory
    this.#setup = setup
  }

  /**
   * Facts of a host, merged over those that are known. A key with `ansible_` (as setup returns) is visible by that name, and without
   * the prefix in `ansible_facts`; a key without it is visible in `ansible_facts` and at the top with the prefix put before.
   * @param bare keys without the prefix are visible at the top as they are too (`services`, `packages`, `getent_passwd`)
   */
  setFacts(host: string, facts: ReadonlyMap<Value, Value>, bare = false): void {
    this.#memory(host).addFacts(facts, bare)
    this.#version++
  }

  /** `meta: clear_facts`. */
  clearFacts(host: string): void {
    this.#memory(host).clearFacts()
    this.#version++
  }

  /** `set_fact`; the value is final. A cacheable fact is in `ansible_facts` too. */
  setFact(host: string, name: string, value: Value, cacheable = false): void {
    this.#memory(host).put(name, value, cacheable)
    this.#version++
  }

  /** `set_fact` of a vault: a value that is opened when it is used, and is in no facts. */
  sealFact(host: string, name: string, node: Scalar): void {
    this.#memory(host).seal(name, node)
    this.#version++
  }

  /** `register`; what came from a host is never rendered. */
  register(host: string, name: string, value: Value): void {
    this.#memory(host).put(name, value)
    this.#version++
  }

  /** `include_vars`: text from files of ours, rendered when it is used. */
  includeVars(host: string, entries: Iterable<readonly [string, VarEntry]>): void {
    const { included } = this.#memory(host)
    for (const [name, entry] of entries) lay(included, name, entry, this.inventory.merges)
    this.#version++
  }

  /** Whether `-e` gives a variable: then nothing else counts. */
  isExtra(name: string): boolean {
    return this.#setup.extraVars?.has(name) ?? false
  }

  /** The facts known of a host, by their short names. Empty when none were gathered. */
  factsOf(host: string): ReadonlyMap<Value, Value> {
    return this.#memory(host).short
  }

  /**
   * What a template sees for this host at this moment. Cheap: layers are shared, nothing is rendered or copied. Its values are remembered,
   * so make a new one after facts have changed.
   * @param host a name of the inventory, or localhost; any other name has no inventory variables
   */
  scope(host: string, frame: Frame = {}, options: NodeOptions = {}): HostScope {
    const all = { hosts: this.#selected, acting: () => this.acting(), ...this.#setup.options, ...options }
    return this.#scopeOf(this.#hostOf(host), frame, all, true)
  }

  readonly #selected = (pattern: string): readonly string[] =>
    selectHosts(this.inventory, pattern).hosts.map(host => host.name)

  /** What keeps the files of variables from being read that count for a host: a vault that nobody gave a password for. */
  faultsOf(name: string): Diagnostic[] {
    const host = this.#hostOf(name)
    const { playbookVars } = this.#setup
    const places = [...this.inventory.adjacent, ...(playbookVars ? [playbookVars] : [])]
    const groups = this.inventory.chain(host)
    return places.flatMap(place => [
      ...groups.flatMap(group => faultsIn(() => place.group(group.name))),
      ...faultsIn(() => place.host(host.name)),
    ])
  }

  /** The variables beside the play that a scope is for. */
  #beside(dir: string | undefined): AdjacentVars | undefined {
    const { playbookVars, playbookVarsIn, run } = this.#setup
    if (dir === undefined || dir === run.playbookDir || !playbookVarsIn) return playbookVars
    const known = this.#besides.get(dir) ?? playbookVarsIn(dir)
    this.#besides.set(dir, known)
    return known
  }

  #hostOf(name: string): Host {
    return this.inventory.find(name) ?? { name, vars: new Map(), groups: new Set(), source: undefined, implicit: true }
  }

  #scopeOf(host: Host, frame: Frame, options: NodeOptions, own: boolean): HostScope {
    const layers: Layer[] = []
    const scope = new (this.inventory.merges ? MergingScope : HostScope)(host.name, layers, this.#trail, options)
    if (frame.locals && frame.locals.size > 0) layers.push(new ValueLayer('local', frame.locals))
    const context: MagicContext = {
      run: this.#setup.run,
      inventory: this.inventory,
      host,
      frame,
      hostvars: () => this.#hostvars(options),
      vars: () => new ScopeDict(scope, HIDDEN),
      delegated: () => this.#delegated(host, frame, options),
      environment: () => frame.environment?.map(node => renderNode(node, scope, options)),
    }
    layers.push(new MagicLayer(context))
    if (this.#setup.extraVars) layers.push(new EntryLayer('extra vars', this.#setup.extraVars))
    pushParams(layers, frame)
    for (const role of [...(frame.roles ?? [])].reverse())
      pushMappings(layers, role.params, 'role params', `role ${role.name}`)
    const memory = this.#memory(host.name)
    layers.push(new ValueLayer('set_fact and register', memory.set))
    layers.push(new EntryLayer('set_fact and register', memory.sealed), new EntryLayer('include_vars', memory.included))
    pushTask(layers, frame)
    pushPlay(layers, frame, this.#varsFiles(host, frame, options))
    layers.push(new ValueLayer('facts', memory.facts))
    this.#pushInventory(layers, host, this.#beside(frame.play?.dir))
    pushDefaults(layers, frame)
    if (own) layers.push(this.#defaults(host, frame, options))
    return scope
  }

  /** What holds when nobody says anything: `ansible_host` is where a delegated task is done. */
  #defaults(host: Host, { delegateTo, ...frame }: Frame, options: NodeOptions): Layer {
    const plain = new ValueLayer('defaults', defaultsOf(host, this.#setup.run.managed))
    if (!delegateTo) return plain
    const there = (): Value | undefined => {
      const name = renderNode(delegateTo, this.#scopeOf(host, frame, options, true), options)
      return typeof name === 'string' && name !== ''
        ? this.#scopeOf(this.#hostOf(name), { play: frame.play }, options, true).get('ansible_host')
        : undefined
    }
    return {
      level: 'defaults',
      names: () => plain.names(),
      find: name => {
        const found = plain.find(name)
        const value = name === 'ansible_host' ? there() : undefined
        return found && value !== undefined ? { ...found, value } : found
      },
    }
  }

  /** `ansible_delegated_vars`: the other host as it is, but for who asks. */
  #delegated(host: Host, { delegateTo, ...frame }: Frame, options: NodeOptions): Value | undefined {
    if (!delegateTo) return undefined
    const name = renderNode(delegateTo, this.#scopeOf(host, frame, options, true), options)
    if (typeof name !== 'string' || name === '') return undefined
    const magic = new Map<string, Value>([['inventory_hostname', host.name]])
    const scope = this.#scopeOf(this.#hostOf(name), { play: frame.play, magic }, { ...options, foreign: true }, true)
    return new Map<Value, Value>([[name, new ScopeDict(scope, HIDDEN)]])
  }

  /** `vars_files`, looked for when a variable is first asked for; their names see all that is weaker, and `-e`. */
  #varsFiles(host: Host, { play }: Frame, options: NodeOptions): Layer | undefined {
    if (!play || !(play.varsFiles instanceof VarsFiles) || play.varsFiles.none) return undefined
    const files = play.varsFiles
    const scope = (read: readonly Mapping[]): HostScope =>
      this.#scopeOf(host, { play: { ...play, vars: [...play.vars, ...read], varsFiles: undefined } }, options, true)
    const hasFacts = this.factsOf(host.name).size > 0
    const stamp = `${this.#version}.${this.inventory.generation}`
    return new DeferredLayer('vars_files', () => {
      const layers: Layer[] = []
      pushMappings(layers, files.for({ stamp, host: host.name, hasFacts, scope }), 'vars_files')
      return layers
    })
  }

  #pushInventory(layers: Layer[], host: Host, playbookVars: AdjacentVars | undefined): void {
    if (playbookVars) pushEntries(layers, 'playbook host_vars', playbookVars.host(host.name))
    for (const place of [...this.inventory.adjacent].reverse())
      pushEntries(layers, 'inventory host_vars', place.host(host.name))
    pushEntries(layers, 'inventory host', host.vars)
    if (host.implicit && host.source === undefined && this.inventory.find(host.name) === host)
      layers.push(new ValueLayer('inventory host', IMPLICIT, 'implicit localhost'))
    const chain = this.inventory.chain(host)
    const known = this.#groupLayers.get(chain) ?? new Map<AdjacentVars | undefined, readonly Layer[]>()
    this.#groupLayers.set(chain, known)
    const shared = known.get(playbookVars) ?? this.#layersOfGroups(chain, playbookVars)
    known.set(playbookVars, shared)
    for (const layer of shared) layers.push(layer)
  }

  /** Strongest first: the level decides, then the source, then the depth of the group. */
  #layersOfGroups(chain: readonly Group[], playbookVars: AdjacentVars | undefined): readonly Layer[] {
    const sources = [...this.inventory.adjacent].reverse()
    const all = chain.filter(group => group === this.inventory.all)
    const others = chain.filter(group => group !== this.inventory.all).reverse()
    const layers: Layer[] = []
    if (playbookVars)
      for (const group of others) pushEntries(layers, 'playbook group_vars', playbookVars.group(group.name))
    for (const source of sources)
      for (const group of others) pushEntries(layers, 'inventory group_vars', source.group(group.name))
    if (playbookVars)
      for (const group of all) pushEntries(layers, 'playbook group_vars/all', playbookVars.group(group.name))
    for (const source of sources)
      for (const group of all) pushEntries(layers, 'inventory group_vars/all', source.group(group.name))
    for (const group of others) layers.push(new EntryLayer('inventory group', group.vars))
    for (const group of all) layers.push(new EntryLayer('inventory all', group.vars))
    return layers
  }

  /** `hostvars`, shared by all scopes until something is learnt. */
  #hostvars(options: NodeOptions): Value {
    const kind = `${options.pure === true} ${options.later ?? ''}`
    const stamp = `${this.#version}.${this.inventory.generation}`
    const known = this.#views.get(kind)
    if (known?.stamp === stamp) return known.view
    const foreign = { ...options, foreign: true }
    const view = new HostVars(
      () => this.inventory.hosts.keys(),
      name => {
        const host = this.inventory.find(name)
        return (
          host &&
          new ScopeDict(
            readably(host, () => this.#scopeOf(host, {}, foreign, false)),
            HIDDEN,
          )
        )
      },
    )
    this.#views.set(kind, { stamp, view })
    return view
  }

  #memory(host: string): Memory {
    const known = this.#memories.get(host)
    if (known) return known
    const made = new Memory(host, this.#setup.facts)
    this.#memories.set(host, made)
    return made
  }
}
