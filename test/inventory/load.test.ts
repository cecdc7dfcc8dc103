import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { InputError } from '../../src/base/diagnostic.ts'
import { loadInventory } from '../../src/inventory/load.ts'
import { suite } from '../support/suite.ts'
import { hostVariables, listed, short, withFiles } from './support.ts'

const test = suite('inventory sources')

const YAML = `
all:
  hosts:
    top:
  vars: {v: all, w: all}
  children:
    web:
      hosts:
        web[1:2]: {n: 1}
      vars: {v: web}
    site:
      children:
        web:
        db:
          hosts: db1
`

/** What becomes of a source that is not there: its fault, or `refused`. */
const UNREAD: Record<string, [unread: 'all' | 'never' | undefined, sources: string[], wanted: string[]]> = {
  'one is an error': [undefined, ['a,', '/nowhere'], ['refused']],
  'one is none where all would be': ['all', ['a,', '/nowhere'], ['warning source-missing']],
  'all are one where all would be': ['all', ['/nowhere'], ['refused']],
  'none is': ['never', ['/nowhere'], ['warning source-missing']],
}
for (const [title, [unread, sources, wanted]] of Object.entries(UNREAD))
  test(`of sources that cannot be read ${title}`, async () => {
    const told = await loadInventory(sources, { ...(unread && { unread }) }).then(
      ({ faults }) => faults.map(({ severity, code }) => `${severity} ${code}`),
      error => [error instanceof InputError ? 'refused' : String(error)],
    )
    assert.equal(told, wanted)
  })

test('a damaged source beside a good one is told of, and the good one counts', () =>
  withFiles({ 'bad.yml': 'all: {hosts: [x]}\n' }, async dir => {
    const { inventory, faults } = await loadInventory([join(dir, 'bad.yml'), 'a,'], { unread: 'all' })
    assert.ok(faults.length > 0 && faults.every(({ severity }) => severity === 'warning'))
    assert.ok(inventory.hosts.has('a'))
  }))

test('names of groups are judged where that is asked for', () =>
  withFiles({ hosts: '[a-b]\nx\n[c_d]\ny\n[1e]\nz\n' }, async dir => {
    const judged = async (judgeNames: boolean) =>
      (await loadInventory([join(dir, 'hosts')], { judgeNames })).faults.map(({ message }) => message)
    assert.equal(await judged(false), [])
    assert.match((await judged(true)).join(), /found in group names but not replaced: a-b, 1e$/)
  }))

test('names of groups become names of variables where that is asked for', () =>
  withFiles(
    { hosts: '[a-b]\nx\n[c_d]\ny\n[p.q:children]\na-b\nlate-r\n[late-r]\nz\n', 'group_vars/a_b': 'v: 1\n' },
    async dir => {
      const load = (safeNames: 'told' | 'silently') => loadInventory([join(dir, 'hosts')], { safeNames })
      const { inventory, faults } = await load('told')
      assert.equal([...inventory.groups.keys()], ['all', 'ungrouped', 'a_b', 'c_d', 'p_q', 'late_r'])
      assert.equal(
        [...(inventory.groups.get('p_q')?.children ?? [])].map(({ name }) => name),
        ['a_b', 'late_r'],
      )
      assert.equal(hostVariables(inventory, 'x'), { v: 1 })
      assert.match(
        faults.map(({ message }) => message).join(),
        /automatically replaced: a-b -> a_b, p.q -> p_q, late-r -> late_r$/,
      )
      assert.equal((await load('silently')).faults, [])
    },
  ))

test('YAML', () =>
  withFiles({ 'i.yml': YAML }, async dir => {
    const { inventory, faults } = await loadInventory([join(dir, 'i.yml')])
    assert.equal(faults, [])
    assert.equal(listed(inventory), {
      _meta: {
        hostvars: {
          top: { v: 'all', w: 'all' },
          web1: { v: 'web', w: 'all', n: 1 },
          web2: { v: 'web', w: 'all', n: 1 },
          db1: { v: 'all', w: 'all' },
        },
      },
      all: { children: ['ungrouped', 'web', 'site'] },
      ungrouped: { hosts: ['top'] },
      web: { hosts: ['web1', 'web2'] },
      site: { children: ['web', 'db'] },
      db: { hosts: ['db1'] },
    })
  }))

test('without an ending the content decides', () =>
  withFiles({ a: YAML, b: '[g]\nh1\n', c: '{"all": {"hosts": {"j": null}}}' }, async dir => {
    const { inventory } = await loadInventory(['a', 'b', 'c'].map(name => join(dir, name)))
    assert.equal([...inventory.hosts.keys()].sort(), ['db1', 'h1', 'j', 'top', 'web1', 'web2'])
  }))

/** Content, faults. */
const YAML_FAULTS: [string, string[]][] = [
  ['- a\n', ['1:1 inventory-shape']],
  ['all:\n  hosts: [a]\n', ['2:10 inventory-shape']],
  ['all:\n  hots:\n    a:\n', ['2:3 inventory-key', 'inventory-empty']],
  ['all:\n  hosts:\n    a: 1\n', ['3:8 inventory-shape']],
  ['all:\n  hosts:\n    1234:\n    "1235":\n    on: {}\n', ['3:5 host-name', '5:5 host-name']],
  ['all:\n  hosts:\n    $(id):\n    "b c": {}\n', ['3:5 host-name', '4:6 host-name']],
  ['all:\n  hosts:\n    a: {ansible_port: 99999}\n', ['3:23 port-range']],
  ['a:\n  hosts: h\n  children:\n    b:\n      children:\n        a:\n', ['4:5 group-cycle']],
  ['plugin: aws_ec2\n', ['1:9 inventory-plugin']],
  ['', ['inventory-empty']],
]
for (const [text, faults] of YAML_FAULTS)
  test(`YAML faults of ${JSON.stringify(text).slice(0, 50)}`, () =>
    withFiles({ 'i.yml': text }, async dir => {
      assert.equal(short((await loadInventory([join(dir, 'i.yml')])).faults), faults)
    }))

test('host lists', async () => {
  const { inventory, faults } = await loadInventory(['a,b[1:2]:2222,', 'c,'])
  assert.equal(faults, [])
  assert.equal([...inventory.hosts.keys()], ['a', 'b1', 'b2', 'c'])
  assert.equal(short((await loadInventory(['a, $(id)'])).faults), ['1:4 host-name'])
})

test('a directory: sources by name, ignored endings, variables beside them', () =>
  withFiles(
    {
      '01-hosts': '[web]\nh1\n',
      '02.yml': 'web: {hosts: {h2: }}\n',
      'notes.txt': '$(id)\n',
      'old.bak': '$(id)\n',
      'ca/ca-key.pem': '-----BEGIN PRIVATE KEY-----\n',
      'downloads/storage.tar.gz': '$(id)\n',
      '.hidden': '$(id)\n',
      'group_vars/all.yml': 'a: all\nb: all\n',
      'group_vars/web/1.yml': 'b: one\nc: one\n',
      'group_vars/web/2.yaml': 'c: two\n',
      'group_vars/web/skip.txt': '- not read\n',
      'host_vars/h1.json': '{"c": "host"}',
      'host_vars/h2': 'd: 0644\n',
    },
    async dir => {
      const { inventory, faults } = await loadInventory([dir])
      assert.equal(faults, [])
      assert.equal(listed(inventory)['_meta'], {
        hostvars: { h1: { a: 'all', b: 'one', c: 'host' }, h2: { a: 'all', b: 'one', c: 'two', d: 420 } },
      })
    },
  ))

test('faults in variable files are told together', () =>
  withFiles(
    { hosts: 'h1\nh2\n', 'group_vars/all.yml': '- a\n', 'host_vars/h1.yml': 'a: [\n', 'host_vars/h2.yml': 'ok: 1\n' },
    async dir => {
      const { faults } = await loadInventory([join(dir, 'hosts')])
      assert.is(faults.length, 2)
      assert.is(faults[0]?.code, 'vars-shape')
      assert.match(faults[1]?.span?.file ?? '', /host_vars\/h1\.yml$/)
    },
  ))

const LIST = '{"web": {"hosts": ["h1", "h2"], "vars": {"v": 1}, "children": ["sub"]}, "sub": ["h3"]'
test('a program that answers --list with _meta', () =>
  withFiles(
    {
      inv: `#!/bin/sh\n[ "$1" = --list ] || exit 9\ncat <<'E'\n${LIST}, "_meta": {"hostvars": {"h1": {"x": [1, "a"]}}}}\nE\n`,
    },
    async dir => {
      const { inventory, faults } = await loadInventory([join(dir, 'inv')])
      assert.equal(faults, [])
      assert.equal(listed(inventory), {
        _meta: { hostvars: { h1: { v: 1, x: [1, 'a'] }, h2: { v: 1 }, h3: { v: 1 } } },
        all: { children: ['ungrouped', 'web'] },
        web: { hosts: ['h1', 'h2'], children: ['sub'] },
        sub: { hosts: ['h3'] },
      })
    },
  ))

test('a program may tell of a host by its name alone; names are taken as they are, or refused', () =>
  withFiles(
    {
      inv: `#!/bin/sh\ncat <<'E'\n{"h1": {"x": 1}, "g": ["a[1:2]", "-oProxyCommand=id", "fd00::1"], "_meta": {"hostvars": {}}}\nE\n`,
    },
    async dir => {
      const { inventory, faults } = await loadInventory([join(dir, 'inv')])
      assert.equal([...inventory.hosts.keys()], ['h1', 'fd00::1'])
      assert.equal(short(faults), ['1:1 inventory-script', '1:1 host-name', '1:1 host-name', 'host-and-group'])
    },
  ))

const WRONG_EXPRESSIONS = `plugin: constructed
strict: true
compose:
  a: nothing + 1
groups:
  g: "1 +"
keyed_groups:
  - {key: none}
  - {prefix: p}
  - {key: n, default_value: x, trailing_separator: false}
  - {key: n, parent_group: "{{ nothing }}"}
strcit: false
`
test('constructed groups: with strict, what fails is told', () =>
  withFiles({ hosts: 'h n=1\n', 'c.yml': WRONG_EXPRESSIONS }, async dir => {
    const { inventory, faults } = await loadInventory([join(dir, 'hosts'), join(dir, 'c.yml')])
    assert.equal(short(faults), [
      ...['12:1 inventory-key', '4:6 inventory-expression', '6:7 inventory-expression', '8:11 inventory-expression'],
      ...['9:5 inventory-shape', '10:5 inventory-shape', '11:29 inventory-expression'],
    ])
    assert.ok(inventory.groups.has('_1'))
  }))

test('constructed groups: nothing that a lookup or a vault would give', () =>
  withFiles(
    {
      hosts: 'h n=1 t="{{ t }}" late="{{ lookup(\'pipe\', \'id\') }}"\n',
      'c.yml': 'plugin: constructed\ncompose: {a: late, b: t, c: n}\ngroups:\n  x: lookup("pipe", "id")\n',
    },
    async dir => {
      const { inventory, faults } = await loadInventory([join(dir, 'hosts'), join(dir, 'c.yml')])
      assert.equal(faults, [])
      assert.equal([...(inventory.hosts.get('h')?.vars.keys() ?? [])], ['n', 't', 'late', 'c'])
      assert.is(inventory.groups.has('x'), false)
    },
  ))

test('a program without _meta is asked for each host', () =>
  withFiles(
    {
      inv: `#!/bin/sh\nif [ "$1" = --list ]; then echo '["x"]' | sed 's/.*/{"g": ["h1"]}/'; else echo "{\\"me\\": \\"$2\\"}"; fi\n`,
    },
    async dir => {
      const { inventory, faults } = await loadInventory([join(dir, 'inv')])
      assert.equal(faults, [])
      assert.equal(listed(inventory)['_meta'], { hostvars: { h1: { me: 'h1' } } })
    },
  ))

/** Program, words of the fault. */
const PROGRAMS: [string, string, RegExp][] = [
  ['fails', '#!/bin/sh\necho broken pipe dream >&2\nexit 3\n', /broken pipe dream/],
  ['fails in silence', '#!/bin/sh\nexit 3\n', /returned non-zero exit code 3: .*inv --list$/],
  ['cannot be run', '#!/nowhere/at/all\n', /Failed to execute/],
  ['prints other bytes', '#!/bin/sh\nprintf \'{"a": "\\377"}\'\n', /cannot be interpreted as UTF-8 \(.*inv --list\)/],
  ['has no object for _meta', '#!/bin/sh\necho \'{"_meta": []}\'\n', /"_meta" is no object/],
  [
    'has a number for its way',
    `#!/bin/sh\necho '{"_meta": {"profile": ${2n ** 70n}}}'\n`,
    /profile" is 1180591620717411303424,/,
  ],
  ['writes in another way', '#!/bin/sh\necho \'{"_meta": {"profile": "x"}}\'\n', /profile" is "x"/],
  ['lists its hostvars', '#!/bin/sh\necho \'{"_meta": {"hostvars": []}}\'\n', /hostvars" is no object/],
  ['lists variables', '#!/bin/sh\necho \'{"g": {"vars": []}}\'\n', /"g" has no object of variables/],
  ['names one child', '#!/bin/sh\necho \'{"g": {"children": "c"}}\'\n', /"g" has no list of children/],
  ['has no list of hosts', '#!/bin/sh\necho \'{"g": null}\'\n', /"g" has no list of hosts/],
  ['prints no JSON', '#!/bin/sh\necho hello\n', /result could not be parsed as JSON \(.*inv --list\)/],
  [
    'prints no JSON for a host',
    '#!/bin/sh\n[ "$1" = --list ] && echo \'{"g": ["h"]}\' || echo hello\n',
    /result for host 'h' could not be parsed as JSON \(.*inv --host h\)/,
  ],
  ['prints a list', '#!/bin/sh\necho "[]"\n', /no JSON object/],
  ['hangs', '#!/bin/sh\nexec sleep 100\n', /did not end within/],
]
for (const [name, text, words] of PROGRAMS)
  test(`a program that ${name}`, () =>
    withFiles({ inv: text }, async dir => {
      const { faults } = await loadInventory([join(dir, 'inv')], { scriptTimeout: 0.5 })
      assert.is(faults[0]?.code, 'inventory-script')
      assert.match(faults[0]?.message ?? '', words)
    }))

/** Program, hosts with their variables, faults. */
const FINE_PROGRAMS: [string, string, string, RegExp[]][] = [
  ['prints nothing for a host', 'test "$1" = --host || echo \'{"g": ["h"]}\'', '{"h":{}}', []],
  [
    'says something',
    'echo slow today >&2; echo \'["h"]\' | sed \'s/.*/{"g": &, "_meta": {"hostvars": {"h": {"x": 1}}}}/\'',
    '{"h":{"x":1}}',
    [/says: slow today$/],
  ],
  [
    'has variables for a group',
    'echo \'{"_meta": {"profile": "inventory_legacy", "hostvars": {}}, "h": {"x": 1}}\'',
    '{"h":{}}',
    [/Treating malformed group 'h' as/, /both a host and a group/],
  ],
]
for (const [name, text, hosts, words] of FINE_PROGRAMS)
  test(`a program that ${name} is read`, () =>
    withFiles({ inv: `#!/bin/sh\n${text}\n` }, async dir => {
      const { inventory, faults } = await loadInventory([join(dir, 'inv')])
      assert.equal(
        faults.map(({ message }, index) => words[index]?.test(message) ?? message),
        words.map(() => true),
      )
      const found = [...inventory.hosts.values()].map(host => [
        host.name,
        Object.fromEntries(
          [...host.vars].map(([key, { node }]) => [key, node.kind === 'scalar' ? node.value : node.kind]),
        ),
      ])
      assert.is(JSON.stringify(Object.fromEntries(found)), hosts)
    }))

test('modes', () =>
  withFiles({ prog: '#!/bin/sh\n', plain: 'h\n' }, async dir => {
    chmodSync(join(dir, 'prog'), 0o644)
    assert.equal(short((await loadInventory([join(dir, 'prog')])).faults), ['1:1 inventory-script'])
    chmodSync(join(dir, 'prog'), 0o777)
    assert.equal(short((await loadInventory([join(dir, 'prog')])).faults), ['1:1 inventory-writable'])
    chmodSync(join(dir, 'plain'), 0o666)
    const { faults } = await loadInventory([join(dir, 'plain')])
    assert.equal(
      faults.map(each => `${each.severity} ${each.message}`),
      ['warning the inventory may be written by everybody (mode 0666)'],
    )
  }))

test('what is missing has its own exit code', async () => {
  try {
    await loadInventory(['/nonexistent/hosts'])
    assert.unreachable()
  } catch (error) {
    assert.ok(error instanceof InputError)
    assert.is(error.exit, 66)
    assert.match(error.message, /\/nonexistent\/hosts/)
  }
})

test('UTF-16, NUL and empty files', () =>
  withFiles({ utf: '', nul: 'ab\0\n', empty: '# nothing\n' }, async dir => {
    const { writeFileSync } = await import('node:fs')
    writeFileSync(join(dir, 'utf'), Buffer.from('\uFEFFhost\n', 'utf16le'))
    assert.match((await loadInventory([join(dir, 'utf')])).faults[0]?.message ?? '', /UTF-16/)
    assert.match((await loadInventory([join(dir, 'nul')])).faults[0]?.message ?? '', /offset 2/)
    assert.equal(short((await loadInventory([join(dir, 'empty')])).faults), ['inventory-empty'])
    mkdirSync(join(dir, 'd'))
    assert.equal(short((await loadInventory([join(dir, 'd')])).faults), ['inventory-empty'])
  }))

test('no source at all is fine: there is localhost', async () => {
  const { inventory, faults } = await loadInventory([])
  assert.equal(faults, [])
  assert.is(inventory.find('localhost')?.implicit, true)
})

test.run()
