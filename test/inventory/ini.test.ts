import * as assert from 'uvu/assert'
import { parseHost } from '../../src/inventory/address.ts'
import { suite } from '../support/suite.ts'
import { fromIni, hostVariables, listed, short } from './support.ts'

const test = suite('inventory ini')

test('groups, children, ranges, aliases and values', () => {
  const { inventory, faults } = fromIni(`
; a comment
lonely ansible_host=10.0.0.9
[web]
web[01:03] n=1 s=abc l="[1, 'b']" q='"01"'   # the rest is a comment
[db]
db-[a:c].example.org:2222
[site:children]
db
web
[site:vars]
flag = True # c
text = hello # c
empty =
[web:vars]
flag=False
`)
  assert.equal(faults, [])
  assert.equal(listed(inventory), {
    _meta: {
      hostvars: {
        lonely: { ansible_host: '10.0.0.9' },
        ...Object.fromEntries(
          ['a', 'b', 'c'].map(x => [
            `db-${x}.example.org`,
            { flag: true, text: 'hello # c', empty: '', ansible_port: 2222 },
          ]),
        ),
        ...Object.fromEntries(
          ['01', '02', '03'].map(x => [
            `web${x}`,
            { flag: false, text: 'hello # c', empty: '', n: 1, s: 'abc', l: [1, 'b'], q: '01' },
          ]),
        ),
      },
    },
    all: { children: ['ungrouped', 'site'] },
    ungrouped: { hosts: ['lonely'] },
    site: { children: ['db', 'web'] },
    db: { hosts: ['db-a.example.org', 'db-b.example.org', 'db-c.example.org'] },
    web: { hosts: ['web01', 'web02', 'web03'] },
  })
})

/** Text, faults as line:col code. */
const FAULTS: [string, string, string[]][] = [
  ['an unclosed section', '[web\nh', ['1:1 ini-section']],
  ['a section with a blank', '[we b]\nh', ['1:1 ini-section']],
  ['an unknown kind of section', '[web:hsots]\nh', ['1:1 ini-section']],
  ['children that do not exist', '[web]\nh\n[all:children]\nwbe', ['4:1 unknown-group']],
  ['variables of a group that does not exist', 'h\n[wbe:vars]\na=1', ['2:1 unknown-group']],
  ['a group in itself', '[a:children]\na', ['2:1 group-cycle']],
  ['a circle of three', '[a:children]\nb\n[b:children]\nc\n[c:children]\na', ['6:1 group-cycle']],
  ['all below a group', '[a:children]\nall', ['2:1 group-cycle']],
  ['two ports of a host in a group', '[a]\nh:22\nh:23', ['3:1 host-twice']],
  ['two ports by variables', '[a]\nh ansible_port=22\nh ansible_port=23', ['3:1 host-twice']],
  ['two ports in two groups', '[a]\nh ansible_port=22\n[b]\nh ansible_port=23', []],
  ['a word without =', 'h key', ['1:3 ini-assignment']],
  ['a line without = in vars', '[a]\nh\n[a:vars]\nkey', ['4:1 ini-assignment']],
  ['an open quote', 'h a="b c', ['1:5 ini-quote']],
  ['port 0', 'h:0', ['1:1 port-range']],
  ['port 65536', 'h:65536', ['1:1 port-range']],
  ['port 22x', 'h ansible_port=22x', ['1:16 port-range']],
  ['port -1', 'h ansible_port=-1', ['1:16 port-range']],
  ['a port that is a template', 'h ansible_port="{{ p }}"', []],
  ['an option as a host', '-oProxyCommand=id', ['1:1 host-name']],
  ['a command as a host', '$(id)', ['1:1 host-name']],
  ['two commands', '"a;b"', ['1:1 host-name']],
  ['a blank in a host', '"a b"', ['1:1 host-name']],
  ['a path as a host', '../../x', ['1:1 host-name']],
  ['YAML', '---', ['1:1 host-name']],
  ['a user in a host', 'root@h', ['1:1 host-name']],
  ['a range backwards', 'web[3:1]', ['1:1 host-range']],
  ['a range too large', 'web[1:999999]', ['1:1 host-range']],
  ['two ranges too large', 'web[1:1000][1:1000]', ['1:1 host-range']],
  ['a range without end', 'web[1:]', ['1:1 host-range']],
  ['a range of unlike widths', 'web[01:100]', ['1:1 host-range']],
  ['a typo of ours', 'h regplay_prot=1', ['1:16 unknown-variable']],
  ['a typo of Ansible', 'h ansible_usr=1', ['1:15 variable-typo']],
  ['a comment in a value', 'h p=a#b', ['1:6 ini-comment']],
  ['all at once', '[web\n$(id)\nh key', ['1:1 ini-section', '2:1 host-name', '3:3 ini-assignment']],
  ['a priority that is none', '[a]\nh\n[a:vars]\nansible_group_priority=x', ['4:24 group-priority']],
  ['BOM and CRLF', '\uFEFF[a]\r\nh a=1\r\n', []],
]
test('a key is never quoted', () => {
  const { faults } = fromIni('-----BEGIN PRIVATE KEY-----\nMIIEvAIBADANBg=\nline two\n-----END PRIVATE KEY-----\n')
  assert.equal(short(faults), ['1:1 inventory-pem'])
  assert.not.match(JSON.stringify(faults), 'MIIE')
})

for (const [name, text, faults] of FAULTS) test(name, () => assert.equal(short(fromIni(text).faults), faults))

test('a circle is told whole', () => {
  const [fault] = fromIni('[a:children]\nb\n[b:children]\nc\n[c:children]\na').faults
  assert.match(fault?.message ?? '', /(a -> b -> c -> a)|(b -> c -> a -> b)|(c -> a -> b -> c)/)
})
test('a child that does not exist gets its nearest name', () => {
  assert.match(fromIni('[web]\nh\n[all:children]\nwbe').faults[0]?.remedy ?? '', /"web"/)
})

/** Pattern, names or nothing for a fault, port. */
const HOSTS: [string, readonly string[] | undefined, number?][] = [
  ['web[1:3]', ['web1', 'web2', 'web3']],
  ['web[01:10:4]', ['web01', 'web05', 'web09']],
  ['web[:2]', ['web0', 'web1', 'web2']],
  ['[a:c].x', ['a.x', 'b.x', 'c.x']],
  ['[a:b][1:2]', ['a1', 'a2', 'b1', 'b2']],
  ['[y:B]', ['y', 'z', 'A', 'B']],
  ['h:2222', ['h'], 2222],
  ['10.0.0.[1:2]:22', ['10.0.0.1', '10.0.0.2'], 22],
  ['fd00::1', ['fd00::1']],
  ['[fd00::1]:22', ['fd00::1'], 22],
  ['[fd00::1]', ['fd00::1']],
  ['my_host-1.example', ['my_host-1.example']],
  ['münchen', ['münchen']],
  ['h:', undefined],
  ['a..b', undefined],
  ['..', undefined],
  ['.a', undefined],
  ['a\nb', undefined],
  ['x'.repeat(254), undefined],
]
for (const [text, names, port] of HOSTS)
  test(`host ${JSON.stringify(text).slice(0, 40)}`, () => {
    const got = parseHost(text)
    if (names === undefined) assert.ok('message' in got)
    else assert.equal(got, port === undefined ? { names } : { names, port })
  })

test('500 hostile names: none becomes a host', () => {
  const pieces = [
    '-o',
    '$(id)',
    '`id`',
    ';',
    '|',
    '&&',
    '/',
    '\\',
    '\n',
    ' ',
    '\0',
    '"',
    "'",
    '%',
    '*',
    '~',
    '<',
    '>',
    '{',
    '!',
  ]
  for (let i = 0; i < 500; i++) {
    const name = `${i % 2 ? 'a' : ''}${pieces[i % pieces.length]}${i}`
    assert.ok('message' in parseHost(name), JSON.stringify(name))
  }
})

test('deeper groups win, then priority, then the name', () => {
  const { inventory } = fromIni(`
[b]
h
[a]
h
[z:children]
a
[all:vars]
v=all
w=all
[z:vars]
v=z
[a:vars]
v=a
w=a
[b:vars]
v=b
w=b
[y]
h
[y:vars]
w=y
u=y
ansible_group_priority=5
[x]
h
[x:vars]
u=x
`)
  // a is below z and so deeper than b, x and y
  assert.equal(hostVariables(inventory, 'h'), { v: 'a', w: 'a', u: 'y' })
})

test('ten thousand hosts in a thousand groups share what can be shared', () => {
  const lines = Array.from({ length: 1000 }, (_none, g) => `[g${g}]\nh${g}-[1:10]`)
  const { inventory } = fromIni(`${lines.join('\n')}\n[top:children]\n${lines.map((_none, g) => `g${g}`).join('\n')}`)
  assert.is(inventory.hosts.size, 10_000)
  const chains = new Set([...inventory.hosts.values()].map(host => inventory.chain(host)))
  assert.is(chains.size, 1000)
})

test.run()
