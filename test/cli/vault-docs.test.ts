import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { REGPLAY } from '../support/program.ts'
import { suite } from '../support/suite.ts'

const test = suite('docs/vault.md')
const page = readFileSync(new URL('../../docs/vault.md', import.meta.url), 'utf8')
const dir = mkdtempSync(join(tmpdir(), 'regplay-vault-docs-'))
test.after(() => rmSync(dir, { recursive: true }))

/** Its blocks in order: commands, files by their names, and what must have been printed. */
const blocks = [...page.matchAll(/(?:^`(\S+)`:\n\n)?^```(\w+)\n([\s\S]*?)^```$/gm)].map(
  ([, name, language, text = '']) => ({ name, language, text }),
)

test('its examples do what they say', () => {
  const program = join(dir, 'bin', 'regplay')
  mkdirSync(join(dir, 'bin'))
  mkdirSync(join(dir, 'work'))
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${REGPLAY}' "$@"\n`)
  chmodSync(program, 0o755)
  const script = ['exec 2>&1', 'set -e']
  for (const { name, language, text } of blocks)
    if (language === 'sh') script.push(text)
    else if (name !== undefined) writeFileSync(join(dir, 'work', name), text)
  const { status, stdout } = spawnSync('sh', ['-c', script.join('\n')], {
    cwd: join(dir, 'work'),
    env: { PATH: `${join(dir, 'bin')}:${process.env['PATH']}`, HOME: dir },
    encoding: 'utf8',
  })
  assert.is(status, 0, stdout)
  const told = blocks.filter(({ language }) => language === 'text')
  assert.ok(told.length >= 4)
  let from = 0
  for (const line of told.flatMap(({ text }) => text.trimEnd().split('\n'))) {
    const at = stdout.indexOf(line, from)
    assert.ok(at >= 0, `${line}\nis not in what is left of\n${stdout}`)
    from = at + line.length
  }
}, 60_000)

test.run()
