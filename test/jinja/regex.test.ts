import assert from 'node:assert/strict'
import { backtracker } from '../../src/jinja/regex/backtrack.ts'
import { compilePattern } from '../../src/jinja/regex/pattern.ts'
import { ambiguity, toRegExp } from '../../src/jinja/regex/translate.ts'
import { suite } from '../support/suite.ts'

const test = suite('jinja: regular expressions')

const PIECES = [
  'a',
  'b',
  '.',
  '\\w',
  '\\d',
  '[ab]',
  '[^a]',
  '(a)',
  '(b|a)',
  '(?:ab)',
  '^',
  '$',
  '\\b',
  '(?=a)',
  '(?<!b)',
  'é',
  ' ',
]
const COUNTS = ['', '', '', '*', '+', '?', '{2}', '{1,2}', '*?', '+?']
const LETTERS = ['a', 'b', 'c', '1', ' ', 'é', '\n', '😀']

/** A small generator that repeats for a seed. */
function chance(seed: number): (limit: number) => number {
  let state = seed
  return limit => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
    return (state >> 8) % limit
  }
}

test('our matcher and that of JavaScript find the same', () => {
  const seed = Date.now() & 0xffff
  const below = chance(seed)
  const pick = (list: readonly string[]): string => list[below(list.length)] ?? ''
  for (let round = 0; round < 2_000; round++) {
    const source = Array.from({ length: 1 + below(4) }, () => {
      const piece = pick(PIECES)
      return /^[\^$]$|^\\b|^\(\?[=<]/.test(piece) ? piece : piece + pick(COUNTS)
    }).join('')
    const text = Array.from({ length: below(9) }, () => pick(LETTERS)).join('')
    const { pattern } = compilePattern(source)
    const native = toRegExp(pattern)
    assert.ok(native, source)
    const theirs = compilePattern(source).find(text)
    const ours = backtracker(pattern)(text, 0, false, { steps: 0 })
    const said =
      ours &&
      Array.from({ length: ours.length / 2 }, (_item, index) => {
        const [start, end] = [ours[index * 2] ?? -1, ours[index * 2 + 1] ?? -1]
        return end < 0 ? undefined : text.slice(start, end)
      })
    // JavaScript empties the groups of a repetition at each round, Python keeps them: only the whole match must agree.
    assert.deepEqual(
      [ours?.[0], said?.[0]],
      [theirs?.start, theirs?.groups[0]],
      `seed ${seed}: /${source}/ in ${JSON.stringify(text)}`,
    )
  }
})

test('what can take long is known beforehand', () => {
  const rows: readonly (readonly [string, boolean, number])[] = [
    ['(a+)+$', true, 2],
    ['(a|aa)*', true, 1],
    ['^(\\d{1,3}\\.){3}\\d{1,3}$', false, 0],
    ['a*b*c*', false, 3],
    ['(?:abc)*', false, 1],
    ['a{1,3}', false, 0],
  ]
  for (const [source, nested, open] of rows) {
    assert.deepEqual(ambiguity(compilePattern(source).pattern.body), { nested, open }, source)
  }
})

test.run()
