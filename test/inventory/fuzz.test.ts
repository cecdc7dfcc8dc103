import * as assert from 'uvu/assert'
import { Builder } from '../../src/inventory/builder.ts'
import { readConstructed } from '../../src/inventory/constructed.ts'
import { readIni } from '../../src/inventory/ini.ts'
import { selectHosts } from '../../src/inventory/pattern.ts'
import { pluginOf, readYamlInventory } from '../../src/inventory/yaml.ts'
import { parseYaml } from '../../src/source/yaml.ts'
import { SEED } from '../support/seed.ts'
import { suite } from '../support/suite.ts'
import { HAND_MADE } from './cases.ts'
import { generate, random } from './generate.ts'
import { listed } from './support.ts'

/** Broken inventories give faults, never exceptions. REGPLAY_SEED repeats a run, REGPLAY_FUZZ says how many of each kind. */
const test = suite('inventory fuzz')

const PIECES = [
  ...[
    '[',
    ']',
    '[web]',
    '[a:children]',
    '[a:vars]',
    '[b:children]',
    'a',
    'b',
    'web',
    'h[1:3]',
    ':',
    '22',
    '=',
    ' ',
    '\n',
  ],
  ...['"', "'", '#', ';', '\\', '{', '}', '(', ')', ',', 'x=1', 'y="[1, 2]"', '{{ z }}', '-', '~', '!', '&', '*', '0x'],
  ...[
    '1e',
    '\0',
    '\t',
    '  ',
    ': ',
    '- ',
    '|',
    '>',
    '<<: ',
    '&x ',
    '*x',
    '? ',
    '%',
    '@',
    '`',
    '!vault ',
    '!unsafe ',
    '---\n',
  ],
  ...[
    'hosts:',
    'vars:',
    'children:',
    'all:',
    'plugin: constructed\n',
    'groups: {g: "x',
    'compose:',
    'keyed_groups:\n- key: ',
  ],
  ...[
    '\u2028',
    '\u00e4',
    '\ud800',
    '\uffff',
    '\x85',
    '[[',
    ']]',
    '::',
    '[1:',
    '[a:z:0]',
    '999999999999',
    'True',
    'None',
  ],
]

const count = Number(process.env['REGPLAY_FUZZ'] ?? 1_000)
const texts = Object.values(HAND_MADE).flatMap(each => Object.values(each.files))

/** Reads a text by both formats, and asks for hosts by a pattern. */
function tryAll(text: string, pattern: string): void {
  for (const read of [readIni, readYaml]) {
    const builder = new Builder()
    read(text, 'hosts', builder)
    builder.inventory.reconcile()
    for (const fault of builder.faults) assert.ok(fault.message !== '')
    listed(builder.inventory)
    selectHosts(builder.inventory, pattern)
  }
}

function readYaml(text: string, file: string, builder: Builder): void {
  builder.hosts('h[1:2]', { file, line: 1, col: 1 }, builder.inventory.ungrouped, file)
  const { node } = parseYaml(text, file)
  if (!node) return
  if (pluginOf(node)) readConstructed(node, builder, {})
  else readYamlInventory(node, file, builder)
}

/** Takes a piece away, puts one in, or doubles one, a few times. */
function mutated(text: string, next: () => number): string {
  let out = text
  for (let times = 1 + Math.floor(next() * 4); times > 0; times--) {
    const at = Math.floor(next() * out.length)
    const end = at + Math.floor(next() * 8)
    const piece = PIECES[Math.floor(next() * PIECES.length)] ?? ''
    const middle = [piece, '', out.slice(at, end).repeat(2), piece + out.slice(at, end)][Math.floor(next() * 4)] ?? ''
    out = out.slice(0, at) + middle + out.slice(end)
  }
  return out
}

const KINDS: Record<string, (next: () => number, seed: number) => string> = {
  'pieces in any order': next =>
    Array.from({ length: Math.floor(next() * 60) }, () => PIECES[Math.floor(next() * PIECES.length)]).join(''),
  'inventories made by hand, broken': next => mutated(texts[Math.floor(next() * texts.length)] ?? '', next),
  'generated inventories, broken': (next, each) => mutated(Object.values(generate(each).files)[0] ?? '', next),
}
for (const [kind, make] of Object.entries(KINDS))
  test(`${count} of ${kind}, from seed ${SEED}`, () => {
    for (let each = SEED; each < SEED + count; each++) {
      const next = random(each)
      const text = make(next, each)
      try {
        tryAll(text, mutated('web:&db*[1:2],!~h.x', next))
      } catch (error) {
        throw new Error(`REGPLAY_SEED=${each}: ${JSON.stringify(text)}`, { cause: error })
      }
    }
  }, 600_000)

test.run()
