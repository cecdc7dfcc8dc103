/**
 * What people are told of a module beside its schema: `src/modules/docs/NAME.ts`. `regplay doc` and `npm run docs` read it, a run
 * never does.
 */
export interface ModuleDoc {
  /** A list of tasks in YAML. A test checks them with the code of `regplay check`, and runs them on a machine that is thrown away. */
  readonly examples: string
  /** What the examples need that such a machine has not; then no test runs them. */
  readonly needs?: string
  /** Fields of the result by name, without those that every result may have. */
  readonly returns: Readonly<Record<string, Returned>>
  /** Fields whose names are not known before, in words. */
  readonly otherReturns?: string
  /** What is otherwise than in Ansible, a sentence each, beside parameters that are refused. */
  readonly differences?: readonly string[]
}

/** A field of a result. */
export interface Returned {
  /** As in the table of parameters: `string`, `integer`, `list of string` ... */
  readonly type: string
  /** `always`: in every result of a task that did not fail, in a dry run too; `done`: not in a dry run; else in words. */
  readonly when: string
  /** What it holds. */
  readonly what: string
}

/** Fields that every result may have; no module documents them. */
export const COMMON_RETURNS: Readonly<Record<string, string>> = {
  changed: 'Whether anything was changed, or in a dry run would be',
  failed: 'Whether the task failed',
  msg: 'What went wrong or what is to be said',
  skipped: 'Whether nothing was done',
  warnings: 'What people should know; each is shown once a host',
  ansible_facts: 'Variables that the host has from now on',
}
