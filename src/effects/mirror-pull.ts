import {
  chmod,
  type FileHandle,
  lchown,
  lutimes,
  mkdir,
  open,
  rename,
  rm,
  rmdir,
  symlink,
  unlink,
} from 'node:fs/promises'
import type { Readable } from 'node:stream'
import type { Dressing, Mirror, Outcome, Removal } from '../kit/effect.ts'
import { bytePath } from '../questions/local-side.ts'
import type { Place } from '../transport/place.ts'
import { TransportError } from '../transport/session.ts'
import { mark, sending } from './mirror-script.ts'
import { failure } from './outcome.ts'
import { ofTheSystem } from './pour.ts'

/** Files that are asked for in one go. */
const BATCH = 500

/** Files that are on their way to the disk at the same time: that takes hardly longer than one does. */
const AT_ONCE = 32

/** What came is not what was announced. */
class Changed extends Error {}

/** Makes a tree of the controller as one of the target is: every file arrives whole before the first one takes its name. */
export async function pull(effect: Mirror, place: Place): Promise<Outcome> {
  const { into, from, make, stage } = effect
  const at = (path: string): Buffer => bytePath(into, path)
  try {
    if (make) await mkdir(into, { recursive: make === 'all' })
    await rm(at(stage), { recursive: true, force: true })
    await mkdir(at(stage), { mode: 0o700 })
    try {
      await arrive(effect, place)
      await settle(effect)
    } finally {
      await rm(at(stage), { recursive: true, force: true })
    }
    // The waiting room is gone: nothing else changes a directory's time any more.
    for (const one of effect.dress) await dressed(at(one.path), one, one.link)
    return { code: 0, stdout: '', stderr: '' }
  } catch (error) {
    if (place.signal.aborted) throw error
    if (error instanceof TransportError && error.kind === 'protocol') return failure(error.message)
    if (error instanceof Changed) return failure(`${from} changed while it was read: ${error.message}`, 'try again')
    if (!ofTheSystem(error)) throw error
    const remedy = 'code' in error && error.code === 'ENOSPC' ? 'free some space there, and run again' : undefined
    return failure(`${into} of the controller could not be made as ${from} is: ${error.message}`, remedy)
  }
}

/** Brings all files into the waiting room, dressed and synced. */
async function arrive(effect: Mirror, place: Place): Promise<void> {
  const last = new Set<Promise<void>>()
  try {
    await bring(effect, place, async (handle, file) => {
      const written = finished(handle, file).then(() => void last.delete(written))
      // One that fails stays among them, and is told to whoever waits next
      written.catch(() => undefined)
      last.add(written)
      if (last.size >= AT_ONCE) await Promise.race(last)
    })
    await Promise.all(last)
  } finally {
    // None may write any more when the waiting room goes
    await Promise.allSettled(last)
  }
}

async function finished(handle: FileHandle, file: Dressing): Promise<void> {
  try {
    await stamped(handle, file)
  } finally {
    await handle.close()
  }
}

/** Writes all files into the waiting room, and gives away each that is whole. */
async function bring(
  { files, from, into, stage }: Mirror,
  place: Place,
  whole: (handle: FileHandle, file: Dressing) => Promise<void>,
): Promise<void> {
  const total = files.reduce((sum, { size }) => sum + size, 0)
  let done = 0
  const tell = (bytes: number): void => {
    done += bytes
    place.progress(from, done, total)
  }
  for (let first = 0; first < files.length; first += BATCH) {
    const batch = files.slice(first, first + BATCH)
    const script = sending(
      from,
      batch.map(({ source }) => source),
      first,
    )
    const { signal } = place
    const stream = await place.session.receive(place.shell.identity, script, { signal })
    const reader = new Reader(stream)
    try {
      for (const [i, file] of batch.entries()) {
        const path = bytePath(into, `${stage}/${first + i}`)
        const handle = await open(path, 'wx', 0o600)
        try {
          for await (const chunk of reader.take(file.size)) {
            tell(chunk.length)
            await handle.writeFile(chunk)
          }
        } catch (error) {
          await handle.close()
          throw error
        }
        await whole(handle, file)
        const end = Buffer.from(mark(first + i))
        if (!(await reader.whole(end.length)).equals(end))
          throw new Changed(Buffer.from(file.source, 'latin1').toString())
      }
    } finally {
      stream.destroy()
    }
  }
}

/** Owner before mode, and what was written is on the disk before it has a name. */
async function stamped(handle: FileHandle, { mode, uid, gid, mtime }: Dressing): Promise<void> {
  if (uid !== undefined || gid !== undefined) await handle.chown(uid ?? -1, gid ?? -1)
  if (mode !== undefined) await handle.chmod(mode)
  if (mtime !== undefined) await handle.utimes(dateOf(mtime), dateOf(mtime))
  await handle.sync()
}

/** As a Date: of numbers, Node takes those before 1970 for now. */
const dateOf = (seconds: number): Date => new Date(seconds * 1000)

/** Takes every step but the last: what comes gets its name, what is not wanted goes. */
async function settle({ into, stage, clear, directories, files, links, remove }: Mirror): Promise<void> {
  const at = (path: string): Buffer => bytePath(into, path)
  for (const one of clear) await gone(at(one.path), one)
  for (const path of directories) await mkdir(at(path), { mode: 0o700 })
  for (const [i, { path }] of files.entries()) await rename(at(`${stage}/${i}`), at(path))
  for (const link of links) {
    const part = at(`${stage}/link`)
    await symlink(Buffer.from(link.target, 'latin1'), part)
    await dressed(part, link, true)
    await rename(part, at(link.path))
  }
  for (const one of remove) await gone(at(one.path), one)
}

const gone = (path: Buffer, { directory }: Removal): Promise<void> => (directory ? rmdir(path) : unlink(path))

async function dressed(path: Buffer, { mode, uid, gid, mtime }: Dressing, link: boolean): Promise<void> {
  if (uid !== undefined || gid !== undefined) await lchown(path, uid ?? -1, gid ?? -1)
  if (mode !== undefined && !link) await chmod(path, mode)
  if (mtime !== undefined) await lutimes(path, dateOf(mtime), dateOf(mtime))
}

/** Takes a stream apart by numbers of bytes. */
class Reader {
  readonly #chunks: AsyncIterator<Buffer>
  #rest: Buffer = Buffer.alloc(0)

  constructor(stream: Readable) {
    // It may break while nobody reads; whoever reads next is told.
    stream.on('error', () => undefined)
    this.#chunks = stream[Symbol.asyncIterator]()
  }

  /** So many bytes, as they come; fewer where the stream ends. */
  async *take(bytes: number): AsyncIterable<Buffer> {
    for (let left = bytes; left > 0; ) {
      if (this.#rest.length === 0) {
        const next = await this.#chunks.next()
        if (next.done) return
        this.#rest = next.value
      }
      const part = this.#rest.subarray(0, left)
      this.#rest = this.#rest.subarray(part.length)
      left -= part.length
      yield part
    }
  }

  /** So many bytes in one piece. */
  async whole(bytes: number): Promise<Buffer> {
    const parts: Buffer[] = []
    for await (const part of this.take(bytes)) parts.push(part)
    return Buffer.concat(parts)
  }
}
