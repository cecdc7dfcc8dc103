import { createHash } from 'node:crypto'
import { type Diagnostic, InputError } from '../base/diagnostic.ts'
import { ArchiveError } from './archive-error.ts'
import { type Member, type ReadOptions, readMembers } from './archive-reader.ts'
import { FaultList } from './fault-list.ts'
import { type FileIdentity, identify } from './file-identity.ts'
import { LINK_BYTES, placeOf } from './layout.ts'
import { MAX_MANIFEST_BYTES, type Manifest, readManifest } from './manifest.ts'
import { wantedChecksum } from './sidecar.ts'
import { StorageRoot } from './storage-root.ts'
import { readCatalog } from './storage-tree.ts'

/** Everything that is known of a storage archive after one pass in which every blob was hashed. Plain data: it is cached as JSON. */
export interface ArchiveIndex {
  readonly version: 1
  readonly file: FileIdentity
  /** What stands in the archive before `blobs/` and `repositories/`, for example `storage/docker/registry/v2/`. */
  readonly root: string
  readonly blobs: readonly { readonly digest: string; readonly size: number; readonly path: string }[]
  readonly links: readonly { readonly path: string; readonly content: string }[]
  readonly repositories: readonly string[]
  /** Digest by repository and tag. */
  readonly tags: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly manifests: Readonly<Record<string, Manifest>>
  /** Bytes of all blobs and links. */
  readonly totalBytes: number
  readonly files: number
  readonly warnings: readonly Diagnostic[]
}

export interface Limits {
  /** Bytes that may come out of the archive. */
  readonly maxBytes?: number
  readonly maxMembers?: number
}

/** A compressed registry is hardly smaller than its layers; what grows more than this is made to fill a disk. */
const MAX_RATIO = 200
const FREE_BYTES = 1024 ** 3
const MAX_MEMBERS = 2_000_000
const AGAIN =
  'Make the archive again: tar -czf NEW.tar.gz -C DIR storage, where DIR/storage is mounted as /var/lib/registry'

/**
 * Reads a storage archive of the controller once, from end to end: judges every member, hashes every blob against its name,
 * and proves that every tag can be pulled from it.
 *
 * @throws InputError with the first twenty faults and their number, when it must not be used
 */
export async function indexStorageArchive(file: string, options: ReadOptions & Limits = {}): Promise<ArchiveIndex> {
  const faults = new FaultList()
  try {
    const identity = await identify(file)
    const sha256 = await wantedChecksum(file)
    const reading = new Reading(file, identity, faults, options)
    for await (const member of readMembers(file, { ...options, ...(sha256 !== undefined && { sha256 }) }))
      await reading.take(member)
    const index = reading.finish()
    if (faults.size > 0) throw new InputError(faults.list())
    return index
  } catch (cause) {
    if (cause instanceof ArchiveError) {
      const last: Diagnostic = { code: cause.code, severity: 'error', message: cause.message, remedy: cause.remedy }
      throw new InputError([...faults.list(), last])
    }
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'EACCES' || code === 'EISDIR' || code === 'ENOTDIR')
      throw new InputError(
        [
          {
            code: 'archive-unreadable',
            severity: 'error',
            message: `${file} cannot be read: ${(cause as Error).message}`,
            remedy: 'Check registry_storage_archive',
          },
        ],
        66,
      )
    throw cause
  }
}

/** The state of one pass. */
class Reading {
  readonly #file: string
  readonly #identity: FileIdentity
  readonly #faults: FaultList
  readonly #root: StorageRoot
  readonly #maxBytes: number
  readonly #maxMembers: number
  readonly #blobs = new Map<string, { digest: string; size: number; path: string }>()
  readonly #links = new Map<string, string>()
  readonly #manifests = new Map<string, Manifest>()
  readonly #seen = new Set<string>()
  readonly #blobDirectories = new Set<string>()
  #members = 0
  #bytes = 0
  #total = 0
  #uploads = 0

  constructor(file: string, identity: FileIdentity, faults: FaultList, limits: Limits) {
    this.#file = file
    this.#identity = identity
    this.#faults = faults
    this.#root = new StorageRoot(file, faults)
    this.#maxBytes = limits.maxBytes ?? Math.max(FREE_BYTES, identity.size * MAX_RATIO)
    this.#maxMembers = limits.maxMembers ?? MAX_MEMBERS
  }

  async take(member: Member): Promise<void> {
    this.#members += 1
    this.#bytes += member.size
    this.#guardSize()
    const name = this.#root.clean(member)
    if (name === undefined) return
    if (this.#seen.has(name) && member.type !== 'directory') {
      this.#faults.add('archive-member', `${this.#file} holds ${name} twice`, AGAIN)
      return
    }
    if (member.type !== 'directory') this.#seen.add(name)
    const path = this.#root.within(name, member.type === 'directory')
    if (member.type === 'directory') this.#directory(name, path)
    else if (path !== undefined) await this.#regular(path, member)
  }

  #guardSize(): void {
    if (this.#members > this.#maxMembers)
      throw new ArchiveError(
        'archive-too-big',
        `${this.#file} holds more than ${this.#maxMembers} files`,
        'That is no registry storage',
      )
    if (this.#bytes > this.#maxBytes)
      throw new ArchiveError(
        'archive-too-big',
        `${this.#file} has ${this.#identity.size} bytes and would unpack to more than ${this.#maxBytes}`,
        'That is no registry storage; make the archive again',
      )
  }

  #directory(name: string, path: string | undefined): void {
    if (path !== undefined && placeOf(path))
      this.#faults.add('archive-member', `${path} is a directory where a file belongs`, AGAIN)
    if (/(^|\/)blobs\/sha256\/[0-9a-f]{2}\/[0-9a-f]{64}$/.test(name)) this.#blobDirectories.add(name)
  }

  async #regular(path: string, member: Member): Promise<void> {
    const place = placeOf(path)
    if (!place) {
      this.#faults.add('storage-layout', `${path} does not belong into a registry's storage`, AGAIN)
      return
    }
    if (place.kind === 'upload') {
      this.#uploads += 1
      return
    }
    this.#total += member.size
    if (place.kind === 'blob') await this.#blob(path, place.digest, member)
    else await this.#link(path, member)
  }

  async #blob(path: string, digest: string, member: Member): Promise<void> {
    const hash = createHash('sha256')
    const keep: Buffer[] | undefined = member.size <= MAX_MANIFEST_BYTES ? [] : undefined
    for await (const chunk of member.body) {
      hash.update(chunk)
      keep?.push(chunk)
    }
    const found = `sha256:${hash.digest('hex')}`
    if (found !== digest) {
      const size = member.size === 0 ? 'is empty' : `(${member.size} bytes) has the digest ${found}`
      this.#faults.add(
        'storage-blob-damaged',
        `${path} ${size}: it is not what its name says`,
        'Make the archive again from a registry that is whole',
      )
      return
    }
    this.#blobs.set(digest, { digest, size: member.size, path })
    const manifest = keep && readManifest(Buffer.concat(keep))
    if (manifest && 'wrong' in manifest)
      this.#faults.add('storage-manifest', `the manifest ${digest} ${manifest.wrong}`, 'Push that image again')
    else if (manifest) this.#manifests.set(digest, manifest)
  }

  async #link(path: string, member: Member): Promise<void> {
    if (member.size > LINK_BYTES * 2) {
      this.#faults.add(
        'storage-link',
        `${path} has ${member.size} bytes, a link has ${LINK_BYTES}`,
        'Make the archive again from a registry that is whole',
      )
      return
    }
    const chunks: Buffer[] = []
    for await (const chunk of member.body) chunks.push(chunk)
    this.#links.set(path, Buffer.concat(chunks).toString('latin1'))
  }

  finish(): ArchiveIndex {
    this.#root.finish(this.#blobs.size + this.#links.size)
    for (const name of this.#blobDirectories)
      if (!this.#seen.has(`${name}/data`))
        this.#faults.add(
          'storage-blob-missing',
          `${name} is the directory of a blob, and holds no data`,
          'Make the archive again from a registry that is whole',
        )
    const catalog = readCatalog(
      { blobs: new Set(this.#blobs.keys()), links: this.#links, manifests: this.#manifests },
      this.#faults,
    )
    const uploads: Diagnostic[] =
      this.#uploads === 0
        ? []
        : [
            {
              code: 'storage-uploads',
              severity: 'warning',
              message: `${this.#uploads} files of unfinished uploads are left out`,
            },
          ]
    return {
      version: 1,
      file: this.#identity,
      root: this.#root.prefix,
      blobs: [...this.#blobs.values()],
      links: [...this.#links].map(([path, content]) => ({ path, content })),
      repositories: catalog.repositories,
      tags: catalog.tags,
      manifests: Object.fromEntries(this.#manifests),
      totalBytes: this.#total,
      files: this.#blobs.size + this.#links.size,
      warnings: [...this.#root.warnings(), ...uploads, ...catalog.warnings],
    }
  }
}
