import { userInfo } from 'node:os'
import { rows } from '../support/rows.ts'
import { suite } from '../support/suite.ts'

const test = suite('run/foreign')

const play = (tasks: string, more = ''): string => `- hosts: all\n  gather_facts: false\n${more}  tasks:${tasks}\n`

const OTHERS = `
    - { name: other, rhsm_repository: { name: x }, when: false }
    - name: block
      when: family == 'RedHat'
      block:
        - { name: inner, ansible.builtin.yum: { name: x } }
    - { name: include, include_tasks: other.yml, when: "family == 'FreeBSD'" }
    - { name: mine, debug: { msg: x } }`

const FILES = { 'other.yml': '- { name: there, pkgng: name=x state=present }\n' }

rows(test, {
  "modules of other systems stand in nobody's way where conditions keep them away": {
    text: play(OTHERS, '  vars: { family: Debian }\n'),
    files: FILES,
    results: ['one skipped other', 'one skipped inner', 'one skipped include', 'one ok mine'],
  },
  'whoever gets to one fails': {
    text: play(OTHERS, '  vars: { family: FreeBSD }\n'),
    files: FILES,
    why: /the module 'pkgng' of Ansible is not supported/,
    failed: true,
  },
  'homes of other users are opened in paths, unknown users stay': {
    text: play(`
    - { name: home, stat: { path: "~${userInfo().username}/" }, register: home }
    - { name: there, debug: { msg: "{{ home.stat.path }} {{ home.stat.isdir }}" } }
    - { name: nobody, file: { path: "~no-such-user-here/x", state: absent } }`),
    said: [`one ${userInfo().homedir} True`],
    recap: ['one 3/0/0/0/0/0'],
  },
})

test.run()
