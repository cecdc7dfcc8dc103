import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Duplex } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createSecureContext, type SecureContext, connect as tlsConnect } from 'node:tls'
import { createGunzip, type Gunzip } from 'node:zlib'
import { Secret } from '../base/secret.ts'
import { milliseconds } from '../base/timer.ts'
import type { Asking } from '../kit/effect.ts'
import type { Proxies } from '../kit/host.ts'
import { type Connect, dial } from './dial.ts'
import { proxyFor, through, type WebProxy } from './proxy.ts'

/** One HTTP request, and the connection that it goes by. */
export interface Wanted extends Omit<Asking, 'timeout' | 'direct'> {
  readonly method: string
  readonly body?: string | Buffer
  /** Seconds without any answer. */
  readonly timeout: number
  /** Opens the TCP connection, for requests made from the target; the controller's own network when absent. */
  readonly connect?: Connect
  /** The proxies of whoever asks; none when absent. */
  readonly proxies?: Proxies
  readonly signal: AbortSignal
}

/** The URL asked and what came back, body unread: whoever does not read it to its end destroys it. */
export interface Reply {
  readonly url: string
  readonly message: IncomingMessage
}

/** What opens the body of an answer whose server compressed it, unless it is wanted as it came. */
export const opening = ({ packed }: Pick<Wanted, 'packed'>, { headers }: IncomingMessage): Gunzip | undefined =>
  !packed && /^(?:x-)?gzip$/i.test(headers['content-encoding'] ?? '') ? createGunzip() : undefined

/** The body of an answer, up to so many bytes. */
export async function bodyOf(message: IncomingMessage, how: Pick<Wanted, 'packed'>, limit: number): Promise<Buffer> {
  const read = async (stream: AsyncIterable<Buffer>): Promise<Buffer> => {
    const chunks: Buffer[] = []
    let size = 0
    for await (const chunk of stream) {
      size += chunk.length
      if (size > limit) throw new Error(`the body is larger than ${limit} bytes`)
      chunks.push(chunk)
    }
    return Buffer.concat(chunks)
  }
  const gunzip = opening(how, message)
  return gunzip ? pipeline(message, gunzip, read) : read(message)
}

const REDIRECTS: readonly (number | undefined)[] = [301, 302, 303, 307, 308]

/** Asks, following up to `redirects` redirections. Credentials do not follow to another host, nor does https fall to http. */
export async function ask(wanted: Wanted, redirects: number): Promise<Reply> {
  const message = await once(wanted)
  const { location } = message.headers
  if (redirects === 0 || location === undefined || !REDIRECTS.includes(message.statusCode))
    return { url: wanted.url, message }
  message.destroy()
  return ask(redirected(wanted, new URL(location, wanted.url), message.statusCode ?? 0), redirects - 1)
}

/** The request that a redirection asks for. */
function redirected(wanted: Wanted, next: URL, status: number): Wanted {
  const from = new URL(wanted.url)
  if (from.protocol === 'https:' && next.protocol !== 'https:')
    throw new Error(`${wanted.url} redirects from https to ${next.protocol}//${next.host}`)
  const { headers, auth, body, ...rest } = wanted
  const home = next.host === from.host
  const left = new Set((wanted.unredirected ?? []).map(name => name.toLowerCase()))
  if (!home) for (const name of ['authorization', 'cookie']) left.add(name)
  const kept = Object.entries(headers ?? {}).filter(([name]) => !left.has(name.toLowerCase()))
  const get = status === 303 ? wanted.method !== 'HEAD' : status < 303 && wanted.method === 'POST'
  return {
    ...rest,
    url: next.href,
    headers: Object.fromEntries(kept),
    ...(home && auth !== undefined ? { auth } : {}),
    ...(get ? { method: 'GET' } : body === undefined ? {} : { body }),
  }
}

async function once(wanted: Wanted): Promise<IncomingMessage> {
  const url = new URL(wanted.url)
  const secure = url.protocol === 'https:'
  if (!secure && url.protocol !== 'http:')
    throw new Error(`${url.protocol} is not a protocol that can be fetched; give http or https`)
  const port = Number(url.port) || (secure ? 443 : 80)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const tls = secure ? { secureContext: contextOf(wanted), rejectUnauthorized: wanted.insecure !== true } : {}
  const proxy = wanted.proxies && proxyFor(url, wanted.proxies)
  const tunnel = await tunnelTo(host, port, secure, proxy, wanted)
  const plainly = proxy && !secure ? { path: url.href.replace(/#.*/s, ''), headers: proxy.headers } : undefined
  const options = {
    ...plainly,
    method: wanted.method,
    headers: { ...headersOf(wanted), ...plainly?.headers },
    signal: wanted.signal,
    ...tls,
    // Without it, and without an agent, the usual port would stand in the header Host.
    defaultPort: secure ? 443 : 80,
    // An agent would make a connection of its own and leave the tunnel unused.
    ...(tunnel === undefined
      ? { agent: false as const }
      : { createConnection: () => (secure ? tlsOver(tunnel, host, tls) : tunnel) as never }),
  }
  return new Promise((resolve, reject) => {
    const request = (secure ? httpsRequest : httpRequest)(url, options)
    let message: IncomingMessage | undefined
    let silence: Error | undefined
    // The timer of sockets would do, but a tunnel has none; nor does it hand on why it was destroyed.
    const late = setTimeout(() => {
      silence = new Error(
        message
          ? `${url.host} said nothing more for ${wanted.timeout} s`
          : `no answer from ${url.host} within ${wanted.timeout} s`,
      )
      const open = message ?? request
      open.destroy(silence)
    }, milliseconds(wanted.timeout))
    request.on('socket', socket => socket.on('data', () => late.refresh()))
    request.on('response', reply => {
      message = reply
      resolve(reply)
    })
    request.on('error', error => reject(silence ?? error))
    request.on('close', () => {
      clearTimeout(late)
      // TLS lets go of the connection below it, and does not end it.
      tunnel?.destroy()
    })
    request.end(wanted.body)
  })
}

/** The connection below a request: to the server, or to the proxy that leads there. */
async function tunnelTo(
  host: string,
  port: number,
  secure: boolean,
  proxy: WebProxy | undefined,
  { connect, timeout, signal }: Wanted,
): Promise<Duplex | undefined> {
  if (connect === undefined) return undefined
  if (proxy === undefined) return dial(connect, host, port, timeout, signal)
  const tunnel = await dial(connect, proxy.host, proxy.port, timeout, signal)
  const target = `${host.includes(':') ? `[${host}]` : host}:${port}`
  return secure ? through(tunnel, proxy, target, timeout, signal) : tunnel
}

/** Here, and nowhere before, credentials become text. */
function headersOf({ headers, body, auth }: Wanted): Record<string, string> {
  const secret = auth?.password?.reveal() ?? ''
  return {
    ...headers,
    ...(auth === undefined
      ? {}
      : { Authorization: `Basic ${Buffer.from(`${auth.user}:${secret}`).toString('base64')}` }),
    ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
  }
}

/** Suites of TLS 1.3: a list that names none of them is about older versions, and does not forbid this one. */
const NEWEST = 'TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256'

const opened = (text: string | Secret): string => (text instanceof Secret ? text.reveal() : text)

/** Whom to trust, who asks, and how it is kept secret; what is wrong with it is told before any connection. */
function contextOf({ ca, client, ciphers }: Wanted): SecureContext {
  return createSecureContext({
    ...(ca === undefined ? {} : { ca }),
    ...(client === undefined ? {} : { cert: opened(client.cert), key: opened(client.key ?? client.cert) }),
    ...(ciphers === undefined ? {} : { ciphers: /(?:^|:)TLS_/.test(ciphers) ? ciphers : `${ciphers}:${NEWEST}` }),
  })
}

/** TLS over a connection that starts elsewhere; an IP address is no server name. */
const tlsOver = (socket: Duplex, host: string, tls: { secureContext?: SecureContext; rejectUnauthorized?: boolean }) =>
  tlsConnect({ socket, ...(/^[\d.]+$|:/.test(host) ? { host } : { servername: host }), ...tls })
