import type { Value } from '../base/value.ts'
import type { Node } from '../source/node.ts'
import type { BlockStmt, Template } from './ast.ts'
import type { Origin } from './place.ts'
import type { Rendering } from './rendering.ts'

/** A block's body with the template that it stands in. */
export interface PlacedBlock {
  readonly block: BlockStmt
  readonly origin: Origin
}

/** What belongs to one template while it runs; a child and the templates that it extends share it. */
export class TemplateState {
  readonly origin: Origin
  /** Every block's versions, the most derived first. */
  readonly blocks = new Map<string, PlacedBlock[]>()
  /** What `extends` named. */
  parent: { template: Template; origin: Origin } | null = null

  constructor(origin: Origin) {
    this.origin = origin
  }

  add(template: Template, origin: Origin): void {
    for (const [name, block] of template.blocks) {
      const versions = this.blocks.get(name) ?? []
      versions.push({ block, origin })
      this.blocks.set(name, versions)
    }
  }
}

const NO_CONTEXT: ReadonlyMap<string, Value> = new Map()

/** The names of one stretch of a template: a loop's body, a macro's body, a `with`. Inner frames see outer ones. */
export class Frame {
  readonly vars = new Map<string, Value>()
  readonly run: Rendering
  readonly parent: Frame | null
  readonly state: TemplateState
  /** What another template gave with its context: below all that is set here, above the scope. */
  readonly #context: ReadonlyMap<string, Value>
  /** False in a template imported without context: it sees the globals only. */
  readonly open: boolean

  constructor(run: Rendering, state: TemplateState, parent: Frame | null, open = true, context = NO_CONTEXT) {
    this.run = run
    this.state = state
    this.parent = parent
    this.open = open
    this.#context = context
  }

  child(): Frame {
    return new Frame(this.run, this.state, this, this.open)
  }

  /** The value of a name here; undefined (not Undefined) when nothing knows it. */
  find(name: string): Value | undefined {
    for (let frame: Frame | null = this; frame; frame = frame.parent) {
      const value = frame.vars.get(name)
      if (value !== undefined) return value
      const given = frame.#context.get(name)
      if (given !== undefined) return given
    }
    return this.open ? this.run.known(name) : this.run.global(name)
  }

  /** What a name of the scope was written as; undefined when the template itself gives the name, or when it was computed. */
  written(name: string): Node | undefined {
    if (!this.open) return undefined
    for (let frame: Frame | null = this; frame; frame = frame.parent)
      if (frame.vars.has(name) || frame.#context.has(name)) return undefined
    return this.run.scope.written?.(name)
  }

  /** The outermost frame: what a template's blocks and its importers see. */
  get root(): Frame {
    let frame: Frame = this
    while (frame.parent) frame = frame.parent
    return frame
  }

  /** All the names that the template itself has set, inner before outer. */
  local(): Map<string, Value> {
    const out = new Map<string, Value>()
    for (let frame: Frame | null = this; frame; frame = frame.parent) {
      for (const names of [frame.vars, frame.#context])
        for (const [name, value] of names) if (!out.has(name)) out.set(name, value)
    }
    return out
  }
}
