// limit: 900
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as assert from 'uvu/assert'
import { suite } from '../support/suite.ts'
import { compare, type Verdict } from './compare.ts'
import { EXCUSED, type Excuse } from './excused.ts'
import { INVENTORY, LIMIT, lastWords, type Ran, runIn, type Which } from './side.ts'
import { Worlds, whyNoWorld } from './world.ts'

const test = suite('differential')
const PLAYBOOKS = fileURLToPath(new URL('playbooks', import.meta.url))
/** Playbooks at a time. */
const WORKERS = 2

/** Words on the command line choose playbooks by parts of their names, while one works on them. */
const wanted = process.argv.slice(2)
const all = readdirSync(PLAYBOOKS).filter(name => /^\d+-.*\.yml$/.test(name))
const names = all.filter(name => wanted.length === 0 || wanted.some(word => name.includes(word)))

/** What a playbook's head says: `# args: ...` for the command line, `# exit: failed` when it must not end well. */
interface Head {
  readonly args: readonly string[]
  readonly exit: number
}

const EXITS: Record<string, number> = { done: 0, failed: 2, unreachable: 4, refused: 1 }

function headOf(name: string): Head {
  const text = readFileSync(join(PLAYBOOKS, name), 'utf8')
  const said = (word: string): string | undefined => new RegExp(`^# ${word}: (.*)$`, 'm').exec(text)?.[1]
  const args = said('args')?.split(' ') ?? []
  const inventory = args.includes('-i') ? [] : INVENTORY
  return { args: [...inventory, ...args], exit: EXITS[said('exit') ?? 'done'] ?? Number.NaN }
}

/** One side's run in a world of its own. */
async function side(worlds: Worlds, which: Which, name: string, head: Head): Promise<Ran> {
  const world = await worlds.world()
  try {
    return await runIn(world, which, [...head.args, name], PLAYBOOKS)
  } finally {
    await world.stop()
  }
}

/** Both sides of one playbook. */
async function both(worlds: Worlds, name: string): Promise<Verdict> {
  const head = headOf(name)
  const ansible = await side(worlds, 'ansible', name, head)
  const regplay = await side(worlds, 'regplay', name, head)
  const verdict = compare(ansible, regplay, EXCUSED)
  const end =
    ansible.exit === head.exit
      ? []
      : [`ansible ended with ${ansible.exit}, and the head of the playbook says ${head.exit}`]
  const differences = [...end, ...verdict.differences]
  if (differences.length === 0) return verdict
  return { ...verdict, differences: [...differences, lastWords(ansible, regplay)] }
}

const verdicts = new Map<string, Promise<Verdict>>()
let worlds: Worlds | undefined

/** Runs everything, `WORKERS` at a time, so that a test finds its verdict begun or done. */
function begin(): void {
  const settle = new Map<string, (verdict: Promise<Verdict>) => void>()
  for (const name of names) verdicts.set(name, new Promise(resolve => settle.set(name, resolve)))
  const waiting = [...names]
  const worker = async (): Promise<void> => {
    const made = (await making) as Worlds
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const verdict = both(made, name)
      settle.get(name)?.(verdict)
      await verdict.catch(() => undefined)
    }
  }
  const making = Worlds.make().then(made => {
    worlds = made
    return made
  })
  for (let i = 0; i < WORKERS; i++) void worker()
}

const why = whyNoWorld()
if (why === null) {
  test.before(begin)
  test.after(() => worlds?.remove())
}

for (const name of names) {
  if (why !== null) test.skip(name, why)
  else
    test(
      name,
      async () => {
        const verdict = await verdicts.get(name)
        const text = verdict?.differences.join('\n  ')
        // The stack would tell the same once more.
        if (text !== '') throw Object.assign(new Error(text), { stack: '' })
      },
      8 * LIMIT,
    )
}

if (why === null && wanted.length === 0)
  test('every excuse is needed', async () => {
    const used = new Set<Excuse>()
    for (const verdict of verdicts.values()) for (const excuse of (await verdict).used) used.add(excuse)
    assert.equal(
      EXCUSED.filter(excuse => !used.has(excuse)).map(excuse => excuse.field.source),
      [],
    )
  })

test.run()
