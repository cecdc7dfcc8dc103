import * as assert from 'uvu/assert'
import { toJson } from '../../src/base/value.ts'
import showInventory from '../../src/cli/commands/inventory.ts'
import { readSettings } from '../../src/cli/config/read.ts'
import type { Desk } from '../../src/cli/desk.ts'
import { inventoryOptions } from '../../src/cli/found.ts'
import { toValue } from '../../src/source/node.ts'
import { parseYaml } from '../../src/source/yaml.ts'
import { SEED } from '../support/seed.ts'
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
async function ours({ sources = ['hosts'], args = [], env = {} }: Partial<Case>, show: Show): Promise<string> {
  const text: string[] = []
  const wrong: string[] = []
  const { config } = readSettings(env, process.cwd())
  const mask = { text: (value: string) => value }
  const desk = {
    out: { write: (more: string) => void text.push(more) },
    err: { write: (more: string) => void wrong.push(more) },
    ...{ mask, env: {}, stop: { signal: new AbortController().signal }, config },
  } as unknown as Desk
  const pairs = args.flatMap((arg, index) => (arg === '-e' ? [args[index + 1] ?? ''] : []))
  const dir = args.indexOf('--playbook-dir')
  const options = {
    ...{ list: false, graph: false, group: 'all', vars: false, yaml: false, toml: false, export: false, ...show },
    ...{ verbose: 0, diff: false, json: false, color: false },
    ...{ vaultIds: [], vaultPasswordFiles: [], askVaultPassword: false },
    ...inventoryOptions({ inventory: [...sources], extraVars: pairs }, config),
    ...(dir < 0 ? {} : { playbookDir: args[dir + 1] ?? '' }),
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

/** What `--list` prints with the name of its form, as since 2.19. */
const profiled = (text: string): string =>
  text.replace(/^( {8}"hostvars": \{(?:\}|$[\s\S]*?^ {8}\}))$/m, '$1,\n        "profile": "inventory_legacy"')

/** A group as 2.15 and newer show it: groups below it that show nothing are left out, but for those that were shown before. */
function pruned(group: unknown, seen = new Set<string>()): unknown {
  const { children, ...own } = group as { children?: Record<string, unknown> }
  const kept = Object.entries(children ?? {}).flatMap(([name, child]) => {
    const known = seen.has(name)
    seen.add(name)
    const below = pruned(child, seen) as object
    return known || Object.keys(below).length > 0 ? [[name, below] as const] : []
  })
  return { ...own, ...(kept.length > 0 ? { children: Object.fromEntries(kept) } : {}) }
}

/** What `--yaml` prints, all groups but the topmost pruned. */
function newer(tree: unknown): unknown {
  const all = pruned((tree as { all: unknown }).all) as object
  return Object.keys(all).length > 0 ? { all } : {}
}

async function compare(dir: string, each: Case): Promise<void> {
  const { sources = ['hosts'], args = [], env, tuples } = each
  const before = process.cwd()
  process.chdir(dir)
  try {
    const graph = await ours(each, { graph: true })
    const given = [...sources.flatMap(source => ['-i', source]), ...args]
    const said = await reference?.shown(
      dir,
      SHOWN.map(([flags]) => [...given, ...flags]),
      env,
    )
    for (const [index, [flags, show]] of SHOWN.entries()) {
      const theirs = said?.[index]
      if (theirs === undefined) continue
      // Ansible shows no vaulted value without its password
      if (show.vars && (tuples || theirs.err.includes('decrypt'))) continue
      assert.is(theirs.status, 0, theirs.err)
      const mine = await ours(each, show)
      if (!show.yaml) assert.is(mine, show.list ? profiled(theirs.out) : theirs.out, flags.join(' '))
      else if (!twice(graph)) assert.equal(asYaml(mine), newer(asYaml(theirs.out)), flags.join(' '))
    }
  } finally {
    process.chdir(before)
  }
}

const cases: [string, Case][] = [
  ...Object.entries(HAND_MADE),
  ...Array.from({ length: process.env['REGPLAY_ALL'] ? 200 : 8 }, (_none, index): [string, Case] => [
    `generated ${SEED + index}`,
    generate(SEED + index),
  ]),
]
for (const [name, each] of cases) {
  if (reference) test(name, () => withFiles(each.files, dir => compare(dir, each)), 20_000)
  else test.skip(name, 'ansible-inventory is not installed')
}

test.run()
