import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import * as assert from 'uvu/assert'
import { suite } from '../support/suite.ts'

const test = suite('addresses of the site')
const library = join(import.meta.dirname, 'lib/host.sh')

/** The address that a new host gets in a site whose hosts have these. */
async function addressBeside(taken: string[], name = 'web'): Promise<string> {
  const state = mkdtempSync(join(tmpdir(), 'regplay-address-'))
  try {
    for (const [index, ip] of taken.entries()) {
      const host = join(state, `hosts/${String(index).padStart(3, '0')}`)
      mkdirSync(host, { recursive: true })
      writeFileSync(join(host, 'ip'), `${ip}\n`)
    }
    // with the shell options of `site` itself
    const script = 'set -Eeuo pipefail; shopt -s nullglob; . "$1"; host_address "$2"'
    const env = { STATE: state, NET: '10.9.8' }
    const { stdout } = await execa('bash', ['-c', script, 'bash', library, name], { env, stdin: 'ignore' })
    return stdout
  } finally {
    rmSync(state, { recursive: true })
  }
}

test('the first host that has no number gets 101, one with a number its own', async () => {
  assert.is(await addressBeside([]), '10.9.8.101')
  assert.is(await addressBeside(['10.9.8.101'], 'h3'), '10.9.8.13')
})

test('no address is given twice, however many hosts stand after the one that has it', async () => {
  const others = Array.from({ length: 60 }, (_, index) => `10.9.8.${11 + index}`)
  for (let trial = 0; trial < 5; trial++) assert.is(await addressBeside(['10.9.8.101', ...others]), '10.9.8.102')
})

test.run()
