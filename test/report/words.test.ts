import * as assert from 'uvu/assert'
import { bytes, duration, pace } from '../../src/report/size.ts'
import { clip, visible, visibleLine } from '../../src/report/visible.ts'
import { suite } from '../support/suite.ts'
import { EVIL } from './events.ts'

const test = suite('words')

const BYTES: [number, string][] = [
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1.0 KiB'],
  [1536, '1.5 KiB'],
  [1_048_000, '1.0 MiB'],
  [1024 ** 2 * 100, '100 MiB'],
  [1024 ** 3 * 1.5, '1.5 GiB'],
  [1024 ** 6, '1024 PiB'],
]
for (const [count, text] of BYTES) test(text, () => assert.is(bytes(count), text))

const TIMES: [number, string][] = [
  [0, '0 ms'],
  [999, '999 ms'],
  [999.6, '1.0 s'],
  [59_940, '59.9 s'],
  [59_960, '1 min 00 s'],
  [252_000, '4 min 12 s'],
  [7_500_000, '2 h 05 min'],
]
for (const [ms, text] of TIMES) test(text, () => assert.is(duration(ms), text))

test('a pace says what is known', () => {
  assert.is(pace({ done: 1024, total: null, rate: 0 }), '1.0 KiB')
  assert.is(pace({ done: 1024, total: 4096, rate: 1024 }), '1.0 KiB of 4.0 KiB (25%), 1.0 KiB/s, 3.0 s left')
  assert.is(pace({ done: 4096, total: 4096, rate: 1024 }), '4.0 KiB of 4.0 KiB (100%), 1.0 KiB/s')
  assert.is(pace({ done: 0, total: 0, rate: 0 }), '0 B')
})

test('nothing acts on the terminal', () => {
  assert.is(visible(EVIL), 'a\\x1b[2Kb\\x1b]0;title\\x07c\\x0dd\\x9b31me\\u202ef')
  assert.is(visible('a\r\nb\tc\n'), 'a\nb\tc\n')
  assert.is(visibleLine('a\nb\tc'), 'a\\nb\\tc')
  assert.is(visible('\ud800'), '\ufffd')
  for (let code = 0; code < 0xa0; code++) {
    const char = String.fromCharCode(code)
    const acts = (code < 0x20 && char !== '\n' && char !== '\t') || code >= 0x7f
    assert.is(visible(char) === char, !acts, `U+${code.toString(16)}`)
  }
})

test('a long text is cut, and says so', () => assert.is(clip('abcdef', 4), 'abcd... (2 more characters)'))

test.run()
