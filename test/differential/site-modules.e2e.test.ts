// limit: 1800
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { siteAvailable } from '../support/site.ts'
import { suite } from '../support/suite.ts'
import { has } from '../transport/sshd.ts'
import { type Judged, judge } from './judge.ts'
import { measure } from './phases.ts'
import { Pair } from './site-ground.ts'
import { choose, tell } from './told.ts'

const test = suite('differential/site-modules')
const FOLDER = join(fileURLToPath(new URL('.', import.meta.url)), 'modules')
/** Milliseconds that a file may wait for the verdict. */
const LIMIT = 1_780_000

const why = siteAvailable() ?? (has('ansible-playbook') ? null : 'ansible-playbook not installed')
const cases = why === null ? (await choose(FOLDER, process.argv.slice(2), 'site')).cases.flat() : []

let settle: (verdict: Promise<Judged>) => void = () => undefined
const verdict = new Promise<Judged>(resolve => {
  settle = resolve
})

/** Both sides at the same time, each on a host of its own. */
async function both(pair: Pair): Promise<Judged> {
  const side = async (which: 'ansible' | 'regplay') => measure(await pair.ground(which), which, cases)
  const [ansible, regplay] = await Promise.all([side('ansible'), side('regplay')])
  return judge(cases, ansible, regplay)
}

if (why === null) {
  let pair: Pair | undefined
  test.before(async () => {
    pair = await Pair.make()
    const running = both(pair)
    // A test that waits for it tells why it failed.
    running.catch(() => undefined)
    settle(running)
  })
  test.after(() => pair?.remove())
  tell(test, cases, verdict, LIMIT)
} else test.skip('modules on hosts with systemd and Docker', why)

test.run()
