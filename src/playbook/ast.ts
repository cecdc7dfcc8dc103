import type { Span } from '../base/span.ts'
import type { Mapping, Node, Scalar } from '../source/node.ts'

/**
 * The typed tree of a playbook. Values that may hold templates stay `Node`s with their places; what can be known without a
 * host (names, structure, static imports) is resolved. `id` numbers every task of a run in document order.
 */
export interface Playbook {
  readonly file: string
  readonly plays: readonly Play[]
}

export interface Play {
  readonly span: Span
  readonly name?: Node
  /** Pattern or list of patterns; may be a template over extra vars. */
  readonly hosts: Node
  readonly vars: readonly Mapping[]
  readonly varsFiles: readonly Node[]
  readonly prompts: readonly Prompt[]
  readonly keywords: Keywords
  readonly gatherFacts?: Node
  readonly gatherSubset?: Node
  readonly gatherTimeout?: Node
  readonly factPath?: Node
  readonly serial?: Node
  readonly strategy?: Node
  readonly maxFailPercentage?: Node
  readonly forceHandlers?: Node
  readonly order?: Node
  /** The play's own tags, for gathering facts. */
  readonly tags?: readonly string[]
  readonly preTasks: readonly Step[]
  readonly roles: readonly Step[]
  readonly tasks: readonly Step[]
  readonly postTasks: readonly Step[]
  readonly handlers: readonly Step[]
  /** Directory of the playbook file: where `files/`, `templates/`, `vars/` are looked for. */
  readonly dir: string
}

/** A question of `vars_prompt`, asked before the play begins. */
export interface Prompt {
  readonly span: Span
  /** The variable that gets the answer. */
  readonly name: string
  readonly text?: Node
  readonly default?: Node
  /** What is typed is not shown, and masked from then on. */
  readonly hidden: boolean
  readonly confirm: boolean
  readonly unsafe: boolean
  /** The answer becomes a crypt string of this kind (`sha512_crypt`). */
  readonly encrypt?: string
  readonly salt?: string
  readonly saltSize?: number
}

export type Step = Task | Block

/** Keywords that plays, blocks and tasks share; a task inherits from its blocks, roles and play, the nearest wins. */
export interface Keywords {
  readonly become?: Node
  readonly becomeUser?: Node
  readonly becomeMethod?: Node
  readonly becomeFlags?: Node
  readonly connection?: Node
  readonly remoteUser?: Node
  readonly port?: Node
  readonly environment?: readonly Node[]
  readonly checkMode?: Node
  readonly diff?: Node
  readonly noLog?: Node
  readonly ignoreErrors?: Node
  readonly ignoreUnreachable?: Node
  readonly anyErrorsFatal?: Node
  readonly runOnce?: Node
  readonly throttle?: Node
  readonly timeout?: Node
  readonly moduleDefaults?: readonly Node[]
}

export interface Block {
  readonly kind: 'block'
  readonly span: Span
  readonly name?: Node
  readonly block: readonly Step[]
  readonly rescue: readonly Step[]
  readonly always: readonly Step[]
  /** Conditions of the block, which hold for every task in it. */
  readonly when: readonly Node[]
  readonly tags: readonly string[]
  readonly vars: readonly Mapping[]
  readonly keywords: Keywords
  /** Set when the block is a role: its name, directory, defaults and vars. */
  readonly role?: RoleRef
}

export interface RoleRef {
  readonly name: string
  /** `NAMESPACE.COLLECTION.NAME`, of a role in a collection. */
  readonly full?: string
  readonly dir: string
  readonly defaults: readonly Mapping[]
  /** What its tasks see: its files and those of the roles it needs or that need it, and `vars` where it is used. */
  readonly vars: readonly Mapping[]
  /** What all other tasks of the play see of these. */
  readonly exports: readonly Mapping[]
  /** No other task sees its variables. */
  readonly hidden?: true
  /** It is here since another role needs it. */
  readonly dependency?: true
  /** Parameters given where the role is used. */
  readonly params: readonly Mapping[]
  /** Uses with the same text here are one: a host that has run the role is spared the others. Absent when it may repeat. */
  readonly once?: string
}

export interface Task {
  readonly kind: 'task'
  /** Position in document order, unique in a run. */
  readonly id: number
  readonly span: Span
  readonly name?: Node
  /** The module's name as written; `action` is the canonical short name (`copy`, `include_tasks`, `meta`). */
  readonly written: string
  readonly action: string
  /** What names the module, where that is a template: `written` and `action` are its text until a turn has made out which it is. */
  readonly moduleName?: Scalar
  /** Arguments as written, aliases not yet resolved; `args:` is merged in. */
  readonly args: Mapping
  /** The words after the module's name, of modules that take free form. */
  readonly freeForm?: Node
  /** All conditions that must hold, those of imports, roles and blocks first. */
  readonly when: readonly Node[]
  readonly loop?: Loop
  readonly register?: string
  readonly notify: readonly Node[]
  readonly listen: readonly string[]
  readonly tags: readonly string[]
  readonly vars: readonly Mapping[]
  readonly until: readonly Node[]
  readonly retries?: Node
  readonly delay?: Node
  readonly changedWhen: readonly Node[]
  readonly failedWhen: readonly Node[]
  readonly delegateTo?: Node
  readonly delegateFacts?: Node
  readonly async?: Node
  readonly poll?: Node
  /** Effective: what the task does not say itself comes from its blocks, role and play. */
  readonly keywords: Keywords
  /** The role that the task belongs to. */
  readonly role?: RoleRef
  /** Of `include_tasks` and `include_role`: what the included tasks will inherit. */
  readonly scope?: Scope
}

/** What a step inherits from what surrounds it: play, blocks, roles, static imports. Outermost first where it is a list. */
export interface Scope {
  readonly when: readonly Node[]
  readonly tags: readonly string[]
  /** Variables of the surrounding blocks and imports, for names of static imports. */
  readonly vars: readonly Mapping[]
  /** How many of them, the first, are the play's: variables of roles win over these. */
  readonly playVars: number
  readonly keywords: Keywords
  readonly delegateTo?: Node
  readonly delegateFacts?: Node
  readonly notify: readonly Node[]
  readonly role?: RoleRef
  /** Collections in which roles are looked for. */
  readonly collections?: readonly string[]
  /** The file that the step stands in. */
  readonly file: string
  /** Directory of the playbook. */
  readonly playDir: string
  readonly handlers: boolean
  /** Files being imported, outermost first: one that comes again is a circle. */
  readonly chain: readonly string[]
}

export interface Loop {
  /** `loop`, or the lookup behind `with_X` (`items`, `dict`, `fileglob` ...). */
  readonly by: string
  readonly over: Node
  /** A name, or a template that gives one. */
  readonly variable: string
  /** As `variable`. */
  readonly indexVariable?: string
  readonly label?: Node
  readonly pause?: Node
  readonly extended?: Node
  readonly extendedAllItems?: Node
  readonly breakWhen: readonly Node[]
  readonly span: Span
}
