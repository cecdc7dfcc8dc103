import { defineModule } from '../kit/module.ts'
import { ok, refuse } from '../kit/plan.ts'

const EXPRESSION = { expression: true } as const

/** Expressions that must be true. */
export default defineModule({
  name: 'assert',
  summary: 'Fails unless every expression is true',
  local: true,
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['that'],
    properties: {
      that: { type: 'array', items: EXPRESSION },
      fail_msg: { aliases: ['msg'], description: 'Text, or a list of texts' },
      success_msg: { description: 'Text, or a list of texts' },
      quiet: { type: 'boolean', default: false },
    },
  },
  probe: () => ({}),
  plan({ that, fail_msg, success_msg, quiet }) {
    const wrong = that.find(expression => !expression.truthy)
    if (wrong === undefined) return ok(quiet ? {} : { msg: textOf(success_msg, 'All assertions passed') })
    const reason = textOf(fail_msg, 'Assertion failed')
    return refuse(reason, `this is not true: ${wrong.source}`, {
      assertion: wrong.source,
      evaluated_to: false,
      msg: reason,
    })
  },
})

const textOf = (given: unknown, otherwise: string): string =>
  given === undefined || given === null
    ? otherwise
    : Array.isArray(given)
      ? given.map(String).join('\n')
      : String(given)
