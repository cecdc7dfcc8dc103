import * as assert from 'uvu/assert'
import { toJson, type Value } from '../../src/base/value.ts'
import { VarsDirectory } from '../../src/inventory/adjacent.ts'
import { loadInventory } from '../../src/inventory/load.ts'
import { evaluate, render } from '../../src/jinja/engine.ts'
import { explain } from '../../src/vars/explain.ts'
import { parseExtraVars } from '../../src/vars/extra.ts'
import { LEVELS, type Level } from '../../src/vars/precedence.ts'
import { VariableStore } from '../../src/vars/store.ts'
import { withFiles } from '../inventory/support.ts'
import { suite } from '../support/suite.ts'
import { mapping, playOf, storeOf } from './support.ts'

const test = suite('variables')

test('every level beats all that stand before it', () =>
  withFiles(
    {
      'inv/hosts': '[g]\nh x="inventory host"\n[g:vars]\nx=inventory group\n[all:vars]\nx=inventory all\n',
      'inv/group_vars/all': 'x: inventory group_vars/all\n',
      'inv/group_vars/g': 'x: inventory group_vars\n',
      'inv/host_vars/h': 'x: inventory host_vars\n',
      'play/group_vars/all': 'x: playbook group_vars/all\n',
      'play/group_vars/g': 'x: playbook group_vars\n',
      'play/host_vars/h': 'x: playbook host_vars\n',
    },
    async dir => {
      const { inventory, faults } = await loadInventory([`${dir}/inv/hosts`])
      assert.equal(faults, [])
      const say = (level: Level) => mapping(`x: ${level}`)
      const store = new VariableStore({
        inventory,
        run: { playbookDir: `${dir}/play`, version: '0' },
        extraVars: parseExtraVars(['x="extra vars"']).vars,
        playbookVars: new VarsDirectory(`${dir}/play`),
      })
      store.setFacts('h', new Map([['x', 'facts']]), true)
      store.includeVars('h', [
        ['x', { node: mapping('x: include_vars'), span: { file: 'f', line: 1, col: 1 }, origin: 'f' }],
      ])
      store.setFact('h', 'x', 'set_fact and register')
      const role = {
        name: 'r',
        dir: '/r',
        defaults: [say('role defaults')],
        vars: [say('role vars')],
        params: [say('role params')],
      }
      const scope = store.scope('h', {
        play: playOf('x: play vars', { prompts: new Map([['x', 'vars_prompt']]), varsFiles: [say('vars_files')] }),
        roles: [role],
        blocks: [say('block vars')],
        task: [say('task vars')],
        params: [say('include params')],
        locals: new Map([['x', 'local']]),
        magic: new Map([['x', 'magic']]),
      })
      const found = explain(scope, 'x')
      assert.equal(
        found.map(each => each.level),
        [...LEVELS].reverse().filter(level => level !== 'defaults'),
      )
      for (const each of found) if (each.level !== 'include_vars') assert.is(each.raw, each.level)
      assert.is(scope.get('x'), 'local')
      const group = found.find(each => each.level === 'inventory group_vars')
      assert.match(`${group?.span?.file}:${group?.span?.line}`, /inv\/group_vars\/g:1$/)
    },
  ))

const INI =
  'h1 own=one greet="hello {{ own }}" far="{{ hostvars.h2.near }}"\nh2 own=two near="{{ own }}-{{ who }}" who=b\n[g]\nh2\nh1.x\n'
const DATA = `
d: {a: "{{ x }}", b: "{{ nope }}", c: {e: "{{ d.a }}!"}, n: 3}
x: 2
l: ["{{ x }}", "{{ d.a }}", plain]
me: "{{ me }}"
c1: "{{ c2 }}"
c2: "{{ c3 }}"
c3: "{{ c1 }}"
q: {a: "{{ q.b }}", b: "{{ q.a }}"}
deep: "{{ hostvars.h1.loop }}"
raw: !unsafe "{{ x }}"
needs: "{{ nope.deep }}"
chain: "a{{ needs }}"
`
/** Expression, value as JSON, or the words of the error. */
const VALUES: [string, unknown][] = [
  ['x', 2],
  ['d.a', 2],
  ['d.c.e', '2!'],
  ['d.n', 3],
  ['d.b', /'nope' is undefined/],
  ['d.b | default("mended")', 'mended'],
  ['d["b"] is defined', false],
  ['[needs is defined, needs | default(1), chain is undefined, chain | default(2)]', [false, 1, true, 2]],
  ['chain', /^p\.yml:11:\d+: 'nope' is undefined$/],
  ['me | default("no way round a circle")', /"me" is defined by itself/],
  ['d | length', 4],
  ['d.keys() | list', ['a', 'b', 'c', 'n']],
  ['l', [2, 2, 'plain']],
  ['me', /"me" is defined by itself: me \(p\.yml:4:6\) -> me/],
  ['c1', /c1 \(p\.yml:5:6\) -> c2 \(p\.yml:6:6\) -> c3 \(p\.yml:7:6\) -> c1/],
  ['q.a', /q\.a \(p\.yml:8:9\) -> q\.b \(p\.yml:8:25\) -> q\.a/],
  ['raw', '{{ x }}'],
  ['greet', 'hello one'],
  ['hostvars.h2.near', 'two-b'],
  ['far', 'two-b'],
  ['hostvars["h2"]["own"]', 'two'],
  ['hostvars | list', ['h1', 'h2', 'h1.x']],
  ['"h3" in hostvars', false],
  ['hostvars.h3.x | default("none")', 'none'],
  ['hostvars.h1.x | default("play vars are not host variables")', 'play vars are not host variables'],
  ['hostvars.localhost.ansible_connection', 'local'],
  ['hostvars.h2.group_names', ['g']],
  ['group_names', ['ungrouped']],
  ['groups.g', ['h2', 'h1.x']],
  ['groups.all', ['h1', 'h2', 'h1.x']],
  ['vars.x', 2],
  ['vars["d"].a', 2],
  ['"vars" in vars', true],
  ['inventory_hostname', 'h1'],
  ['inventory_file', 'hosts'],
  ['playbook_dir', '/play'],
  ['ansible_play_hosts', ['h1']],
  ['ansible_play_hosts_all', ['h1', 'h2']],
  ['ansible_play_name', 'a play'],
  ['ansible_check_mode', false],
  ['ansible_version.full is version("2.9", ">=")', true],
  ['ansible_host', 'h1'],
  ['ansible_facts', {}],
  ['ansible_facts.os | default("?")', '?'],
  ['role_name | default("no role")', 'no role'],
  ['item', 'first'],
  ['nothing | default(omit) is defined', true],
]
const messageOf = (run: () => unknown): string => {
  try {
    return `no error but ${String(run())}`
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
for (const [expression, expected] of VALUES)
  test(expression, () => {
    const scope = storeOf(INI).scope('h1', { play: playOf(DATA.trim()), locals: new Map([['item', 'first']]) })
    const get = (): unknown => toJson(evaluate(expression, scope))
    if (expected instanceof RegExp) {
      // What failed once fails the same way again, and harms nothing else
      assert.match(messageOf(get), expected)
      assert.match(messageOf(get), expected)
      assert.is(scope.get('x'), 2)
    } else assert.equal(get(), expected)
  })

test('what comes from a host is never rendered', () => {
  const store = storeOf('h1\nh2')
  const evil = '{{ playbook_dir }}{% for i in range(9) %}x{% endfor %}'
  store.register(
    'h1',
    'r',
    new Map<Value, Value>([
      ['stdout', evil],
      ['lines', [evil]],
    ]),
  )
  store.setFacts(
    'h1',
    new Map<Value, Value>([
      ['ansible_motd', evil],
      ['ansible_env', new Map([['E', evil]])],
    ]),
  )
  store.setFact('h1', 's', evil)
  const scope = store.scope('h1', { play: playOf('a: "{{ r.stdout }}"\nb: "<{{ r.lines[0] }}>"\nc: {d: "{{ s }}"}') })
  for (const expression of [
    'r.stdout',
    'r.lines[0]',
    'ansible_motd',
    'ansible_facts.motd',
    'ansible_env.E',
    's',
    'a',
    'c.d',
    'hostvars.h1.s',
    'vars.s',
  ])
    assert.is(evaluate(expression, scope), evil, expression)
  assert.is(scope.get('b'), `<${evil}>`)
  assert.is(render('{{ a }}', store.scope('h1', { play: playOf('a: "{{ hostvars.h1.r.stdout }}"') })), evil)
  assert.equal(
    scope.render(mapping('x: {y: "{{ r }}"}'), { args: true }),
    new Map([
      [
        'x',
        new Map([
          [
            'y',
            new Map<Value, Value>([
              ['stdout', evil],
              ['lines', [evil]],
            ]),
          ],
        ]),
      ],
    ]),
  )
})

test('a host cannot say by its facts how it is reached', () => {
  const store = storeOf('h1 ansible_user=me')
  const names = [
    'ansible_user',
    'ansible_host',
    'ansible_ssh_common_args',
    'ansible_become_password',
    'ansible_connection',
    'ansible_python_interpreter',
    'ansible_ssh_host_key_rsa_public',
  ]
  store.setFacts('h1', new Map(names.map(name => [name, 'evil'])))
  const scope = store.scope('h1')
  assert.equal(
    names.map(name => scope.get(name)),
    ['me', 'h1', undefined, undefined, undefined, undefined, 'evil'],
  )
})

test('facts by both names; clearing; caching; later knowledge in new scopes', () => {
  const store = storeOf('h1\nh2')
  store.setFacts(
    'h1',
    new Map<Value, Value>([
      ['ansible_os_family', 'Debian'],
      ['distribution', 'X'],
    ]),
  )
  store.setFacts('h1', new Map<Value, Value>([['services', new Map()]]), true)
  const before = store.scope('h1')
  const handedOut = before.get('ansible_facts')
  assert.equal(toJson(handedOut ?? null), { os_family: 'Debian', distribution: 'X', services: {} })
  assert.is(before.get('ansible_distribution'), 'X')
  assert.is(before.has('distribution'), false)
  assert.ok(before.has('services'))
  store.setFact('h1', 'mine', 1, true)
  assert.is((handedOut as Map<Value, Value>).has('mine'), false)
  assert.is(evaluate('ansible_facts.mine + mine', store.scope('h1')), 2)
  assert.is(evaluate('hostvars.h1.mine', store.scope('h2')), 1)
  store.setFact('h1', 'mine', 5)
  assert.is(evaluate('hostvars.h1.mine', store.scope('h2')), 5)
  store.clearFacts('h1')
  assert.equal(evaluate('ansible_facts', store.scope('h1')), new Map())
  assert.is(store.scope('h1').get('mine'), 5)
})

test('circles through other hosts are found', () => {
  const store = storeOf('h1 a="{{ hostvars.h2.b }}"\nh2 b="{{ hostvars.h1.a }}"')
  assert.throws(() => store.scope('h1').get('a'), /hostvars\['h2'\]\.b .*hostvars\['h1'\]\.a .*-> hostvars\['h2'\]\.b/)
})

test('arguments: omit leaves out, deep; keys stay unless asked for', () => {
  const scope = storeOf('h1').scope('h1', { play: playOf('o: "{{ omit }}"\nk: {a: "{{ omit }}", b: 1}\nn: key') })
  const node = mapping('p: "{{ o }}"\nl: [1, "{{ omit }}", 2]\nd: "{{ k }}"\n"{{ n }}": v')
  assert.equal(toJson(scope.render(node, { args: true })), { l: [1, 2], d: { b: 1 }, '{{ n }}': 'v' })
  assert.equal(toJson(scope.render(node, { args: true, keys: true })), { l: [1, 2], d: { b: 1 }, key: 'v' })
})

test('roles: the chain, the play, names and paths', () => {
  const role = (name: string, text: string) => ({
    name,
    dir: `/roles/${name}`,
    defaults: [mapping(`d: ${name}\nd_${name}: 1`)],
    vars: [mapping(text)],
    params: [],
  })
  const outer = role('outer', 'v: outer')
  const inner = role('inner', 'w: inner')
  const other = role('other', 'v: other\nw: other\nz: other')
  const scope = storeOf('h1').scope('h1', { play: playOf('', { roles: [other] }), roles: [outer, inner] })
  const of = (expression: string) => toJson(evaluate(expression, scope))
  assert.equal(of('[v, w, z, d, d_outer, d_other, role_name, role_path, ansible_parent_role_names, role_names]'), [
    ...['outer', 'inner', 'other', 'inner', 1, 1, 'inner', '/roles/inner'],
    ...[['outer'], ['other']],
  ])
})

test('vaulted values are opened when they are used', () => {
  const text = 'v: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  3132\nw: 1'
  const locked = storeOf('h1').scope('h1', { play: playOf(text) })
  assert.is(locked.get('w'), 1)
  assert.throws(() => locked.get('v'), /no vault password/)
  const open = storeOf('h1', undefined, { openVault: () => 'open {{ w }}' }).scope('h1', { play: playOf(text) })
  assert.is(open.get('v'), 'open 1')
})

test('a host that no inventory knows', () => {
  const scope = storeOf('h1\n[all:vars]\na=1').scope('stranger')
  assert.equal(
    [scope.get('inventory_hostname'), scope.get('a'), scope.get('ansible_connection')],
    ['stranger', 1, undefined],
  )
})

test('views can be listed and walked without end', () => {
  const scope = storeOf(INI).scope('h1')
  const seen = toJson(evaluate('hostvars', scope)) as Record<string, Record<string, unknown>>
  assert.equal(Object.keys(seen), ['h1', 'h2', 'h1.x'])
  assert.is(seen['h1']?.['far'], 'two-b')
  assert.ok(Object.keys(toJson(evaluate('vars', scope)) as object).includes('groups'))
})

test.run()
