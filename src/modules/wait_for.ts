import { dict } from '../base/value.ts'
import type { Wait } from '../kit/effect.ts'
import { defineModule } from '../kit/module.ts'
import { act, refuse } from '../kit/plan.ts'
import { at } from '../questions/files.ts'

/** Waits for a port or a file. */
export default defineModule({
  name: 'wait_for',
  summary: 'Waits until a port or a file of the target is as it should be',
  attended: true,
  args: {
    type: 'object',
    additionalProperties: false,
    exclusive: [['port', 'path']],
    properties: {
      host: { type: 'string', default: '127.0.0.1' },
      port: { type: 'integer', minimum: 1, maximum: 65535 },
      path: { type: 'string', path: true },
      search_regex: { type: 'string', description: 'An extended regular expression in the file' },
      state: { type: 'string', enum: ['absent', 'drained', 'present', 'started', 'stopped'], default: 'started' },
      timeout: { type: 'integer', minimum: 0, default: 300 },
      connect_timeout: { type: 'integer', minimum: 1, default: 5 },
      delay: { type: 'integer', minimum: 0, default: 0 },
      sleep: { type: 'integer', minimum: 1, default: 1 },
      msg: { type: 'string' },
      exclude_hosts: { type: 'array', items: { type: 'string' }, refused: 'connections are not counted by host' },
      active_connection_states: {
        type: 'array',
        items: { type: 'string' },
        refused: 'connections are not counted by state',
      },
    },
  },
  probe: () => ({}),
  plan(args, _, host) {
    const until = untilOf(args, args.path === undefined ? undefined : at(args.path, host))
    if (typeof until === 'string') return refuse(until)
    const odd = ONLY_PYTHON.exec(args.search_regex ?? '')?.[0]
    if (odd !== undefined)
      return refuse(
        `search_regex is looked for by grep -E on the target, which reads '${odd}' otherwise than Python`,
        'write [0-9] for \\d, and do without (?...) and lazy repeats',
      )
    const { delay, timeout, sleep, msg, connect_timeout: connectTimeout } = args
    const message = msg === undefined ? {} : { message: msg }
    const by: Wait = { kind: 'wait', until, delay, timeout, sleep, connectTimeout, ...message }
    const subject = args.port === undefined ? (args.path ?? `${timeout} s`) : `${args.host}:${args.port}`
    return act(
      `wait for ${subject}`,
      by,
      outcome => ({
        changed: false,
        ...(outcome.failed === undefined ? {} : { failed: outcome.failed }),
        result: {
          elapsed: outcome.fields?.get('elapsed') ?? 0,
          state: args.state,
          port: args.port ?? null,
          path: args.path ?? null,
          search_regex: args.search_regex ?? null,
          ...(args.search_regex === undefined ? { match_groups: [], match_groupdict: dict({}) } : {}),
          ...(outcome.failed === undefined ? {} : { msg: outcome.failed }),
        },
      }),
      { touches: [] },
    )
  },
})

/** What an extended regular expression takes for something else, so that the wait would be in vain. */
const ONLY_PYTHON = /\\[dDAZ]|\(\?|[*+?}][?+]/

function untilOf(
  args: { port?: number; host: string; search_regex?: string; state: string },
  path: string | undefined,
): Wait['until'] | string {
  const { state, port, search_regex: search } = args
  if (port !== undefined) {
    if (search !== undefined) return 'search_regex with a port is not supported'
    if (state === 'stopped' || state === 'absent') return { port, host: args.host, state: 'stopped' }
    if (state === 'drained') return 'state=drained is not supported: connections are not counted'
    return { port, host: args.host, state: 'started' }
  }
  if (path === undefined) return search === undefined ? { nothing: true } : 'search_regex needs a path'
  if (state === 'drained') return 'state=drained should only be used for checking a port'
  const gone = state === 'absent' || state === 'stopped'
  return { path, state: gone ? 'absent' : 'present', ...(search === undefined ? {} : { search }) }
}
