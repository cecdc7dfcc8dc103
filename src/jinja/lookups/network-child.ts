import { spawnSync } from 'node:child_process'
import { failure } from '../errors.ts'
import { type Options, word } from './shared.ts'

/** Longest wait for a child, in milliseconds, beyond what the request itself may take. */
const GRACE = 10_000
const LONGEST_REPLY = 64 * 1024 * 1024

/** Where systems keep the certificates that they trust: a private CA is told to a controller there. */
const BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
]

/**
 * Templates are computed without waiting, and the network has to be waited for: a child does so. It gets its request by its standard
 * input, so that no password is seen among the processes, and answers with one line of JSON.
 */
const CHILD = `
const request = JSON.parse(require('node:fs').readFileSync(0, 'utf8'))
const say = answer => require('node:fs').writeFileSync(1, JSON.stringify(answer))
const read = path => require('node:fs').readFileSync(path, 'utf8')
const trusted = () => {
  if (request.ca !== undefined) return read(request.ca)
  const bundles = [process.env.SSL_CERT_FILE, ...${JSON.stringify(BUNDLES)}].filter(path => path && require('node:fs').existsSync(path))
  return [...require('node:tls').rootCertificates, ...[process.env.NODE_EXTRA_CA_CERTS, bundles[0]].filter(Boolean).map(read)]
}
const why = ({ code = '', message }) => (/^(?:ERR_TLS|CERT_|UNABLE_TO|SELF_SIGNED|DEPTH_ZERO)/.test(code) ? "Error validating the server's certificate: " : '') + (message || code)
const get = (url, left) => {
  const secure = url.protocol === 'https:'
  const trust = secure && request.verify ? { ca: trusted() } : {}
  const options = { headers: request.headers, timeout: request.timeout, rejectUnauthorized: request.verify, ...trust }
  require(secure ? 'node:https' : 'node:http').get(url, options, reply => {
    const { statusCode = 0, headers } = reply
    if (statusCode >= 300 && statusCode < 400 && headers.location && left > 0) {
      reply.resume()
      const next = new URL(headers.location, url)
      if (next.origin !== url.origin) delete request.headers.authorization
      return get(next, left - 1)
    }
    const parts = []
    reply.on('data', part => parts.push(part))
    reply.on('end', () => statusCode < 300 ? say({ text: Buffer.concat(parts).toString() }) : say({ error: 'it answered ' + statusCode }))
    reply.on('error', error => say({ error: error.message }))
  }).on('timeout', function () { this.destroy(new Error('no answer in ' + request.timeout / 1000 + ' s')) })
    .on('error', error => say({ error: why(error) }))
}
const ask = async () => {
  const resolver = new (require('node:dns').promises.Resolver)({ timeout: request.timeout, tries: 1 })
  if (request.servers.length > 0) resolver.setServers(request.servers)
  const found = request.type === 'PTR' && /^[\\d.:a-f]+$/i.test(request.name) ? await resolver.reverse(request.name) : await resolver.resolve(request.name, request.type)
  say({ found })
}
if (request.name === undefined) {
  try { get(new URL(request.url), request.redirects) } catch (error) { say({ error: why(error) }) }
} else ask().catch(error => say({ error: error.code || error.message }))
`

interface Answer {
  readonly text?: string
  readonly found?: unknown
  readonly error?: string
}

/** Asks by a child, and waits for it. Throws TemplateError when there is no answer of either kind. */
export function askChild(what: string, request: { readonly timeout: number }): Answer {
  const done = spawnSync(process.execPath, ['-e', CHILD], {
    input: JSON.stringify(request),
    encoding: 'utf8',
    timeout: request.timeout + GRACE,
    maxBuffer: LONGEST_REPLY,
  })
  if (done.error) throw failure(`the lookup '${what}' failed: ${done.error.message}`)
  if (done.status !== 0) throw failure(`the lookup '${what}' failed: ${done.stderr.trim().split('\n').at(-1) ?? ''}`)
  return JSON.parse(done.stdout) as Answer
}

/** The option `timeout` in milliseconds. */
export const timeoutOf = (options: Options): number => {
  const seconds = Number(word(options, 'timeout') ?? 10)
  if (!(seconds > 0 && seconds <= 600)) throw failure('timeout must be a number of seconds up to 600')
  return seconds * 1000
}
