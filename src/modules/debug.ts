import { fromJson } from '../base/value.ts'
import { defineModule } from '../kit/module.ts'
import { ok, warned } from '../kit/plan.ts'

/** Shows a message or the value of an expression. */
export default defineModule({
  name: 'debug',
  summary: 'Shows a message or a value',
  local: true,
  args: {
    type: 'object',
    additionalProperties: false,
    exclusive: [['msg', 'var']],
    properties: {
      msg: { description: 'Any value; text mostly' },
      var: {
        expression: true,
        whenUndefined: '<< error 1 - {why} >>',
        description: 'An expression, without braces',
      },
      verbosity: { type: 'integer', minimum: 0, default: 0, description: 'Shown only with this many -v' },
    },
  },
  probe: () => ({}),
  plan: ({ msg, var: shown }) =>
    shown === undefined
      ? ok({ msg: fromJson(msg === undefined ? 'Hello world!' : msg) })
      : warned(ok({ [shown.source]: fromJson(shown.value) }), shown.warning === undefined ? [] : [shown.warning]),
})
