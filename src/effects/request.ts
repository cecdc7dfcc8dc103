import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Duplex } from 'node:stream'
import { connect as tlsConnect } from 'node:tls'

/** One HTTP request as the effects need it. */
export interface Wanted {
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** PEM of the CAs to trust beside the controller's own. */
  readonly ca?: string
  readonly insecure?: boolean
  /** Seconds without any answer. */
  readonly timeout: number
  /** Opens the TCP connection, for requests made from the target; the controller's own network when absent. */
  readonly connect?: (host: string, port: number) => Promise<Duplex>
  readonly signal: AbortSignal
}

/** The URL asked and what came back, body unread. */
export interface Reply {
  readonly url: string
  readonly message: IncomingMessage
}

/** Asks, following up to `redirects` redirections. Credentials do not follow to another host, nor does https fall to http. */
export async function ask(wanted: Wanted, redirects: number): Promise<Reply> {
  const message = await once(wanted)
  const { statusCode = 0 } = message
  const location = message.headers.location
  if (redirects === 0 || location === undefined || ![301, 302, 303, 307, 308].includes(statusCode))
    return { url: wanted.url, message }
  message.resume()
  const next = new URL(location, wanted.url)
  const from = new URL(wanted.url)
  if (from.protocol === 'https:' && next.protocol !== 'https:')
    throw new Error(`${wanted.url} redirects from https to ${next.protocol}//${next.host}`)
  const headers = Object.fromEntries(
    Object.entries(wanted.headers).filter(
      ([name]) => next.host === from.host || !/^(authorization|cookie)$/i.test(name),
    ),
  )
  const again = statusCode === 303 || (statusCode < 303 && wanted.method === 'POST')
  const { body, ...rest } = wanted
  return ask(
    {
      ...rest,
      url: next.href,
      headers,
      method: again ? 'GET' : wanted.method,
      ...(again || body === undefined ? {} : { body }),
    },
    redirects - 1,
  )
}

async function once(wanted: Wanted): Promise<IncomingMessage> {
  const url = new URL(wanted.url)
  const secure = url.protocol === 'https:'
  if (!secure && url.protocol !== 'http:')
    throw new Error(`${url.protocol} is not a protocol that can be fetched; give http or https`)
  const port = Number(url.port) || (secure ? 443 : 80)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const tunnel = wanted.connect === undefined ? undefined : await wanted.connect(host, port)
  const options = {
    method: wanted.method,
    headers: {
      ...wanted.headers,
      ...(wanted.body === undefined ? {} : { 'content-length': String(Buffer.byteLength(wanted.body)) }),
    },
    timeout: wanted.timeout * 1000,
    signal: wanted.signal,
    agent: false as const,
    ...(wanted.ca === undefined ? {} : { ca: wanted.ca }),
    rejectUnauthorized: wanted.insecure !== true,
    ...(tunnel === undefined
      ? {}
      : { createConnection: () => (secure ? tlsOver(tunnel, host, wanted) : tunnel) as never }),
  }
  return new Promise((resolve, reject) => {
    const request = (secure ? httpsRequest : httpRequest)(url, options, resolve)
    request.on('timeout', () => request.destroy(new Error(`no answer from ${url.host} within ${wanted.timeout} s`)))
    request.on('error', reject)
    // TLS lets go of the connection below it, and does not end it.
    request.on('close', () => tunnel?.destroy())
    request.end(wanted.body)
  })
}

/** TLS over a connection that starts elsewhere; an IP address is no server name. */
const tlsOver = (socket: Duplex, host: string, wanted: Wanted) =>
  tlsConnect({
    socket,
    ...(/^[\d.]+$|:/.test(host) ? { host } : { servername: host }),
    ...(wanted.ca === undefined ? {} : { ca: wanted.ca }),
    rejectUnauthorized: wanted.insecure !== true,
  })
