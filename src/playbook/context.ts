import { dirname } from 'node:path'
import { type Diagnostic, InputError } from '../base/diagnostic.ts'
import type { Span } from '../base/span.ts'
import type { VarMap } from '../inventory/model.ts'
import type { Module } from '../kit/module.ts'
import type { Entry, Node } from '../source/node.ts'
import { readSource } from '../source/read.ts'
import { parseYaml } from '../source/yaml.ts'
import { isVaulted } from '../vault/envelope.ts'
import { LOCKED } from '../vault/keyring.ts'
import type { Scope, Step } from './ast.ts'
import { shownPath } from './paths.ts'

/** What reading playbooks needs from outside. One value serves a whole run, so that task ids never repeat. */
export interface ParseContext {
  /** Modules by short name, and by full name where that differs from collection and short name. */
  readonly modules: ReadonlyMap<string, Module>
  /** Where roles are looked for after `roles/` beside the playbook. */
  readonly rolePaths: readonly string[]
  /** Where `ansible_collections/` is looked for after `collections/` beside the playbook. */
  readonly collectionPaths?: readonly string[]
  /** Variables of the command line: the names of static imports may need them. */
  readonly extraVars?: VarMap
  /** Opens a file that is vaulted as a whole; throws InputError when it cannot. */
  readonly decrypt?: (text: string, file: string) => string
  /** Is given every file as it was read. */
  readonly seen?: (tree: Node) => void
  /** Keywords of plays that do not say: what the settings say. */
  readonly defaults?: readonly Entry[]
  /** Whether a role's variables are its own alone where nobody says `public`; undefined: those of `include_role` are. */
  readonly privateRoles?: boolean | undefined
  /** What `with_X` may name beside the lookups of templates: loops that the engine resolves itself. */
  readonly loops?: ReadonlySet<string>
  /** The next task id; shared by everything that is read for one run. */
  readonly ids: { next: number }
}

/** A context with everything optional at its default. */
export const parseContext = (modules: ReadonlyMap<string, Module>, more: Partial<ParseContext> = {}): ParseContext => ({
  modules,
  rolePaths: [],
  ids: { next: 1 },
  ...more,
})

/** The scope at the top of a file that nothing surrounds. */
export const topScope = (file: string): Scope => ({
  when: [],
  tags: [],
  vars: [],
  playVars: 0,
  keywords: {},
  notify: [],
  file,
  playDir: dirname(file),
  handlers: false,
  chain: [file],
})

/** Everything the parts of the parser share while they read: faults, files, and each other. */
export interface Env {
  readonly ctx: ParseContext
  readonly faults: Faults
  readonly files: Files
  /** Reads a list of steps; stands here since imports and roles need it and it needs them. */
  readonly steps: (node: Node | undefined, scope: Scope, env: Env) => Step[]
  /** Roles that the play being read has already, by what makes them the same. */
  readonly rolesSeen: Set<string>
  /** Handlers that the roles of the play bring. */
  readonly roleHandlers: Step[]
}

/** Collects faults. */
export class Faults {
  readonly list: Diagnostic[] = []

  add(code: string, message: string, span: Span, remedy: string, severity: Diagnostic['severity'] = 'error'): void {
    this.list.push({ code, severity, message, span, remedy })
  }
}

/** Files as trees, each read once however often it is imported; its faults are reported once. */
export class Files {
  readonly #known = new Map<string, Node | null>()
  readonly #ctx: ParseContext
  readonly #faults: Faults

  constructor(ctx: ParseContext, faults: Faults) {
    this.#ctx = ctx
    this.#faults = faults
  }

  /** The tree of a file; null when it is empty or cannot be used, in which case there is a fault. */
  tree(file: string): Node | null {
    const known = this.#known.get(file)
    if (known !== undefined) return known
    const tree = this.#read(file)
    this.#known.set(file, tree)
    return tree
  }

  #read(path: string): Node | null {
    const file = shownPath(path)
    try {
      let text = readSource(file)
      if (isVaulted(text)) {
        const opened = this.#ctx.decrypt?.(text, file)
        if (opened === undefined) {
          const span = { file, line: 1, col: 1, offset: 0 }
          this.#faults.add(LOCKED, 'the file is vaulted and no vault password was given', span, 'give it')
          return null
        }
        text = opened
      }
      const { node, faults } = parseYaml(text, file)
      this.#faults.list.push(...faults)
      if (node) this.#ctx.seen?.(node)
      return node
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      this.#faults.list.push(...error.faults)
      return null
    }
  }
}
