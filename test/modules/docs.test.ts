import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { formatDiagnostic } from '../../src/base/diagnostic.ts'
import { COMMON_RETURNS } from '../../src/kit/module-doc.ts'
import { moduleDocs } from '../../src/modules/docs/index.ts'
import { modules } from '../../src/modules/index.ts'
import { ACTION_DOCS } from '../../src/playbook/action-docs.ts'
import { ACTIONS } from '../../src/playbook/actions.ts'
import { checkPlaybook } from '../../src/playbook/check.ts'
import { parseContext } from '../../src/playbook/context.ts'
import { suite } from '../support/suite.ts'

const test = suite('modules/docs')
const context = parseContext(new Map(modules.map(module => [module.name, module])))
const dir = mkdtempSync(join(tmpdir(), 'regplay-docs-'))
test.after(() => rmSync(dir, { recursive: true }))

test('every module and every action has its documentation, and nothing else has', () => {
  assert.equal(Object.keys(moduleDocs).sort(), modules.map(({ name }) => name).sort())
  assert.equal(Object.keys(ACTION_DOCS).sort(), Object.keys(ACTIONS).sort())
})

test('what every result has is not told again', () => {
  for (const [name, { returns }] of Object.entries(moduleDocs))
    for (const field of ['changed', 'failed', 'skipped', 'warnings']) {
      assert.ok(field in COMMON_RETURNS)
      assert.not(field in returns, `${name}: ${field}`)
    }
})

/** What `regplay check` finds in tasks, but for files that are not there. */
function faultsOf(tasks: string): string[] {
  const file = join(dir, 'play.yml')
  const indented = tasks.replace(/^(?=.)/gm, '    ')
  writeFileSync(file, `- hosts: all\n  tasks:\n${indented}`)
  return checkPlaybook(file, context)
    .faults.filter(({ code }) => !code.endsWith('-missing'))
    .map(formatDiagnostic)
}

test('faults of examples are found', () => {
  assert.is(faultsOf('- debug: {mgs: hi}\n').length, 1)
  assert.is(faultsOf('- debug: {msg: hi\n').length, 1)
})

for (const [name, { examples }] of Object.entries({ ...moduleDocs, ...ACTION_DOCS }))
  test(`the examples of ${name} are right, have names, and use ${name} by its full name`, () => {
    assert.equal(faultsOf(examples), [])
    assert.match(examples, new RegExp(`^  [a-z_]+\\.[a-z_]+\\.${name}:`, 'm'))
    assert.equal(examples.match(/^- (?!name: )/gm), null)
  })

test.run()
