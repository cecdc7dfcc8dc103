import * as assert from 'uvu/assert'
import { guard, STALE } from '../../src/run/guard.ts'
import { Answer } from '../../src/shell/answer.ts'
import { cksum } from '../../src/shell/cksum.ts'
import { raw, sh } from '../../src/shell/script.ts'
import { run, SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'

const test = suite('run/guard')

/** Questions, and the answer that was seen. */
const QUESTIONS: Record<string, [ReturnType<typeof sh>, number, string | Buffer]> = {
  'a short reply': [sh`printf %s hello`, 0, 'hello'],
  'a failing one': [sh`exit 3`, 3, ''],
  'quotes, newlines, dollars': [sh`printf %s ${"it's $(id) `x`\n\n'\"\n"}`, 0, "it's $(id) `x`\n\n'\"\n"],
  'trailing newlines': [sh`printf 'a\n\n\n'`, 0, 'a\n\n\n'],
  'a long reply': [
    raw('i=0; while [ $i -lt 500 ]; do echo line $i; i=$((i+1)); done'),
    0,
    Array.from({ length: 500 }, (_, i) => `line ${i}\n`).join(''),
  ],
  'a group that begins with a parenthesis': [raw('( ( printf x ) )'), 0, 'x'],
  'a NUL byte': [raw("printf 'a\\000b'"), 0, Buffer.from('a\0b')],
  'bytes that are no UTF-8': [raw("printf '\\377\\376'"), 0, Buffer.from([255, 254])],
}

for (const shell of SHELLS) {
  const [shellName] = shell
  for (const [name, [question, code, stdout]] of Object.entries(QUESTIONS)) {
    test(`${shellName}: ${name} is recognised, and another reply is not`, async () => {
      const same = await run(guard(question, new Answer(code, stdout)), shell)
      assert.is(same.code, 0, same.stderr)
      for (const other of [
        new Answer(code, `${stdout}x`),
        new Answer(code + 1, stdout),
        new Answer(code, Buffer.concat([Buffer.from(stdout), Buffer.alloc(600, 120)])),
      ]) {
        assert.is((await run(guard(question, other), shell)).code, STALE)
      }
    })
  }
}

test('cksum agrees with the tool', async () => {
  const shell = SHELLS[0]
  if (!shell) throw new Error('no shell')
  for (const text of ['', 'abc', 'x'.repeat(70_000), 'é\n']) {
    const told = await run(sh`printf %s ${text} | cksum`, shell)
    assert.is(cksum(Buffer.from(text)), told.stdout.trim())
  }
})

test.run()
