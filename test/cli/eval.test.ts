import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { answer } from '../../src/cli/eval-batch.ts'
import { REGPLAY } from '../support/program.ts'
import { suite } from '../support/suite.ts'

const test = suite('cli: eval')
const dir = mkdtempSync(join(tmpdir(), 'regplay-test-'))
const inventory = join(dir, 'hosts.ini')
writeFileSync(inventory, '[web]\nh1 port=8080\nh2 port=8081\n')
test.after(() => rmSync(dir, { recursive: true }))

const regplay = (args: readonly string[], input = '') => {
  const done = spawnSync(process.execPath, [REGPLAY, 'eval', ...args], { encoding: 'utf8', input })
  return { status: done.status, out: done.stdout, err: done.stderr }
}

test('an expression is told as JSON, with the variables of the host', () => {
  assert.equal(regplay(['1 + 1.0']), { status: 0, out: '2.0\n', err: '' })
  assert.is(regplay(['-i', inventory, '--host', 'h2', 'port + 1']).out, '8082\n')
  assert.is(
    regplay(['-i', inventory, '--host', 'h2', '-e', 'port=1', '{{ inventory_hostname }}:{{ port }}']).out,
    '"h2:1"\n',
  )
  assert.is(regplay(['--json', '{"a": [1, "ä"]}']).out, '{"a": [1, "ä"]}\n')
}, 30_000)

test('a template is told as it is; what it includes stands beside it', () => {
  writeFileSync(join(dir, 'a.j2'), 'hi {% include "b.j2" %}\n{{ none }}\n')
  writeFileSync(join(dir, 'b.j2'), '{{ groups.web | join(" ") }}')
  assert.equal(regplay(['-i', inventory, '--template', join(dir, 'a.j2')]), { status: 0, out: 'hi h1 h2\n', err: '' })
  writeFileSync(join(dir, 'wrong.j2'), 'a\n  {{ prot }}\n')
  const { status, err } = regplay(['-i', inventory, '--host', 'h1', '--template', join(dir, 'wrong.j2')])
  assert.is(status, 65)
  assert.match(err, "wrong.j2:2:6: error: 'prot' is undefined; did you mean 'port'?, in: prot [undefined-variable]")
}, 30_000)

test('what is wrong says so', () => {
  assert.is(regplay([]).status, 64)
  assert.is(regplay(['1', '--batch']).status, 64)
  assert.is(regplay(['--template', join(dir, 'nope')]).status, 66)
  const { status, err } = regplay(['-i', inventory, '--host', 'h3', '1'])
  assert.is(status, 65)
  assert.match(err, 'no-such-host')
}, 30_000)

test('--batch answers line by line what the oracle knows', () => {
  const oracle = JSON.parse(readFileSync(new URL('../jinja/oracle.json', import.meta.url), 'utf8'))
  const asked = oracle.cases.slice(0, 40)
  const lines = asked.map((each: object) => JSON.stringify({ ...each, v: 0, context: oracle.context }))
  const { status, out } = regplay(['--batch'], `${lines.join('\n')}\n\nno json\n`)
  assert.is(status, 0)
  const answers = out
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
  assert.is(answers.length, asked.length + 1)
  for (const [index, { source, v, err }] of asked.entries()) {
    if (err === undefined) assert.equal(answers[index], { v }, source)
    else assert.type(answers[index].err, 'string', source)
  }
  assert.match(answers.at(-1).err, 'not JSON')
}, 30_000)

test('--batch never throws', () => {
  const ask = (source: string, rest: object = {}) => answer(JSON.stringify({ kind: 'E', source, ...rest }))
  assert.match(JSON.stringify(ask('[x.append(x), x]', { context: { x: [] } })), 'nested too deeply')
  assert.match(JSON.stringify(ask('1', { context: 5 })), 'not an object')
  assert.match(JSON.stringify(ask('1', { kind: 'X' })), 'neither')
  assert.equal(ask('{1: (1.5, 2 ** 70, range(2))}'), {
    v: { $m: [[{ $i: '1' }, [{ $f: '1.5' }, { $i: '1180591620717411303424' }, [{ $i: '0' }, { $i: '1' }]]]] },
  })
})

test.run()
