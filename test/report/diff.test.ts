import * as assert from 'uvu/assert'
import { unified } from '../../src/report/diff.ts'
import { suite } from '../support/suite.ts'

const test = suite('diff')
const NAMES = ['a', 'b'] as const

const CASES: Record<string, [before: string, after: string, lines: readonly string[]]> = {
  equal: ['a\n', 'a\n', []],
  'nothing to something': ['', 'a\nb\n', ['@@ -0,0 +1,2 @@', '+a', '+b']],
  'something to nothing': ['a\n', '', ['@@ -1 +0,0 @@', '-a']],
  'no end of line before': ['a', 'a\n', ['@@ -1 +1 @@', '-a', '\\ No newline at end of file', '+a']],
  'no end of line after': ['a\nb\n', 'a\nb', ['@@ -1,2 +1,2 @@', ' a', '-b', '+b', '\\ No newline at end of file']],
  'two hunks': [
    '1\n2\n3\n4\n5\n6\n7\n8\n9\n',
    'x\n2\n3\n4\n5\n6\n7\n8\ny\n',
    ['@@ -1,4 +1,4 @@', '-1', '+x', ' 2', ' 3', ' 4', '@@ -6,4 +6,4 @@', ' 6', ' 7', ' 8', '-9', '+y'],
  ],
  'one hunk where they touch': [
    '1\n2\n3\n4\n5\n6\n7\n8\n',
    'x\n2\n3\n4\n5\n6\n7\ny\n',
    ['@@ -1,8 +1,8 @@', '-1', '+x', ' 2', ' 3', ' 4', ' 5', ' 6', ' 7', '-8', '+y'],
  ],
}
for (const [name, [before, after, lines]] of Object.entries(CASES)) {
  test(name, () => assert.equal(unified(before, after, NAMES), lines.length === 0 ? [] : ['--- a', '+++ b', ...lines]))
}

/** Length of the longest common subsequence, by the textbook. */
function common(a: readonly string[], b: readonly string[]): number {
  let row = new Array<number>(b.length + 1).fill(0)
  for (const line of a) {
    const next = [0]
    b.forEach((other, j) => {
      next.push(line === other ? (row[j] ?? 0) + 1 : Math.max(row[j + 1] ?? 0, next[j] ?? 0))
    })
    row = next
  }
  return row.at(-1) ?? 0
}

test('random texts: a script that leads from one to the other, and none is shorter', () => {
  const seed = Date.now() % 1e9
  let state = seed
  const random = (below: number) => {
    state = (state * 1103515245 + 12345) % 2147483648
    return Math.floor((state / 2147483648) * below)
  }
  const lines = () => Array.from({ length: random(12) }, () => 'abc'[random(3)] ?? '')
  for (let i = 0; i < 2000; i++) {
    const [before, after] = [lines(), lines()]
    const text = (part: readonly string[]) => part.map(line => `${line}\n`).join('')
    const body = unified(text(before), text(after), NAMES, 100).slice(3)
    const side = (sign: string) => body.filter(line => line[0] === ' ' || line[0] === sign).map(line => line.slice(1))
    const about = `seed ${seed}, ${before.join('')} -> ${after.join('')}`
    if (before.join() === after.join()) assert.equal(body, [], about)
    else {
      assert.equal(side('-'), before, about)
      assert.equal(side('+'), after, about)
      assert.is(body.filter(line => line[0] === ' ').length, common(before, after), about)
    }
  }
})

test('texts that have nothing in common do not take for ever', () => {
  const text = (word: string) => Array.from({ length: 20_000 }, (_, i) => `${word} ${i}\n`).join('')
  assert.is(unified(text('a'), text('b'), NAMES).length, 2 + 1 + 40_000)
})

test.run()
