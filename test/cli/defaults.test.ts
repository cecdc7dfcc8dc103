import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { DEFAULTS } from '../../src/cli/config/read.ts'
import type { Config } from '../../src/cli/config/table.ts'
import { HOSTS, play } from '../support/play.ts'
import { suite } from '../support/suite.ts'

const test = suite('defaults')

const by = (config: Partial<Config>, text: string, hosts = HOSTS('one')) =>
  play(text, { hosts, job: { config: { ...DEFAULTS, ...config } } })

const PING = '- hosts: all\n  tasks: [{name: x, ping: }]\n'

test('gathering: each play, none that does not say, once a host', async () => {
  const text = `${PING}- hosts: all\n  gather_facts: true\n  tasks: [{name: y, ping: }]\n`
  const facts = 'one ok Gathering Facts'
  assert.equal((await by({}, text)).results, [facts, 'one ok x', facts, 'one ok y'])
  assert.equal((await by({ gathering: 'explicit' }, text)).results, ['one ok x', facts, 'one ok y'])
  assert.equal((await by({ gathering: 'smart' }, text)).results, [facts, 'one ok x', 'one ok y'])
}, 60_000)

test('smart leaves out a host whose facts were kept', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'regplay-kept-'))
  try {
    const kept = { gathering: 'smart', factCaching: 'jsonfile', factCachingConnection: dir } as const
    assert.equal((await by(kept, PING)).results, ['one ok Gathering Facts', 'one ok x'])
    assert.is(JSON.parse(readFileSync(join(dir, 'one'), 'utf8'))['_ansible_facts_gathered'], true)
    const show = '- hosts: all\n  tasks: [{debug: {msg: "{{ ansible_facts.kernel is defined }}"}}]\n'
    const again = await by(kept, show, HOSTS('one', 'two'))
    assert.is(again.results.filter(line => line.endsWith('Gathering Facts')).join(), 'two ok Gathering Facts')
    assert.equal(again.said.toSorted(), ['one true', 'two true'])
  } finally {
    rmSync(dir, { recursive: true })
  }
}, 60_000)

test('fact_path is where a host keeps facts of its own', async () => {
  const show = 'tasks: [{debug: {msg: "{{ ansible_local.mine.a }}"}}]\n'
  const files = { 'facts/mine.fact': '{"a": 5}', 'other/mine.fact': '{"a": 6}' }
  const said = async (text: string, config: Partial<Config> = {}) => {
    const dir = mkdtempSync(join(tmpdir(), 'regplay-facts-'))
    try {
      const job = { config: { ...DEFAULTS, factPath: join(dir, 'other'), ...config } }
      return (await play(`- hosts: all\n  gather_subset: [local]\n${text}`, { dir, files, job })).said
    } finally {
      rmSync(dir, { recursive: true })
    }
  }
  assert.equal(await said(`  fact_path: DIR/facts\n  ${show}`), ['one 5'])
  assert.equal(await said(`  ${show}`), ['one 6'])
}, 30_000)

test('gather_subset is for plays that do not say', async () => {
  const show = '  tasks: [{debug: {msg: "{{ ansible_facts.gather_subset | join }}"}}]\n'
  const text = `- hosts: all\n${show}- hosts: all\n  gather_subset: [min]\n${show}`
  assert.equal((await by({ gatherSubset: ['!all'] }, text)).said, ['one !all', 'one min'])
}, 30_000)

const FAILS = `
- hosts: all
  gather_facts: false
  tasks:
    - {name: fails, fail: {msg: no}, when: inventory_hostname == 'one'}
    - {name: after, ping: }
`

test('any_errors_fatal holds for plays that do not say, and for no other', async () => {
  const both = HOSTS('one', 'two')
  const end = async (config: Partial<Config>, text: string) => (await by(config, text, both)).results.at(-1)
  assert.is(await end({}, FAILS), 'two ok after')
  assert.is.not(await end({ anyErrorsFatal: true }, FAILS), 'two ok after')
  assert.is(
    await end({ anyErrorsFatal: true }, FAILS.replace('  tasks', '  any_errors_fatal: false\n  tasks')),
    'two ok after',
  )
}, 30_000)

test('a play that ends for hosts that did not fail says so', async () => {
  const stopped = async (config: Partial<Config>) =>
    (await by(config, FAILS, HOSTS('one', 'two'))).events.some(event => event.type === 'play-end' && event.stopped)
  assert.equal([await stopped({}), await stopped({ anyErrorsFatal: true })], [false, true])
}, 30_000)

test('no_log hides every result', async () => {
  const text = '- hosts: all\n  gather_facts: false\n  tasks: [{name: x, command: echo hidden}]\n'
  const { events } = await by({ noLog: true }, text)
  assert.not.match(JSON.stringify(events.filter(event => event.type === 'host-result')), '"hidden"')
  assert.match(JSON.stringify((await by({}, text)).events), '"hidden"')
}, 30_000)

test('a task ends when its time is over', async () => {
  const text = '- hosts: all\n  gather_facts: false\n  tasks: [{name: x, command: sleep 20}]\n'
  assert.equal((await by({ taskTimeout: 1 }, text)).results, ['one failed x'])
}, 30_000)

test('strategy', async () => {
  const text =
    '- hosts: all\n  gather_facts: false\n  tasks: [{name: x, shell: "{{ x }}"}, {name: y, command: touch DIR/go}]\n'
  const hosts = (x: string) => `one ansible_connection=local x=true\ntwo ansible_connection=local x="${x}"\n`
  const tasks = async (config: Partial<Config>, x: string) =>
    (await by(config, text, hosts(x))).results.map(result => result.slice(-1)).join('')
  // The second host waits for what the first one does next: in step that would never come, and all would end with a failure.
  const waits = 'for i in $(seq 200); do test -e DIR/go && exit; sleep 0.05; done; exit 1'
  assert.is([...(await tasks({ strategy: 'free' }, waits))].sort().join(''), 'xxyy')
  assert.is(await tasks({}, 'true'), 'xxyy')
}, 30_000)

test('ansible_managed', async () => {
  const text = '- hosts: all\n  gather_facts: false\n  tasks: [{debug: {msg: "{{ ansible_managed }}"}}]\n'
  assert.equal((await by({}, text)).said, ['one Ansible managed'])
  assert.equal((await by({ ansibleManaged: 'ours' }, text)).said, ['one ours'])
}, 30_000)

test('a pattern that selects nothing is what the setting says', async () => {
  const text = `- hosts: nobody\n  tasks: []\n${PING.replace('tasks', 'gather_facts: false\n  tasks')}`
  const faults = async (config: Partial<Config>) =>
    (await by(config, text)).events.flatMap(event => (event.type === 'fault' ? [event.fault.severity] : []))
  assert.equal(await faults({ hostPatternMismatch: 'warning' }), ['warning'])
  assert.equal(await faults({ hostPatternMismatch: 'ignore' }), [])
  for (const hostPatternMismatch of ['error', undefined] as const) {
    let refused = false
    await faults({ hostPatternMismatch }).catch(() => {
      refused = true
    })
    assert.ok(refused)
  }
}, 30_000)

test('--step asks once for all hosts, and of nothing more after continue', async () => {
  const text =
    '- hosts: all\n  gather_facts: false\n  tasks: [{name: a, ping: }, {name: b, ping: }, {meta: noop}, {name: c, ping: }, {name: d, ping: }]\n'
  const [asked, answers]: [string[], string[]] = [[], ['y', '', 'c']]
  const ask = async (question: string) => {
    asked.push(question)
    return answers.shift() ?? 'n'
  }
  const { results } = await play(text, { hosts: HOSTS('one', 'two'), job: { step: true, ask } })
  assert.equal(results.map(result => result.slice(-1)).join(''), 'aaccdd')
  assert.equal(
    asked,
    ['a', 'b', 'c'].map(name => `Perform task: TASK: ${name} (N)o/(y)es/(c)ontinue: `),
  )
}, 30_000)

test.run()
