import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { play } from '../support/play.ts'
import { suite } from '../support/suite.ts'

const test = suite('run: backups')

test('an edit that would be made again tells where its backup is', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'regplay-test-'))
  try {
    const { result } = await play(`
- hosts: all
  gather_facts: false
  tasks:
    - copy: { content: "a\\n", dest: ${dir}/f }
    - { name: edits, replace: { path: ${dir}/f, regexp: '^(.+)$', replace: '"\\1"', backup: true } }
`)
    assert.ok(existsSync(String(result('edits').result['backup_file'])))
  } finally {
    rmSync(dir, { recursive: true })
  }
}, 20_000)

test.run()
