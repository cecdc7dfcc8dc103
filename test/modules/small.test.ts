import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import type { Value } from '../../src/base/value.ts'
import { toJson } from '../../src/base/value.ts'
import type { Module } from '../../src/kit/module.ts'
import assertModule from '../../src/modules/assert.ts'
import debug from '../../src/modules/debug.ts'
import fail from '../../src/modules/fail.ts'
import ping from '../../src/modules/ping.ts'
import set_fact from '../../src/modules/set_fact.ts'
import stat from '../../src/modules/stat.ts'
import { hash } from '../../src/questions/controller.ts'
import { planHere, planWith } from '../support/converge.ts'
import { debian } from '../support/host.ts'
import { SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'

const test = suite('modules that only tell')
const yes = { source: 'a == 1', value: true, truthy: true }
const no = { source: 'b == 2', value: false, truthy: false }

const CASES: Record<
  string,
  [module: Module, args: Record<string, unknown>, answers: object, kind: string, result: unknown]
> = {
  'debug says hello': [debug, {}, {}, 'ok', { msg: 'Hello world!' }],
  'debug shows a message': [debug, { msg: ['a', { b: 1 }] }, {}, 'ok', { msg: ['a', { b: 1 }] }],
  'debug shows an expression': [debug, { var: { source: 'a.b', value: [1], truthy: true } }, {}, 'ok', { 'a.b': [1] }],
  'assert is content': [assertModule, { that: [yes, yes] }, {}, 'ok', { msg: 'All assertions passed' }],
  'assert says what is wrong': [
    assertModule,
    { that: [yes, no], fail_msg: 'oh no' },
    {},
    'refuse',
    { assertion: 'b == 2', evaluated_to: false, msg: 'oh no' },
  ],
  'fail fails': [fail, { msg: 'done for' }, {}, 'refuse', {}],
  'set_fact sets': [set_fact, { a: [1], b: 'x' }, {}, 'ok', { ansible_facts: { a: [1], b: 'x' } }],
  'set_fact wants names': [set_fact, { 'a-b': 1 }, {}, 'refuse', {}],
  'set_fact wants something': [set_fact, {}, {}, 'refuse', {}],
  'ping answers': [ping, {}, { pong: true }, 'ok', { ping: 'pong' }],
  'ping answers with data': [ping, { data: 'x' }, { pong: true }, 'ok', { ping: 'x' }],
  'ping can crash': [ping, { data: 'crash' }, { pong: true }, 'refuse', {}],
}

for (const [name, [module, args, answers, kind, result]] of Object.entries(CASES))
  test(name, () => {
    const plan = planWith(module, args, answers as Record<string, unknown>, debian)
    assert.is(plan.kind, kind)
    const fields = 'result' in plan ? Object.entries(plan.result) : []
    assert.equal(Object.fromEntries(fields.map(([key, value]) => [key, toJson(value ?? null)])), result)
  })

for (const shell of SHELLS)
  test(`${shell[0]}: stat tells what Ansible's tells`, async () => {
    const root = mkdtempSync(join(tmpdir(), 'stat-'))
    const path = join(root, "it's a\nfile")
    writeFileSync(path, 'text', { mode: 0o640 })
    symlinkSync(path, join(root, 'link'))
    const see = async (args: Record<string, unknown>): Promise<Map<Value, Value>> => {
      const plan = await planHere(stat, args, debian, shell)
      const value = 'result' in plan ? plan.result['stat'] : undefined
      if (!(value instanceof Map)) throw new Error('no stat')
      return value
    }
    const file = await see({ path })
    for (const [key, wanted] of Object.entries({
      exists: true,
      isreg: true,
      isdir: false,
      islnk: false,
      mode: '0640',
      size: 4,
      pw_name: 'root',
      rusr: true,
      woth: false,
      nlink: 1,
      readable: true,
      checksum: hash('sha1', 'text'),
    }))
      assert.is(file.get(key), wanted, key)
    const link = await see({ path: join(root, 'link') })
    assert.equal([link.get('islnk'), link.get('lnk_target'), link.get('lnk_source')], [true, path, path])
    assert.is((await see({ path: join(root, 'link'), follow: true })).get('isreg'), true)
    assert.is((await see({ path, checksum_algorithm: 'sha256' })).get('checksum'), hash('sha256', 'text'))
    assert.is((await see({ path, get_checksum: false })).has('checksum'), false)
    assert.is((await see({ path: root })).get('isdir'), true)
    assert.equal([...(await see({ path: join(root, 'none') }))], [['exists', false]])
    rmSync(root, { recursive: true })
  })

test.run()
