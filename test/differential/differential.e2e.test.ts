// limit: 900
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as assert from 'uvu/assert'
import { suite } from '../support/suite.ts'
import { type Account, fromAnsible, fromRegplay } from './account.ts'
import { compare, type Side, type Verdict } from './compare.ts'
import { EXCUSED, type Excuse } from './excused.ts'
import { MACHINES, type World, Worlds, whyNoWorld } from './world.ts'

const test = suite('differential')
const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const HERE = join(ROOT, 'test/differential')
const PLAYBOOKS = join(HERE, 'playbooks')
/** Milliseconds that one side may take with a playbook. */
const LIMIT = 120_000
/** Last lines of what each side said, shown with a difference. */
const SHOWN = 40
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
  const inventory = args.includes('-i') ? [] : ['-i', join(HERE, 'inventory/hosts.ini')]
  return { args: [...inventory, ...args], exit: EXITS[said('exit') ?? 'done'] ?? Number.NaN }
}

const RECORD = '/run/world/record'
const COMMANDS = {
  ansible: (args: readonly string[]) => ['ansible-playbook', ...args],
  regplay: (args: readonly string[]) => [
    process.execPath,
    join(ROOT, 'dist/main.js'),
    'run',
    '--events',
    RECORD,
    ...args,
  ],
}
const ENV = { ANSIBLE_CONFIG: join(HERE, 'ansible/ansible.cfg'), REGPLAY_RECORD: RECORD }
const READ: Record<keyof typeof COMMANDS, (text: string) => Account> = { ansible: fromAnsible, regplay: fromRegplay }

/** One side's run in a world of its own. */
async function side(
  worlds: Worlds,
  which: keyof typeof COMMANDS,
  name: string,
  head: Head,
): Promise<Side & { said: string }> {
  const world: World = await worlds.world()
  try {
    const env = which === 'ansible' ? ENV : {}
    const { code, text } = await world.run(COMMANDS[which]([...head.args, name]), env, PLAYBOOKS, LIMIT)
    const files = new Map(MACHINES.map(machine => [machine, world.files(machine)] as const))
    return {
      exit: code,
      said: text,
      account: READ[which](code === 0 || world.has(RECORD) ? world.read(RECORD) : ''),
      files,
    }
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
  const said = (side: { said: string }): string => side.said.trimEnd().split('\n').slice(-SHOWN).join('\n')
  return {
    ...verdict,
    differences: [...differences, `--- ansible said:\n${said(ansible)}\n--- regplay said:\n${said(regplay)}`],
  }
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
