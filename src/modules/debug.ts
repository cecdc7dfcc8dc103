import { fromJson } from '../base/value.ts'
import { defineModule } from '../kit/module.ts'
import { ok } from '../kit/plan.ts'

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
        whenUndefined: 'VARIABLE IS NOT DEFINED!',
        description: 'An expression, without braces',
      },
      verbosity: { type: 'integer', minimum: 0, default: 0, description: 'Shown only with this many -v' },
    },
  },
  probe: () => ({}),
  plan: ({ msg, var: shown }) =>
    ok(shown === undefined ? { msg: fromJson(msg ?? 'Hello world!') } : { [shown.source]: fromJson(shown.value) }),
})
