import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { restored } from '../../src/modules/shared/restore.ts'
import { shells } from '../shell/shells.ts'
import { suite } from '../support/suite.ts'

const test = suite('modules/restore')

for (const { name, argv } of shells) {
  const [program = 'sh', ...args] = argv
  const said = (input: string): string => spawnSync(program, args, { input, encoding: 'utf8' }).stdout

  test(`${name}: a file gets its text back with its mode, or stays as it is`, () => {
    const root = mkdtempSync(join(tmpdir(), 'regplay-restore-'))
    try {
      const path = join(root, "it's")
      writeFileSync(path, 'new')
      chmodSync(path, 0o640)
      said(restored(path, '-n old\\n\n').wire)
      assert.is(readFileSync(path, 'utf8'), '-n old\\n\n')
      assert.is(statSync(path).mode & 0o777, 0o640)
      // Not every shell can limit what it writes.
      if (said('ulimit -f 0 && echo limited').toString() !== 'limited\n') return
      said(`ulimit -f 0; trap '' XFSZ; ${restored(path, 'x'.repeat(100_000)).wire}`)
      assert.is(readFileSync(path, 'utf8'), '-n old\\n\n')
      assert.equal(readdirSync(root), ["it's"])
    } finally {
      rmSync(root, { recursive: true })
    }
  })
}

test.run()
