// limit: 2700
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { commitNumber } from '../support/seed.ts'
import { suite } from '../support/suite.ts'
import type { Case } from './cases.ts'
import { inWorld } from './ground.ts'
import { type Judged, judge } from './judge.ts'
import { Layers } from './layer.ts'
import { measure } from './phases.ts'
import { choose, tell } from './told.ts'
import { Worlds, whyNoWorld } from './world.ts'

const test = suite('differential/modules')
const HERE = fileURLToPath(new URL('.', import.meta.url))
const FOLDER = join(HERE, 'modules')
/** Milliseconds that a file may wait for its batch. */
const LIMIT = 2_680_000
/** Batches at a time: one more than there are processors, since cases wait, too. */
const WORKERS = 3
/** About how many cases share a world. */
const BATCH = 90

/** Where case files keep what they need on the controller, and the web server that both sides see. */
const SHARED = { files: join(FOLDER, 'files'), http: 'http://127.0.0.1:8000' }

/** One part of the batches runs, the others are skipped: all of them take half an hour on two slow processors, most of it Ansible's. */
const PARTS = 3
const WHOLE = process.argv.length > 2 || process.env['REGPLAY_CASES'] === 'all'
const NOT_NOW = 'of a part that other commits run; REGPLAY_CASES=all runs all'

interface Batch {
  readonly cases: readonly Case[]
  readonly verdict: Promise<Judged>
  readonly settle: (verdict: Promise<Judged>) => void
}

/** Files in their order, until a batch is full; cases that want to be apart, by themselves. */
async function batches(): Promise<Batch[]> {
  const packed: Case[][] = []
  const chosen = await choose(FOLDER, process.argv.slice(2), 'world')
  for (const [file, count] of chosen.elsewhere)
    console.log(`${file}: ${count} cases want systemd or Docker: site-modules.e2e.test.ts`)
  for (const name of new Set(chosen.cases.flat().map(one => one.apart)))
    if (name !== '') packed.push(chosen.cases.flat().filter(one => one.apart === name))
  for (const file of chosen.cases) {
    const cases = file.filter(one => one.apart === '')
    if (cases.length === 0) continue
    const last = packed.at(-1)
    if (last?.[0]?.apart === '' && last.length + cases.length <= BATCH) last.push(...cases)
    else packed.push([...cases])
  }
  return packed.map(cases => {
    let settle: Batch['settle'] = () => undefined
    const verdict = new Promise<Judged>(resolve => {
      settle = resolve
    })
    return { cases, verdict, settle }
  })
}

async function both(worlds: Worlds, cases: readonly Case[]): Promise<Judged> {
  const [wanted] = new Set(cases.map(one => one.layer))
  const layer = wanted ? await layers.layer(wanted) : undefined
  const side = async (which: 'ansible' | 'regplay') => {
    const world = await worlds.world(layer)
    try {
      await world.start([process.execPath, join(HERE, 'server.js'), '8000', join(SHARED.files, 'www')])
      return await measure(inWorld(world, SHARED), which, cases)
    } finally {
      await world.stop()
    }
  }
  return judge(cases, await side('ansible'), await side('regplay'))
}

const why = whyNoWorld()
const known = why === null ? await batches() : []
/** Which part runs: by the number of the commit, so that a commit tells the same each time, and each part has its commits. */
const mine = commitNumber % PARTS
const all = known.filter((_, i) => WHOLE || i % PARTS === mine)
const layers = new Layers()
let worlds: Worlds | undefined

/** Runs all batches, so that a test finds its verdict begun or done. */
async function begin(): Promise<void> {
  const made = await Worlds.make()
  worlds = made
  // What is apart waits much, and so do the last files: they come first, so that nothing is left to wait alone.
  const apart = ({ cases: [first] }: Batch): boolean => first?.apart !== ''
  const waiting = [...all.filter(apart), ...all.filter(batch => !apart(batch)).reverse()]
  const worker = async (): Promise<void> => {
    for (let batch = waiting.shift(); batch; batch = waiting.shift()) {
      const verdict = both(made, batch.cases)
      batch.settle(verdict)
      await verdict.catch(() => undefined)
    }
  }
  for (let i = 0; i < WORKERS; i++) void worker()
}

if (why === null) {
  test.before(begin)
  test.after(() => worlds?.remove())
  test.after(() => layers.remove())
} else test.skip('modules', why)

for (const { cases, verdict } of all) tell(test, cases, verdict, LIMIT)
for (const { cases } of known.filter(batch => !all.includes(batch)))
  for (const name of new Set(cases.map(one => one.file)))
    test.skip(`${name}: ${cases.filter(one => one.file === name).length} cases`, NOT_NOW)

test.run()
