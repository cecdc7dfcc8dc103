import { type FileHandle, open } from 'node:fs/promises'
import { type Duplex, PassThrough, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { execa } from 'execa'
import { extract, type Header } from 'tar-stream'
import { ArchiveError } from './archive-error.ts'
import { detectFormat, type Format, HEAD_BYTES, NOT_READ, TOOLS } from './archive-format.ts'
import { ArchivePass, CHUNK } from './archive-pass.ts'
import { identify, sameFile } from './file-identity.ts'

/** One member of a tar, in the order of the archive. Its body is read whole, or not at all, before the next one comes. */
export interface Member {
  readonly name: string
  readonly type: Header['type'] | 'unknown'
  readonly size: number
  readonly mode: number
  readonly linkname: string
  readonly pax: Readonly<Record<string, string>>
  readonly body: AsyncIterable<Buffer>
}

export interface ReadOptions {
  readonly signal?: AbortSignal
  /** Bytes of the file read so far, and its size. */
  readonly progress?: (done: number, total: number) => void
  /** The sha256 of the whole file, as hex, must be this. */
  readonly sha256?: string
}

/** The format of a file by its content. */
export async function formatOf(handle: FileHandle): Promise<Format> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
  return detectFormat(buffer.subarray(0, bytesRead))
}

/**
 * Yields the members of a tar, plain or compressed, in one streaming pass; memory stays flat however large the archive is.
 *
 * @throws ArchiveError when it is not such an archive, truncated, corrupt, or changed while it was read
 */
export async function* readMembers(file: string, options: ReadOptions = {}): AsyncGenerator<Member, void> {
  const { signal, sha256 } = options
  const before = await identify(file)
  const handle = await open(before.path, 'r')
  const flow = new AbortController()
  const stop = () => flow.abort(signal?.reason)
  try {
    signal?.throwIfAborted()
    signal?.addEventListener('abort', stop, { once: true })
    const format = await formatOf(handle)
    const pass = new ArchivePass(before, format, sha256 !== undefined)
    const untar = extract()
    const unpack = await unpacker(format, file)
    const source = handle.createReadStream({ start: 0, autoClose: false, highWaterMark: CHUNK })
    const ended = pipeline(
      [source, pass.packed(options.progress), unpack, pass.plain(file), untar as unknown as Writable],
      {
        signal: flow.signal,
      },
    ).then(
      () => undefined,
      (cause: unknown) => cause,
    )
    try {
      for await (const entry of untar) {
        const { header } = entry
        pass.member(header)
        yield memberOf(header, bodyOf(entry as AsyncIterable<unknown> as AsyncIterable<Buffer>, ended, file, signal))
        if (!entry.destroyed) entry.resume()
      }
    } catch (cause) {
      signal?.throwIfAborted()
      throw translate((await ended) ?? cause, file)
    }
    const failure = await ended
    signal?.throwIfAborted()
    if (failure) throw translate(failure, file)
    await pass.judgeEnd(file, handle, unpack, sha256)
    if (!sameFile(before, await identify(file)))
      throw new ArchiveError(
        'archive-changed',
        `${file} was changed while it was being read`,
        'Wait until it is complete, and run again',
      )
  } finally {
    signal?.removeEventListener('abort', stop)
    flow.abort()
    await handle.close()
  }
}

/** The bytes of one member; a failure of the pipeline says more than the failure of the member that it ends. */
async function* bodyOf(
  entry: AsyncIterable<Buffer>,
  ended: Promise<unknown>,
  file: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer, void> {
  try {
    yield* entry
  } catch (cause) {
    signal?.throwIfAborted()
    throw translate((await ended) ?? cause, file)
  }
}

/** The library leaves out what is not in the header, whatever its types say. */
const memberOf = (header: Partial<Header>, body: AsyncIterable<Buffer>): Member => ({
  name: header.name ?? '',
  type: header.type ?? 'unknown',
  size: header.size ?? 0,
  mode: header.mode ?? 0,
  linkname: header.linkname ?? '',
  pax: (header.pax ?? {}) as Record<string, string>,
  body,
})

/** The stream that turns the file's bytes into a tar's. */
async function unpacker(format: Format, file: string): Promise<Duplex> {
  if (format === 'tar') return new PassThrough()
  if (format === 'gzip') return createGunzip({ chunkSize: CHUNK })
  const tool = TOOLS[format]
  const other = NOT_READ[format]
  if (!tool)
    throw new ArchiveError(
      'archive-format',
      `${file} is ${other?.what ?? format}`,
      other?.remedy ?? 'Give a tar or tar.gz',
    )
  const { exitCode } = await execa(tool, ['--version'], { reject: false, stdin: 'ignore' })
  if (exitCode !== 0)
    throw new ArchiveError(
      'archive-tool',
      `${file} is compressed with ${tool}, which is not on this machine`,
      `Install ${tool} here, or pack the tar with gzip`,
    )
  return execa(tool, ['-dc'], { buffer: false, encoding: 'buffer' }).duplex()
}

/** What streams say, in the words of people. */
function translate(cause: unknown, file: string): unknown {
  if (cause instanceof ArchiveError || !(cause instanceof Error)) return cause
  const { code } = cause as NodeJS.ErrnoException
  const again = 'Copy or download it again'
  if (code === 'Z_BUF_ERROR' || /Unexpected end of data|premature close|Unexpected end|truncated/i.test(cause.message))
    return new ArchiveError('archive-truncated', `${file} is truncated: it ends in the middle`, again)
  if (/unknown format/.test(cause.message))
    return new ArchiveError(
      'archive-format',
      `${file} is a tar of a very old kind (V7)`,
      'Pack it again with a tar of today',
    )
  if (code?.startsWith('Z_') || /Invalid tar header|Invalid header|exceeds max size/.test(cause.message))
    return new ArchiveError('archive-corrupt', `${file} is corrupt: ${cause.message}`, again)
  if ('exitCode' in cause)
    return new ArchiveError('archive-corrupt', `${file} cannot be unpacked: ${cause.message.slice(0, 300)}`, again)
  return cause
}
