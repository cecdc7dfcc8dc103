import * as assert from 'uvu/assert'
import type { Event, ItemResult } from '../../src/base/event.ts'
import { rows } from '../support/rows.ts'
import { suite } from '../support/suite.ts'

const test = suite('run/choose')

const play = (tasks: string, more = ''): string =>
  `- hosts: all\n  gather_facts: false\n${more}  tasks:${tasks.replaceAll('\n', '\n    ')}\n`

const isItem = (event: Event): event is ItemResult => event.type === 'item-result'

/** What a task is told that a template gives a wrong name. */
const wrong = (name: string, why: RegExp) => ({ text: play(`\n- action: "{{ '${name}' }}"`), why, failed: true })

rows(test, {
  'each host does what its own variables name': {
    inventory: 'a ansible_connection=local m=debug\nb ansible_connection=local m=ansible.builtin.ping\n',
    text: play(`
- { name: "a {{ m }}", action: { module: "{{ m }}" }, register: r }
- { name: show, debug: { msg: "{{ r.msg | default('-') }} {{ r.ping | default('-') }}" } }`),
    said: ['a Hello world!', 'a Hello world! -', 'b - pong'],
    also: ({ events }) =>
      assert.equal(
        events.flatMap(event => (event.type === 'host-result' ? [`${event.host} ${event.action}`] : [])).sort(),
        ['a debug', 'a debug', 'b debug', 'b ping'],
      ),
  },
  'a task without a name is called as it is written': {
    text: play('\n- action: "{{ m }} msg=hi"', '  vars: { m: debug }\n'),
    results: ['one ok {{ m }}'],
    said: ['one hi'],
  },
  'each turn of a loop does what its item names, and teaches what that teaches': {
    text: play(
      `
- { name: all, action: { module: "{{ item.m }}" }, args: "{{ item.a }}", loop: "{{ all }}" }
- { name: show, debug: { var: x } }`,
      '  vars: { all: [{ m: debug, a: { msg: hi } }, { m: set_fact, a: { x: 3 } }] }\n',
    ),
    results: ['one ok all', 'one ok show'],
    also: ({ events, result }) => {
      assert.equal(
        events.filter(isItem).map(({ action, task }) => `${action} ${task}`),
        ['debug all', 'set_fact all'],
      )
      assert.is(result('show').result['x'], 3)
    },
  },
  'commands take their words by a name': {
    text: play(
      `
- { name: command, action: "{{ m }}mand cmd='echo a=b {{ w }}' chdir=/", register: r }
- { name: shell, local_action: { module: "{{ 'shell' }}", cmd: "echo $((1 + 1))" }, register: s }
- { name: show, debug: { msg: "{{ r.stdout }} {{ s.stdout }}" } }`,
      '  vars: { m: com, w: c }\n',
    ),
    results: ['one changed command', 'one changed shell', 'one ok show'],
    said: ['one a=b c 2'],
  },
  'arguments may come as one dict, with the name or below it': {
    text: play(
      `
- { name: beside, action: "{{ 'debug' }} {{ given }}" }
- { name: below, action: "{{ 'debug' }}", args: "{{ given }}" }`,
      '  vars: { given: { msg: dict } }\n',
    ),
    said: ['one dict', 'one dict'],
  },
  'module_defaults of the module hold': {
    text: play('\n- action: "{{ \'debug\' }}"', '  module_defaults: { ansible.builtin.debug: { msg: lent } }\n'),
    said: ['one lent'],
  },
  'what is done once for all hosts is so by whatever name': {
    hosts: ['a', 'b'],
    text: `${play(`
- { name: host, action: "{{ 'add_host' }} name=new groups=g ansible_connection=local" }`)}
- { hosts: g, gather_facts: false, tasks: [{ name: there, ping: }] }`,
    results: ['a changed host', 'new ok there'],
  },
  'a handler may be named so, and what until, retries and rescue do is done': {
    text: play(
      `
- { name: tell, action: "{{ 'command' }} cmd=true", notify: hand }
- { name: again, action: "{{ 'fail' }} msg=no", retries: 1, delay: 0, register: r, ignore_errors: true }
- name: block
  block: [{ name: fails, action: "{{ nobody }}" }]
  rescue: [{ name: show, debug: { msg: "{{ r.attempts }} {{ ansible_failed_result.msg }}" } }]`,
      `  handlers: [{ name: hand, action: "{{ 'debug' }} msg=handled" }]\n`,
    ),
    results: ['one changed tell', 'one ignored again', 'one rescued fails', 'one ok show', 'one ok hand'],
    said: ["one 1 'nobody' is undefined", 'one handled'],
  },
  'a condition comes before the name': {
    text: play('\n- { name: out, action: "{{ nobody }}", when: false }\n- { name: ends, action: "{{ nobody }}" }'),
    results: ['one skipped out', 'one failed ends'],
    why: /'nobody' is undefined/,
    failed: true,
  },
  'a name that is none': wrong('debgu', /play.yml:4:\d+: error: unknown module 'debgu'; did you mean 'debug'\?/),
  'a name with arguments in it': wrong('debug msg=x', /unknown module 'debug msg=x'/),
  'no name': wrong('', /unknown module ''/),
  'a module that only Ansible has': wrong('subversion', /the module 'subversion' of Ansible is not supported/),
  'arguments that lack one': wrong('copy', /dest/),
  'an include': wrong(
    'include_tasks',
    /a template names 'include_tasks', which steers the run.*\n.*write include_tasks/,
  ),
  'an import': wrong('ansible.builtin.import_role', /a template names 'import_role'.*\n.*write include_role/),
  meta: wrong('meta', /a template names 'meta'.*\n.*write meta as it is, with a when/),
  'an argument that the module does not have': {
    text: play('\n- action: "{{ \'debug\' }} nosuch=1"'),
    why: /unknown argument 'nosuch'/,
    failed: true,
  },
  'a line where a dict of arguments is expected': {
    text: play("\n- action: \"{{ 'command' }} {{ 'echo hi' }}\""),
    why: /'args' is "echo hi", a dict is expected/,
    failed: true,
  },
})

test.run()
