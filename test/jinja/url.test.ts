import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { fromJson, toJson, type Value } from '../../src/base/value.ts'
import { evaluate } from '../../src/jinja/engine.ts'
import { TemplateError } from '../../src/jinja/errors.ts'
import { makeCa, makeLeaf } from '../../src/pki/issue.ts'
import { keyFileBytes } from '../../src/pki/private-key.ts'
import { suite } from '../support/suite.ts'

const test = suite('jinja: the lookup url')
const dir = mkdtempSync(join(tmpdir(), 'regplay-url-'))
test.after(() => rmSync(dir, { recursive: true }))

/** Answers over HTTP, and over HTTPS where files of a key and a certificate are named. */
const SERVER = `
const { readFileSync } = require('node:fs')
const [key, cert] = process.argv.slice(1)
const answer = (request, reply) => {
  if (request.url === '/moved') reply.writeHead(302, { location: '/lines' }).end()
  else if (request.url === '/lines') reply.end('a\\nb\\n')
  else if (request.url === '/who') reply.end((request.headers.authorization ?? '') + ' ' + (request.headers['x-a'] ?? ''))
  else if (request.url === '/agent') reply.end(request.headers['user-agent'])
  else reply.writeHead(404).end('no')
}
const server = key ? require('node:https').createServer({ key: readFileSync(key), cert: readFileSync(cert) }, answer) : require('node:http').createServer(answer)
server.listen(0, '127.0.0.1', () => console.log(server.address().port))`

/** The lookup's child is waited for, so the server is a child, too. */
async function served(files: readonly string[], use: (port: string) => void): Promise<void> {
  const server: ChildProcess = spawn(process.execPath, ['-e', SERVER, '--', ...files], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    use(await new Promise<string>(done => server.stdout?.once('data', (text: Buffer) => done(String(text).trim()))))
  } finally {
    server.kill()
  }
}

function ask(expression: string, variables: Record<string, unknown> = {}): unknown {
  const known = new Map<string, Value>(Object.entries(variables).map(([name, value]) => [name, fromJson(value)]))
  return toJson(evaluate(expression, { get: name => known.get(name), names: () => known.keys() }))
}

function fault(expression: string): string {
  try {
    return `no fault: ${JSON.stringify(ask(expression))}`
  } catch (error) {
    if (error instanceof TemplateError) return error.message
    throw error
  }
}

test(
  'lines, redirections, headers, variables',
  () =>
    served([], port => {
      const at = `http://127.0.0.1:${port}`
      assert.equal(ask(`query('url', '${at}/lines')`), ['a', 'b'])
      assert.is(ask(`lookup('url', '${at}/moved')`), 'a,b')
      assert.is(ask(`lookup('url', '${at}/lines', split_lines=false)`), 'a\nb\n')
      assert.is(
        ask(`lookup('url', '${at}/who', username='u', password='p', headers={'X-A': 'b'})`),
        `Basic ${Buffer.from('u:p').toString('base64')} b`,
      )
      const variables = { ansible_lookup_url_agent: 'mine', ansible_lookup_url_follow_redirects: 'none' }
      assert.is(ask(`lookup('url', '${at}/agent')`, variables), 'mine')
      assert.is(ask(`lookup('url', '${at}/agent', http_agent='nearer')`, variables), 'nearer')
      assert.match(fault(`lookup('url', '${at}/moved', follow_redirects='none')`), /it answered 302/)
      assert.match(fault(`lookup('url', '${at}/nope')`), /could not get .*: it answered 404/)
    }),
  30_000,
)

test('a private CA is trusted by its file, or by that of the system', async () => {
  const now = new Date()
  const ca = await makeCa({ name: 'Site CA', days: 9, bits: 2048, now })
  const leaf = await makeLeaf({ ca, name: 'x', hosts: ['localhost'], days: 9, bits: 2048, now })
  const [caFile, key, cert] = ['ca.pem', 'key.pem', 'cert.pem'].map(name => join(dir, name)) as [string, string, string]
  writeFileSync(caFile, ca.certificatePem)
  writeFileSync(key, keyFileBytes(leaf.key), { mode: 0o600 })
  writeFileSync(cert, leaf.certificatePem)
  await served([key, cert], port => {
    const url = `https://localhost:${port}/lines`
    assert.match(fault(`lookup('url', '${url}')`), /Error validating the server's certificate/)
    assert.match(
      fault(`lookup('url', 'https://127.0.0.1:${port}/lines', ca_path='${caFile}')`),
      /Error validating the server's certificate: .*127\.0\.0\.1/,
    )
    assert.match(fault(`lookup('url', '${url}', ca_path='/nowhere/ca.pem')`), /\/nowhere\/ca\.pem/)
    assert.is(ask(`lookup('url', '${url}', validate_certs=false)`), 'a,b')
    assert.is(ask(`lookup('url', '${url}', ca_path='${caFile}')`), 'a,b')
    const before = process.env['SSL_CERT_FILE']
    process.env['SSL_CERT_FILE'] = caFile
    try {
      assert.is(ask(`lookup('url', '${url}')`), 'a,b')
    } finally {
      if (before === undefined) delete process.env['SSL_CERT_FILE']
      else process.env['SSL_CERT_FILE'] = before
    }
  })
}, 60_000)

test.run()
