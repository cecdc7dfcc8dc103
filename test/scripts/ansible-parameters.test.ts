import * as assert from 'uvu/assert'
import { type AnsibleParameters, askAnsible, committed, merged } from '../../scripts/ansible-parameters.ts'
import { coverageOf } from '../../scripts/docs-modules.ts'
import { references } from '../../src/cli/references.ts'
import { referenceOf } from '../../src/kit/reference.ts'
import { suite } from '../support/suite.ts'
import { has } from '../transport/sshd.ts'

const test = suite('scripts/ansible-parameters')
const known = committed()

const reference = referenceOf({
  name: 'x',
  collection: 'a.b',
  summary: 'Does it',
  args: {
    type: 'object',
    additionalProperties: false,
    freeForm: 'cmd',
    properties: {
      cmd: { type: 'string' },
      name: { type: 'string', aliases: ['pkg'] },
      mode: { type: 'string', refused: 'no', aliases: ['m'] },
    },
  },
})

const MET: Record<string, [names: string[], taken: number, refused: string[], unknown: string[]]> = {
  'by its name, or by another one': [['name', 'pkg'], 2, [], []],
  'the words after the module': [['free_form'], 1, [], []],
  'refused by name': [['mode', 'm', 'name'], 1, ['mode', 'm'], []],
  'not known': [['name', 'nothing', 'key_value'], 1, [], ['nothing', 'key_value']],
}
for (const [title, [names, taken, refused, unknown]] of Object.entries(MET))
  test(`a parameter of Ansible is met: ${title}`, () =>
    assert.equal(coverageOf(reference, { versions: {}, modules: { 'a.b.x': names } }), {
      ...{ all: names.length, taken, refused, unknown },
    }))

test('a module that Ansible has not has no count', () => assert.is(coverageOf(reference, known), undefined))

test('what was asked takes the place of what was known, and other collections stay', () => {
  const before = { versions: { a: '1', b: '1' }, modules: { 'a.x': ['old'], 'a.gone': [], 'b.y': ['kept'] } }
  assert.equal(merged(before, { versions: { a: '2' }, modules: { 'a.x': ['new'] } }), {
    versions: { a: '2', b: '1' },
    modules: { 'a.x': ['new'], 'b.y': ['kept'] },
  })
})

test('of the modules of ansible-core every parameter is taken or refused by name', async () => {
  const { modules, actions } = await references()
  const open = [...modules, ...actions].flatMap(each => {
    const names = each.fullName.startsWith('ansible.builtin.') ? coverageOf(each, known)?.unknown : []
    return (names ?? []).map(name => `${each.name}: ${name}`)
  })
  assert.equal(open, [])
})

if (!has('ansible-doc')) test.skip('what is committed is what ansible-doc says', 'ansible-doc is not installed')
else
  test('what is committed is what ansible-doc says, of versions that are installed here', () => {
    const now = askAnsible()
    const same = Object.entries(now.versions).filter(([name, version]) => known.versions[name] === version)
    assert.ok(same.length > 0, `other versions: ${JSON.stringify(now.versions)}: npm run ansible-parameters`)
    const of = (all: AnsibleParameters, collection: string) =>
      Object.fromEntries(Object.entries(all.modules).filter(([name]) => name.startsWith(`${collection}.`)))
    for (const [collection] of same)
      assert.equal(of(known, collection), of(now, collection), `${collection}: npm run ansible-parameters`)
  }, 60_000)

test.run()
