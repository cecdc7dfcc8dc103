import { Readable } from 'node:stream'
import { pack } from 'tar-stream'
import type { Answer } from '../shell/answer.ts'
import type { Script } from '../shell/script.ts'
import type { Place } from '../transport/place.ts'

/** A file on its way into a tar stream. */
export interface Member {
  readonly path: string
  readonly size: number
  /** Seconds since 1970; now when absent. */
  readonly mtime?: number
  readonly body: AsyncIterable<Buffer>
}

/** The stream was closed by whoever reads it, who has the reason. */
class Closed extends Error {}

/** Streams files as one tar archive into a script of the target. What breaks on the way here is thrown. */
export async function sendTar(script: Script, files: AsyncIterable<Member>, place: Place): Promise<Answer> {
  const tar = pack()
  let broken: unknown
  const filled = fill(tar, files).catch(error => {
    if (!(error instanceof Closed)) broken = error
    tar.destroy(error as Error)
  })
  try {
    const { signal } = place
    const answer = await place.session.send(place.shell.identity, script, Readable.from(tar), { signal })
    // A script that gave up early leaves the rest unread: then there is nothing to wait for.
    if (answer.code === 0) await filled
    if (answer.code === 0 && broken !== undefined) throw broken
    return answer
  } catch (error) {
    throw broken ?? error
  } finally {
    tar.destroy()
  }
}

/** Writes files into a tar stream, one after the other, as fast as it drains. */
async function fill(tar: ReturnType<typeof pack>, files: AsyncIterable<Member>): Promise<void> {
  for await (const { path, size, mtime, body } of files) {
    const stamp = mtime === undefined ? {} : { mtime: new Date(mtime * 1000) }
    const entry = tar.entry({ name: path, size, mode: 0o644, uid: 0, gid: 0, ...stamp })
    // One set of listeners for the whole file: an entry that is given up says so even while nobody waits for it.
    let fault: Error | undefined
    let wake = (): void => undefined
    entry.on('drain', () => wake())
    let closed = false
    entry.once('close', () => {
      closed = true
      wake()
    })
    entry.once('error', error => {
      fault = error
      wake()
    })
    const woken = (): Promise<void> =>
      new Promise(resolve => {
        wake = resolve
      })
    for await (const chunk of body) {
      if (!entry.destroyed && !entry.write(chunk)) await woken()
      if (entry.destroyed) throw fault ?? new Closed(`${path} was given up`)
    }
    entry.end(undefined)
    while (!closed) await woken()
    if (fault) throw fault
  }
  tar.finalize()
}
