import { spawnSync } from 'node:child_process'
import * as assert from 'uvu/assert'
import { BOOTSTRAP, oneLine, READ_ONE_LINE } from '../../src/shell/bootstrap.ts'
import { sh } from '../../src/shell/script.ts'
import { suite } from '../support/suite.ts'
import { shells } from './shells.ts'

const test = suite('bootstrap')

const TEXTS = [
  'plain',
  'two\nlines\n',
  "it's \\n not a newline",
  'back\\\\slash\\',
  '%s %d \\0101 \\c',
  'grüße 日本\n🐳',
  Array.from({ length: 255 }, (_, i) => String.fromCharCode(i + 1)).join(''),
  'q\'"\n\\'.repeat(10_000),
]

for (const { name, argv } of shells)
  test(`${name}: a script travels as one line, and what follows is its input`, () => {
    const [program = 'sh', ...args] = argv
    for (const text of TEXTS) {
      // yash refuses bytes that its locale cannot read; nobody's /bin/sh is yash.
      if (name === 'yash' && /[^\x01-\x7f]/.test(text)) continue
      const line = oneLine(sh`printf %s ${text}\nprintf '<'; cat`.wire)
      assert.is(line.indexOf('\n'), line.length - 1)
      const run = spawnSync(program, [...args, '-c', READ_ONE_LINE], {
        input: `${line}payload\necho never run\n`,
        env: { ...process.env, LC_ALL: 'C' },
      })
      assert.is(run.stderr.toString(), '')
      assert.is(run.stdout.toString(), `${text}<payload\necho never run\n`)
    }
  })

test('a line that is cut off runs nothing', () => {
  const run = spawnSync('sh', ['-c', READ_ONE_LINE], { input: 'echo ran' })
  assert.is(run.stdout.toString(), '')
})

test('the command line means the same to every login shell', () => {
  for (const shell of ['dash', 'bash', 'zsh', 'fish', 'tcsh', 'csh', 'mksh', 'yash', 'posh']) {
    if (spawnSync('sh', ['-c', `command -v ${shell}`]).status !== 0) continue
    const run = spawnSync(shell, ['-c', BOOTSTRAP], { input: 'printf "%s|" "a b" c\n' })
    assert.is(run.stdout.toString(), 'a b|c|', shell)
  }
})

test.run()
