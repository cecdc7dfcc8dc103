import { dict } from '../base/value.ts'
import { compilePattern } from '../jinja/regex/pattern.ts'
import type { Search, Wait } from '../kit/effect.ts'
import { defineModule } from '../kit/module.ts'
import { act, refuse } from '../kit/plan.ts'
import { at } from '../questions/files.ts'
import { waited } from './shared/ended.ts'

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
      search_regex: { type: 'string', description: "A regular expression in the file, in Python's syntax" },
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
    const { delay, timeout, sleep, msg, connect_timeout: connectTimeout } = args
    const message = msg === undefined ? {} : { message: msg }
    const by: Wait = { kind: 'wait', until, delay, timeout, sleep, connectTimeout, ...message }
    const subject = args.port === undefined ? (args.path ?? `${timeout} s`) : `${args.host}:${args.port}`
    return act(
      `wait for ${subject}`,
      by,
      outcome =>
        waited(outcome, {
          state: args.state,
          port: args.port ?? null,
          path: args.path ?? null,
          search_regex: args.search_regex ?? null,
          match_groups: outcome.fields?.get('match_groups') ?? [],
          match_groupdict: outcome.fields?.get('match_groupdict') ?? dict({}),
        }),
      { touches: [] },
    )
  },
})

/** Looks for a regular expression of Python's; what its groups took is told. Throws where it cannot be read. */
function searchFor(pattern: string): Search {
  const regex = compilePattern(pattern, { multiline: true })
  return {
    pattern,
    find(text) {
      const match = regex.find(text)
      if (match === null) return null
      const named = [...regex.pattern.names].map(([name, index]) => [name, match.groups[index] ?? null] as const)
      return {
        match_groups: match.groups.slice(1).map(group => group ?? null),
        match_groupdict: dict(Object.fromEntries(named)),
      }
    },
  }
}

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
  return { path, state: gone ? 'absent' : 'present', ...(search === undefined ? {} : { search: searchFor(search) }) }
}
