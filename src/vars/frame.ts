import type { Value } from '../base/value.ts'
import type { Mapping, Node } from '../source/node.ts'
import type { VarsFiles } from './vars-files.ts'

/** What surrounds the moment at which variables are asked for. Everything is optional: an empty frame is a host by itself. */
export interface Frame {
  readonly play?: PlayFrame | undefined
  /** The roles that the task stands in, outermost first; its own role is the last. */
  readonly roles?: readonly RoleVars[] | undefined
  /** `vars` of the blocks around the task, outermost first. */
  readonly blocks?: readonly Mapping[] | undefined
  /** `vars` of the task; later ones win. */
  readonly task?: readonly Mapping[] | undefined
  /** What the includes that brought the task give to it, outermost first: as they were written, or final values. */
  readonly params?: readonly Given[] | undefined
  /** Loop variables and the like: final values, nearer than everything. */
  readonly locals?: ReadonlyMap<string, Value> | undefined
  /** Where the task is delegated to. */
  readonly delegateTo?: Node | undefined
  /** The `environment` of the task, outermost first. */
  readonly environment?: readonly Node[] | undefined
  /** Where the task's files are looked for, the nearest first: `ansible_search_path`. */
  readonly searchPath?: readonly string[] | undefined
  /** Magic variables that only the engine knows (ansible_loop, ansible_failed_task ...): final values. */
  readonly magic?: ReadonlyMap<string, Value> | undefined
}

/** Variables as somebody wrote them, or final values, which are never rendered again. */
export type Given = Mapping | ReadonlyMap<string, Value>

/** What a play gives its tasks. Its arrays are shared by all scopes of the play. */
export interface PlayFrame {
  readonly name: string
  /** The directory of its playbook; that of the first one when nothing is said. */
  readonly dir?: string | undefined
  readonly vars: readonly Mapping[]
  /** Answers to `vars_prompt`. */
  readonly prompts?: ReadonlyMap<string, Value> | undefined
  /** `vars_files`: found for each host by itself, or what is in them, in order. */
  readonly varsFiles?: VarsFiles | readonly Mapping[] | undefined
  /** Every role of the play's `roles`: their defaults and vars are visible in the whole play. */
  readonly roles?: readonly RoleVars[] | undefined
  /** Hosts of the play after `--limit`, failed ones included. */
  readonly allHosts: readonly string[]
  /** Those that are still in. */
  readonly hosts: readonly string[]
  /** Those of the present `serial` batch that are still in. */
  readonly batch: readonly string[]
}

/** A role as far as variables are concerned; a `RoleRef` of a playbook is one. */
export interface RoleVars {
  readonly name: string
  /** `NAMESPACE.COLLECTION.NAME`, of a role in a collection. */
  readonly full?: string
  /** It is here since another role needs it. */
  readonly dependency?: true
  readonly dir: string
  readonly defaults: readonly Mapping[]
  readonly vars: readonly Mapping[]
  readonly params: readonly Mapping[]
}
