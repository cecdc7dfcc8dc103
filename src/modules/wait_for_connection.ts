import type { Wait } from '../kit/effect.ts'
import { defineModule } from '../kit/module.ts'
import { act } from '../kit/plan.ts'
import { waited } from './shared/ended.ts'

/** A host can be reached, now or in a while. */
export default defineModule({
  name: 'wait_for_connection',
  summary: 'Waits until a host can be reached',
  attended: true,
  unmet: true,
  args: {
    type: 'object',
    additionalProperties: false,
    properties: {
      connect_timeout: { type: 'integer', minimum: 1, default: 5, description: 'Seconds for one try' },
      delay: { type: 'integer', minimum: 0, default: 0, description: 'Seconds before the first try' },
      sleep: { type: 'integer', minimum: 1, default: 1, description: 'Seconds between two tries' },
      timeout: { type: 'integer', minimum: 0, default: 600, description: 'Seconds for all of it' },
    },
  },
  probe: () => ({}),
  plan({ connect_timeout: connectTimeout, delay, sleep, timeout }) {
    const message = `timed out waiting for a connection (${timeout} s)`
    const by: Wait = { kind: 'wait', until: { connection: true }, delay, timeout, sleep, connectTimeout, message }
    return act('wait for a connection', by, waited, { touches: [] })
  },
})
