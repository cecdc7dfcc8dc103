import { createHash, randomBytes } from 'node:crypto'
import { chmod, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { makeFolder } from '../base/folder.ts'
import { dict } from '../base/value.ts'
import type { Outcome, Retrieve } from '../kit/effect.ts'
import { sh } from '../shell/script.ts'
import type { Place } from '../transport/place.ts'
import { meter } from './meter.ts'
import { failure } from './outcome.ts'
import { ofTheSystem } from './pour.ts'

/**
 * Brings a file of the target to the controller: streamed into a part file beside its goal, digest compared, synced, renamed. The
 * old file stays when any of this fails.
 */
export async function retrieve(effect: Retrieve, place: Place): Promise<Outcome> {
  const { to } = effect
  try {
    makeFolder(dirname(to))
    // A name of its own: that of the goal may be as long as names can be.
    const part = join(dirname(to), `.${randomBytes(6).toString('hex')}.part`)
    try {
      return await replace(effect, part, place)
    } finally {
      await rm(part, { force: true })
    }
  } catch (error) {
    if (place.signal.aborted || !ofTheSystem(error)) throw error
    return failure(`${to} could not be written on the controller: ${error.message}`, 'give another dest')
  }
}

/** What was there lends its permissions. */
async function replace(effect: Retrieve, part: string, place: Place): Promise<Outcome> {
  const { path, to, sha1 } = effect
  const got = await stream(effect, part, place)
  if (sha1 !== undefined && got !== sha1)
    return failure('checksum mismatch', `${path} changes while it is read: try again, or set validate_checksum: false`)
  const old = await stat(to).catch(() => undefined)
  if (old) await chmod(part, old.mode & 0o7777)
  await rename(part, to)
  return { code: 0, stdout: '', stderr: '', fields: dict({ checksum: got, remote_checksum: sha1 ?? got }) }
}

/** The bytes into a new file; their sha1. */
async function stream({ path, size }: Retrieve, part: string, place: Place): Promise<string> {
  const hash = createHash('sha1')
  const file = await open(part, 'wx')
  try {
    const { signal } = place
    const source = await place.session.receive(place.shell.identity, sh`cat -- ${path}`, { signal })
    const counter = meter(path, size ?? 0, place)
    source.on('error', error => counter.destroy(error))
    for await (const chunk of source.pipe(counter)) {
      hash.update(chunk as Buffer)
      await file.writeFile(chunk as Buffer)
    }
    await file.sync()
  } finally {
    await file.close()
  }
  return hash.digest('hex')
}
