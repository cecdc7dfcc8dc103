import { defineModule } from '../kit/module.ts'
import { refuse } from '../kit/plan.ts'

/** Ends the task with a message. */
export default defineModule({
  name: 'fail',
  summary: 'Fails with a message',
  local: true,
  args: {
    type: 'object',
    additionalProperties: false,
    properties: { msg: { type: 'string', default: 'Failed as requested from task' } },
  },
  probe: () => ({}),
  plan: ({ msg }) => refuse(msg),
})
