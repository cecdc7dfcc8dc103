import * as assert from 'uvu/assert'
import { modules } from '../../src/modules/index.ts'
import { byName, foreign } from '../../src/modules/shared/foreign.ts'
import { planWith } from '../support/converge.ts'
import { debian } from '../support/host.ts'
import { suite } from '../support/suite.ts'

const test = suite('modules/foreign')

const all = byName([...foreign, ...modules])

test('every module is there by its short name, and nothing more is counted', () => {
  assert.is(all.size, new Set([...foreign, ...modules].map(module => module.name)).size)
  for (const module of modules) assert.is(all.get(module.name), module)
})

const STRANGE: Record<string, RegExp> = {
  'community.zabbix.zabbix_host': /other collections/,
  'community.proxysql.proxysql_global_variables': /other collections/,
  'ansible.windows.win_copy': /Windows/,
  win_service: /Windows/,
}

for (const [name, remedy] of Object.entries(STRANGE))
  test(`${name} is one of Ansible's that may stand behind a condition`, () => {
    const found = all.get(name)
    assert.match(found?.refused ?? '', remedy)
    assert.is(all.get(found?.name ?? ''), found, 'the run finds it by the name that the check gave it')
    const plan = planWith(found as NonNullable<typeof found>, { any: 'thing' }, {}, debian)
    assert.is(plan.kind, 'refuse')
  })

const UNKNOWN = [
  'cpoy',
  'zabbix_host',
  'ansible.builtin.cpoy',
  'ansible.legacy.cpoy',
  'ansibel.builtin.copy',
  'community.genral.ini_file',
  'community.general.ini_fiel',
  'regplay.registry.registry_trsut',
  'regplay.other.thing',
  'a.b.c.d',
  '{{ x }}.y.z',
]

for (const name of UNKNOWN) test(`${name} is nobody's`, () => assert.is(all.get(name), undefined))

test.run()
