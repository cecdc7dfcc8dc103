import { is } from 'uvu/assert'
import { distance, nearest } from '../../src/base/nearest.ts'
import { suite } from '../support/suite.ts'

const test = suite('base/nearest')
const KEYS = ['when', 'register', 'copy', 'become', 'tags', 'block', 'ansible.builtin.copy']

const ROWS: readonly (readonly [word: string, nearest: string | undefined])[] = [
  ['wehn', 'when'],
  ['regster', 'register'],
  ['ansible.builtin.cpoy', 'ansible.builtin.copy'],
  ['Become', 'become'],
  ['x', undefined],
  ['with_kittens', undefined],
  ['when', undefined],
]
for (const [word, expected] of ROWS) test(word, () => is(nearest(word, KEYS), expected))

test('distance counts a swap as one slip', () => {
  is(distance('ab', 'ba'), 1)
  is(distance('kitten', 'sitting'), 3)
  is(distance('', 'abc'), 3)
})

test.run()
