import type { HostInfo } from './host.ts'
import type { Edit, Plan } from './plan.ts'
import type { Answers, Questions } from './question.ts'
import type { ArgsSchema, FromSchema } from './schema.ts'

/**
 * A module: a record of typed, read-only questions, and a pure function from their answers to a plan. It asks and decides;
 * it never runs, waits, logs, reads a file or knows the time.
 */
export interface ModuleSpec<S extends ArgsSchema, Q extends Questions> {
  /** Short name; the fully qualified names come from `collection`. */
  readonly name: string
  /** `ansible.builtin` when absent. */
  readonly collection?: string
  /** One sentence, for the reference page. */
  readonly summary: string
  /** The JSON Schema of the arguments; the type of `args` below is inferred from it. */
  readonly args: S
  /** Runs on the controller whatever the host is: its target questions and effects meet a local shell. */
  readonly local?: true
  /** What it does is never shell text alone, so it cannot be left behind in the background (`async` with `poll: 0`). */
  readonly attended?: true
  /** It may begin while nobody can reach the host: it asks the target nothing, and knows nothing of it but its name. */
  readonly unmet?: true
  probe(args: FromSchema<S>, host: HostInfo): Q
  plan(args: FromSchema<S>, answers: Answers<Q>, host: HostInfo): Plan
  /** Arguments that want at once what each of these wants, where turns of a loop are one piece of work; undefined where they are not. */
  join?(args: readonly FromSchema<S>[], host: HostInfo): FromSchema<S> | undefined
  /** What a turn would find once the edits of those before it are made, by what it finds now; undefined where that cannot be told. */
  afterwards?(args: FromSchema<S>, answers: Answers<Q>, edits: readonly Edit[], host: HostInfo): Answers<Q> | undefined
}

/** A module as the engine holds it: types erased, shape kept. */
export interface Module {
  readonly name: string
  readonly collection: string
  readonly summary: string
  readonly args: ArgsSchema
  readonly local: boolean
  readonly attended?: true
  readonly unmet?: true
  /** Ansible has it and regplay does not: how people get on. It may stand where a condition keeps it from being run. */
  readonly refused?: string
  probe(args: unknown, host: HostInfo): Questions
  plan(args: unknown, answers: Readonly<Record<string, unknown>>, host: HostInfo): Plan
  join?(args: readonly unknown[], host: HostInfo): unknown
  afterwards?(
    args: unknown,
    answers: Readonly<Record<string, unknown>>,
    edits: readonly Edit[],
    host: HostInfo,
  ): Readonly<Record<string, unknown>> | undefined
}

/** Defines a module; the only job of this function is to let TypeScript infer. */
export function defineModule<const S extends ArgsSchema, Q extends Questions>(spec: ModuleSpec<S, Q>): Module {
  return {
    name: spec.name,
    collection: spec.collection ?? 'ansible.builtin',
    summary: spec.summary,
    args: spec.args,
    local: spec.local ?? false,
    ...(spec.attended ? { attended: true } : {}),
    ...(spec.unmet ? { unmet: true } : {}),
    probe: (args, host) => spec.probe(args as FromSchema<S>, host),
    plan: (args, answers, host) => spec.plan(args as FromSchema<S>, answers as Answers<Q>, host),
    ...(spec.join === undefined ? {} : { join: (args, host) => spec.join?.(args as readonly FromSchema<S>[], host) }),
    ...(spec.afterwards === undefined
      ? {}
      : {
          afterwards: (args, answers, edits, host) =>
            spec.afterwards?.(args as FromSchema<S>, answers as Answers<Q>, edits, host),
        }),
  }
}
