import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { type Duplex, Transform } from 'node:stream'
import type { Gunzip } from 'node:zlib'
import type { Header } from 'tar-stream'
import { ArchiveError } from './archive-error.ts'
import { detectFormat, type Format, HEAD_BYTES, TOOLS } from './archive-format.ts'
import type { FileIdentity } from './file-identity.ts'

/** Bytes in the largest piece that is held at once. */
export const CHUNK = 256 * 1024

/** What one pass over the bytes has seen; it proves the end. */
export class ArchivePass {
  readonly #identity: FileIdentity
  readonly #format: Format
  readonly #digest
  #plainBytes = 0
  #membersEnd = 0

  constructor(identity: FileIdentity, format: Format, digest: boolean) {
    this.#identity = identity
    this.#format = format
    this.#digest = digest ? createHash('sha256') : undefined
  }

  /** Counts the bytes of the file as they are. */
  packed(progress: ((done: number, total: number) => void) | undefined): Transform {
    let done = 0
    return new Transform({
      transform: (chunk: Buffer, _encoding, next) => {
        done += chunk.length
        this.#digest?.update(chunk)
        progress?.(done, this.#identity.size)
        next(null, chunk)
      },
    })
  }

  /** Counts the bytes of the tar, and looks at the first of them. */
  plain(file: string): Transform {
    return new Transform({
      transform: (chunk: Buffer, _encoding, next) => {
        const fault = this.#plainBytes === 0 ? judgeInner(chunk, file) : undefined
        this.#plainBytes += chunk.length
        if (fault) next(fault)
        else next(null, chunk)
      },
    })
  }

  member(header: Header): void {
    const { byteOffset } = header as { byteOffset?: number }
    const size = header.type === 'directory' ? 0 : header.size
    this.#membersEnd = (byteOffset ?? 0) + Math.ceil(size / 512) * 512
  }

  /** A tar ends with zero blocks; one that was cut between two members has none, and unpacks without any error. */
  async judgeEnd(file: string, handle: FileHandle, unpack: Duplex, sha256: string | undefined): Promise<void> {
    if (this.#plainBytes - this.#membersEnd < 512)
      throw new ArchiveError(
        'archive-truncated',
        `${file} is truncated: the end mark of the tar is missing`,
        'Copy or download it again',
      )
    const read = this.#format === 'gzip' ? (unpack as Gunzip).bytesWritten : this.#identity.size
    if (read < this.#identity.size && !(await onlyZeros(handle, read)))
      throw new ArchiveError(
        'archive-corrupt',
        `${file} has data behind its end (after byte ${read})`,
        'Copy or download it again',
      )
    const digest = this.#digest?.digest('hex')
    if (sha256 !== undefined && digest !== sha256)
      throw new ArchiveError(
        'archive-checksum',
        `${file} has the sha256 ${digest}, not ${sha256}`,
        'Copy or download it again',
      )
  }
}

function judgeInner(chunk: Buffer, file: string): ArchiveError | undefined {
  const inner = detectFormat(chunk.subarray(0, HEAD_BYTES))
  if (inner === 'tar' || chunk.length < 512) return undefined
  if (inner === 'gzip' || TOOLS[inner])
    return new ArchiveError(
      'archive-twice',
      `${file} is compressed twice`,
      `Unpack it once (gzip -dc ${file} > NEW) and give that file`,
    )
  return undefined
}

async function onlyZeros(handle: FileHandle, from: number): Promise<boolean> {
  const buffer = Buffer.alloc(CHUNK)
  for (let at = from; ; ) {
    const { bytesRead } = await handle.read(buffer, 0, CHUNK, at)
    if (bytesRead === 0) return true
    if (buffer.subarray(0, bytesRead).some(byte => byte !== 0)) return false
    at += bytesRead
  }
}
