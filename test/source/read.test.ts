import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { is, match, unreachable } from 'uvu/assert'
import { InputError } from '../../src/base/diagnostic.ts'
import { readSource } from '../../src/source/read.ts'
import { suite } from '../support/suite.ts'

const test = suite('source/read')
const dir = mkdtempSync(join(tmpdir(), 'regplay-read-'))
test.after(() => rmSync(dir, { recursive: true }))

const file = (name: string, bytes: string | Uint8Array): string => {
  const path = join(dir, name)
  writeFileSync(path, bytes)
  return path
}

test('text comes without its byte order mark, through symlinks', () => {
  const path = file('bom.yml', '\uFEFFa: é\n')
  symlinkSync(path, join(dir, 'link.yml'))
  is(readSource(join(dir, 'link.yml')), 'a: é\n')
  is(readSource(file('empty.yml', '')), '')
})

const fifo = join(dir, 'fifo')
execFileSync('mkfifo', [fifo])
const big = file('big.yml', '')
truncateSync(big, 9 * 1024 * 1024)

const REFUSED: readonly (readonly [path: string, exit: number, message: RegExp])[] = [
  [join(dir, 'absent.yml'), 66, /there is no such file/],
  [join(dir, 'bom.yml', 'x'), 66, /no directory|no such file/],
  [dir, 65, /it is a directory/],
  [fifo, 65, /not a regular file/],
  ['/dev/zero', 65, /not a regular file/],
  [big, 65, /9\.0 MiB/],
  [file('utf16le.yml', Buffer.from('\uFEFFa: 1', 'utf16le')), 65, /UTF-16/],
  [file('utf16.yml', Buffer.from('a: 1', 'utf16le')), 65, /UTF-16/],
  [file('nul.yml', 'abc: 1\0'), 65, /NUL byte at offset 6/],
  [file('latin1.yml', Buffer.from('a: 1\nb: é\n', 'latin1')), 65, /not valid UTF-8 \(line 2\)/],
]
for (const [path, exit, message] of REFUSED)
  test(`refuses ${path.replace(dir, '')}`, () => {
    try {
      readSource(path)
      unreachable()
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      is(error.exit, exit)
      match(error.message, message)
    }
  })

test.run()
