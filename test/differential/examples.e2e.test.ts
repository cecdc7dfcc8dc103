// limit: 900
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as assert from 'uvu/assert'
import type { Event } from '../../src/base/event.ts'
import { moduleDocs } from '../../src/modules/docs/index.ts'
import { ACTION_DOCS } from '../../src/playbook/action-docs.ts'
import { undocumented } from '../support/returns.ts'
import { suite } from '../support/suite.ts'
import { type World, Worlds, whyNoWorld } from './world.ts'

const test = suite('differential/examples')
const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const INVENTORY = join(ROOT, 'test/differential/inventory/hosts.ini')
/** Milliseconds that one run may take. */
const LIMIT = 60_000
/** Modules at a time. */
const WORKERS = 2

/** Words on the command line choose modules by parts of their names. */
const wanted = process.argv.slice(2)
const docs = Object.entries({ ...moduleDocs, ...ACTION_DOCS }).filter(
  ([name]) => wanted.length === 0 || wanted.some(word => name.includes(word)),
)

type HostResult = Extract<Event, { type: 'host-result' }>

/** Runs tasks on h1: results of its tasks, and what was said when it did not go well. */
async function run(world: World, ...flags: string[]): Promise<{ results: HostResult[]; said: string }> {
  const command = [process.execPath, join(ROOT, 'dist/main.js'), 'run', '-i', INVENTORY, '/run/world/play.yml']
  const { code, text } = await world.run([...command, '--json', ...flags], {}, '/run/world', LIMIT)
  const events = text.split('\n').flatMap(line => (line.startsWith('{') ? [JSON.parse(line) as Event] : []))
  return {
    results: events.filter(event => event.type === 'host-result'),
    said: code === 0 ? '' : `exit status ${code}\n${text.split('\n').slice(-20).join('\n')}`,
  }
}

/** What a result has that the documentation has not, and the other way round. */
function faultsOf(module: string, { task, action, status, result, items }: HostResult, dry: boolean): string[] {
  if (action !== module || status === 'skipped' || items !== undefined) return []
  const { returns = {} } = docs.find(([name]) => name === module)?.[1] ?? {}
  const missing = Object.entries(returns).filter(
    ([field, { when }]) => !(field in result) && (when === 'always' || (when === 'done' && !dry)),
  )
  return [
    ...missing.map(
      ([field, { when }]) => `${task}: ${field} (${when}) is not in the result${dry ? ' of a dry run' : ''}`,
    ),
    ...undocumented(module, result)
      .filter(field => !(field in returns))
      .map(field => `${task}: the result has ${field}, and the documentation has not`),
  ]
}

/** Tries the examples of one module: dry, in earnest, and again. */
async function tried(worlds: Worlds, name: string, examples: string): Promise<string[]> {
  const world = await worlds.world()
  try {
    const tasks = examples.trim().replace(/^(?=.)/gm, '    ')
    world.write('/run/world/play.yml', `- hosts: h1\n  gather_facts: false\n  tasks:\n${tasks}\n`)
    // Tasks that build on each other need not go well in a dry run.
    const dry = await run(world, '--check')
    const first = await run(world)
    const again = await run(world)
    return [
      ...dry.results.filter(({ status }) => status !== 'failed').flatMap(result => faultsOf(name, result, true)),
      ...first.results.flatMap(result => faultsOf(name, result, false)),
      ...(first.said === '' ? [] : [first.said]),
      ...(again.said === '' ? [] : [`again: ${again.said}`]),
      // Actions of the engine change the run, which is a new one each time.
      ...(name in ACTION_DOCS ? [] : again.results)
        .filter(({ status }) => status === 'changed')
        .map(({ task }) => `${task}: changed again`),
    ]
  } finally {
    await world.stop()
  }
}

const why = whyNoWorld()
if (why !== null) test.skip('examples do what they say', why)
else {
  const worlds = await Worlds.make()
  test.after(() => worlds.remove())
  const ready = docs.filter(([, { needs }]) => needs === undefined)
  // Several at a time; each test waits for its own.
  const turns: Promise<unknown>[] = Array.from({ length: WORKERS }, () => Promise.resolve())
  const outcomes = new Map(
    ready.map(([name, { examples }], i) => {
      const slot = i % WORKERS
      const outcome = (turns[slot] ?? Promise.resolve()).then(() => tried(worlds, name, examples))
      turns[slot] = outcome.catch(() => undefined)
      return [
        name,
        outcome.then(
          faults => ({ faults }),
          (error: unknown) => ({ faults: [String(error)] }),
        ),
      ] as const
    }),
  )
  for (const [name, outcome] of outcomes)
    test(`${name}: its examples run, its result is as told, and the second time nothing changes`, async () => {
      assert.is((await outcome).faults.join('\n'), '')
    }, 600_000)
  for (const [name, { needs }] of docs)
    if (needs !== undefined) test.skip(`${name}: its examples run`, `they need ${needs}`)
}

test.run()
