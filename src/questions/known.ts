import type { ControllerQuestion } from '../kit/question.ts'

/** A question whose answer is known before it is asked: it keeps a module's record of questions in one shape. */
export const known = <A>(answer: A): ControllerQuestion<A> => ({
  of: 'controller',
  key: `known ${JSON.stringify(answer) ?? 'undefined'}`,
  reads: [],
  ask: async () => answer,
})
