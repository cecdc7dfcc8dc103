import { InputError } from '../base/diagnostic.ts'
import type { ControllerQuestion, Vantage } from '../kit/question.ts'

/** Why an archive of the controller must not be used. */
export interface Wrong {
  readonly wrong: string
  readonly remedy: string
}

/** Reads an archive of the controller whole and judges it; a fault of the archive is an answer, anything else is thrown. */
export const judged = <A>(
  kind: string,
  file: string,
  judge: (on: Pick<Vantage, 'signal'> & { progress: (done: number, total: number) => void }) => Promise<A>,
): ControllerQuestion<A | Wrong> => ({
  of: 'controller',
  key: `${kind} ${file}`,
  reads: [`controller:${file}`],
  ask: async ({ signal, progress }) => {
    try {
      return await judge({ signal, progress: (done, total) => progress(`reading ${file}`, done, total) })
    } catch (error) {
      if (signal.aborted || !(error instanceof InputError)) throw error
      return { wrong: error.faults.map(fault => fault.message).join('; '), remedy: error.faults[0]?.remedy ?? '' }
    }
  },
})
