import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { makeFolder } from '../../src/base/folder.ts'
import { suite } from '../support/suite.ts'

const test = suite('base/folder')
const dir = mkdtempSync(join(tmpdir(), 'regplay-folder-'))
test.after(() => rmSync(dir, { recursive: true, force: true }))

test('makes what is missing, with its mode, and leaves what is there', () => {
  makeFolder(join(dir, 'a/b/c'), 0o700)
  for (const name of ['a', 'a/b', 'a/b/c']) assert.is(statSync(join(dir, name)).mode & 0o777, 0o700)
  makeFolder(join(dir, 'a/b/c'), 0o755)
  assert.is(statSync(join(dir, 'a/b/c')).mode & 0o777, 0o700)
})

writeFileSync(join(dir, 'file'), '')

/** Where no folder can be made, and the system's word for it. */
const REFUSED: Record<string, [path: string, code: string]> = {
  'a file has the name': [join(dir, 'file'), 'EEXIST'],
  'below a file': [join(dir, 'file/deep/er'), 'ENOTDIR'],
  'in /proc, where names are not made': ['/proc/regplay-nowhere/deep', 'ENOENT'],
}
for (const [title, [path, code]] of Object.entries(REFUSED))
  test(`${title}: ${code}`, () =>
    assert.throws(
      () => makeFolder(path),
      (error: NodeJS.ErrnoException) => error.code === code && path.startsWith(error.path ?? 'no path'),
    ))

test.run()
