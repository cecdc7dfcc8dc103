import { setTimeout as sleep } from 'node:timers/promises'
import { dict } from '../base/value.ts'
import type { Speech } from './language.ts'
import { ownArguments } from './own-arguments.ts'
import type { Result } from './ports.ts'
import type { Turn } from './turn.ts'

/** `pause`: waits for a time, or for somebody; without a terminal nobody is waited for. */
export async function pause(turn: Turn, speech: Speech): Promise<Result> {
  const args = ownArguments(turn, speech)
  const { run } = turn.play
  const { clock, ask } = run.ports
  const seconds = secondsOf(args)
  const prompt = typeof args['prompt'] === 'string' ? args['prompt'] : undefined
  const echo = args['echo'] !== false
  const begin = clock()
  let typed = ''
  if (seconds !== undefined) {
    if (prompt !== undefined) run.emit({ type: 'warning', host: turn.host.name, msg: prompt })
    await sleep(Math.max(1, seconds) * 1000, undefined, { signal: run.signal })
  } else if (ask)
    typed = await ask(
      `[${turn.tell.ref.task}]\n${prompt ?? 'Press enter to continue, Ctrl+C to interrupt'}:\n`,
      echo,
      run.signal,
    )
  else run.emit({ type: 'warning', host: turn.host.name, msg: 'nobody is waited for: there is no terminal' })
  const end = clock()
  const took = (end - begin) / 1000
  const shown =
    args['minutes'] === undefined ? `Paused for ${decimal(took)} seconds` : `Paused for ${decimal(took / 60)} minutes`
  return {
    changed: false,
    fields: dict({
      rc: 0,
      stderr: '',
      stdout: shown,
      start: stamp(begin),
      stop: stamp(end),
      delta: Math.floor(took),
      echo,
      user_input: typed,
    }),
    diff: [],
  }
}

const secondsOf = (args: Readonly<Record<string, unknown>>): number | undefined =>
  args['seconds'] !== undefined
    ? Number(args['seconds'])
    : args['minutes'] === undefined
      ? undefined
      : Number(args['minutes']) * 60

/** Two places at most, and one at least, as Python prints it. */
const decimal = (value: number): string => {
  const rounded = Math.round(value * 100) / 100
  return Number.isInteger(rounded) ? `${rounded}.0` : `${rounded}`
}

/** As Python prints a time: 2024-01-31 12:00:00.123000, in the controller's zone. */
function stamp(ms: number): string {
  const time = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000)
  return time.toISOString().replace('T', ' ').replace('Z', '000')
}
