// Run by live.test.ts on a terminal: plays events through the live view, slowly enough to be drawn.
import { setTimeout as wait } from 'node:timers/promises'
import { Secret } from '../../src/base/secret.ts'
import { openScreen } from '../../src/cli/screen.ts'
import { sink } from '../../src/cli/streams.ts'
import { Mask } from '../../src/report/mask.ts'
import { hostResult, RUN, ref } from './events.ts'

// As the command line does before there is any view.
process.on('SIGINT', () => screen.emit({ type: 'warning', msg: 'SIGINT came to us' }))

const mask = new Mask()
mask.add(new Secret('hunter2', 'password'))
const out = sink(process.stdout, mask)
const err = sink(process.stderr, mask)
const screen = await openScreen({ verbose: 0, diff: false, json: false, color: true }, out, err, mask)
for (const event of RUN) {
  if (event.type === 'play-end') {
    const task = ref({ id: 3, task: 'task with hunter2' })
    screen.emit({ type: 'task-start', ...task, handler: false })
    screen.emit(hostResult({ ...task }))
  }
  screen.emit(event)
  if (event.type === 'host-start') process.kill(process.pid, 'SIGINT')
  if (event.type === 'progress' || event.type === 'host-start') await wait(250)
}
await screen.close()
out.write('the end\n')
await out.drained()
