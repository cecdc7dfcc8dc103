import type { Emit, Event } from '../base/event.ts'
import type { Desk } from './desk.ts'
import { exitOf } from './exit.ts'
import type { ScreenOptions } from './options.ts'
import { openScreen } from './screen.ts'
import { version } from './version.ts'
import { type Job, perform } from './wire.ts'

/** Runs a job before the eyes of people: opens the screen, says that it starts and how it ended, and gives the exit status. */
export async function conduct(asked: Omit<Job, 'config'> & ScreenOptions, desk: Desk): Promise<number> {
  const job = { ...asked, config: desk.config }
  for (const secret of [job.password, job.becomePassword]) if (secret) desk.mask.add(secret)
  const screen = await openScreen(job, desk.out, desk.err, desk.mask)
  const start = Date.now()
  let changed = 0
  const emit: Emit = (event: Event) => {
    if (event.type === 'host-result' && event.status === 'changed') changed += 1
    screen.emit(event)
  }
  try {
    emit({ type: 'run-start', version: version(), playbooks: job.playbooks, check: job.check })
    const ending = await perform(job, emit, desk.stop.signal)
    const by = desk.stop.by()
    const exit = exitOf({ ...ending, detailed: job.detailedExitcode, ...(by ? { signal: by } : {}) })
    emit({ type: 'run-end', exit, changed, ms: Date.now() - start })
    return exit
  } finally {
    await screen.close()
  }
}
