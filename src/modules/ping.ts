import { defineModule } from '../kit/module.ts'
import { ok, refuse } from '../kit/plan.ts'
import { ask } from '../kit/question.ts'
import { sh } from '../shell/script.ts'

/** The target can be logged in to and runs a shell. */
export default defineModule({
  name: 'ping',
  summary: 'The target answers',
  args: { type: 'object', additionalProperties: false, properties: { data: { type: 'string', default: 'pong' } } },
  probe: () => ({ pong: ask(sh`echo pong`, [], answer => answer.stdout === 'pong\n') }),
  plan: ({ data }, { pong }) => {
    if (data === 'crash') return refuse('boom')
    return pong ? ok({ ping: data }) : refuse('the shell of the target does not echo')
  },
})
