import * as assert from 'uvu/assert'
import { play } from '../support/play.ts'
import { suite } from '../support/suite.ts'

const test = suite('run: where lookups look')

const FILES = {
  'roles/r/files/a.txt': 'from the role\n',
  'roles/r/templates/t.j2': 'n={{ n }}',
  'roles/r/templates/a.txt': 'a template',
  'roles/r/vars/more.yml': 'n: 7\n',
  'files/b.txt': 'beside the playbook\n',
  'roles/r/tasks/main.yml': `
- debug: { msg: "{{ q('first_found', ['no', 'a.txt']) | map('basename') | join }}" }
- debug: { msg: "{{ q('fileglob', '*.txt') | map('basename') | join }}" }
- debug: { msg: "{{ item | dirname | basename }}" }
  with_first_found: [none.txt, a.txt]
  register: r
- debug: { msg: '{{ r.results[0].msg }}' }
- debug: { msg: "{{ item | dirname | basename }} {{ item | basename }}" }
  with_fileglob: ['b*']
  register: r
- debug: { msg: '{{ r.results[0].msg }}' }
- debug: { msg: "{{ item }}" }
  with_file: [a.txt]
  register: r
- debug: { msg: '{{ r.results[0].msg }}' }
- debug: { msg: "{{ item | basename }}" }
  with_first_found:
    - { files: ['{{ nobody }}.txt', 'a.txt'], paths: [files] }
  register: r
- debug: { msg: '{{ r.results[0].msg }}' }
- debug: { msg: "{{ item | basename }}" }
  with_first_found:
    - files: '{{ wanted }}'
  vars: { wanted: ['{{ nobody }}.txt', '{{ more }}', a.txt], more: ['{{ wanted }}', '{{ nobody }}'] }
  register: r
- debug: { msg: '{{ r.results[0].msg }}' }
- include_vars: "{{ item }}"
  with_first_found: [no.yml, more.yml]
- debug: { msg: "{{ item }}" }
  with_template: [t.j2]
  register: r
- debug: { msg: '{{ r.results[0].msg }}' }
`,
}

test('first_found, fileglob, file and template look in the role, then beside the playbook', async () => {
  const { said } = await play('- { hosts: all, gather_facts: false, roles: [r] }', { files: FILES })
  assert.equal(
    said.filter(line => !line.includes('items completed')).map(line => line.replace(/^one /, '')),
    ['a.txt', 'a.txt', 'files', 'files b.txt', 'from the role', 'a.txt', 'a.txt', 'n=7'],
  )
}, 20_000)

test.run()
