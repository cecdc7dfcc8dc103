import { createHash } from 'node:crypto'
import { posix } from 'node:path'
import { type Diagnostic, InputError } from '../base/diagnostic.ts'
import { ArchiveError } from './archive-error.ts'
import { type Member, type ReadOptions, readMembers } from './archive-reader.ts'
import { FaultList } from './fault-list.ts'
import { type FileIdentity, identify } from './file-identity.ts'
import { type ArchiveContents, type ImageInfo, readDockerImages, readOciImages } from './image-contents.ts'
import { MAX_MANIFEST_BYTES } from './manifest.ts'
import { parseReference } from './reference.ts'
import { wantedChecksum } from './sidecar.ts'

/** What is known of an image archive after one pass. Plain data: it is cached as JSON. */
export interface ImageArchive {
  readonly version: 1
  readonly file: FileIdentity
  /** `docker`: has manifest.json, which every `docker load` reads; `oci`: only index.json, for which Docker 25 is needed. */
  readonly format: 'docker' | 'oci'
  readonly images: readonly ImageInfo[]
  readonly warnings: readonly Diagnostic[]
}

/** Far above what any image has, far below what could hurt: all JSON is held until the last member has been seen. */
const MAX_MEMBERS = 100_000
const MAX_JSON_BYTES = 64 * 1024 * 1024

const AGAIN = 'Make it again where the image is: docker save -o FILE.tar registry:2'

/**
 * Reads an image archive of the controller (docker save or OCI layout, plain or compressed) and proves it: configuration and
 * every layer are there and have the digest they are called by.
 *
 * @throws InputError when it is something else, or damaged
 */
export async function indexImageArchive(file: string, options: ReadOptions = {}): Promise<ImageArchive> {
  const faults = new FaultList()
  try {
    const identity = await identify(file)
    const sha256 = await wantedChecksum(file)
    const contents = await readContents(file, { ...options, ...(sha256 !== undefined && { sha256 }) }, faults)
    const docker = contents.json.has('manifest.json')
    if (!docker && !contents.json.has('index.json'))
      throw new ArchiveError(
        'image-none',
        `${file} holds no image: neither manifest.json nor index.json is in it`,
        AGAIN,
      )
    const images = docker ? readDockerImages(contents, faults) : readOciImages(contents, faults)
    if (images.length === 0 && faults.size === 0) faults.add('image-none', `${file} holds no image`, AGAIN)
    if (faults.size > 0) throw new InputError(faults.list())
    return {
      version: 1,
      file: identity,
      format: docker ? 'docker' : 'oci',
      images,
      warnings: docker ? [] : [ociWarning(file)],
    }
  } catch (cause) {
    if (cause instanceof ArchiveError)
      throw new InputError([{ code: cause.code, severity: 'error', message: cause.message, remedy: cause.remedy }])
    if (['ENOENT', 'EACCES', 'EISDIR', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? ''))
      throw new InputError(
        [
          {
            code: 'archive-unreadable',
            severity: 'error',
            message: `${file} cannot be read: ${(cause as Error).message}`,
            remedy: 'Check registry_image_archive',
          },
        ],
        66,
      )
    throw cause
  }
}

const ociWarning = (file: string): Diagnostic => ({
  code: 'image-oci-only',
  severity: 'warning',
  message: `${file} is an OCI layout without manifest.json: docker load reads it only from Docker 25 on`,
  remedy: AGAIN,
})

async function readContents(file: string, options: ReadOptions, faults: FaultList): Promise<ArchiveContents> {
  const digests = new Map<string, string>()
  const json = new Map<string, unknown>()
  const links = new Map<string, string>()
  let [members, kept] = [0, 0]
  for await (const member of readMembers(file, options)) {
    members += 1
    if (members > MAX_MEMBERS || kept > MAX_JSON_BYTES)
      throw new ArchiveError(
        'archive-too-big',
        `${file} holds more than ${MAX_MEMBERS} files, or more than ${MAX_JSON_BYTES} bytes of JSON`,
        'That is no image archive; make it again with docker save',
      )
    const name = member.name.replace(/^(\.\/+)+/, '').replace(/\/+$/, '')
    refuseOtherKinds(name, file, digests.size)
    if (member.type === 'directory') continue
    if (member.name.startsWith('/') || name.split('/').includes('..')) {
      faults.add(
        'archive-member',
        `${file}: the member ${JSON.stringify(member.name.slice(0, 300))} leads out of the archive`,
        AGAIN,
      )
    } else if (member.type === 'symlink' || member.type === 'link') {
      // docker save of old writes a layer that is there twice as a link to its first place.
      links.set(
        name,
        posix.normalize(member.type === 'link' ? member.linkname : posix.join(posix.dirname(name), member.linkname)),
      )
    } else if (member.type !== 'file') {
      faults.add('archive-member', `${file}: the member ${name} is a ${member.type}`, AGAIN)
    } else {
      const read = await readFile(member)
      digests.set(name, read.digest)
      if (read.json !== undefined) {
        json.set(name, read.json)
        kept += member.size
      }
    }
  }
  for (const [name, target] of links) {
    const digest = digests.get(target)
    if (digest === undefined)
      faults.add('image-layer-missing', `${file}: ${name} is a link to ${target}, which is not in the archive`, AGAIN)
    else digests.set(name, digest)
  }
  return { digests, json }
}

function refuseOtherKinds(name: string, file: string, seen: number): void {
  if (/(^|\/)docker\/registry\/v2(\/|$)/.test(name))
    throw new ArchiveError(
      'archive-is-storage',
      `${file} is registry storage, not an image: it holds ${name}`,
      'Give it as registry_storage_archive',
    )
  if (seen < 50 && /^(\.dockerenv|(bin|sbin|etc|usr|lib|dev|proc|sys|entrypoint\.sh)(\/.*)?)$/.test(name))
    throw new ArchiveError(
      'archive-is-rootfs',
      `${file} was made by docker export: it is the file system of a container and has no entrypoint, environment or tag`,
      'Make it with docker save (of the image), not with docker export (of a container): docker save -o FILE.tar registry:2',
    )
}

async function readFile(member: Member): Promise<{ digest: string; json?: unknown }> {
  const hash = createHash('sha256')
  const keep: Buffer[] | undefined = member.size <= MAX_MANIFEST_BYTES ? [] : undefined
  for await (const chunk of member.body) {
    hash.update(chunk)
    keep?.push(chunk)
  }
  const digest = hash.digest('hex')
  const bytes = keep && Buffer.concat(keep)
  if (!bytes || !/^\s*[[{]/.test(bytes.subarray(0, 64).toString('latin1'))) return { digest }
  try {
    return { digest, json: JSON.parse(bytes.toString('utf8')) }
  } catch {
    // A layer may begin like JSON; whoever needs this file as JSON finds it missing.
    return { digest }
  }
}

/** The image that a reference names, or what is in the archive instead. */
export function selectImage(archive: ImageArchive, reference: string): ImageInfo | Diagnostic {
  const wanted = canonical(reference)
  const found = archive.images.find(image => image.tags.some(tag => canonical(tag) === wanted))
  if (found) return found
  const tags = archive.images.flatMap(({ tags: names }) => names)
  return {
    code: 'image-tag',
    severity: 'error',
    message: `${archive.file.path} does not hold ${reference}: ${tags.length > 0 ? `it holds ${tags.slice(0, 10).join(', ')}` : 'its images have no names'}`,
    remedy:
      tags.length > 0
        ? `Set registry_image to one of them, or save again: docker save -o FILE.tar ${reference}`
        : `Save it by its name, not by its id: docker save -o FILE.tar ${reference}`,
  }
}

const canonical = (text: string): string => {
  const reference = parseReference(text)
  if ('wrong' in reference) return text
  const registry = reference.registry === 'index.docker.io' ? 'docker.io' : reference.registry
  const path =
    registry === 'docker.io' && !reference.repository.includes('/')
      ? `library/${reference.repository}`
      : reference.repository
  return `${registry}/${path}:${reference.tag ?? ''}@${reference.digest ?? ''}`
}

/** `uname -m` by Go's architecture names. */
const MACHINES: Readonly<Record<string, readonly string[]>> = {
  amd64: ['x86_64', 'amd64'],
  '386': ['i386', 'i486', 'i586', 'i686', 'x86_64'],
  arm64: ['aarch64', 'arm64'],
  arm: ['armv6l', 'armv7l', 'armv8l', 'aarch64'],
  ppc64le: ['ppc64le'],
  s390x: ['s390x'],
  riscv64: ['riscv64'],
}

/** What keeps an image from running on a machine (`uname -m`), or undefined. */
export function platformFault(image: ImageInfo, machine: string): Diagnostic | undefined {
  const fits =
    image.os === 'linux' && (MACHINES[image.architecture]?.includes(machine) ?? image.architecture === machine)
  if (fits) return undefined
  return {
    code: 'image-platform',
    severity: 'error',
    message: `the image is for ${image.os}/${image.architecture}, the host is ${machine}`,
    remedy: 'Save the image on (or with --platform for) a machine of the same kind as the host',
  }
}
