import { setTimeout as sleep } from 'node:timers/promises'
import { dict } from '../base/value.ts'
import { failed } from './ensure.ts'
import type { Speech } from './language.ts'
import { ownArguments } from './own-arguments.ts'
import type { Result } from './ports.ts'
import type { Turn } from './turn.ts'

/** `pause`: waits for a time, or for somebody; without a terminal nobody is waited for. */
export async function pause(turn: Turn, speech: Speech): Promise<Result> {
  const args = ownArguments(turn, speech)
  const { run } = turn.play
  const { clock, pause: rest } = run.ports
  const seconds = secondsOf(args)
  const prompt = typeof args['prompt'] === 'string' && args['prompt'] !== '' ? args['prompt'] : undefined
  const shown = args['echo'] !== false
  const begin = clock()
  const msg = wordsOf(turn.tell.ref.task, prompt, seconds, shown)
  const tell = () => run.emit({ type: 'waiting', ...turn.tell.ref, msg, seconds: seconds ?? null })
  let typed = ''
  if (rest) {
    const paused = await rest({ shown, tell, ...(seconds === undefined ? {} : { seconds }) }, run.signal)
    if (paused.aborted) return failed('user requested abort!')
    typed = paused.typed
  } else {
    tell()
    if (seconds !== undefined) await sleep(seconds * 1000, undefined, { signal: run.signal })
    else run.emit({ type: 'warning', msg: 'Not waiting for response to prompt as stdin is not interactive' })
  }
  const end = clock()
  const took = (end - begin) / 1000
  const told =
    args['minutes'] === undefined ? `Paused for ${decimal(took)} seconds` : `Paused for ${decimal(took / 60)} minutes`
  return {
    changed: false,
    fields: dict({
      rc: 0,
      stderr: '',
      stdout: told,
      start: stamp(begin),
      stop: stamp(end),
      delta: Math.floor(took),
      echo: shown,
      user_input: typed,
    }),
    diff: [],
  }
}

/** What whoever sits there is told, in Ansible's words: programs that type the answers wait for them. */
function wordsOf(task: string, prompt: string | undefined, seconds: number | undefined, shown: boolean): string {
  const hidden = shown ? '' : ' (output is hidden)'
  const asked = `[${task}]\n${prompt ?? 'Press enter to continue, Ctrl+C to interrupt'}${hidden}:`
  if (seconds === undefined) return asked
  const timed = `Pausing for ${seconds} seconds${hidden}\n(ctrl+C then 'C' = continue early, ctrl+C then 'A' = abort)`
  return prompt === undefined ? timed : `${timed}\n${asked}`
}

/** A second at least, where a time is wanted. */
function secondsOf(args: Readonly<Record<string, unknown>>): number | undefined {
  const { seconds, minutes } = args
  if (seconds === undefined && minutes === undefined) return undefined
  return Math.max(1, seconds === undefined ? Number(minutes) * 60 : Number(seconds))
}

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
