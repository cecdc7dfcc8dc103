import { streams } from '../base/streams.ts'
import { dict } from '../base/value.ts'
import type { Outcome, Run } from '../kit/effect.ts'
import type { Answer } from '../shell/answer.ts'
import type { Place } from '../transport/place.ts'
import { TransportError } from '../transport/session.ts'
import { Unanswered } from '../transport/unanswered.ts'

/** The outcome that an answer of the shell amounts to. */
export const outcomeOf = (answer: Answer): Outcome => ({
  code: answer.code,
  stdout: answer.stdout,
  stderr: answer.stderr,
})

/** The outcome of shell text; where that is wanted it tells what was said. */
export function spoken({ told }: Run, answer: Answer): Outcome {
  const outcome = outcomeOf(answer)
  if (!told) return outcome
  return { ...outcome, fields: dict(streams(outcome.stdout, outcome.stderr)) }
}

/** Why an address was of no use, as words. The end of the run, and a machine that is lost itself, are no outcomes: they are thrown on. */
export function tellOrThrow(error: unknown, { signal }: Place): string {
  if (signal.aborted || !(error instanceof Error)) throw error
  if (error instanceof TransportError && !(error instanceof Unanswered)) throw error
  return error.message
}

/** An outcome that says why nothing came of it. */
export const failure = (failed: string, remedy?: string, answer?: Answer): Outcome => ({
  code: answer?.code ?? null,
  stdout: answer?.stdout ?? '',
  stderr: answer?.stderr ?? '',
  failed,
  ...(remedy === undefined ? {} : { remedy }),
})
