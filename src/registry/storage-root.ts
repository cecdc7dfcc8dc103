import type { Diagnostic } from '../base/diagnostic.ts'
import { ArchiveError } from './archive-error.ts'
import type { Member } from './archive-reader.ts'
import type { FaultList } from './fault-list.ts'

/** Where a registry's storage stands in the archive that people are told to make. */
const USUAL = 'storage/docker/registry/v2/'

/** The shortest lead that a path of the registry's layout may have, and what follows it. */
const LAYOUT =
  /^((?:.*?\/)?)(blobs\/sha256\/[0-9a-f]{2}\/[0-9a-f]{64}\/data|repositories\/.+?\/_(?:layers|manifests|uploads)\/.+)$/

/** Files at the top of an archive that `docker save` and OCI tools write. */
const IMAGE =
  /^(manifest\.json|repositories|oci-layout|index\.json|[0-9a-f]{64}\/(layer\.tar|VERSION|json)|[0-9a-f]{64}\.json|blobs\/sha256\/[0-9a-f]{64})$/

/** Files at the top of an archive that `docker export` writes: a root filesystem. */
const ROOT_FILES = /^(\.dockerenv|(bin|sbin|etc|usr|lib|dev|proc|sys)(\/.*)?)$/

/** What file managers and file systems leave everywhere; it is left out. */
const LITTER = /(^|\/)(\._[^/]*|\.DS_Store|lost\+found(\/.*)?|Thumbs\.db)$/

const REMEDY =
  'Make the archive again: tar -czf NEW.tar.gz -C DIR storage, where DIR/storage is mounted as /var/lib/registry'

/** Finds where in an archive the registry's storage stands, and sorts out what is not part of it. */
export class StorageRoot {
  readonly #file: string
  readonly #faults: FaultList
  #prefix: string | undefined
  #left = 0
  readonly #examples: string[] = []

  constructor(file: string, faults: FaultList) {
    this.#file = file
    this.#faults = faults
  }

  /** What stands before `blobs/` and `repositories/`; '' until the first file of the layout came. */
  get prefix(): string {
    return this.#prefix ?? ''
  }

  /** The name of a member without `./` and final slash; undefined when it is not to be used, and then a fault was added if it is one. */
  clean(member: Member): string | undefined {
    const shown = JSON.stringify(member.name.slice(0, 300))
    const add = (what: string) => {
      this.#faults.add('archive-member', `${this.#file}: the member ${shown} ${what}`, REMEDY)
      return undefined
    }
    const name = member.name.replace(/^(\.\/+)+/, '').replace(/\/+$/, '')
    this.#refuseOtherKinds(name, member.type)
    if (member.type === 'symlink' || member.type === 'link')
      return add(`is a link (to ${JSON.stringify(member.linkname.slice(0, 100))}); links are not allowed`)
    if (Object.keys(member.pax).some(key => key.startsWith('GNU.sparse')))
      return add('is a sparse file; pack without -S')
    if (member.type !== 'file' && member.type !== 'directory')
      return add(
        `is ${member.type === 'unknown' ? 'of an unknown type' : `a ${member.type}`}; only files and directories are allowed`,
      )
    if (name === '' || name === '.') return undefined
    if (member.name.startsWith('/')) return add('has an absolute path')
    if (name.split('/').some(part => part === '..')) return add('leads out of the archive (..)')
    if (name.split('/').some(part => part === '' || part === '.')) return add('has an empty part or a dot in its path')
    if (/[\x00-\x1f\x7f\ufffd]/.test(name)) return add('has control characters, or is no UTF-8')
    if (name.length > 1024) return add('has an overlong name')
    return name
  }

  #refuseOtherKinds(name: string, type: Member['type']): void {
    if (this.#prefix !== undefined) return
    if (type === 'file' && IMAGE.test(name))
      throw new ArchiveError(
        'archive-is-image',
        `${this.#file} is an image archive (docker save or OCI), not registry storage: it holds ${name}`,
        "Give it as registry_image_archive, or push its images to a registry and pack that registry's storage",
      )
    if (ROOT_FILES.test(name))
      throw new ArchiveError(
        'archive-is-rootfs',
        `${this.#file} is the file system of a container (docker export), not registry storage: it holds ${name}`,
        REMEDY,
      )
  }

  /** The path under `docker/registry/v2`; undefined for what is outside of it, which is counted and left out. */
  within(name: string, directory: boolean): string | undefined {
    const layout = directory ? undefined : LAYOUT.exec(name)
    const prefix = layout?.[1]
    if (this.#prefix === undefined && prefix !== undefined) this.#prefix = prefix
    if (this.#prefix !== undefined && name.startsWith(this.#prefix)) {
      if (!LITTER.test(name)) return name.slice(this.#prefix.length)
    } else if (prefix !== undefined) {
      this.#faults.add(
        'archive-two-roots',
        `${this.#file} holds more than one registry storage: under '${this.#prefix}' and under '${prefix}'`,
        'Pack only one storage directory',
      )
    }
    if (!directory) this.#leaveOut(name)
    return undefined
  }

  #leaveOut(name: string): void {
    this.#left += 1
    if (this.#examples.length < 5) this.#examples.push(name)
  }

  /** Says that there is no storage at all, with what there was instead. */
  finish(found: number): void {
    if (found > 0 || this.#faults.size > 0) return
    const instead = this.#examples.length > 0 ? `; it holds ${this.#examples.join(', ')}` : '; it holds no files at all'
    this.#faults.add(
      'archive-no-storage',
      `${this.#file} holds no registry storage (nothing under docker/registry/v2)${instead}`,
      REMEDY,
    )
  }

  /** What people should know about how the archive was read. */
  warnings(): Diagnostic[] {
    const found: Diagnostic[] = []
    if (this.#prefix !== undefined && this.#prefix !== USUAL)
      found.push({
        code: 'archive-root-shifted',
        severity: 'warning',
        message: `${this.#file} holds the storage under '${this.#prefix || '.'}' and not under '${USUAL}'; it is mapped, plain tar would put it into the wrong directory`,
      })
    if (this.#left > 0)
      found.push({
        code: 'archive-left-out',
        severity: 'warning',
        message: `${this.#left} files of ${this.#file} are no part of the registry's storage and are left out: ${this.#examples.join(', ')}`,
      })
    return found
  }
}
