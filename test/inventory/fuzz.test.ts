import * as assert from 'uvu/assert'
import { selectHosts } from '../../src/inventory/pattern.ts'
import { suite } from '../support/suite.ts'
import { fromIni, listed } from './support.ts'

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
    '\n',
  ],
  ...[
    '"',
    "'",
    '#',
    ';',
    '\\',
    '{',
    '}',
    '(',
    ')',
    ',',
    'x=1',
    'y="[1, 2]"',
    '{{ z }}',
    '-',
    '~',
    '!',
    '&',
    '*',
    '0x',
    '1e',
    '\0',
  ],
]

/** A small generator of numbers, so that a failure can be repeated from its seed. */
function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

test('ten thousand random inventories and patterns give faults, never exceptions', () => {
  const first = Date.now() % 1_000_000
  for (let seed = first; seed < first + 10_000; seed++) {
    const next = random(seed)
    const text = (count: number): string =>
      Array.from({ length: Math.floor(next() * count) }, () => PIECES[Math.floor(next() * PIECES.length)]).join('')
    const ini = text(60)
    try {
      const { inventory, faults } = fromIni(ini)
      for (const fault of faults) assert.ok(fault.span && fault.message !== '')
      listed(inventory)
      selectHosts(inventory, text(8))
    } catch (error) {
      throw new Error(`seed ${seed}: ${JSON.stringify(ini)}`, { cause: error })
    }
  }
}, 60_000)

test.run()
