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
  ['inventory', 'all:\n  hosts: {a: {ansible_port: 70000}}\n', false],
  ['inventory', 'all:\n  hosts: {a: {ansible_port: "22", ansible_host: 10.0.0.1, ansible_become: "{{ x }}"}}\n', true],
  ['inventory', 'all:\n  vars: {ansible_connection: winrm}\n', false],
  ['inventory', 'all:\n  vars: {ansible_become_method: "{{ m }}", ansible_connection: local}\n', true],
  ['inventory', 'all:\n  hosts: [a, b]\n', false],
  ['inventory', 'all:\n  children: {web: [a]}\n', false],
  ['playbook', '- hosts: all\n  gather_facts: maybe\n', false],
  ['playbook', '- hosts: all\n  roles: [{when: x}]\n', false],
  ['playbook', '- hosts: all\n  become_exe: /usr/bin/x\n', false],
  ['playbook', '- hosts: all\n  vars: {a-b: 1}\n', false],
  ['playbook', '- hosts: all\n  handlers: [{name: x, service: {name: y, state: restarted}, listen: z}]\n', true],
  ['playbook', '- import_playbook: x.yml\n  hosts: all\n', false],
  ['tasks', '- ping:\n  loop: [1]\n  loop_control: {lable: x}\n', false],
  ['tasks', '- ping:\n  with_itmes: [1]\n', false],
  ['tasks', '- file: {path: /x, state: directori}\n', false],
  ['tasks', '- file: {dest: /x, state: directory}\n', true],
  ['tasks', '- ansible.builtin.file: {state: directory}\n', false],
  ['tasks', '- ping:\n  register: a b\n', false],
  ['tasks', 'ping:\n', false],
  ['tasks', '- block: ping\n', false],
  ['meta', 'dependencies: [a, {role: b, when: c, vars: {x: 1}, port: 3}]\ngalaxy_info: {author: me}\n', true],
  ['meta', 'dependencies:\nallow_duplicates: true\n', true],
  ['meta', 'dependancies: []\n', false],
  ['meta', 'dependencies: [{when: c}]\n', false],
  ['meta', 'argument_specs: {main: {options: {a: {type: int, required: true}}}}\n', true],
  [
    'argument_specs',
    'argument_specs: {main: {short_description: x, options: {a: {type: dict, options: {b: {type: list, elements: str}}}}}}\n',
    true,
  ],
  ['argument_specs', 'argument_specs: {main: {options: {a: {typ: int}}}}\n', false],
  ['argument_specs', 'argument_specs: {main: {options: {a: {type: integer}}}}\n', false],
  ['argument_specs', 'argument_specs: {main: {options: {a: {options: {b: {type: nope}}}}}}\n', false],
  ['argument_specs', 'main: {}\n', false],
  ['vars', 'a: 1\nb_c: [x]\n', true],
  ['vars', 'ansible_port: ssh\n', false],
  ['vars', 'a-b: 1\n', false],
]
for (const [schema, yaml, accepted] of ROWS)
  test(`${schema}: ${JSON.stringify(yaml)}`, () =>
    is(accepts(schema, yaml), accepted, JSON.stringify(ajv.errors, null, 1)))

/** Every YAML file of ours, and the schema that docs/editor.md gives it. */
function filesOf(folder: string): [file: string, schema: string][] {
  const files = readdirSync(new URL(`../../${folder}/`, import.meta.url), { recursive: true, encoding: 'utf8' })
  return files
    .filter(file => file.endsWith('.yml'))
    .map(file => {
      const [, part] = /(?:^|\/)(tasks|handlers|meta|defaults|vars|group_vars|host_vars)\//.exec(file) ?? []
      if (part === undefined) return [`${folder}/${file}`, folder === 'inventory' ? 'inventory' : 'playbook']
      if (part === 'meta') return [`${folder}/${file}`, file.includes('argument_specs') ? 'argument_specs' : 'meta']
      return [`${folder}/${file}`, part === 'tasks' || part === 'handlers' ? 'tasks' : 'vars']
    })
}

for (const [file, schema] of [...filesOf('playbooks'), ...filesOf('inventory')])
  test(`${file} is what ${schema}.schema.json says`, () =>
    ok(
      accepts(schema, readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')),
      JSON.stringify(ajv.errors, null, 1),
    ))

test('there are such files of every kind', () => {
  const kinds = new Set([...filesOf('playbooks'), ...filesOf('inventory')].map(([, schema]) => schema))
  equal([...kinds].sort(), ['inventory', 'playbook', 'tasks', 'vars'])
})

test.run()
