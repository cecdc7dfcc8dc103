import * as assert from 'uvu/assert'
import type { Value } from '../../src/base/value.ts'
import { VarsFiles } from '../../src/vars/vars-files.ts'
import { withFiles } from '../inventory/support.ts'
import { suite } from '../support/suite.ts'
import { mapping, playOf, storeOf } from './support.ts'

const test = suite('vars_files')

const FILES = {
  'a.yml': 'x: a\ny: a\nnext: b\n',
  'vars/a.yml': 'x: vars/a\nnext: b\n',
  'b.yml': 'x: b\nz: "{{ x }}!"\n',
  'Debian.yml': 'os: deb\n',
  'Alpine.yml': 'os: alp\n',
  'bad.yml': '- x\n',
}

/** A store of two hosts, and the frame of a play with these `vars_files`. */
function given(dir: string, files: string, ini = 'h1\nh2') {
  const { entries } = mapping(`f: ${files}`)
  const node = entries[0]?.value
  const varsFiles = new VarsFiles(node?.kind === 'sequence' ? node.items : [], dir)
  return { store: storeOf(ini), play: playOf('x: play', { varsFiles }) }
}

const FACTS = (os: string) => new Map<Value, Value>([['ansible_distribution', os]])

/** `vars_files`, and a variable with its value. */
const FOUND: Record<string, [files: string, name: string, value: unknown]> = {
  'the later wins': ['[a.yml, b.yml]', 'x', 'b'],
  'vars/ is looked into first': ['[a.yml]', 'x', 'vars/a'],
  'a file may name the next one': ['[a.yml, "{{ next }}.yml"]', 'z', 'b!'],
  'the first that is there': ['[[none.yml, b.yml, a.yml]]', 'x', 'b'],
  'what waits for facts is passed over': ['["{{ ansible_distribution }}.yml"]', 'x', 'play'],
  'of a list too': ['[["{{ ansible_distribution }}.yml", a.yml]]', 'x', 'play'],
}
for (const [title, [files, name, value]] of Object.entries(FOUND))
  test(title, () =>
    withFiles(FILES, dir => {
      const { store, play } = given(dir, files)
      assert.is(store.scope('h1', { play }).get(name), value)
    }),
  )

test('each host has the files that its facts name, as soon as they are known', () =>
  withFiles(FILES, dir => {
    const { store, play } = given(dir, '["{{ ansible_distribution }}.yml"]')
    const os = (host: string) => store.scope(host, { play }).get('os')
    assert.equal([os('h1'), os('h2')], [undefined, undefined])
    store.setFacts('h1', FACTS('Debian'))
    store.setFacts('h2', FACTS('Alpine'))
    assert.equal([os('h1'), os('h2')], ['deb', 'alp'])
  }))

/** `vars_files`, whether facts are there, and words of the error. */
const FAULTS: Record<string, [files: string, facts: boolean, words: RegExp]> = {
  'none is there': [
    '[[none.yml, more.yml]]',
    false,
    /p\.yml:1:\d+: there is no file of variables; .*vars\/none\.yml.*more\.yml/,
  ],
  'a name cannot be made out although facts are there': ['["{{ nope }}.yml"]', true, /'nope' is undefined/],
  'what is in it': ['[bad.yml]', false, /bad\.yml:1:1: error: the file holds a sequence/],
}
for (const [title, [files, facts, words]] of Object.entries(FAULTS))
  test(`fault: ${title}`, () =>
    withFiles(FILES, dir => {
      const { store, play } = given(dir, files)
      if (facts) store.setFacts('h1', FACTS('Debian'))
      // Told each time that it is asked, and the host's own variables are no worse for it
      for (const _ of [1, 2]) assert.throws(() => store.scope('h1', { play }).get('x'), words)
      assert.is(store.scope('h1').get('inventory_hostname'), 'h1')
    }))

test.run()
