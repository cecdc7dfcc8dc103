import { createHash, X509Certificate } from 'node:crypto'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { request } from 'node:https'
import type { Duplex } from 'node:stream'
import { connect as connectTls, type DetailedPeerCertificate, type TLSSocket } from 'node:tls'
import { type Certificate, readCertificate } from '../pki/certificate.ts'
import { serverName } from '../pki/names.ts'
import { MAX_MANIFEST_BYTES, type Manifest, MEDIA_TYPES, readManifest } from './manifest.ts'
import { isDigest, repositoryFault } from './reference.ts'

/** Why a registry could not be talked to, or said something that is not to be believed. */
export type RegistryFault =
  | 'refused'
  | 'tls'
  | 'timeout'
  | 'lost'
  | 'redirect'
  | 'status'
  | 'not-a-registry'
  | 'unauthorised'
  | 'not-found'
  | 'too-big'
  | 'digest'
  | 'malformed'

export class RegistryError extends Error {
  readonly fault: RegistryFault
  /** HTTP status when there was one. */
  readonly status: number | undefined
  /** The code of TLS or of the system, for example `CERT_HAS_EXPIRED` or `ECONNREFUSED`. */
  readonly code: string | undefined

  constructor(fault: RegistryFault, message: string, more: { status?: number; code?: string | undefined } = {}) {
    super(message)
    this.name = 'RegistryError'
    this.fault = fault
    this.status = more.status
    this.code = more.code
  }
}

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

interface Reply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly message: IncomingMessage
}

/** Bytes of an answer that is neither manifest nor blob. */
const MAX_ANSWER = 8 * 1024 * 1024
const MAX_PAGES = 1000
const ACCEPT = Object.values(MEDIA_TYPES).join(', ')

/** What a registry serves under one digest or tag. */
export interface ServedManifest {
  readonly digest: string
  readonly bytes: Buffer
  readonly mediaType: string
  readonly manifest: Manifest
}

/**
 * Reads a registry by its HTTP API (docker registry v2). Trusts only the given CA, follows no redirects, caps every answer,
 * and believes bytes only by their digest: a registry serves a damaged blob with status 200 and the wanted digest in its header.
 */
export class RegistryClient {
  readonly #options: RegistryOptions
  readonly #base: string

  constructor(options: RegistryOptions) {
    this.#options = options
    this.#base = `${options.host}:${options.port}`
  }

  /** `GET /v2/`: the registry is there and speaks the API. */
  async ping(): Promise<{ readonly authenticated: boolean }> {
    const reply = await this.#send('GET', '/v2/', {}, [200, 401])
    await drain(reply.message, MAX_ANSWER, this.#base)
    if (reply.headers['docker-distribution-api-version'] !== 'registry/2.0')
      throw new RegistryError(
        'not-a-registry',
        `${this.#base} answers HTTPS, but is no registry: the header Docker-Distribution-Api-Version is missing`,
        { status: reply.status },
      )
    return { authenticated: reply.status === 200 }
  }

  /** The certificates that the server sends, leaf first, whether or not they are trusted. */
  async servedChain(): Promise<readonly Certificate[]> {
    const socket = await this.#tls(false)
    try {
      return peerChain(socket)
    } finally {
      socket.destroy()
    }
  }

  /** Names of all repositories, over all pages. Ones whose images were deleted may still be listed. */
  async catalog(): Promise<readonly string[]> {
    return this.#pages('/v2/_catalog?n=1000', 'repositories')
  }

  /** Tags of a repository; empty when it has none. */
  async tags(repository: string): Promise<readonly string[]> {
    try {
      return await this.#pages(`/v2/${checked(repository)}/tags/list?n=1000`, 'tags')
    } catch (cause) {
      if (cause instanceof RegistryError && cause.fault === 'not-found') return []
      throw cause
    }
  }

  /** A manifest by tag or digest, of any kind; its bytes are hashed. */
  async manifest(repository: string, reference: string): Promise<ServedManifest> {
    const path = `/v2/${checked(repository)}/manifests/${encodeURIComponent(reference).replace('%3A', ':')}`
    const { headers, message } = await this.#send('GET', path, { accept: ACCEPT }, [200])
    const bytes = await drain(message, MAX_MANIFEST_BYTES, this.#base)
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`
    const wanted = isDigest(reference) ? reference : headers['docker-content-digest']
    const manifest = readManifest(bytes)
    // The digest of a schema 1 manifest is that of its payload without the signatures.
    if (wanted !== digest && !(manifest && 'kind' in manifest && manifest.kind === 'schema1'))
      throw new RegistryError(
        'digest',
        `${this.#base}/${repository}: the manifest ${reference} has the digest ${digest}, not ${wanted}`,
      )
    if (!manifest || 'wrong' in manifest)
      throw new RegistryError(
        'malformed',
        `${this.#base}/${repository}: ${reference} ${manifest?.wrong ?? 'is no manifest'}`,
      )
    return { digest, bytes, mediaType: headers['content-type'] ?? manifest.mediaType, manifest }
  }

  /** Whether the registry says that it has a blob, and of what size. It says so of damaged ones too. */
  async hasBlob(repository: string, digest: string): Promise<number | undefined> {
    try {
      const { headers, message } = await this.#send('HEAD', `/v2/${checked(repository)}/blobs/${digest}`, {}, [200])
      message.resume()
      return Number(headers['content-length'])
    } catch (cause) {
      if (cause instanceof RegistryError && cause.fault === 'not-found') return undefined
      throw cause
    }
  }

  /** Reads a blob to its end and compares its digest; returns its size. Memory stays flat. */
  async proveBlob(repository: string, digest: string, maxBytes: number): Promise<number> {
    const { message } = await this.#send('GET', `/v2/${checked(repository)}/blobs/${digest}`, {}, [200])
    const hash = createHash('sha256')
    const size = await consume(message, maxBytes, this.#base, chunk => hash.update(chunk))
    const found = `sha256:${hash.digest('hex')}`
    if (found !== digest)
      throw new RegistryError(
        'digest',
        `${this.#base}/${repository}: the blob ${digest} is damaged, its bytes (${size}) have the digest ${found}`,
      )
    return size
  }

  async #pages(first: string, field: 'repositories' | 'tags'): Promise<string[]> {
    const found: string[] = []
    const seen = new Set<string>()
    for (let next: string | undefined = first; next !== undefined; ) {
      if (seen.has(next) || seen.size >= MAX_PAGES)
        throw new RegistryError('malformed', `${this.#base}: the pages of ${first} do not end`)
      seen.add(next)
      const { headers, message }: Reply = await this.#send('GET', next, { accept: 'application/json' }, [200])
      const data = parseJson(await drain(message, MAX_ANSWER, this.#base), `${this.#base}${first}`)
      const items = data[field] ?? []
      if (!Array.isArray(items) || !items.every(item => typeof item === 'string'))
        throw new RegistryError('malformed', `${this.#base}${first} holds no list of ${field}`)
      found.push(...items)
      next = nextPage(headers['link'], this.#base)
    }
    return found
  }

  /** One request over one connection. Statuses other than the expected ones are faults. */
  async #send(
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
      socket.setTimeout(timeout, () =>
        call.destroy(
          new RegistryError('timeout', `${this.#base} said nothing for ${timeout / 1000} s (${method} ${path})`),
        ),
      )
      call.on('error', fail)
      call.on('response', message => resolve({ status: message.statusCode ?? 0, headers: message.headers, message }))
      call.end()
    })
    if (expected.includes(reply.status)) return reply
    throw await this.#unexpected(reply, `${method} ${path}`)
  }

  async #unexpected({ status, headers, message }: Reply, what: string): Promise<RegistryError> {
    const { location } = headers
    const body = await drain(message, 64 * 1024, this.#base).catch(() => Buffer.alloc(0))
    if (status >= 300 && status < 400)
      return new RegistryError(
        'redirect',
        `${this.#base} redirects ${what} to ${location}; redirects are not followed`,
        { status },
      )
    const said = errorsOf(body)
    const fault = status === 401 || status === 403 ? 'unauthorised' : status === 404 ? 'not-found' : 'status'
    return new RegistryError(fault, `${this.#base} answers ${status} to ${what}${said ? `: ${said}` : ''}`, { status })
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
      checkServerIdentity: (_name, { raw }) => nameFault(raw, kind, value),
      // An address must not be sent as server name (RFC 6066).
      ...(kind === 'dns' && { servername: value }),
    })
    return new Promise<TLSSocket>((resolve, reject) => {
      const abort = () => end(signal?.reason)
      const late = setTimeout(
        () => end(new RegistryError('timeout', `${this.#base}: no TLS handshake in ${timeout / 1000} s`)),
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
      const lost = () => end(new RegistryError('lost', `${this.#base} closed the connection during the TLS handshake`))
      signal?.addEventListener('abort', abort, { once: true })
      socket.once('secureConnect', () => end())
      socket.on('error', end)
      socket.on('close', lost)
    })
  }

  #translate(cause: unknown): unknown {
    if (cause instanceof RegistryError || !(cause instanceof Error) || this.#options.signal?.aborted) return cause
    const { code } = cause as NodeJS.ErrnoException
    const say = (fault: RegistryFault, what: string) => new RegistryError(fault, `${this.#base} ${what}`, { code })
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

/** A repository name that may stand in a path. */
function checked(repository: string): string {
  const fault = repositoryFault(repository)
  if (fault) throw new RegistryError('malformed', `the repository '${repository}' ${fault}`)
  return repository
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

async function consume(
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

async function drain(message: IncomingMessage, cap: number, base: string): Promise<Buffer> {
  const chunks: Buffer[] = []
  await consume(message, cap, base, chunk => chunks.push(chunk))
  return Buffer.concat(chunks)
}

function parseJson(bytes: Buffer, what: string): Record<string, unknown> {
  try {
    const data: unknown = JSON.parse(bytes.toString('utf8'))
    if (typeof data === 'object' && data !== null) return data as Record<string, unknown>
  } catch {
    // Said below, together with what is JSON and no object.
  }
  throw new RegistryError(
    'malformed',
    `${what} is no JSON object: ${JSON.stringify(bytes.subarray(0, 80).toString('latin1'))}`,
  )
}

/** The path of the next page from a Link header; another host in it is not followed. */
function nextPage(link: string | readonly string[] | undefined, base: string): string | undefined {
  const target = /<([^>]*)>\s*;[^,]*rel="?next"?/.exec(String(link ?? ''))?.[1]
  if (target === undefined) return undefined
  const url = new URL(target, `https://${base}`)
  if (url.host !== new URL(`https://${base}`).host || url.protocol !== 'https:')
    throw new RegistryError('redirect', `${base} names a next page on another host: ${target}`)
  return url.pathname + url.search
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
