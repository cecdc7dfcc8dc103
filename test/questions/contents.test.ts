import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { contents } from '../../src/questions/contents.ts'
import { Answer } from '../../src/shell/answer.ts'
import { shells } from '../shell/shells.ts'
import { suite } from '../support/suite.ts'

const test = suite('questions/contents')
const WISH = { depth: undefined, follow: false, names: [], hidden: false }

for (const { name, argv } of shells) {
  const [program = 'sh', ...args] = argv
  const said = (input: string): Buffer => spawnSync(program, args, { input, maxBuffer: 1 << 28 }).stdout

  test(`${name}: what is below a directory comes byte by byte, and never more than can be searched`, () => {
    const root = mkdtempSync(join(tmpdir(), 'regplay-contents-'))
    try {
      mkdirSync(join(root, 'a b'))
      writeFileSync(join(root, "a b/it's\n"), Buffer.from([0, 255, 10]))
      const question = contents([root], WISH)
      const seen = question.read(new Answer(0, said(question.script.wire), Buffer.alloc(0)))
      assert.equal([...seen], [[join(root, "a b/it's\n"), Buffer.from([0, 255, 10])]])
      for (const big of ['x', 'y', 'z']) writeFileSync(join(root, big), Buffer.alloc(20 << 20))
      const much = said(question.script.wire)
      assert.is(much.length, (32 << 20) + 1)
      assert.throws(() => question.read(new Answer(0, much, Buffer.alloc(0))), /hold more than 32 MiB .* by patterns/)
    } finally {
      rmSync(root, { recursive: true })
    }
  })
}

test.run()
