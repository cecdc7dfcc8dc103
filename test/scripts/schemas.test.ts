import { readdirSync, readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { equal, is, ok } from 'uvu/assert'
import { schemas } from '../../scripts/schemas.ts'
import { toJson } from '../../src/base/value.ts'
import { modules } from '../../src/modules/index.ts'
import { toValue } from '../../src/source/node.ts'
import { parseYaml } from '../../src/source/yaml.ts'
import { suite } from '../support/suite.ts'

const test = suite('scripts/schemas')
const FOLDER = new URL('../../schemas/', import.meta.url)
const made = schemas(modules)

test('schemas/ holds what the keywords and modules say; else run node --import tsx scripts/schemas.ts', () => {
  equal(
    readdirSync(FOLDER)
      .filter(name => name.endsWith('.schema.json'))
      .sort(),
    Object.keys(made).sort(),
  )
  for (const [name, text] of Object.entries(made)) ok(readFileSync(new URL(name, FOLDER), 'utf8') === text, name)
})

const ajv = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false, allowUnionTypes: true })
for (const text of Object.values(made)) ajv.addSchema(JSON.parse(text))

const accepts = (schema: string, yaml: string): boolean => {
  const { node } = parseYaml(yaml, 'x.yml')
  return ajv.validate(`${schema}.schema.json`, node && toJson(toValue(node))) === true
}

const ROWS: readonly (readonly [schema: string, yaml: string, accepted: boolean])[] = [
  [
    'playbook',
    '- hosts: all\n  become: "{{ x }}"\n  tasks: [{ping: }]\n  roles: [a, {role: b, when: c, extra: 1}]\n',
    true,
  ],
  ['playbook', '- import_playbook: x.yml\n  when: y\n', true],
  ['playbook', '- hosts: all\n  taks: []\n', false],
  ['playbook', '- tasks: []\n', false],
  ['playbook', 'hosts: all\n', false],
  [
    'tasks',
    '- name: x\n  ansible.builtin.copy: {src: a, dest: b, mode: "0644"}\n  with_items: []\n  notify: y\n',
    true,
  ],
  ['tasks', '- copy: src=a dest=b\n  become: yes\n', true],
  ['tasks', '- block: [{ping: }]\n  rescue: [{debug: {msg: x}}]\n  when: [a, b]\n', true],
  ['tasks', '- command: ls\n  changed_when: false\n  register: x\n', true],
  ['tasks', '- include_tasks: {file: x.yml}\n- meta: flush_handlers\n', true],
  ['tasks', '- copy: {src: a, dst: b}\n', false],
  ['tasks', '- service: {name: x, state: startd}\n', false],
  ['tasks', '- service: {name: x, state: "{{ s }}"}\n', true],
  ['tasks', '- block: [{ping: , wehn: x}]\n', false],
  [
    'inventory',
    'all:\n  hosts: {a: , b: {ansible_port: 22}}\n  children: {web: {hosts: {a: }}, db: }\n  vars: {x: 1}\n',
    true,
  ],
  ['inventory', 'all:\n  host: {a: }\n', false],
  ['vars', 'a: 1\nb_c: [x]\n', true],
  ['vars', 'a-b: 1\n', false],
]
for (const [schema, yaml, accepted] of ROWS)
  test(`${schema}: ${JSON.stringify(yaml)}`, () =>
    is(accepts(schema, yaml), accepted, JSON.stringify(ajv.errors, null, 1)))

test.run()
