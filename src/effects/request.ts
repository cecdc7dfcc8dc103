import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Duplex } from 'node:stream'
import { connect as tlsConnect } from 'node:tls'
import type { Credentials } from '../kit/effect.ts'
import { milliseconds } from '../transport/limit.ts'

/** One HTTP request as the effects need it. */
export interface Wanted {
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly auth?: Credentials
  /** PEM of the CAs to trust beside the controller's own. */
  readonly ca?: string
  readonly insecure?: boolean
  /** Seconds without any answer. */
  readonly timeout: number
  /** Opens the TCP connection, for requests made from the target; the controller's own network when absent. */
  readonly connect?: (host: string, port: number) => Promise<Duplex>
  readonly signal: AbortSignal
}

/** The URL asked and what came back, body unread: whoever does not read it to its end destroys it. */
export interface Reply {
  readonly url: string
  readonly message: IncomingMessage
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
  const kept = Object.entries(headers).filter(([name]) => home || !/^(authorization|cookie)$/i.test(name))
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
  const tunnel = await wanted.connect?.(host, port)
  const options = {
    method: wanted.method,
    headers: headersOf(wanted),
    signal: wanted.signal,
    ...(wanted.ca === undefined ? {} : { ca: wanted.ca }),
    rejectUnauthorized: wanted.insecure !== true,
    // An agent would make a connection of its own and leave the tunnel unused.
    ...(tunnel === undefined
      ? { agent: false as const }
      : { createConnection: () => (secure ? tlsOver(tunnel, host, wanted) : tunnel) as never }),
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

/** TLS over a connection that starts elsewhere; an IP address is no server name. */
const tlsOver = (socket: Duplex, host: string, wanted: Wanted) =>
  tlsConnect({
    socket,
    ...(/^[\d.]+$|:/.test(host) ? { host } : { servername: host }),
    ...(wanted.ca === undefined ? {} : { ca: wanted.ca }),
    rejectUnauthorized: wanted.insecure !== true,
  })
