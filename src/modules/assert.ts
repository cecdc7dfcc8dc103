import { jsonLine } from '../base/value.ts'
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
    for (const [name, given] of Object.entries({ fail_msg, success_msg }))
      if (!isTexts(given ?? ''))
        return refuse(`Incorrect type for ${name}, expected a string or list and got ${jsonLine(given)}`)
    const wrong = that.find(expression => !expression.truthy)
    if (wrong === undefined) return ok(quiet ? {} : { msg: textOf(success_msg, 'All assertions passed') })
    const reason = textOf(fail_msg, 'Assertion failed')
    return refuse(said(reason), `this is not true: ${wrong.source}`, {
      assertion: wrong.source,
      evaluated_to: false,
      msg: reason,
    })
  },
})

const isTexts = (given: unknown): boolean =>
  typeof given === 'string' || (Array.isArray(given) && given.every(one => typeof one === 'string'))

const textOf = (given: unknown, otherwise: string): string | string[] =>
  (given as string | string[] | null | undefined) ?? otherwise

const said = (text: string | string[]): string => (typeof text === 'string' ? text : text.join('\n'))
