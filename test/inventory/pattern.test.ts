import * as assert from 'uvu/assert'
import { limitHosts, selectHosts, splitPattern } from '../../src/inventory/pattern.ts'
import { SEED } from '../support/seed.ts'
import { suite } from '../support/suite.ts'
import { random } from './generate.ts'
import { startReference } from './reference.ts'
import { fromIni, withFiles } from './support.ts'

const test = suite('inventory patterns')
const HOSTS = `
lone
fd00::1
[web]
web[1:3]
w.example.org
[db]
db1
web3
[empty]
[site:children]
web
db
`
const { inventory } = fromIni(HOSTS)
const names = (pattern: string | string[]): string =>
  selectHosts(inventory, pattern)
    .hosts.map(host => host.name)
    .join(' ')

const ALL = 'lone fd00::1 web1 web2 web3 w.example.org db1'
const TABLE: [string, string][] = [
  ['all', ALL],
  ['*', ALL],
  ['web', 'web1 web2 web3 w.example.org'],
  ['web1', 'web1'],
  ['web:db', 'web1 web2 web3 w.example.org db1'],
  ['web,db1', 'web1 web2 web3 w.example.org db1'],
  ['web:&db', 'web3'],
  ['&db:web', 'web3'],
  ['web:!db', 'web1 web2 w.example.org'],
  ['!web', 'lone fd00::1 db1'],
  ['site:&web:!db', 'web1 web2 w.example.org'],
  ['web[0]', 'web1'],
  ['web[-1]', 'w.example.org'],
  ['web[1:2]', 'web2 web3'],
  ['web[2:]', 'web3 w.example.org'],
  ['web?', 'web1 web2 web3'],
  ['web[12]', 'web1 web2'],
  ['web*', 'web1 web2 web3 w.example.org'],
  ['*.example.org', 'w.example.org'],
  ['~web[13]$', 'web1 web3'],
  ['~(web|db)1', 'web1 db1'],
  ['~eb', ''],
  ['ungrouped', 'lone fd00::1'],
  ['localhost', 'localhost'],
  ['fd00::1', 'fd00::1'],
  ['empty', ''],
  ['web1:nosuch', 'web1'],
  [' web1 , db1 ', 'web1 db1'],
]
for (const [pattern, hosts] of TABLE)
  test(pattern, () => {
    // [12] after a name is a subscript before it is a set of letters
    assert.is(names(pattern), pattern === 'web[12]' ? '' : hosts)
  })

test('a pattern that matches nothing names itself and the groups', () => {
  const { faults } = selectHosts(inventory, 'wbe', { file: 'p.yml', line: 3, col: 5 })
  assert.is(faults.length, 1)
  assert.is(faults[0]?.severity, 'error')
  assert.match(faults[0]?.message ?? '', /^Could not match supplied host pattern, there is no such host or group: wbe$/)
  assert.match(faults[0]?.remedy ?? '', /"web".*web, db, empty, site/)
  assert.is(faults[0]?.span?.line, 3)
})
test('a part that matches nothing is a warning', () => {
  assert.equal(
    selectHosts(inventory, 'web1:nosuch').faults.map(({ severity, message }) => `${severity}: ${message}`),
    ['warning: Could not match supplied host pattern, ignoring: nosuch'],
  )
})
test('an empty group is no fault', () => assert.equal(selectHosts(inventory, 'empty').faults, []))
test('a regular expression that is none', () =>
  assert.is(selectHosts(inventory, '~(').faults[0]?.code, 'pattern-regex'))
test('a subscript too far', () => assert.is(selectHosts(inventory, 'web[9]').faults[0]?.code, 'pattern-subscript'))
test('lists', () => assert.is(names(['web1', 'db1,lone']), 'web1 db1 lone'))

test('limits narrow, and may stand in a file', async () => {
  const { hosts } = selectHosts(inventory, 'site')
  const limited = (limit: string): string =>
    limitHosts(inventory, hosts, limit)
      .hosts.map(host => host.name)
      .join(' ')
  assert.is(limited('db'), 'web3 db1')
  assert.is(limited('lone'), '')
  assert.is(limited('!db'), 'web1 web2 w.example.org')
  await withFiles({ retry: 'web1\n\nweb2\n' }, dir => assert.is(limited(`@${dir}/retry`), 'web1 web2'))
  assert.is(limitHosts(inventory, hosts, '@/nonexistent').faults[0]?.code, 'limit-unreadable')
  assert.match(limitHosts(inventory, hosts, '@/').faults[0]?.message ?? '', /must be a file/)
  assert.is(limitHosts(inventory, hosts, 'nosuch').faults[0]?.severity, 'error')
})

test('splitting', () => {
  assert.equal(splitPattern('a:b[0:2]:&c'), ['a', 'b[0:2]', '&c'])
  assert.equal(splitPattern('a,fd00::1'), ['a', 'fd00::1'])
})

const ODD = [
  ...[
    '',
    'web[-2:]',
    'web[1-2]',
    'web[1:9]',
    'web[3:1]',
    'web*[0]',
    '*[0]',
    'all[-1]',
    'web[01]',
    'web,web1',
    'web1,web1',
  ],
  ...[
    '10.0.0.*',
    '10.0.0.[12]',
    'web-2',
    'web-2[1]',
    '[wd]*',
    '[!w]*',
    'al*',
    'ungr*',
    '127.0.0.1',
    '::1',
    'web.',
    'nosuch',
  ],
  ...['!nosuch', '&nosuch', 'web:&nosuch', 'all:!all', 'a:b[0:2]:&c', '*:!~.*\\d$', '~^w.*g$', 'db:web', 'x1:x2:!x1'],
]
const WORDS = [
  'web',
  'db',
  'site',
  'all',
  'web1',
  'web3',
  'lone',
  '*1',
  'w*',
  '~w.*',
  '~.*1$',
  'x?',
  'empty',
  'nope',
  '[wx]*',
]

/** A few words with signs and subscripts. */
function made(count: number): string[] {
  const next = random(SEED)
  const pick = (words: readonly string[]): string => words[Math.floor(next() * words.length)] ?? ''
  const word = (): string =>
    pick(['', '', '!', '&']) + pick(WORDS) + (next() < 0.2 ? pick(['[0]', '[1:]', '[0:1]', '[-1]']) : '')
  return Array.from({ length: count }, () =>
    Array.from({ length: 1 + Math.floor(next() * 4) }, word).join(pick([',', ':'])),
  )
}

const reference = startReference()
test.after(() => reference?.close())
if (reference)
  test(
    `a pattern selects what Ansible selects, also random ones (seed ${SEED})`,
    () =>
      withFiles({ hosts: HOSTS }, async dir => {
        const patterns = [...TABLE.map(([pattern]) => pattern), ...ODD, ...made(300)]
        const theirs = await reference.selected(dir, patterns)
        const ours = patterns.map(pattern => selectHosts(inventory, pattern))
        const shown = (found: readonly (readonly string[] | null)[]) =>
          found.map((hosts, index) => `${JSON.stringify(patterns[index])}: ${hosts?.join(' ') ?? 'wrong'}`)
        assert.equal(
          shown(ours.map(({ hosts }, index) => (theirs[index] === null ? null : hosts.map(host => host.name)))),
          shown(theirs),
        )
        for (const [index, each] of theirs.entries())
          if (each === null)
            assert.ok(
              ours[index]?.faults.some(fault => fault.severity === 'error'),
              patterns[index],
            )
      }),
    30_000,
  )
else test.skip('a pattern selects what Ansible selects', 'ansible-inventory is not installed')

test.run()
