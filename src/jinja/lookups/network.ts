import { spawnSync } from 'node:child_process'
import { failure } from '../errors.ts'
import type { Lookup } from '../options.ts'
import { toText } from '../python/text.ts'
import { flag, type Options, opened, word } from './shared.ts'

/** Longest wait for a child, in milliseconds, beyond what the request itself may take. */
const GRACE = 10_000
const LONGEST_REPLY = 64 * 1024 * 1024

/**
 * Templates are computed without waiting, and the network has to be waited for: a child does so. It gets its request by its standard
 * input, so that no password is seen among the processes, and answers with one line of JSON.
 */
const CHILD = `
const request = JSON.parse(require('node:fs').readFileSync(0, 'utf8'))
const say = answer => require('node:fs').writeFileSync(1, JSON.stringify(answer))
const get = (url, left) => {
  const secure = url.protocol === 'https:'
  const options = { headers: request.headers, timeout: request.timeout, rejectUnauthorized: request.verify, ca: request.ca }
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
    .on('error', error => say({ error: error.message || error.code }))
}
const ask = async () => {
  const resolver = new (require('node:dns').promises.Resolver)({ timeout: request.timeout, tries: 1 })
  if (request.servers.length > 0) resolver.setServers(request.servers)
  const found = request.type === 'PTR' && /^[\\d.:a-f]+$/i.test(request.name) ? await resolver.reverse(request.name) : await resolver.resolve(request.name, request.type)
  say({ found })
}
if (request.name === undefined) get(new URL(request.url), 10)
else ask().catch(error => say({ error: error.code || error.message }))
`

interface Answer {
  readonly text?: string
  readonly found?: unknown
  readonly error?: string
}

function askChild(what: string, request: { readonly timeout: number }): Answer {
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

const timeoutOf = (options: Options): number => {
  const seconds = Number(word(options, 'timeout') ?? 10)
  if (!(seconds > 0 && seconds <= 600)) throw failure('timeout must be a number of seconds up to 600')
  return seconds * 1000
}

function headersOf(options: Options): Record<string, string> {
  const given = options.get('headers')
  const headers: Record<string, string> = { 'user-agent': word(options, 'http_agent') ?? 'ansible-httpget' }
  if (given instanceof Map) for (const [name, value] of given) headers[toText(name).toLowerCase()] = toText(value)
  const user = word(options, 'username')
  if (user !== undefined)
    headers['authorization'] = `Basic ${Buffer.from(`${user}:${word(options, 'password') ?? ''}`).toString('base64')}`
  return headers
}

/** What a URL answers, line by line; as one text with `split_lines=false`. */
const url: Lookup = {
  run: (terms, options) =>
    opened(terms).flatMap(term => {
      const address = toText(term)
      if (!URL.canParse(address) || !/^https?:/.test(address))
        throw failure(`the lookup 'url' wants http or https, not '${address}'`)
      const { text = '', error } = askChild('url', {
        ...{ url: address, headers: headersOf(options), verify: flag(options, 'validate_certs', true) },
        ...{ timeout: timeoutOf(options) },
      })
      if (error !== undefined) throw failure(`the lookup 'url' could not get ${address}: ${error}`)
      return flag(options, 'split_lines', true) ? text.replace(/\n$/, '').split(/\r?\n/) : [text]
    }),
}

/** A record as dig's +short prints it. */
function short(record: unknown): string {
  if (typeof record === 'string') return record
  if (Array.isArray(record)) return record.join('')
  const { priority, exchange, weight, port, name } = record as Record<string, unknown>
  if (exchange !== undefined) return `${String(priority)} ${String(exchange)}.`
  return port === undefined
    ? JSON.stringify(record)
    : `${String(priority)} ${String(weight)} ${String(port)} ${String(name)}.`
}

const NOT_THERE: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA'])

/** Records of the DNS: `lookup('dig', 'name', 'qtype=A', '@server')`. */
const dig: Lookup = {
  run: (terms, options) => {
    const given = new Map(options)
    const [names, servers]: [string[], string[]] = [[], []]
    for (const term of opened(terms).map(toText)) {
      const [, key, value] = /^(\w+)=(.*)$/.exec(term) ?? []
      if (term.startsWith('@')) servers.push(...term.slice(1).split(','))
      else if (key !== undefined) given.set(key, value ?? '')
      else names.push(...term.split(/\s+/))
    }
    return names.flatMap(full => {
      const [name = '', type = word(given, 'qtype') ?? 'A'] = full.split('/')
      const { found, error } = askChild('dig', {
        ...{ name: name.replace(/\.$/, ''), type: type.toUpperCase(), servers },
        timeout: timeoutOf(given),
      })
      if (error === undefined) return Array.isArray(found) ? found.map(short) : [short(found)]
      if (!NOT_THERE.has(error) || flag(given, 'fail_on_error', false))
        throw failure(`the lookup 'dig' could not resolve ${name}: ${error}`)
      return error === 'ENOTFOUND' ? ['NXDOMAIN'] : ['']
    })
  },
}

/** Lookups that ask the network from the controller. */
export const NETWORK_LOOKUPS: Readonly<Record<string, Lookup>> = { url, dig }
