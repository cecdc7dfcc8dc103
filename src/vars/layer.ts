import type { Span } from '../base/span.ts'
import type { Value } from '../base/value.ts'
import type { VarEntry, VarMap } from '../inventory/model.ts'
import type { Mapping, Node } from '../source/node.ts'
import type { Level } from './precedence.ts'

/** A variable before rendering: a node (its text may be a template), or a value that is final. */
export interface Found {
  readonly level: Level
  readonly origin: string
  readonly node?: Node
  readonly span?: Span
  readonly value?: Value
  /** The winner is laid over it, where dicts are merged. */
  readonly merged?: true
}

/** Variables of one level and one origin. Layers are shared between scopes and never copied. */
export interface Layer {
  readonly level: Level
  find(name: string): Found | undefined
  /** Every definition, strongest first, of layers that may hold several. */
  findAll?(name: string): readonly Found[]
  names(): Iterable<string>
}

/** Variables that people wrote. */
export class EntryLayer implements Layer {
  readonly level: Level
  readonly #entries: VarMap
  readonly #origin: string

  constructor(level: Level, entries: VarMap, origin: string = level) {
    this.level = level
    this.#entries = entries
    this.#origin = origin
  }

  find(name: string): Found | undefined {
    const entry = this.#entries.get(name)
    return entry && { level: this.level, origin: entry.origin || this.#origin, node: entry.node, span: entry.span }
  }

  names(): Iterable<string> {
    return this.#entries.keys()
  }
}

/** Values that came from a host, were computed, or are ours: final, never rendered again. */
export class ValueLayer implements Layer {
  readonly level: Level
  readonly #values: ReadonlyMap<string, Value>
  readonly #origin: string

  constructor(level: Level, values: ReadonlyMap<string, Value>, origin: string = level) {
    this.level = level
    this.#values = values
    this.#origin = origin
  }

  find(name: string): Found | undefined {
    const value = this.#values.get(name)
    return value === undefined ? undefined : { level: this.level, origin: this.#origin, value }
  }

  names(): Iterable<string> {
    return this.#values.keys()
  }
}

/** Layers, strongest first, that are made when they are first asked. Making them may throw, and is then tried again next time. */
export class DeferredLayer implements Layer {
  readonly level: Level
  readonly #make: () => readonly Layer[]
  #made: readonly Layer[] | undefined

  constructor(level: Level, make: () => readonly Layer[]) {
    this.level = level
    this.#make = make
  }

  find(name: string): Found | undefined {
    this.#made ??= this.#make()
    for (const layer of this.#made) {
      const found = layer.find(name)
      if (found) return found
    }
    return undefined
  }

  findAll(name: string): readonly Found[] {
    this.#made ??= this.#make()
    return this.#made.flatMap(layer => allIn(layer, name))
  }

  *names(): Iterable<string> {
    this.#made ??= this.#make()
    for (const layer of this.#made) yield* layer.names()
  }
}

/** Every definition that a layer holds, strongest first. */
export const allIn = (layer: Layer, name: string): readonly Found[] => {
  if (layer.findAll) return layer.findAll(name)
  const found = layer.find(name)
  return found ? [found] : []
}

const indexed = new WeakMap<Mapping, VarMap>()

/** The entries of a `vars:` mapping by name, made once for each mapping. */
export function entriesOf(mapping: Mapping): VarMap {
  const known = indexed.get(mapping)
  if (known) return known
  const out = new Map<string, VarEntry>()
  for (const { key, value } of mapping.entries) out.set(key.text, { node: value, span: value.span, origin: '' })
  indexed.set(mapping, out)
  return out
}

/** A layer for each mapping; of several the later is stronger and so comes first. */
export function pushMappings(
  layers: Layer[],
  mappings: readonly Mapping[] | undefined,
  level: Level,
  origin?: string,
): void {
  if (!mappings) return
  for (let i = mappings.length - 1; i >= 0; i--) {
    const mapping = mappings[i]
    if (mapping && mapping.entries.length > 0) layers.push(new EntryLayer(level, entriesOf(mapping), origin))
  }
}
