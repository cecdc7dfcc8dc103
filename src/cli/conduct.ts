import { type Diagnostic, InputError } from '../base/diagnostic.ts'
import type { Emit, Event } from '../base/event.ts'
import { Secret } from '../base/secret.ts'
import { askHidden, askText } from './ask.ts'
import type { Desk } from './desk.ts'
import { EXIT, exitOf } from './exit.ts'
import type { ScreenOptions } from './options.ts'
import { writeRetryFile } from './retry-file.ts'
import { openScreen, unknownLook } from './screen.ts'
import { version } from './version.ts'
import { type Job, perform } from './wire.ts'

/** Columns of the terminal; where there is none COLUMNS may say how wide to write. */
const columnsOf = ({ env }: Desk): number => process.stdout.columns ?? (Number(env['COLUMNS']) || 0)

/** How a run asks: only where somebody sits. What was not shown is masked from then on. */
function asking({ mask }: Desk): Pick<Job, 'ask'> {
  if (process.stdin.isTTY !== true) return {}
  return {
    ask: async (question, shown, signal) => {
      if (shown) return askText(question, 'answer', signal)
      const text = await askHidden(question, 'answer', signal)
      if (text !== '') mask.add(new Secret(text, 'answer to a prompt'))
      return text
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
  const job = { ...asked, config, ...(configFile === undefined ? {} : { configFile }), ...asking(desk) }
  if (job.step && !job.ask) throw new InputError([NOBODY], EXIT.usage)
  for (const secret of [job.password, job.becomePassword]) if (secret) desk.mask.add(secret)
  const terminal = { isTTY: process.stdout.isTTY === true, columns: columnsOf(desk) }
  const screen = await openScreen(job, desk.out, desk.err, desk.mask, { terminal, env: desk.env, config: job.config })
  const start = Date.now()
  let changed = 0
  const emit: Emit = (event: Event) => {
    if (event.type === 'host-result' && event.status === 'changed') changed += 1
    screen.emit(event)
    if (event.type === 'recap') {
      const retry = writeRetryFile(job.playbooks[0], event, job.config)
      if (retry !== undefined) screen.emit({ type: 'warning', msg: `to retry, use: --limit @${retry}` })
    }
  }
  try {
    emit({ type: 'run-start', version: version(), playbooks: job.playbooks, check: job.check })
    const odd = unknownLook(job.config)
    if (odd !== undefined) emit({ type: 'warning', msg: odd })
    const ending = await perform(job, emit, desk.stop.signal)
    const by = desk.stop.by()
    const exit = exitOf({ ...ending, detailed: job.detailedExitcode, ...(by ? { signal: by } : {}) })
    emit({ type: 'run-end', exit, changed, ms: Date.now() - start })
    return exit
  } finally {
    await screen.close()
  }
}
