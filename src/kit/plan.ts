import type { Effect, Fields, Outcome } from './effect.ts'
import type { Resource } from './question.ts'

/** A line of the diff and the effect that makes it true. Several edits may share one effect object: it runs once. */
export interface Edit {
  readonly what: string
  readonly from: string
  readonly to: string
  readonly by: Effect
  /** Whole texts before and after, for a unified diff; absent for secrets and binaries. */
  readonly texts?: { readonly before: string; readonly after: string }
}

/** What a module says after it has seen the world. */
export type Plan =
  /** Nothing to do; these fields are the result. With `skipped`, the reason, the task counts as skipped. */
  | { readonly kind: 'ok'; readonly result: Fields; readonly skipped?: string }
  /** Edits that can be verified by asking again. */
  | {
      readonly kind: 'change'
      readonly edits: readonly Edit[]
      readonly touches: readonly Resource[]
      /** Of what is there: once the edits are made, the same question anew speaks for it. */
      readonly result: Fields
      /** Of the change itself, of which nothing is left to ask for. */
      readonly deed: Fields
    }
  /** Something imperative, with nothing to verify: a command, a restart, a wait. */
  | {
      readonly kind: 'act'
      readonly what: string
      readonly by: Effect
      readonly touches: readonly Resource[]
      /** In a dry run: `skip` (report skipped), `pretend` (report changed), or `do` (it only reads). */
      readonly dry: 'skip' | 'pretend' | 'do'
      /** What a dry run does in place of `by` and of `dry`: it only reads, and its outcome is reported as that of `by`. */
      readonly trial?: Effect
      /** The result where a dry run skips it or pretends. */
      readonly would: Fields
      readonly report: (outcome: Outcome) => Report
    }
  /** It must not or cannot be done; found before anything changed. */
  | { readonly kind: 'refuse'; readonly reason: string; readonly remedy?: string; readonly result: Fields }

/** How an act ended, in the words of the language. */
export interface Report {
  readonly changed: boolean
  readonly failed?: string
  readonly remedy?: string
  readonly result: Fields
}

export const ok = (result: Fields = {}): Plan => ({ kind: 'ok', result })

/** Nothing is done, and Ansible calls that skipped. */
export const skip = (why: string): Plan => ({ kind: 'ok', result: { skipped: true, msg: why }, skipped: why })

/** `change` with at least one edit, else `ok`: a module never has to count. */
export const change = (
  edits: readonly Edit[],
  touches: readonly Resource[],
  result: Fields = {},
  deed: Fields = {},
): Plan =>
  edits.length === 0 ? { kind: 'ok', result: { ...result, ...deed } } : { kind: 'change', edits, touches, result, deed }

export const refuse = (reason: string, remedy?: string, result: Fields = {}): Plan =>
  remedy === undefined ? { kind: 'refuse', reason, result } : { kind: 'refuse', reason, remedy, result }

/**
 * A plan that tells people more: whatever comes of it, its result holds these as `warnings`, and the run shows each once a
 * host. Ansible's modules do the same.
 */
export const warned = (plan: Plan, warnings: readonly string[]): Plan =>
  warnings.length === 0 ? plan : telling(plan, { warnings: [...warnings] })

/** A plan whose result, whatever comes of it, holds these fields as well. */
export function telling(plan: Plan, more: Fields): Plan {
  if (plan.kind !== 'act') return { ...plan, result: { ...plan.result, ...more } }
  const report = (outcome: Outcome): Report => {
    const told = plan.report(outcome)
    return { ...told, result: { ...told.result, ...more } }
  }
  return { ...plan, would: { ...plan.would, ...more }, report }
}

/** Runs something whose report is its exit status, streams and lines, as `command` returns them. */
export const act = (
  what: string,
  by: Effect,
  report: (outcome: Outcome) => Report,
  more: {
    readonly touches?: readonly Resource[]
    readonly dry?: 'skip' | 'pretend' | 'do'
    readonly trial?: Effect
    readonly would?: Fields
  } = {},
): Plan => ({
  kind: 'act',
  what,
  by,
  report,
  touches: more.touches ?? ['everything'],
  dry: more.dry ?? 'skip',
  ...(more.trial === undefined ? {} : { trial: more.trial }),
  would:
    more.dry === 'pretend'
      ? (more.would ?? {})
      : { skipped: true, msg: 'skipped, running in check mode', ...more.would },
})

/** No edit when `from` is already `to`, or when nothing is wanted; otherwise the one edit. */
export const edit = <T extends string>(what: string, from: string, to: T | undefined, by: (to: T) => Effect): Edit[] =>
  to === undefined || from === to ? [] : [{ what, from, to, by: by(to) }]
