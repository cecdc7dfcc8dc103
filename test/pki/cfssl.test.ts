import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { readAuthority } from '../../src/pki/ca-store.ts'
import { importPair } from '../../src/pki/import-pair.ts'
import { makeLeaf } from '../../src/pki/issue.ts'
import { judgeServer } from '../../src/pki/judge.ts'
import { suite } from '../support/suite.ts'
import { openssl } from './openssl.ts'

const test = suite('pki/cfssl')
const tools = ['/usr/bin/cfssl', '/usr/bin/cfssljson']

if (!tools.every(existsSync)) test.skip('a CA and a pair by CFSSL', 'needs cfssl (apt-get install golang-cfssl)')
else {
  const dir = mkdtempSync(join(tmpdir(), 'regplay-cfssl-'))
  const key = { algo: 'rsa', size: 2048 }
  const now = new Date(Date.now() + 60_000)
  test.before(async () => {
    const names = [{ C: 'US', L: 'Portland', O: 'Docker', OU: 'CA', ST: 'Oregon' }]
    writeFileSync(join(dir, 'ca.json'), JSON.stringify({ CN: 'Internal Docker CA', key, names }))
    const hosts = ['127.0.0.1', '10.0.0.10', 'docker-registry.example.com']
    writeFileSync(join(dir, 'registry.json'), JSON.stringify({ CN: 'docker-registry.example.com', hosts, key }))
    const run = (line: string) => execa('sh', ['-c', line], { cwd: dir })
    await run('cfssl gencert -initca ca.json 2>/dev/null | cfssljson -bare ca')
    await run(
      'cfssl gencert -ca=ca.pem -ca-key=ca-key.pem -profile=server registry.json 2>/dev/null | cfssljson -bare registry',
    )
    await run('chmod 700 . && chmod 600 *-key.pem')
  })
  test.after(() => rmSync(dir, { recursive: true, force: true }))

  const ready = async () => {
    const state = await readAuthority(dir, { now })
    assert.equal(state.state, 'ready', JSON.stringify(state))
    assert.ok(state.state === 'ready' && state.authority.key)
    return { ...state.authority, key: state.authority.key }
  }

  test('the CA of the guide is taken over, and signs a leaf that openssl verifies against it', async () => {
    const { certificatePem, key: caKey } = await ready()
    const leaf = await makeLeaf({
      ca: { certificatePem, key: caKey },
      name: 'r',
      hosts: ['10.0.0.20'],
      days: 9,
      bits: 2048,
      now,
    })
    writeFileSync(join(dir, 'ours.pem'), leaf.certificatePem)
    const { exitCode, all } = await openssl(
      dir,
      'verify',
      '-purpose',
      'sslserver',
      '-CAfile',
      'ca.pem',
      '-verify_ip',
      '10.0.0.20',
      'ours.pem',
    )
    assert.equal(exitCode, 0, all)
  })

  test('the pair of the guide is good for the address in its list, and not for the one in its text', async () => {
    const { anchors } = await ready()
    const { pair, faults } = await importPair([join(dir, 'registry.pem'), join(dir, 'registry-key.pem')])
    assert.deepEqual(faults, [])
    assert.ok(pair)
    const judged = (hosts: readonly string[]) =>
      judgeServer({ chain: pair.chain, anchors, hosts, key: pair.key, now }).map(
        ({ code, message }) => `${code} ${message}`,
      )
    assert.deepEqual(judged(['10.0.0.10', 'docker-registry.example.com']), [])
    const [only, ...more] = judged(['10.0.0.20'])
    assert.deepEqual(more, [])
    assert.match(only ?? '', /^san-lacks-host .*10\.0\.0\.20.*10\.0\.0\.10/)
  })

  test('a key that cfssljson left readable is refused with the command that mends it', async () => {
    await execa('chmod', ['644', join(dir, 'ca-key.pem')])
    const state = await readAuthority(dir, { now })
    assert.deepEqual(state.state === 'unusable' && state.faults.map(({ remedy }) => remedy?.split(';')[0]), [
      `chmod 600 ${join(dir, 'ca-key.pem')}`,
    ])
    await execa('chmod', ['600', join(dir, 'ca-key.pem')])
    assert.ok(readFileSync(join(dir, 'ca-key.pem'), 'utf8').includes('RSA PRIVATE KEY'))
  })
}

test.run()
