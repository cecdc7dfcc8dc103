import * as assert from 'uvu/assert'
import { rows } from '../support/rows.ts'
import { suite } from '../support/suite.ts'

const test = suite('run/delegation')

const tasks = (text: string, hosts = 'a'): string => `- hosts: ${hosts}\n  gather_facts: false\n  tasks:${text}`

/** `gone` listens nowhere; `b` is this machine. */
const INVENTORY = `a ansible_connection=local
b ansible_connection=local
gone ansible_connection=ssh ansible_host=127.0.0.1 ansible_port=9
named ansible_connection=ssh ansible_host="x{{ inventory_hostname }}.invalid"
`

rows(test, {
  'variables of the task steer the way to the other host': {
    inventory: INVENTORY,
    text: tasks(`
    - { name: here, command: echo hi, delegate_to: gone, vars: { ansible_connection: local }, register: r }
    - { debug: { msg: "{{ r.stdout }}" } }`),
    results: ['a changed here', 'a ok debug'],
    said: ['a hi'],
  },
  'keywords of the task know whom it is for': {
    inventory: INVENTORY,
    text: tasks(`
    - { set_fact: { rise: false } }
    - { name: here, command: 'true', delegate_to: b, become: "{{ hostvars[inventory_hostname].rise }}" }`),
    results: ['a ok set_fact', 'a changed here'],
  },
  'variables of the other host know whom the task is for': {
    inventory: INVENTORY,
    text: tasks('\n    - { name: there, ping: , delegate_to: named, ignore_unreachable: true }'),
    also: ({ result }) => assert.match(result('there', 'a').msg ?? '', /xa[.]invalid/),
  },
  'ansible_host is the host that does the work, unless the first has one of its own': {
    inventory: `${INVENTORY}own ansible_connection=local ansible_host=127.0.0.3\n`,
    text: tasks(
      `
    - { debug: { msg: "{{ ansible_host }}" }, delegate_to: b }
    - { debug: { msg: "{{ ansible_host }}" } }
    - { debug: { msg: "{{ ansible_host }}" }, delegate_to: "{{ nobody }}", when: nobody is defined }`,
      'a:own',
    ),
    said: ['a b', 'a a', 'own 127.0.0.3', 'own 127.0.0.3'],
  },
  'what a lookup of the controller did is seen, by whatever name it goes': {
    inventory: 'one ansible_connection=local\ntwo ansible_connection=local\n',
    text: `- hosts: all
  gather_facts: false
  vars: { file: DIR/made }
  tasks:
    - { stat: { path: '{{ file }}' }, register: before }
    - { debug: { msg: "{{ lookup('pipe', 'echo a >>' ~ file ~ '; cat ' ~ file) is truthy }}" }, run_once: true }
    - { stat: { path: '{{ file }}' }, register: piped }
    - { copy: { dest: '{{ file }}.copy', src: '{{ file }}' }, when: inventory_hostname == 'one' }
    - { debug: { msg: "{{ query('lines', 'echo b >' ~ file) }}" }, run_once: true }
    - { copy: { dest: '{{ file }}.copy', src: '{{ file }}' }, when: inventory_hostname == 'two', register: anew }
    - { stat: { path: '{{ file }}.password' } }
    - { debug: { msg: "{{ lookup('password', file ~ '.password length=3') | length }}" }, run_once: true }
    - { stat: { path: '{{ file }}.password' }, register: kept }
    - { debug: { msg: '{{ before.stat.exists }} {{ piped.stat.exists }} {{ anew.changed }} {{ kept.stat.exists }}' } }
`,
    said: [...['one true', 'one ', 'one 3', 'one False True False True'], 'two False True True True'],
  },
  'what one name of the controller did is seen by the others': {
    inventory: 'one ansible_connection=local\ntwo ansible_connection=local\n',
    text: `- hosts: one, two
  gather_facts: false
  tasks:
    - { stat: { path: DIR/made } }
    - { file: { path: DIR/made, state: directory }, when: inventory_hostname == 'one' }
    - { stat: { path: DIR/made }, register: seen }
    - { debug: { msg: '{{ seen.stat.exists }}' } }
`,
    said: ['one true', 'two true'],
  },
  'what sends from the controller anyway may be delegated to it, and to no third host': {
    inventory: `${INVENTORY}localhost ansible_connection=local\n`,
    text: tasks(`
    - { name: made, copy: { content: x, dest: DIR/file } }
    - { name: from here, synchronize: { src: DIR/file, dest: DIR/copy }, delegate_to: localhost }
    - { name: itself, synchronize: { src: DIR/file, dest: DIR/copy }, delegate_to: a }
    - { name: another, synchronize: { src: DIR/file, dest: DIR/copy }, delegate_to: b }`),
    results: ['a changed made', 'a changed from here', 'a ok itself', 'a failed another'],
    failed: true,
    why: /^delegate_to names another host/,
  },
  'a host is itself by its address, too': {
    inventory: 'far ansible_connection=local ansible_host=192.0.2.7\n192.0.2.7 ansible_connection=local\n',
    text: tasks(
      `
    - { name: made, copy: { content: x, dest: DIR/file } }
    - { name: itself, synchronize: { src: DIR/file, dest: DIR/copy }, delegate_to: 192.0.2.7 }`,
      'far',
    ),
    results: ['far changed made', 'far changed itself'],
  },
  'a host by chance is one host for the whole turn': {
    inventory: INVENTORY,
    text: tasks(`
    - { add_host: { name: "h{{ item }}", groups: many, ansible_connection: local }, loop: "{{ range(20) | list }}" }
    - { set_fact: { mine: "{{ ansible_host }} {{ ansible_delegated_vars.keys() | first }}" }, delegate_to: "{{ groups.many | random }}",
        delegate_facts: true, loop: [1, 2, 3, 4, 5] }
- hosts: many
  gather_facts: false
  tasks:
    - { assert: { that: mine == inventory_hostname ~ ' ' ~ inventory_hostname }, when: mine is defined }`),
  },
})

test.run()
