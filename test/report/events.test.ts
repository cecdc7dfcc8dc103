import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import * as assert from 'uvu/assert'
import { EVENTS, eventsSchema } from '../../scripts/schemas/events.ts'
import type { Event, TaskRef } from '../../src/base/event.ts'
import { jsonLines } from '../../src/report/jsonl.ts'
import { HOSTS, play } from '../support/play.ts'
import { suite } from '../support/suite.ts'
import { RUN, ref } from './events.ts'

const test = suite('events')
const ajv = new Ajv2020({
  strict: true,
  strictRequired: false,
  strictTypes: false,
  allowUnionTypes: true,
  allErrors: true,
})
const validate = ajv.compile(eventsSchema())

/** What the schema has against these events, as `--events` writes them. */
function faultsOf(events: readonly Event[]): string[] {
  const faults: string[] = []
  const emit = jsonLines(line => {
    if (!validate(JSON.parse(line))) faults.push(`${line}${JSON.stringify(validate.errors)}`)
  })
  for (const event of events) emit(event)
  return faults
}

/** One event of every kind, with everything that it may have: the compiler sees that none lacks a field. */
type Whole = { [T in Event['type']]: Required<Extract<Event, { type: T }>> }

const task: TaskRef = ref()
const change = { what: '/x', from: 'a', to: 'b', texts: { before: 'a', after: 'b' } }
const result = {
  ...{
    ...task,
    host: 'web',
    result: { changed: true },
    diff: [change],
    msg: 'm',
    origin: 'site.yml:8:10',
    remedy: 'r',
    ms: 1,
    delegate: 'db',
    delegateAddress: '10.0.0.1',
  },
  status: 'failed' as const,
}
const WHOLE: Whole = {
  'run-start': { type: 'run-start', version: '1', playbooks: ['p'], check: true },
  'play-start': { type: 'play-start', play: 1, name: 'p', hosts: ['web'], tasks: 1, check: true },
  'task-start': { type: 'task-start', ...task, handler: false, check: true },
  'host-start': { type: 'host-start', ...task, host: 'web' },
  'item-result': { type: 'item-result', ...result, item: { a: 1 }, label: 'a' },
  'host-result': { type: 'host-result', ...result, ignored: true, rescued: true, items: 2 },
  retry: { type: 'retry', ...task, host: 'web', left: 1, result: {} },
  included: { type: 'included', ...task, file: 'f', hosts: ['web'], label: 'l' },
  progress: { type: 'progress', ...task, host: 'web', what: 'w', done: 1, total: null },
  waiting: { type: 'waiting', ...task, msg: 'm', seconds: null },
  notified: { type: 'notified', ...task, host: 'web', handler: 'h' },
  meta: { type: 'meta', ...task, host: 'web', handler: false, word: 'end_host', done: true },
  drift: { type: 'drift', ...task, host: 'web', diff: [change] },
  warning: { type: 'warning', msg: 'm', host: 'web' },
  fault: {
    type: 'fault',
    fault: { code: 'c', severity: 'error', message: 'm', span: { file: 'f', line: 1, col: 1 }, remedy: 'r' },
  },
  'play-end': { type: 'play-end', play: 1, stopped: true },
  'custom-stats': { type: 'custom-stats', run: { n: 1 }, hosts: { web: { n: [1] } } },
  recap: {
    type: 'recap',
    hosts: { web: { ok: 1, changed: 0, unreachable: 0, failed: 0, skipped: 0, rescued: 0, ignored: 0 } },
  },
  stats: { type: 'stats', hosts: { web: { handshakes: 1, trips: 1, bytesSent: 1, bytesReceived: 1 } } },
  'run-end': { type: 'run-end', exit: 0, changed: 0, ms: 1 },
}

test('the schema knows every kind and every field', () => {
  assert.equal(faultsOf(Object.values(WHOLE)), [])
  assert.equal(Object.keys(EVENTS).sort(), Object.keys(WHOLE).sort())
  for (const [type, [, fields]] of Object.entries(EVENTS)) {
    const has = Object.keys(WHOLE[type as Event['type']]).filter(name => name !== 'type')
    const known = Object.keys(fields).map(name => name.replace('?', ''))
    assert.equal(
      known.filter(name => !(has.includes(name) || (name === 'play' && 'path' in fields))),
      [],
      type,
    )
  }
})

test('what a run says is what the schema says', () => assert.equal(faultsOf(RUN), []))

const WRONG: Record<string, unknown> = {
  'no kind': {},
  'an unknown kind': { type: 'task-begin' },
  'a field too many': { ...WHOLE['play-end'], more: 1 },
  'a field too few': { type: 'warning' },
  'an unknown status': { ...WHOLE['host-result'], play: 'p', status: 'fine' },
  'a count that is text': { ...WHOLE['run-end'], exit: '0' },
}
for (const [name, event] of Object.entries(WRONG)) test(`refused: ${name}`, () => assert.not(validate(event)))

test('every line of a task names its play', () => {
  const lines: { type: string; play?: unknown }[] = []
  const emit = jsonLines(line => lines.push(JSON.parse(line)))
  for (const event of [...RUN.slice(0, 3), WHOLE['host-result']]) emit(event)
  assert.equal(
    lines.map(({ play: name }) => name),
    [undefined, 1, 'all', 'all'],
  )
})

test('docs/events.md names every kind and every field', () => {
  const page = readFileSync(new URL('../../docs/events.md', import.meta.url), 'utf8')
  const names = Object.entries(EVENTS).flatMap(([type, [means, fields]]) => [
    `| \`${type}\` | ${means} |`,
    ...Object.keys(fields).map(name => `\`${name.replace('?', '')}\``),
  ])
  assert.equal(
    [...new Set(names)].filter(name => !page.includes(name)),
    [],
  )
})

const PLAYBOOK = `
- hosts: all
  name: first
  gather_facts: false
  handlers:
    - name: told
      debug: {msg: handled}
  tasks:
    - command: echo {{ item }}
      loop: [a, b]
      notify: told
    - shell: exit 3
      ignore_errors: true
      register: three
    - block:
        - fail: {msg: no}
      rescue:
        - debug: {var: three.rc}
    - command: "false"
      register: again
      until: again.rc == 0
      retries: 1
      delay: 0
      ignore_errors: true
    - include_tasks: more.yml
      loop: [1]
    - debug: {msg: never}
      when: false
    - copy: {content: x, dest: DIR/made}
      diff: true
    - file: {path: DIR/made, state: absent}
    - command: echo hidden
      no_log: true
      delegate_to: two
- hosts: one
  gather_facts: false
  tasks:
    - {meta: flush_handlers, when: false}
    - meta: flush_handlers
    - {meta: end_host, when: false}
    - meta: clear_facts
    - fail: {msg: stop}
`

test('what a real run says is what the schema says', async () => {
  const { events } = await play(PLAYBOOK, { hosts: HOSTS('one', 'two'), files: { 'more.yml': '- ping:\n' } })
  assert.equal(faultsOf(events), [])
  const kinds = new Set(events.map(event => event.type))
  for (const kind of [
    'item-result',
    'host-result',
    'retry',
    'included',
    'notified',
    'meta',
    'drift',
    'recap',
    'stats',
  ] as const)
    assert.ok(kinds.has(kind), kind)
  const said = events.flatMap(event => (event.type === 'host-result' ? [event] : []))
  assert.equal(
    events.flatMap(event => (event.type === 'meta' ? [`${event.word} ${event.done}`] : [])),
    ['flush_handlers false', 'flush_handlers true', 'end_host false', 'clear_facts true'],
  )
  assert.ok(said.some(event => event.status === 'failed' && event.ignored && event.result['rc'] === 3))
  assert.ok(said.some(event => event.status === 'failed' && event.rescued))
  assert.ok(said.some(event => event.delegate === 'two' && !JSON.stringify(event).includes('echo hidden')))
}, 30_000)

test.run()
