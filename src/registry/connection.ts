import { X509Certificate } from 'node:crypto'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { request } from 'node:https'
import type { Duplex } from 'node:stream'
import { connect as connectTls, type DetailedPeerCertificate, type TLSSocket } from 'node:tls'
import { type Certificate, readCertificate } from '../pki/certificate.ts'
import { serverName } from '../pki/names.ts'
import { RegistryError, type RegistryFault } from './registry-error.ts'

/** Which registry, how to get there, and whom to trust. */
export interface RegistryOptions {
  readonly host: string
  readonly port: number
  /** PEM of the CA certificates to trust, and no others. */
  readonly ca: string
  /** Opens the TCP connection; the client speaks TLS over it. */
  readonly connect: (host: string, port: number) => Promise<Duplex>
  readonly signal?: AbortSignal
  /** Milliseconds without a byte until a request is given up; 30 seconds when absent. */
  readonly timeout?: number
}

/** The head of an answer; its body is still to be read. */
export interface Reply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly message: IncomingMessage
}

/** Requests to one registry: each over a TLS connection of its own, trusted by the given CA only, redirects not followed. */
export class RegistryConnection {
  readonly #options: RegistryOptions
  /** `host:port`, as messages call it. */
  readonly base: string

  constructor(options: RegistryOptions) {
    this.#options = options
    this.base = `${options.host}:${options.port}`
  }

  /** The certificates that the server sends, leaf first, whether or not they are trusted. */
  async servedChain(): Promise<readonly Certificate[]> {
    const socket = await this.#tls(false)
    try {
      return peerChain(socket)
    } catch (cause) {
      throw new RegistryError(
        'malformed',
        `${this.base} sends a certificate that cannot be read: ${(cause as Error).message}`,
      )
    } finally {
      socket.destroy()
    }
  }

  /** One request over one connection. Statuses other than the expected ones are faults. */
  async send(
    method: string,
    path: string,
    headers: Record<string, string>,
    expected: readonly number[],
  ): Promise<Reply> {
    const { signal, timeout = 30_000 } = this.#options
    const socket = await this.#tls(true)
    const reply = await new Promise<Reply>((resolve, reject) => {
      const fail = (cause: unknown) => {
        socket.destroy()
        reject(this.#translate(cause))
      }
      const call = request({
        method,
        path,
        host: this.#options.host,
        port: this.#options.port,
        headers: { ...headers, connection: 'close', 'user-agent': 'regplay' },
        createConnection: () => socket,
        ...(signal && { signal }),
      })
      let open: { destroy(cause: Error): unknown } = call
      socket.setTimeout(timeout, () =>
        open.destroy(
          new RegistryError('timeout', `${this.base} said nothing for ${timeout / 1000} s (${method} ${path})`),
        ),
      )
      call.on('error', fail)
      call.on('response', message => {
        open = message
        resolve({ status: message.statusCode ?? 0, headers: message.headers, message })
      })
      call.end()
    })
    if (expected.includes(reply.status)) return reply
    throw await this.#unexpected(reply, `${method} ${path}`)
  }

  async #unexpected({ status, headers, message }: Reply, what: string): Promise<RegistryError> {
    const { location } = headers
    const body = await drain(message, 64 * 1024, this.base).catch(() => Buffer.alloc(0))
    if (status >= 300 && status < 400)
      return new RegistryError(
        'redirect',
        `${this.base} redirects ${what} to ${location}; redirects are not followed`,
        { status },
      )
    const said = errorsOf(body)
    const fault = status === 401 || status === 403 ? 'unauthorised' : status === 404 ? 'not-found' : 'status'
    return new RegistryError(fault, `${this.base} answers ${status} to ${what}${said ? `: ${said}` : ''}`, { status })
  }

  async #tls(verify: boolean): Promise<TLSSocket> {
    const { host, port, ca, connect, signal, timeout = 30_000 } = this.#options
    signal?.throwIfAborted()
    const stream = await connect(host, port).catch((cause: unknown) => {
      throw this.#translate(cause)
    })
    const { kind, value } = serverName(host)
    const socket = connectTls({
      socket: stream,
      // Without CAs node shows the chain as it was sent; with them it adds issuers that it knows.
      ca: verify ? ca : [],
      host: value,
      rejectUnauthorized: verify,
      // An intermediate may be the anchor, as Docker has it.
      allowPartialTrustChain: true,
      checkServerIdentity: (_name, { raw }) => nameFault(raw, kind, value),
      // An address must not be sent as server name (RFC 6066).
      ...(kind === 'dns' && { servername: value }),
    })
    // TLS lets go of the connection below it, and does not end it.
    socket.once('close', () => stream.destroy())
    return new Promise<TLSSocket>((resolve, reject) => {
      const abort = () => end(signal?.reason)
      const late = setTimeout(
        () => end(new RegistryError('timeout', `${this.base}: no TLS handshake in ${timeout / 1000} s`)),
        timeout,
      )
      const end = (cause?: unknown) => {
        clearTimeout(late)
        signal?.removeEventListener('abort', abort)
        socket.off('error', end)
        socket.off('close', lost)
        if (cause === undefined) return resolve(socket)
        socket.on('error', () => undefined)
        socket.destroy()
        reject(this.#translate(cause))
      }
      const lost = () => end(new RegistryError('lost', `${this.base} closed the connection during the TLS handshake`))
      signal?.addEventListener('abort', abort, { once: true })
      socket.once('secureConnect', () => end())
      socket.on('error', end)
      socket.on('close', lost)
    })
  }

  #translate(cause: unknown): unknown {
    if (cause instanceof RegistryError || !(cause instanceof Error) || this.#options.signal?.aborted) return cause
    const { code } = cause as NodeJS.ErrnoException
    const say = (fault: RegistryFault, what: string) => new RegistryError(fault, `${this.base} ${what}`, { code })
    if (code === 'ECONNREFUSED') return say('refused', 'refuses the connection: nothing listens there')
    if (code === 'ECONNRESET' || code === 'EPIPE' || code === 'ECONNABORTED')
      return say('lost', `lost the connection: ${cause.message}`)
    if (code === 'ETIMEDOUT') return say('timeout', 'does not answer')
    if (/^(ERR_TLS|ERR_SSL|EPROTO|CERT_|UNABLE_|DEPTH_ZERO|SELF_SIGNED|INVALID_)/.test(code ?? ''))
      return say('tls', `is not trusted: ${cause.message}`)
    return say('lost', `cannot be asked: ${cause.message}`)
  }
}

/** Docker ignores the common name where node:tls would take it; so the name is judged here. */
function nameFault(raw: Buffer, kind: 'ip' | 'dns', host: string): Error | undefined {
  const x509 = new X509Certificate(raw)
  const covered =
    kind === 'ip' ? x509.checkIP(host) : x509.checkHost(host, { subject: 'never', partialWildcards: false })
  if (covered !== undefined) return undefined
  const names = x509.subjectAltName ?? 'none'
  return Object.assign(new Error(`the certificate is not valid for ${host}, its names are: ${names.slice(0, 300)}`), {
    code: 'ERR_TLS_CERT_ALTNAME_INVALID',
  })
}

function peerChain(socket: TLSSocket): Certificate[] {
  const chain: Certificate[] = []
  let next: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true)
  while (next?.raw && !chain.some(({ x509 }) => x509.raw.equals(next?.raw ?? Buffer.alloc(0)))) {
    chain.push(readCertificate(next.raw))
    next = next.issuerCertificate
  }
  return chain
}

/** Reads a body to its end, piece by piece, and not a byte beyond `cap`; returns its size. */
export async function consume(
  message: IncomingMessage,
  cap: number,
  base: string,
  take: (chunk: Buffer) => void,
): Promise<number> {
  let size = 0
  try {
    for await (const chunk of message as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > cap) throw new RegistryError('too-big', `${base} sends more than ${cap} bytes`)
      take(chunk)
    }
  } catch (cause) {
    if (cause instanceof RegistryError) throw cause
    throw new RegistryError(
      'lost',
      `${base} closed the connection in the middle of an answer: ${(cause as Error).message}`,
      { code: (cause as NodeJS.ErrnoException).code },
    )
  }
  if (!message.complete) throw new RegistryError('lost', `${base} closed the connection in the middle of an answer`)
  return size
}

/** Reads a body whole. */
export async function drain(message: IncomingMessage, cap: number, base: string): Promise<Buffer> {
  const chunks: Buffer[] = []
  await consume(message, cap, base, chunk => chunks.push(chunk))
  return Buffer.concat(chunks)
}

function errorsOf(body: Buffer): string {
  try {
    const { errors } = JSON.parse(body.toString('utf8')) as { errors?: { code?: string; message?: string }[] }
    return (errors ?? [])
      .map(({ code, message }) => `${code} ${message}`)
      .join('; ')
      .slice(0, 300)
  } catch {
    return ''
  }
}
