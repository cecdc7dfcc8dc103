import { createHash } from 'node:crypto'
import type { Certificate } from '../pki/certificate.ts'
import { consume, drain, RegistryConnection, type RegistryOptions, type Reply } from './connection.ts'
import { MAX_MANIFEST_BYTES, type Manifest, MEDIA_TYPES, readManifest } from './manifest.ts'
import { isDigest, repositoryFault } from './reference.ts'
import { RegistryError } from './registry-error.ts'

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
  readonly #connection: RegistryConnection
  readonly #base: string

  constructor(options: RegistryOptions) {
    this.#connection = new RegistryConnection(options)
    this.#base = this.#connection.base
  }

  /** `GET /v2/`: the registry is there and speaks the API. */
  async ping(): Promise<{ readonly authenticated: boolean }> {
    const reply = await this.#connection.send('GET', '/v2/', {}, [200, 401])
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
  servedChain(): Promise<readonly Certificate[]> {
    return this.#connection.servedChain()
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
    const { headers, message } = await this.#connection.send('GET', path, { accept: ACCEPT }, [200])
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
      const { headers, message } = await this.#connection.send(
        'HEAD',
        `/v2/${checked(repository)}/blobs/${digest}`,
        {},
        [200],
      )
      message.resume()
      return Number(headers['content-length'])
    } catch (cause) {
      if (cause instanceof RegistryError && cause.fault === 'not-found') return undefined
      throw cause
    }
  }

  /** Reads a blob to its end and compares its digest; returns its size. Memory stays flat. */
  async proveBlob(repository: string, digest: string, maxBytes: number): Promise<number> {
    const { message } = await this.#connection.send('GET', `/v2/${checked(repository)}/blobs/${digest}`, {}, [200])
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
      const { headers, message }: Reply = await this.#connection.send(
        'GET',
        next,
        { accept: 'application/json' },
        [200],
      )
      const data = parseJson(await drain(message, MAX_ANSWER, this.#base), `${this.#base}${first}`)
      const items = data[field] ?? []
      if (!Array.isArray(items) || !items.every(item => typeof item === 'string'))
        throw new RegistryError('malformed', `${this.#base}${first} holds no list of ${field}`)
      found.push(...items)
      next = nextPage(headers['link'], this.#base)
    }
    return found
  }
}

/** A repository name that may stand in a path. */
function checked(repository: string): string {
  const fault = repositoryFault(repository)
  if (fault) throw new RegistryError('malformed', `the repository '${repository}' ${fault}`)
  return repository
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
