import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { statOf } from '../../src/base/stat.ts'
import { suite } from '../support/suite.ts'

const test = suite('stat')
const dir = mkdtempSync(join(tmpdir(), 'regplay-stat-'))
test.after(() => rmSync(dir, { recursive: true }))
writeFileSync(join(dir, 'file'), '')
symlinkSync('round', join(dir, 'round'))
symlinkSync('file', join(dir, 'link'))

const NOTHING: Record<string, string> = {
  'no such file': 'none',
  'below a file': 'file/x',
  'a link to itself': 'round',
  'a name that is too long': 'x'.repeat(300),
  'a path that is too long': 'x/'.repeat(5000),
  'a name with a NUL': 'a\0b',
}

for (const [title, path] of Object.entries(NOTHING)) test(title, () => assert.is(statOf(`${dir}/${path}`), undefined))

test('what is there is told, through links too', () => {
  assert.ok(statOf(dir)?.isDirectory())
  assert.ok(statOf(join(dir, 'link'))?.isFile())
})

test.run()
