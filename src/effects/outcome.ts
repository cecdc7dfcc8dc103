import type { Outcome } from '../kit/effect.ts'
import type { Answer } from '../shell/answer.ts'

/** The outcome that an answer of the shell amounts to. */
export const outcomeOf = (answer: Answer): Outcome => ({
  code: answer.code,
  stdout: answer.stdout,
  stderr: answer.stderr,
})

/** An outcome that says why nothing came of it. */
export const failure = (failed: string, remedy?: string, answer?: Answer): Outcome => ({
  code: answer?.code ?? null,
  stdout: answer?.stdout ?? '',
  stderr: answer?.stderr ?? '',
  failed,
  ...(remedy === undefined ? {} : { remedy }),
})
