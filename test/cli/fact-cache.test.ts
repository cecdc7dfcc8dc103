import { spawnSync } from 'node:child_process'
import { readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { fromJson, toJson, type Value } from '../../src/base/value.ts'
import { DEFAULTS, readSettings } from '../../src/cli/config/read.ts'
import { factCache } from '../../src/cli/fact-cache.ts'
import { VariableStore } from '../../src/vars/store.ts'
import { fromIni, withFiles } from '../inventory/support.ts'
import { play } from '../support/play.ts'
import { suite } from '../support/suite.ts'

const test = suite('cli: kept facts')

const cacheIn = (dir: string, more: Readonly<Record<string, string>> = {}) => {
  const env = { ANSIBLE_CACHE_PLUGIN: 'jsonfile', ANSIBLE_CACHE_PLUGIN_CONNECTION: join(dir, 'facts'), ...more }
  return factCache(readSettings(env, dir).config)
}

/** The variables of a new run. */
const runIn = (dir: string, more?: Readonly<Record<string, string>>): VariableStore => {
  const facts = cacheIn(dir, more)
  return new VariableStore({
    inventory: fromIni('h1 ansible_user=me\nh2\n').inventory,
    run: { playbookDir: dir, version: '0' },
    ...(facts && { facts }),
  })
}

const GATHERED = fromJson({ ansible_distribution: 'Debian', ansible_user: 'evil', ansible_n: 1.5 }) as Map<Value, Value>

const asked = (store: VariableStore) => {
  const scope = store.scope('h1')
  return ['ansible_distribution', 'ansible_user', 'mine', 'ansible_facts'].map(name => toJson(scope.get(name) ?? null))
}

test('what one run learns, the next one knows', () =>
  withFiles({}, dir => {
    const first = runIn(dir)
    first.setFacts('h1', GATHERED)
    first.setFact('h1', 'mine', [1, 'two'], true)
    first.setFact('h1', 'forgotten', 1)
    const known = ['Debian', 'me', [1, 'two'], { distribution: 'Debian', user: 'evil', n: 1.5, mine: [1, 'two'] }]
    assert.equal(asked(first), known)
    assert.equal(asked(runIn(dir)), known)
    assert.is(runIn(dir).scope('h1').get('forgotten'), undefined)
    assert.is(statSync(join(dir, 'facts/h1')).mode & 0o777, 0o600)
    const again = runIn(dir)
    again.clearFacts('h1')
    assert.equal(asked(runIn(dir))[0], null)
  }))

test('facts grow old, and have names of their own by a prefix', () =>
  withFiles({}, dir => {
    runIn(dir, { ANSIBLE_CACHE_PLUGIN_PREFIX: 'p_' }).setFacts('h1', GATHERED)
    assert.is(asked(runIn(dir))[0], null)
    assert.is(asked(runIn(dir, { ANSIBLE_CACHE_PLUGIN_PREFIX: 'p_' }))[0], 'Debian')
    utimesSync(join(dir, 'facts/p_h1'), 1, 1)
    assert.is(asked(runIn(dir, { ANSIBLE_CACHE_PLUGIN_PREFIX: 'p_' }))[0], null)
    const forEver = { ANSIBLE_CACHE_PLUGIN_PREFIX: 'p_', ANSIBLE_CACHE_PLUGIN_TIMEOUT: '0' }
    assert.is(asked(runIn(dir, forEver))[0], 'Debian')
  }))

test('a text of a host is no template in the next run either', () =>
  withFiles({}, dir => {
    runIn(dir).setFacts('h1', new Map([['ansible_motd', '{{ 1 + 1 }}']]))
    assert.is(runIn(dir).scope('h1').get('ansible_motd'), '{{ 1 + 1 }}')
  }))

test('a cacheable fact with the prefix of facts is kept by that name; what Ansible gathered counts as gathered', () =>
  withFiles({ 'facts/h2': '{"_ansible_facts_gathered": true, "ansible_a": 1}' }, dir => {
    runIn(dir).setFact('h1', 'ansible_mine', 1, true)
    const scope = runIn(dir).scope('h1')
    assert.equal([scope.get('ansible_mine'), toJson(scope.get('ansible_facts') ?? null)], [1, { mine: 1 }])
    assert.is(runIn(dir).factsOf('h1').has('module_setup'), false)
    assert.is(runIn(dir).factsOf('h2').has('module_setup'), true)
  }))

test('--flush-cache forgets the localhost that no inventory names, too', async () => {
  const says = '- hosts: localhost\n  gather_facts: false\n  tasks: [{ debug: { msg: "{{ kept | default(0) }}" } }'
  await withFiles({}, async dir => {
    const config = { ...DEFAULTS, factCaching: 'jsonfile', factCachingConnection: join(dir, 'facts') } as const
    const said = async (text: string, flushCache: boolean) =>
      (await play(text, { dir, hosts: 'other\n', job: { config, flushCache } })).said
    assert.equal(await said(`${says}, { set_fact: { kept: 1, cacheable: true } }]\n`, false), ['localhost 0'])
    assert.equal(await said(`${says}]\n`, false), ['localhost 1'])
    assert.equal(await said(`${says}]\n`, true), ['localhost 0'])
  })
})

test('what cannot be read is told with its file; a name that is a path is not kept', () =>
  withFiles({ 'facts/h1': '[1]' }, dir => {
    assert.throws(() => asked(runIn(dir)), /facts\/h1 cannot be read: it holds no JSON object \[fact-cache\]/)
    writeFileSync(join(dir, 'facts/h1'), '{')
    assert.throws(() => asked(runIn(dir)), /facts\/h1 cannot be read/)
    runIn(dir).setFacts('../out', GATHERED)
    assert.throws(() => statSync(join(dir, 'out')))
    assert.throws(() => cacheIn(dir, { ANSIBLE_CACHE_PLUGIN_CONNECTION: '' }), /needs a folder/)
  }))

const PLAY = `
- hosts: h1
  gather_facts: false
  tasks:
    - set_fact: {mine: [1, two], cacheable: true}
    - debug: {msg: "saw {{ ansible_facts.distribution | default('nothing') }}"}
`
if (spawnSync('ansible-playbook', ['--version']).error === undefined)
  test(
    'ansible-playbook reads what we keep, and we what it keeps',
    () =>
      withFiles(
        { 'p.yml': PLAY, hosts: 'h1 ansible_connection=local ansible_python_interpreter=/usr/bin/python3\n' },
        dir => {
          runIn(dir).setFacts('h1', GATHERED)
          const env = {
            ...{ PATH: process.env['PATH'], HOME: dir, LC_ALL: 'C.UTF-8', ANSIBLE_CACHE_PLUGIN: 'jsonfile' },
            ANSIBLE_CACHE_PLUGIN_CONNECTION: join(dir, 'facts'),
          }
          const { stdout } = spawnSync('ansible-playbook', ['-i', 'hosts', 'p.yml'], {
            cwd: dir,
            env,
            encoding: 'utf8',
          })
          assert.match(stdout, /saw Debian/)
          assert.equal(asked(runIn(dir)).slice(0, 3), ['Debian', 'me', [1, 'two']])
          assert.ok(JSON.parse(readFileSync(join(dir, 'facts/h1'), 'utf8')).mine)
        },
      ),
    60_000,
  )
else test.skip('ansible-playbook reads what we keep, and we what it keeps', 'ansible-playbook is not installed')

test.run()
