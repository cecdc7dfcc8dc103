import { type Diagnostic, InputError } from '../base/diagnostic.ts'
import type { Emit, Event } from '../base/event.ts'
import { Secret } from '../base/secret.ts'
import { askHidden, askPause, askText } from './ask.ts'
import type { Desk } from './desk.ts'
import { EXIT, exitOf } from './exit.ts'
import type { ScreenOptions } from './options.ts'
import { writeRetryFile } from './retry-file.ts'
import { openScreen, type Screen, unknownLook } from './screen.ts'
import { attended } from './terminal.ts'
import { version } from './version.ts'
import { type Job, perform } from './wire.ts'

/** Columns of the terminal; where there is none COLUMNS may say how wide to write. */
const columnsOf = ({ env }: Desk): number => process.stdout.columns ?? (Number(env['COLUMNS']) || 0)

/** How a run asks: only where somebody sits, and when all is on the screen. What was not shown is masked from then on. */
function asking({ mask }: Desk, screen: Screen): Pick<Job, 'ask' | 'pause'> {
  if (!attended()) return {}
  return {
    ask: async (question, shown, signal) => {
      await screen.settle()
      if (shown) return askText(question, 'answer', signal)
      const text = await askHidden(question, 'answer', signal)
      if (text !== '') mask.add(new Secret(text, 'answer to a prompt'))
      return text
    },
    pause: async (how, signal) => {
      await screen.settle()
      const paused = await askPause(how, signal)
      if (!how.shown && paused.typed !== '') mask.add(new Secret(paused.typed, 'answer to a prompt'))
      return paused
    },
  }
}

const NOBODY: Diagnostic = {
  code: 'no-terminal',
  severity: 'error',
  message: '--step asks before each task, and there is no terminal to ask at',
  remedy: 'run from a terminal, or leave --step out',
}

/** Runs a job before the eyes of people: opens the screen, says that it starts and how it ended, and gives the exit status. */
export async function conduct(asked: Omit<Job, 'config' | 'configFile'> & ScreenOptions, desk: Desk): Promise<number> {
  const { config, configFile } = desk
  const job = { ...asked, config, ...(configFile === undefined ? {} : { configFile }) }
  if (job.step && !attended()) throw new InputError([NOBODY], EXIT.usage)
  for (const secret of [job.password, job.becomePassword]) if (secret) desk.mask.add(secret)
  const terminal = { isTTY: process.stdout.isTTY === true, columns: columnsOf(desk) }
  const screen = await openScreen(job, desk.out, desk.err, desk.mask, { terminal, env: desk.env, config: job.config })
  const start = Date.now()
  let changed = 0
  // A host whose event is lost would be waited for by the others: a view that fails ends the program.
  const show: Emit = event => {
    try {
      screen.emit(event)
    } catch (error) {
      process.nextTick(() => {
        throw error
      })
    }
  }
  const emit: Emit = (event: Event) => {
    if (event.type === 'host-result' && event.status === 'changed') changed += 1
    show(event)
    if (event.type === 'recap') {
      const msg = writeRetryFile(job.playbooks[0], event, job.config)
      if (msg !== undefined) show({ type: 'warning', msg })
    }
  }
  try {
    emit({ type: 'run-start', version: version(), playbooks: job.playbooks, check: job.check })
    const odd = unknownLook(job.config)
    if (odd !== undefined) emit({ type: 'warning', msg: odd })
    const ending = await perform({ ...job, ...asking(desk, screen) }, emit, desk.stop.signal)
    const by = desk.stop.by()
    const exit = exitOf({ ...ending, detailed: job.detailedExitcode, ...(by ? { signal: by } : {}) })
    emit({ type: 'run-end', exit, changed, ms: Date.now() - start })
    return exit
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    for (const fault of error.faults) screen.record({ type: 'fault', fault })
    screen.record({ type: 'run-end', exit: error.exit, changed, ms: Date.now() - start })
    if (job.json) return error.exit
    throw error
  } finally {
    await screen.close()
  }
}
