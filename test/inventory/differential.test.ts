import * as assert from 'uvu/assert'
import { toJson } from '../../src/base/value.ts'
import showInventory from '../../src/cli/commands/inventory.ts'
import { readSettings } from '../../src/cli/config/read.ts'
import type { Desk } from '../../src/cli/desk.ts'
import { toValue } from '../../src/source/node.ts'
import { parseYaml } from '../../src/source/yaml.ts'
import { suite } from '../support/suite.ts'
import { type Case, HAND_MADE } from './cases.ts'
import { generate } from './generate.ts'
import { startReference } from './reference.ts'
import { withFiles } from './support.ts'

/**
 * Every inventory of `cases.ts`, and generated ones, read by ansible-inventory and by us: what both print must be equal.
 * REGPLAY_SEED repeats a generated set, REGPLAY_ALL makes it large.
 */
const test = suite('inventory differential')

const reference = startReference()
test.after(() => reference?.close())

interface Show {
  readonly list?: boolean
  readonly graph?: boolean
  readonly vars?: boolean
  readonly yaml?: boolean
  readonly export?: boolean
}

/** What `regplay inventory` prints. */
async function ours(sources: readonly string[], args: readonly string[], show: Show): Promise<string> {
  const text: string[] = []
  const wrong: string[] = []
  const mask = { text: (value: string) => value }
  const desk = {
    out: { write: (more: string) => void text.push(more) },
    err: { write: (more: string) => void wrong.push(more) },
    ...{
      mask,
      env: {},
      stop: { signal: new AbortController().signal },
      config: readSettings({}, process.cwd()).config,
    },
  } as unknown as Desk
  const pairs = args.flatMap((arg, index) => (arg === '-e' ? [args[index + 1] ?? ''] : []))
  const dir = args.indexOf('--playbook-dir')
  const options = {
    ...{ list: false, graph: false, group: 'all', vars: false, yaml: false, toml: false, export: false, ...show },
    ...{ verbose: 0, diff: false, json: false, color: false },
    ...{ vaultIds: [], vaultPasswordFiles: [], askVaultPassword: false },
    ...{ inventory: sources, extraVars: pairs, ...(dir < 0 ? {} : { playbookDir: args[dir + 1] ?? '' }) },
  }
  const status = await showInventory(options as Parameters<typeof showInventory>[0], desk)
  if (status !== 0) throw new Error(`status ${status}: ${wrong.join('')}`)
  return text.join('')
}

const SHOWN: readonly (readonly [flags: readonly string[], show: Show])[] = [
  [['--list'], { list: true }],
  [['--list', '--export'], { list: true, export: true }],
  [['--list', '--yaml', '--export'], { list: true, yaml: true, export: true }],
  [['--graph', '--vars'], { graph: true, vars: true }],
]

/** Newer versions of Ansible show a group once; 2.14 shows it again, with its hosts but without their variables. */
const twice = (text: string): boolean => {
  const names = [...text.matchAll(/@(\S+):$/gm)].map(match => match[1])
  return new Set(names).size < names.length
}

/** Python writes what two hosts share once, with an anchor: the same in other words. */
function asYaml(text: string): unknown {
  const { node, faults } = parseYaml(text, 'printed')
  assert.equal(faults, [])
  return node && toJson(toValue(node))
}

async function compare(dir: string, { sources = ['hosts'], args = [], tuples }: Case): Promise<void> {
  const before = process.cwd()
  process.chdir(dir)
  try {
    const graph = await ours(sources, args, { graph: true })
    const given = [...sources.flatMap(source => ['-i', source]), ...args]
    const said = await reference?.shown(
      dir,
      SHOWN.map(([flags]) => [...given, ...flags]),
    )
    for (const [index, [flags, show]] of SHOWN.entries()) {
      const theirs = said?.[index]
      if (theirs === undefined) continue
      // Ansible shows no vaulted value without its password
      if (show.vars && (tuples || theirs.err.includes('decrypt'))) continue
      assert.is(theirs.status, 0, theirs.err)
      const mine = await ours(sources, args, show)
      if (!show.yaml) assert.is(mine, theirs.out, flags.join(' '))
      else if (!twice(graph)) assert.equal(asYaml(mine), asYaml(theirs.out), flags.join(' '))
    }
  } finally {
    process.chdir(before)
  }
}

const seed = Number(process.env['REGPLAY_SEED'] ?? Date.now() % 1_000_000)
const cases: [string, Case][] = [
  ...Object.entries(HAND_MADE),
  ...Array.from({ length: process.env['REGPLAY_ALL'] ? 200 : 8 }, (_none, index): [string, Case] => [
    `generated ${seed + index}`,
    generate(seed + index),
  ]),
]
for (const [name, each] of cases) {
  if (reference) test(name, () => withFiles(each.files, dir => compare(dir, each)), 20_000)
  else test.skip(name, 'ansible-inventory is not installed')
}

test.run()
