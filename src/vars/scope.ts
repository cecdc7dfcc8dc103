import { at, type Span } from '../base/span.ts'
import type { Value } from '../base/value.ts'
import { NotNow, TemplateError } from '../jinja/errors.ts'
import type { Scope } from '../jinja/options.ts'
import type { Node } from '../source/node.ts'
import { allIn, type Found, type Layer, ValueLayer } from './layer.ts'
import type { Level } from './precedence.ts'
import { type NodeOptions, type Resolver, renderLazily, renderNode } from './render.ts'

interface Step {
  readonly label: string
  readonly span: Span | undefined
}

/** What is being resolved right now, innermost last: one for a whole store, since templates reach from host to host. */
export class Trail {
  readonly #steps: Step[] = []

  enter(label: string, span: Span | undefined): void {
    this.#steps.push({ label, span })
  }

  leave(): void {
    this.#steps.pop()
  }

  /** The circle that asking for `label` once more closes, as an error that names every place in it. */
  circle(label: string, span: Span | undefined): TemplateError {
    const from = this.#steps.findLastIndex(step => step.label === label)
    const round = [...this.#steps.slice(Math.max(from, 0)), { label, span: undefined }]
    const way = round.map(step => (step.span ? `${step.label} (${at(step.span)})` : step.label)).join(' -> ')
    return new TemplateError(
      'template-runtime',
      `Recursive loop detected in template: the variable "${label}" is defined by itself: ${way}`,
      {
        span,
        variable: label,
      },
    )
  }
}

const PENDING = Symbol('pending')

/**
 * The variables of one host at one moment. A name is looked for from the strongest layer down when it is used; what a person wrote is
 * rendered in this very scope, once; what came from a host or was computed is handed out as it is, never rendered.
 */
export class HostScope implements Scope, Resolver {
  readonly host: string
  readonly options: NodeOptions
  /** Strongest first. */
  readonly layers: readonly Layer[]
  /** Shared by all scopes of a store. */
  protected readonly trail: Trail
  readonly #known = new Map<string, Value | typeof PENDING>()
  readonly #running = new Set<string>()

  constructor(host: string, layers: readonly Layer[], trail: Trail, options: NodeOptions) {
    this.host = host
    this.layers = layers
    this.options = options
    this.trail = trail
  }

  get scope(): this {
    return this
  }

  /** The value, final. Undefined when nobody set it. Throws TemplateError, and NotNow when the scope is pure. */
  get(name: string): Value | undefined {
    const known = this.#known.get(name)
    if (known === PENDING) throw this.trail.circle(this.#label(name), this.find(name)?.span)
    if (known !== undefined) return known
    const found = this.find(name)
    if (!found) return undefined
    if (!found.node) return found.value
    this.#known.set(name, PENDING)
    this.trail.enter(this.#label(name), found.span)
    try {
      const value = renderLazily(found.node, name, this)
      this.#known.set(name, value)
      return value
    } catch (error) {
      this.#known.delete(name)
      throw error
    } finally {
      this.trail.leave()
    }
  }

  has(name: string): boolean {
    return this.find(name) !== undefined
  }

  names(): Iterable<string> {
    const out = new Set<string>()
    for (const layer of this.layers) for (const name of layer.names()) out.add(name)
    return out
  }

  /** The winning definition, unrendered. Throws NotNow for the one that is to come later. */
  find(name: string): Found | undefined {
    if (name === this.options.later) throw new NotNow(`the variable '${name}'`)
    for (const layer of this.layers) {
      const found = layer.find(name)
      if (found) return found
    }
    return undefined
  }

  written(name: string): Node | undefined {
    return this.find(name)?.node
  }

  /** Makes the layers of a level now that would be made when they are first asked. Throws what making them throws. */
  settle(level: Level): void {
    for (const layer of this.layers) if (layer.level === level) layer.find('')
  }

  /** Every definition, winner first. */
  findAll(name: string): readonly Found[] {
    return this.layers.flatMap(layer => allIn(layer, name))
  }

  /** What the strongest of some layers' definitions comes to: itself, unless dicts are merged. */
  laid(winner: Found, _name: string, _layers: readonly Layer[]): Found {
    return winner
  }

  /** The same with final values that are nearer than all others. */
  with(values: ReadonlyMap<string, Value>): HostScope {
    return new HostScope(this.host, [new ValueLayer('local', values), ...this.layers], this.trail, this.options)
  }

  /** The whole value of a node, rendered here. */
  render(node: Node, options: NodeOptions = {}): Value {
    return renderNode(node, this, { ...this.options, ...options })
  }

  guard<T>(label: string, span: Span, compute: () => T): T {
    const full = this.#label(label)
    if (this.#running.has(label)) throw this.trail.circle(full, span)
    this.#running.add(label)
    this.trail.enter(full, span)
    try {
      return compute()
    } finally {
      this.trail.leave()
      this.#running.delete(label)
    }
  }

  #label(name: string): string {
    return this.options.foreign ? `hostvars['${this.host}'].${name}` : name
  }
}
