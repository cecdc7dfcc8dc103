import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { remembered } from '../../src/registry/archive-cache.ts'
import { identify } from '../../src/registry/file-identity.ts'
import { suite } from '../support/suite.ts'

const test = suite('registry/archive-cache')
const root = mkdtempSync(join(tmpdir(), 'regplay-cache-'))
test.after(() => rmSync(root, { recursive: true }))

/** Reads a file by way of a cache; whether it had to be read. */
async function asked(file: string, cache: string): Promise<boolean> {
  let read = false
  await remembered(
    'test',
    1,
    file,
    async () => {
      read = true
      return { version: 1, file: await identify(file) }
    },
    cache,
  )
  return read
}

test('records that nobody asks for go, those in use stay', async () => {
  const cache = join(root, 'cache')
  const files = Array.from({ length: 80 }, (_, i) => join(root, `f${i}`))
  for (const file of files) writeFileSync(file, file)
  const [first = '', second = ''] = files
  assert.is(await asked(first, cache), true)
  assert.is(await asked(first, cache), false)
  for (const [i, file] of files.slice(1, 50).entries()) {
    await asked(file, cache)
    // A minute apart, and all of it before now
    if (i === 0) for (const name of readdirSync(cache)) utimesSync(join(cache, name), 1_600_000_000, 1_600_000_000)
  }
  assert.is(await asked(first, cache), false, 'used: it is as new as the others')
  writeFileSync(join(cache, `${'0'.repeat(64)}.json.1.abcd.part`), 'half')
  utimesSync(join(cache, `${'0'.repeat(64)}.json.1.abcd.part`), 1_500_000_000, 1_500_000_000)
  writeFileSync(join(cache, 'of somebody else'), '')
  utimesSync(join(cache, 'of somebody else'), 1_500_000_000, 1_500_000_000)
  for (const file of files.slice(50, 66)) await asked(file, cache)
  const left = readdirSync(cache)
  assert.is(left.length, 65, 'and what is not of the cache')
  assert.ok(left.includes('of somebody else'))
  assert.not(left.some(name => name.endsWith('.part')))
  assert.is(await asked(first, cache), false)
  assert.is(await asked(second, cache), true, 'the one that was not used for longest')
})

test.run()
