import { hostname, userInfo } from 'node:os'
import * as assert from 'uvu/assert'
import { rows } from '../support/rows.ts'
import { suite } from '../support/suite.ts'

/** What a template file knows of itself. */
const test = suite('run/template-file')

const NAMES = ['host', 'path', 'fullpath', 'uid', 'destpath'].map(name => `template_${name}`)
const LINE = NAMES.map(name => `{{ ${name} | default('-') }}`).join(' ')
const NOW =
  "{{ (template_run_date - template_mtime).total_seconds() < 3600 }} {{ template_mtime.strftime('%Y') | int > 2000 }}"
const OWN = `${hostname()} DIR/templates/t.j2 DIR/templates/t.j2 ${userInfo().username}`

rows(test, {
  'its name, its owner, its age and where it goes': {
    text: `
- hosts: all
  gather_facts: false
  vars: { template_host: hidden, far: "{{ template_path | default('none') }}" }
  tasks:
    - { template: { src: t.j2, dest: DIR/out } }
    - { debug: { msg: "{{ lookup('file', 'DIR/out') == lookup('file', 'DIR/wanted') }}" } }
    - { debug: { msg: "{{ lookup('template', 't.j2') }}" } }
    - { debug: { msg: "{{ template_host }} {{ far }}" } }
`,
    files: {
      'templates/t.j2': `${LINE} {{ far }} ${NOW}`,
      wanted: `${OWN} DIR/out DIR/templates/t.j2 True True`,
    },
    also: ({ said }) => {
      assert.is(said[0], 'one true')
      assert.match(said[1] ?? '', new RegExp(`^one ${hostname()} (\\S+/templates/t.j2) \\1 \\S+ - none True True$`))
      assert.is(said[2], 'one hidden none')
    },
  },
  'a file that is not there, or is none, is a failed task': {
    text: `
- hosts: all
  gather_facts: false
  tasks:
    - { template: { src: DIR/nowhere.j2, dest: DIR/out }, ignore_errors: true, register: lost }
    - { template: { src: DIR, dest: DIR/out }, ignore_errors: true, register: folder }
    - { debug: { msg: "{{ lost is failed }} {{ 'Could not find or access' in lost.msg }} {{ folder is failed }}" } }
`,
    also: ({ said }) => assert.is(said.at(-1), 'one True True True'),
  },
  'failed_when and until have their say of arguments that cannot be used': {
    files: { 'templates/t.j2': '{{ nothing }}' },
    text: `
- hosts: all
  gather_facts: false
  tasks:
    - { template: { src: nowhere.j2, dest: DIR/out }, failed_when: "'Could not find' not in r.msg", register: r }
    - { template: { src: t.j2, dest: DIR/out }, failed_when: false, until: r.attempts > 1, retries: 2, delay: 0, register: r }
    - { debug: { msg: "{{ r is failed }} {{ r.attempts }} {{ r.msg }}" } }
`,
    also: ({ said }) => assert.match(said.at(-1) ?? '', /^one False 2 'nothing' is undefined/),
  },
})

test.run()
