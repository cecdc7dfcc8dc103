import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { InputError } from '../../src/base/diagnostic.ts'
import { Secret } from '../../src/base/secret.ts'
import { DEFAULTS } from '../../src/cli/config/read.ts'
import { logFile } from '../../src/cli/log-file.ts'
import { enduring } from '../../src/cli/output-file.ts'
import { passwordFrom } from '../../src/cli/password-file.ts'
import { writeRetryFile } from '../../src/cli/retry-file.ts'
import { inventoryOf } from '../../src/cli/wire.ts'
import type { Ignored } from '../../src/inventory/directory.ts'
import { suite } from '../support/suite.ts'

const test = suite('files')
const dir = mkdtempSync(join(tmpdir(), 'regplay-files-'))
test.after(() => rmSync(dir, { recursive: true }))
const never = new AbortController().signal
const desk = { env: {}, stop: { signal: never, by: () => undefined, release: () => undefined } }

function file(name: string, text: string, mode = 0o600): string {
  const path = join(dir, name)
  writeFileSync(path, text)
  chmodSync(path, mode)
  return path
}

const PASSWORDS: Record<string, [text: string, password: string, mode?: number]> = {
  'a line': ['hunter2\n', 'hunter2'],
  'without an end': ['hunter2', 'hunter2'],
  'blanks are part of it': [' a b \r\n', ' a b '],
  'a program': ["#!/bin/sh\nprintf 'from %s\\n' program\n", 'from program', 0o700],
}
for (const [name, [text, password, mode]] of Object.entries(PASSWORDS))
  test(`a password file: ${name}`, async () => {
    const found = await passwordFrom(file(name, text, mode), 'SSH password', desk)
    assert.ok(found.same(new Secret(password, '')))
    assert.is(String(found), '<SSH password>')
  })

const BAD: Record<string, [text: string | undefined, said: RegExp, exit: number, mode?: number]> = {
  empty: ['\n', /the SSH password that .* gives is empty/, 65],
  'not there': [undefined, /there is no such SSH password file/, 66],
  'may be executed and is no program': ['hunter2\n', /it may be executed and is no program/, 65, 0o700],
  'its interpreter is not there': [
    '#!/nonexistent/sh\n',
    /the SSH password program cannot be started: ENOENT/,
    65,
    0o700,
  ],
  'a program that fails': ['#!/bin/sh\necho half; exit 3\n', /the SSH password program ended with 3/, 65, 0o700],
}
for (const [name, [text, said, exit, mode]] of Object.entries(BAD))
  test(`no password: ${name}`, async () => {
    const path = text === undefined ? join(dir, 'nope') : file(name, text, mode)
    let error: unknown
    await passwordFrom(path, 'SSH password', desk).catch(caught => {
      error = caught
    })
    assert.instance(error, InputError)
    assert.match((error as InputError).message, said)
    assert.is((error as InputError).exit, exit)
  })

test('no password: a folder', async () => {
  const error = await passwordFrom(dir, 'SSH password', desk).catch((caught: unknown) => caught)
  assert.match(String(error), /the SSH password file cannot be read: EISDIR/)
})

test('a file that is full is told of once, and what is written after it is lost', () => {
  const said: string[] = []
  const full = (): void => {
    throw Object.assign(new Error('no space'), { code: 'ENOSPC', syscall: 'write' })
  }
  const write = enduring('/x/events', full, message => said.push(message))
  write()
  write()
  assert.is(said.length, 1)
  assert.match(said[0] ?? '', /\/x\/events cannot be written \(ENOSPC\)/)
  const bug = enduring(
    '/x/events',
    () => {
      throw new Error('a bug')
    },
    message => said.push(message),
  )
  assert.throws(bug, 'a bug')
})

test('sources of a directory are passed over as the settings say', async () => {
  const inventory = join(dir, 'inventory')
  mkdirSync(inventory)
  for (const name of ['a', 'b.old', 'c.bak', 'x-d']) file(`inventory/${name}`, `host-${name}\n`)
  const hosts = async (ignored?: Ignored) => {
    const loaded = await inventoryOf({ inventory: [inventory], ...(ignored && { ignored }) }, never)
    return [...loaded.inventory.hosts.keys()].sort()
  }
  assert.equal(await hosts(), ['host-a', 'host-b.old', 'host-x-d'])
  assert.equal(await hosts({ endings: ['.old'] }), ['host-a', 'host-c.bak', 'host-x-d'])
  assert.equal(await hosts({ patterns: ['^x-', '(?P<end>old)$'] }), ['host-a'])
})

test('a log has its lines behind their moments', () => {
  const path = join(dir, 'log')
  const log = logFile(path, 'me', () => new Date(2026, 0, 31, 8, 5, 9, 42))
  log.write('\nPLAY [x] ***\n')
  log.write('ok: [a]\n')
  log.close()
  const head = `2026-01-31 08:05:09,042 p=${process.pid} u=me n=regplay | `
  assert.is(readFileSync(path, 'utf8'), `${head}PLAY [x] ***\n${head}ok: [a]\n`)
  assert.is(statSync(path).mode & 0o777, 0o600)
})

const counts = { ok: 1, changed: 0, unreachable: 0, failed: 0, skipped: 0, rescued: 0, ignored: 0 }
const RECAP = {
  type: 'recap',
  hosts: { a: counts, b: { ...counts, failed: 1 }, c: { ...counts, unreachable: 1 }, d: { ...counts, rescued: 1 } },
} as const

test('hosts that failed or were lost are kept, when that is wanted', () => {
  const book = join(dir, 'site.yml')
  assert.is(writeRetryFile(book, RECAP, DEFAULTS), undefined)
  assert.not(existsSync(join(dir, 'site.retry')))
  assert.is(
    writeRetryFile(book, RECAP, { ...DEFAULTS, retryFiles: true }),
    `to retry, use: --limit @${join(dir, 'site.retry')}`,
  )
  assert.is(readFileSync(join(dir, 'site.retry'), 'utf8'), 'b\nc\n')
  const retryFilesPath = join(dir, 'new/folder')
  assert.is(
    writeRetryFile(book, RECAP, { ...DEFAULTS, retryFiles: true, retryFilesPath }),
    `to retry, use: --limit @${join(retryFilesPath, 'site.retry')}`,
  )
  assert.is(writeRetryFile(book, { type: 'recap', hosts: { a: counts } }, { ...DEFAULTS, retryFiles: true }), undefined)
})

test.run()
