import * as assert from 'uvu/assert'
import type { Emit, Event } from '../../src/base/event.ts'
import { adhoc } from '../../src/report/adhoc.ts'
import { jsonLines } from '../../src/report/jsonl.ts'
import { plain } from '../../src/report/plain.ts'
import { colourless, colours } from '../../src/report/style.ts'
import type { PlainOptions } from '../../src/report/view.ts'
import { suite } from '../support/suite.ts'
import { EVIL, hostResult, itemResult, RUN, ref } from './events.ts'

const test = suite('plain')

/** What is said on standard output, then on standard error, to some events. */
function said(
  events: readonly Event[],
  more: Partial<PlainOptions> = {},
  make: (options: PlainOptions) => Emit = plain,
): { out: string; err: string } {
  let [out, err] = ['', '']
  const emit = make({
    out: text => {
      out += text
    },
    err: text => {
      err += text
    },
    ...{ paint: colourless, verbosity: 0, ...more },
  })
  for (const event of events) emit(event)
  return { out, err }
}

const stars = (text: string, width = 79) => `\n${text} ${'*'.repeat(Math.max(3, width - text.length))}\n`

test('a whole run reads like one of Ansible', () => {
  const shown = 'a\\u001b[2Kb\\u001b]0;title\\u0007c\\rd\\x9b31me\\u202ef'
  assert.equal(said(RUN), {
    out: [
      stars('PLAY [all]'),
      stars('TASK [put config]'),
      'changed: [web]\n',
      `fatal: [db]: FAILED! => {"changed": false, "msg": "no space ${shown}"}\n  remedy: make room\n`,
      stars('TASK [say]'),
      `ok: [web] => {\n    "msg": "hello ${shown}"\n}\n`,
      stars('PLAY RECAP'),
      'db                         : ok=0    changed=0    unreachable=0    failed=1    skipped=0    rescued=0    ignored=0   \n',
      'web                        : ok=2    changed=1    unreachable=0    failed=0    skipped=0    rescued=0    ignored=0   \n',
      '\n',
    ].join(''),
    err: '[WARNING]: [web] mind the gap\n',
  })
})

const texts = { before: 'a\nb\n', after: 'a\nc\n' }
const LINES: Record<string, [event: Event, out: string, more?: Partial<PlainOptions>]> = {
  ok: [hostResult({}), 'ok: [web]\n'],
  'ok, -v': [
    hostResult({ result: { z: 1, a: [true, null] } }),
    'ok: [web] => {"a": [true, null], "z": 1}\n',
    { verbosity: 1 },
  ],
  'ok, -vvv': [
    hostResult({ result: { z: {}, a: [] } }),
    'ok: [web] => {\n    "a": [],\n    "z": {}\n}\n',
    { verbosity: 3 },
  ],
  'skipped, -v': [
    hostResult({ status: 'skipped', result: { skipped: true, skip_reason: 'r' } }),
    'skipping: [web] => {"skip_reason": "r"}\n',
    { verbosity: 1 },
  ],
  delegated: [hostResult({ delegate: 'db' }), 'ok: [web -> db]\n'],
  'delegated to what has an address': [
    hostResult({ delegate: 'db', delegateAddress: '10.0.0.1' }),
    'ok: [web -> db(10.0.0.1)]\n',
  ],
  'what set_stats gathered': [
    { type: 'custom-stats', run: { n: 1, l: ['x'] }, hosts: { b: { d: { a: 1 } }, a: { p: 2 } } },
    `\n\nCUSTOM STATS: ${'*'.repeat(66)}\n\ta: { "p": 2}\n\tb: { "d": {  "a": 1 }}\n\n\tRUN: { "l": [  "x" ], "n": 1}\n`,
    { customStats: true },
  ],
  'what set_stats gathered, unasked': [{ type: 'custom-stats', run: { n: 1 }, hosts: {} }, ''],
  'warnings are lines of their own': [
    hostResult({ result: { a: 1, warnings: ['w'] } }),
    'ok: [web] => {"a": 1}\n',
    { verbosity: 1 },
  ],
  'delegated to itself': [hostResult({ delegate: 'web' }), 'ok: [web]\n'],
  'ok, as YAML': [
    hostResult({ result: { z: 'a b', a: [1, { x: 'yes', k: [] }], t: 'one\ntwo\n', stdout_lines: ['x'] } }),
    "ok: [web] => \n    a:\n    - 1\n    -   k: []\n        x: 'yes'\n    stdout_lines: <omitted>\n    t: |-\n        one\n        two\n    z: a b\n",
    { verbosity: 1, results: 'yaml' },
  ],
  pretty: [
    hostResult({ status: 'failed', result: { rc: 1 } }),
    'fatal: [web]: FAILED! => {\n    "rc": 1\n}\n',
    { results: 'pretty' },
  ],
  'where it failed': [
    hostResult({ status: 'failed', result: { rc: 1 } }),
    'task path: site.yml:7\nfatal: [web]: FAILED! => {"rc": 1}\n',
    { pathOfFailure: true },
  ],
  'skipped is not shown': [hostResult({ status: 'skipped' }), '', { skipped: false }],
  'ok is not shown': [hostResult({}), '', { ok: false }],
  'changed is shown even so': [hostResult({ status: 'changed' }), 'changed: [web]\n', { ok: false, skipped: false }],
  'no host is left': [{ type: 'play-end', play: 1, stopped: true }, stars('NO MORE HOSTS LEFT')],
  skipped: [hostResult({ status: 'skipped' }), 'skipping: [web]\n'],
  ignored: [
    hostResult({ status: 'failed', ignored: true, result: { rc: 1 } }),
    'fatal: [web]: FAILED! => {"rc": 1}\n...ignoring\n',
  ],
  unreachable: [
    hostResult({ status: 'unreachable', msg: 'timeout', result: { unreachable: true } }),
    'fatal: [web]: UNREACHABLE! => {"msg": "timeout", "unreachable": true}\n',
  ],
  'item ok': [itemResult({}), 'ok: [web] => (item=x)\n'],
  'item changed': [itemResult({ status: 'changed' }), 'changed: [web] => (item=x)\n'],
  'item skipped': [itemResult({ status: 'skipped' }), 'skipping: [web] => (item=x) \n'],
  'item failed': [
    itemResult({ status: 'failed', msg: 'no' }),
    'failed: [web] (item=x) => {"changed": false, "msg": "no"}\n',
  ],
  'item of debug': [
    itemResult({ action: 'debug', result: { msg: 'hi', changed: false } }),
    'ok: [web] => (item=x) => {\n    "msg": "hi"\n}\n',
  ],
  'a loop that is over': [hostResult({ items: 2 }), ''],
  'a loop that failed': [hostResult({ items: 2, status: 'failed' }), ''],
  'a loop that failed and may': [hostResult({ items: 2, status: 'failed', ignored: true }), '...ignoring\n'],
  'a loop of debug that failed': [
    hostResult({
      action: 'debug',
      items: 2,
      status: 'failed',
      result: { msg: 'One or more items failed', results: [] },
    }),
    'fatal: [web]: FAILED! => {"msg": "One or more items failed"}\n',
  ],
  'a loop that was skipped': [hostResult({ items: 2, status: 'skipped' }), 'skipping: [web]\n'],
  'a loop over nothing': [hostResult({ items: 0, status: 'skipped' }), 'skipping: [web]\n'],
  'debug var': [
    hostResult({ action: 'debug', result: { 'a.b': [1], changed: false } }),
    'ok: [web] => {\n    "a.b": [\n        1\n    ]\n}\n',
  ],
  'diff of fields': [
    hostResult({ status: 'changed', diff: [{ what: 'mode', from: '0644', to: '0755' }] }),
    '  mode: 0644 -> 0755\nchanged: [web]\n',
  ],
  'diff of texts': [
    hostResult({ status: 'changed', diff: [{ what: '/x', from: '', to: '', texts }] }),
    '--- before: /x\n+++ after: /x\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n\nchanged: [web]\n',
  ],
  'diff of a new text': [
    hostResult({
      status: 'changed',
      diff: [{ what: '/x', from: 'absent', to: '', texts: { before: '', after: 'a' } }],
    }),
    '--- before\n+++ after: /x\n@@ -0,0 +1 @@\n+a\n\\ No newline at end of file\n\nchanged: [web]\n',
  ],
  'diff with less around': [
    hostResult({ status: 'changed', diff: [{ what: '/x', from: '', to: '', texts }] }),
    '--- before: /x\n+++ after: /x\n@@ -2 +2 @@\n-b\n+c\n\nchanged: [web]\n',
    { diffContext: 0 },
  ],
  'a text too long for a diff': [
    hostResult({ status: 'changed', diff: [{ what: '/x', from: '', to: '', texts }] }),
    '  /x: diff skipped, it is longer than 3 characters\nchanged: [web]\n',
    { diffLongest: 3 },
  ],
  'diff with escapes': [
    hostResult({ status: 'changed', diff: [{ what: EVIL, from: '\u001b', to: '\r' }] }),
    '  a\\x1b[2Kb\\x1b]0;title\\x07c\\x0dd\\x9b31me\\u202ef: \\x1b -> \\x0d\nchanged: [web]\n',
  ],
  retry: [
    { type: 'retry', ...ref(), host: 'web', left: 2, result: {} },
    'FAILED - RETRYING: [web]: put config (2 retries left).\n',
  ],
  'no host': [
    { type: 'play-start', play: 1, name: 'x', hosts: [], tasks: 0 },
    `${stars('PLAY [x]')}skipping: no hosts matched\n`,
  ],
  handler: [{ type: 'task-start', ...ref(), handler: true }, stars('RUNNING HANDLER [put config]')],
  'task with its path': [
    { type: 'task-start', ...ref(), handler: false },
    `${stars('TASK [put config]')}task path: site.yml:7\n`,
    { verbosity: 2 },
  ],
  'meta, -vv': [
    { type: 'meta', ...ref(), host: 'web', handler: false, word: 'end_host', done: true },
    `${stars('TASK [put config]')}task path: site.yml:7\nMETA: ending play for web\n`,
    { verbosity: 2 },
  ],
  'meta that does not apply, among handlers': [
    { type: 'meta', ...ref(), host: 'web', handler: true, word: 'end_play', done: false },
    `${stars('RUNNING HANDLER [put config]')}task path: site.yml:7\nMETA: end_play conditional evaluated to False, continuing execution for web\n`,
    { verbosity: 2 },
  ],
  'meta, -v': [{ type: 'meta', ...ref(), host: 'web', handler: false, word: 'noop', done: true }, '', { verbosity: 1 }],
  'a wide terminal': [
    { type: 'task-start', ...ref(), handler: false },
    stars('TASK [put config]', 119),
    { width: 120 },
  ],
  'a long name': [
    { type: 'task-start', ...ref({ task: 'x'.repeat(100) }), handler: false },
    `\nTASK [${'x'.repeat(100)}] ***\n`,
  ],
  'a name with line ends': [{ type: 'task-start', ...ref({ task: 'a\nb' }), handler: false }, stars('TASK [a\\nb]')],
  drift: [
    { type: 'drift', ...ref(), host: 'web', diff: [{ what: 'mode', from: '0644', to: '0755' }] },
    'drift: [web]: NOT TRUE ANY MORE at the end of the play: put config\n  mode: 0644 -> 0755\n',
  ],
  'the end': [{ type: 'run-end', exit: 0, changed: 0, ms: 900 }, '\n'],
  'nothing changed': [
    { type: 'run-end', exit: 0, changed: 0, ms: 900 },
    '\nnothing changed, 900 ms\n',
    { closing: true },
  ],
}
for (const [name, [event, out, more]] of Object.entries(LINES)) {
  test(name, () => assert.is(said([event], more).out, out))
}

test('a dry run says what would change', () => {
  const start: Event = { type: 'run-start', version: '1', playbooks: [], check: true }
  const events: Event[] = [start, { type: 'run-end', exit: 0, changed: 2, ms: 0 }]
  assert.is(said(events, { verbosity: 1 }).out, '\n2 would change, 0 ms\n')
  const play: Event = { type: 'play-start', play: 1, name: 'p', hosts: ['web'], tasks: 1 }
  const { out } = said([start, play, { type: 'task-start', ...ref(), handler: false }], { checkMarkers: true })
  assert.is(out, stars('DRY RUN') + stars('PLAY [p] [CHECK MODE]') + stars('TASK [put config] [CHECK MODE]'))
  const task = (check: boolean): Event => ({ type: 'task-start', ...ref(), handler: false, check })
  const mixed: Event[] = [{ ...play, check: true }, task(false), task(true)]
  const marked = `${stars('PLAY [p] [CHECK MODE]')}${stars('TASK [put config]')}${stars('TASK [put config] [CHECK MODE]')}`
  assert.is(said(mixed, { checkMarkers: true }).out, marked)
  assert.not.match(said(mixed).out, 'CHECK MODE')
})

test('whoever begins with a task is named where that is wanted', () => {
  const begins: Event = { type: 'host-start', ...ref(), host: 'web' }
  const task = (handler: boolean): Event => ({ type: 'task-start', ...ref(), handler })
  assert.is(said([begins]).out, '')
  assert.is(
    said([task(false), begins], { perHostStart: true }).out,
    `${stars('TASK [put config]')} [started TASK: put config on web]\n`,
  )
  assert.match(said([task(true), begins], { perHostStart: true }).out, '[started HANDLER: put config on web]')
})

test('a title waits for what is shown below it', () => {
  const hidden: Event[] = [
    { type: 'task-start', ...ref(), handler: false },
    hostResult({}),
    hostResult({ status: 'skipped' }),
  ]
  assert.is(said(hidden, { ok: false, skipped: false }).out, '')
  assert.is(
    said([...hidden, hostResult({ status: 'changed' })], { ok: false, skipped: false }).out,
    `${stars('TASK [put config]')}changed: [web]\n`,
  )
})

test('failures go where they are wanted', () => {
  const failed = said([hostResult({ status: 'failed', result: { rc: 1 } })], { failuresApart: true })
  assert.equal(failed, { out: '', err: 'fatal: [web]: FAILED! => {"rc": 1}\n' })
  const ignored = hostResult({ status: 'failed', ignored: true, result: { rc: 1 } })
  assert.equal(said([ignored], { failuresApart: true }), { out: '...ignoring\n', err: failed.err })
})

test('includes of several hosts are one line', () => {
  const included = (host: string, label: string): Event => ({
    type: 'included',
    ...ref(),
    file: '/a.yml',
    hosts: [host],
    label,
  })
  const start: Event = { type: 'host-start', ...ref(), host: 'db' }
  const { out } = said([
    included('web', '1'),
    start,
    included('db', '1'),
    included('web', '2'),
    { type: 'play-end', play: 1 },
  ])
  assert.is(out, 'included: /a.yml for web, db => (item=1)\nincluded: /a.yml for web => (item=2)\n')
})

test('colours are those of Ansible and change nothing else', () => {
  const { out } = said(RUN, { paint: colours })
  assert.ok(out.includes('\u001b[0;33mchanged: [web]\u001b[0m\n'))
  assert.ok(out.includes('\u001b[0;31mdb\u001b[0m                         : ok=0    changed=0'))
  assert.is(out.replace(/\u001b\[[0-9;]*m/g, ''), said(RUN).out)
})

test('-v ends with what the run cost', () => {
  assert.ok(
    said(RUN, { verbosity: 1 }).out.includes(
      'web                        : 1 handshake, 3 round trips, 2.0 KiB sent, 100 B received\n',
    ),
  )
})

test('a fault is told with its place and remedy', () => {
  const span = { file: 'a.yml', line: 2, col: 3 }
  const fault = { code: 'x', severity: 'error', message: `no ${EVIL}`, span, remedy: 'do' } as const
  assert.is(
    said([{ type: 'fault', fault }]).err,
    `a.yml:2:3: error: no a\\x1b[2Kb\\x1b]0;title\\x07c\\x0dd\\x9b31me\\u202ef [x]\n  do\n`,
  )
})

const ran = { action: 'shell', result: { rc: 3, stdout: 'a\nb', stderr: 'e', msg: 'non-zero return code' } } as const
const MODULE: Record<string, [event: Event, lines: string, line: string]> = {
  ok: [
    hostResult({ result: { ping: 'pong', a: [1] } }),
    'web | SUCCESS => {\n    "a": [\n        1\n    ],\n    "ping": "pong"\n}',
    'web | SUCCESS => {"a": [1],"ping": "pong"}',
  ],
  changed: [hostResult({ status: 'changed', result: {} }), 'web | CHANGED => {}', 'web | CHANGED => {}'],
  skipped: [hostResult({ status: 'skipped' }), 'web | SKIPPED', 'web | SKIPPED'],
  unreachable: [
    hostResult({ status: 'unreachable', msg: 'gone', result: {} }),
    'web | UNREACHABLE! => {\n    "msg": "gone"\n}',
    'web | UNREACHABLE!: gone',
  ],
  'a command': [
    hostResult({ ...ran, status: 'changed' }),
    'web | CHANGED | rc=3 >>\na\nbenon-zero return code',
    'web | CHANGED | rc=3 | (stdout) a\\nb (stderr) e',
  ],
  'a command that failed': [
    hostResult({ action: 'command', result: { rc: 1 }, status: 'failed', msg: 'no' }),
    'web | FAILED | rc=1 >>\n',
    'web | FAILED! => {"msg": "no","rc": 1}',
  ],
  'a command that did not run': [
    hostResult({ action: 'command', result: {}, status: 'failed', msg: 'no' }),
    'web | FAILED! => {\n    "msg": "no"\n}',
    'web | FAILED! => {"msg": "no"}',
  ],
}
for (const [name, [event, lines, line]] of Object.entries(MODULE)) {
  test(`one module on hosts reads like ansible: ${name}`, () => {
    const as = (oneLine: boolean) => said([event], {}, options => adhoc({ ...options, oneLine })).out
    assert.equal([as(false), as(true)], [`${lines}\n`, `${line}\n`])
  })
}

test('results of hosts can be kept', () => {
  const kept: string[] = []
  said([hostResult({ result: { ping: 'pong' } })], {}, options =>
    adhoc({ ...options, oneLine: true, keep: (host, json) => kept.push(host, json) }),
  )
  assert.equal(kept, ['web', '{"ping": "pong"}'])
})

test('JSON lines are the events', () => {
  let text = ''
  const emit = jsonLines(part => {
    text += part
  })
  for (const event of RUN) emit(event)
  assert.equal(
    text
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line)),
    JSON.parse(JSON.stringify(RUN.map(event => ('path' in event ? { ...event, play: 'all' } : event)))),
  )
})

test.run()
