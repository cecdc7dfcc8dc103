import { DIALECT, type Json } from './shapes.ts'

const text = (description: string): Json => ({ description, type: 'string' })
const whole = (description: string): Json => ({ description, type: 'integer', minimum: 0 })
const flag = (description: string): Json => ({ description, type: 'boolean' })
const names = (description: string): Json => ({ description, type: 'array', items: { type: 'string' } })

/** The fields of one kind of event; those whose name ends with `?` may be missing. */
type Fields = Readonly<Record<string, Json>>

const object = (fields: Fields): Json => ({
  type: 'object',
  properties: Object.fromEntries(Object.entries(fields).map(([name, schema]) => [name.replace('?', ''), schema])),
  required: Object.keys(fields).filter(name => !name.endsWith('?')),
  additionalProperties: false,
})

const SPAN = object({
  file: text('The file, from where regplay was started'),
  line: whole('From 1'),
  col: whole('From 1'),
  'offset?': whole('Characters before it in the file'),
})

const FAULT = object({
  code: text('The code, as docs/errors.md lists it'),
  severity: { description: 'An error keeps a run from starting', enum: ['error', 'warning'] },
  message: text('What was found'),
  'span?': { description: 'Where', ...SPAN },
  'remedy?': text('What to do'),
})

const CHANGE = object({
  what: text('What differs'),
  from: text('What it was'),
  to: text('What it is now, or in a dry run would be'),
  'texts?': {
    description: 'The whole texts, where they are known',
    ...object({ before: text('The text before'), after: text('The text after') }),
  },
})

const diff: Json = { description: 'What changed, when it was to be shown', type: 'array', items: CHANGE }

/** Which task, in every event of a task. */
const TASK: Fields = {
  play: text('The name of its play, else its hosts'),
  id: whole('The number of the task, the same in all events of it'),
  task: text('`ROLE : NAME`, or `NAME` outside a role; the module where there is no name'),
  action: text('The short name of the module, whichever name the playbook uses'),
  path: text('`FILE:LINE` of the task'),
}

const host = text('The host')

const RESULT: Fields = {
  ...TASK,
  host,
  status: { description: 'How it ended', enum: ['ok', 'changed', 'skipped', 'failed', 'unreachable'] },
  result: {
    description: 'What the module returned, as `register` holds it; with `no_log` only that it is hidden',
    type: 'object',
  },
  'diff?': diff,
  'msg?': text('Why it failed, was skipped or could not be reached'),
  'origin?': text('Where the text stands that failed: file:line:col'),
  'remedy?': text('What to do about it'),
  'ms?': whole('Milliseconds'),
  'delegate?': text('The host that did it, where that was another'),
  'delegateAddress?': text('Where that host is reached, where not by its name'),
}

const COUNTS = object(
  Object.fromEntries(
    Object.entries({
      ok: 'Tasks that ended well, `changed` and `ignored` among them',
      changed: 'Of these, the ones that changed something',
      unreachable: 'Tasks that lost the host',
      failed: 'Tasks that failed and ended its way',
      skipped: 'Tasks that were skipped',
      rescued: 'Blocks whose rescue ran',
      ignored: 'Failures that were ignored',
    }).map(([name, description]) => [name, whole(description)]),
  ),
)

/** Every kind of event: what it says, and its fields. */
export const EVENTS: Readonly<Record<string, readonly [means: string, fields: Fields]>> = {
  'run-start': [
    'The first event',
    { version: text('Of regplay'), playbooks: names('As they were named'), check: flag('It is a dry run') },
  ],
  'play-start': [
    'A play begins, or with `serial` a batch of it',
    {
      play: whole('Its number in the run, from 1'),
      name: text('Its name, else its hosts'),
      hosts: names('The hosts that take part; none when no host matched'),
      tasks: whole('Tasks that are known before it runs, without handlers'),
      'check?': flag('What its keyword check_mode says'),
    },
  ],
  'task-start': [
    'A task begins, before its first host',
    { ...TASK, handler: flag('It is a handler'), 'check?': flag('What its keyword check_mode says') },
  ],
  'host-start': ['A host begins with a task', { ...TASK, host }],
  'item-result': [
    'One turn of a loop has ended',
    { ...RESULT, item: { description: 'The item' }, label: text('How the item is shown') },
  ],
  'host-result': [
    'A task has ended on a host; of a loop it comes after the items',
    {
      ...RESULT,
      'ignored?': flag('It failed or was unreachable, and may'),
      'rescued?': flag('It failed, and a rescue runs now'),
      'items?': whole('Turns of the loop'),
    },
  ],
  retry: [
    '`until` is not true yet',
    {
      ...TASK,
      host,
      left: whole('Tries that are left'),
      result: { description: 'The result of this try', type: 'object' },
    },
  ],
  included: [
    'An include brought more tasks',
    {
      ...TASK,
      file: text('The file, or the role'),
      hosts: names('For these hosts'),
      'label?': text('The item of its loop, as shown'),
    },
  ],
  progress: [
    'Something long goes on',
    {
      ...{ ...TASK, host, what: text('What goes on'), done: whole('Bytes so far') },
      total: { description: 'Bytes in all; null when nobody knows', type: ['integer', 'null'] },
    },
  ],
  waiting: [
    'A pause begins',
    {
      ...TASK,
      msg: text('What whoever sits at the terminal is told'),
      seconds: { description: 'Its length; null when somebody is waited for', type: ['integer', 'null'] },
    },
  ],
  notified: ['A handler was notified', { ...TASK, host, handler: text('By this name') }],
  meta: [
    'A `meta` task was met',
    {
      ...{ ...TASK, host, handler: flag('It stands among the handlers') },
      ...{ word: text('What it says'), done: flag('False where a condition kept it from being done') },
    },
  ],
  drift: ['What a task had made true is not true any more at the end of its play', { ...TASK, host, diff }],
  warning: ['Worth knowing', { msg: text('What'), 'host?': host }],
  fault: ['A mistake in what people wrote', { fault: FAULT }],
  'play-end': [
    'A play has ended',
    { play: whole('Its number'), 'stopped?': flag('Before its time, also for hosts that had not failed') },
  ],
  recap: [
    'What became of each host',
    { hosts: { description: 'By host', type: 'object', additionalProperties: COUNTS } },
  ],
  'custom-stats': [
    'What `set_stats` gathered; not there when nothing did',
    {
      run: { description: 'For the run as a whole', type: 'object' },
      hosts: { description: 'By host', type: 'object', additionalProperties: { type: 'object' } },
    },
  ],
  stats: [
    'What the run cost, by host',
    {
      hosts: {
        description: 'By host',
        type: 'object',
        additionalProperties: object({
          handshakes: whole('SSH handshakes'),
          trips: whole('Round trips'),
          bytesSent: whole('Bytes'),
          bytesReceived: whole('Bytes'),
        }),
      },
    },
  ],
  'run-end': [
    'The last event',
    {
      exit: whole('The status that regplay ends with'),
      changed: whole('Results that were `changed`, over all hosts'),
      ms: whole('Milliseconds'),
    },
  ],
}

/** A line of `--json` and `--events`. */
export const eventsSchema = (): Json => ({
  $schema: DIALECT,
  $id: 'events.schema.json',
  title: 'An event of a run of regplay',
  type: 'object',
  required: ['type'],
  properties: { type: { enum: Object.keys(EVENTS) } },
  allOf: Object.entries(EVENTS).map(([type, [description, fields]]) =>
    Object.fromEntries([
      ['if', { type: 'object', properties: { type: { const: type } } }],
      ['then', { description, ...object({ type: { const: type }, ...fields }) }],
    ]),
  ),
})
