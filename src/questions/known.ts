import { inspect } from 'node:util'
import type { ControllerQuestion } from '../kit/question.ts'

/** All of it: what JSON writes alike (an empty Map, a record of nothing) must not be taken for each other. */
const WHOLE = { depth: null, maxArrayLength: null, maxStringLength: null } as const

/** A question whose answer is known before it is asked: it keeps a module's record of questions in one shape. */
export const known = <A>(answer: A): ControllerQuestion<A> => ({
  of: 'controller',
  key: `known ${inspect(answer, WHOLE)}`,
  reads: [],
  ask: async () => answer,
})
