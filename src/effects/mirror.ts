import { createReadStream } from 'node:fs'
import type { Mirror, Outcome } from '../kit/effect.ts'
import { bytePath } from '../questions/local-side.ts'
import type { Place } from '../transport/place.ts'
import { pull } from './mirror-pull.ts'
import { receiving, STEPS, stagedOf, stepsOf } from './mirror-script.ts'
import { failure } from './outcome.ts'
import { ofTheSystem, unreadable } from './pour.ts'
import { type Member, sendTar } from './tar-stream.ts'

/** A file is not as it was when it was looked at. */
class Changed extends Error {}

/**
 * Makes one tree as another is. What goes to the target travels as one stream of numbered files with the steps behind them: names
 * stand in the steps alone, so that no tool has to understand them, and nothing is done before all has arrived.
 */
export async function mirror(effect: Mirror, place: Place): Promise<Outcome> {
  if (effect.way === 'pull') return pull(effect, place)
  try {
    const answer = await sendTar(receiving(effect), members(effect, place), place)
    if (answer.code === 0) return { code: 0, stdout: '', stderr: '' }
    const said = answer.stderr.trim().split('\n').slice(-3).join('; ') || `status ${answer.code}`
    const remedy = /no space left/i.test(said) ? 'free some space there, and run again' : undefined
    return failure(`${effect.into} could not be made as ${effect.from} is: ${said}`, remedy, answer)
  } catch (error) {
    if (place.signal.aborted || !(error instanceof Changed || ofTheSystem(error))) throw error
    return unreadable(effect.from, error)
  }
}

async function* members(effect: Mirror, place: Place): AsyncIterable<Member> {
  const { way, from, files } = effect
  const total = files.reduce((sum, { size }) => sum + size, 0)
  let done = 0
  if (way === 'push')
    for (const { name, source, size, mtime } of stagedOf(effect)) {
      const tell = (bytes: number): void => {
        done += bytes
        place.progress(from, done, total)
      }
      const stamp = mtime === undefined || mtime < 0 || mtime >= 2 ** 31 ? {} : { mtime }
      yield { path: name, size, ...stamp, body: contentOf(bytePath(from, source), size, tell) }
    }
  const steps = Buffer.from(stepsOf(effect), 'latin1')
  yield {
    path: STEPS,
    size: steps.length,
    body: (async function* () {
      yield steps
    })(),
  }
}

/** As many bytes as the file had when it was looked at. */
async function* contentOf(path: Buffer, size: number, tell: (bytes: number) => void): AsyncIterable<Buffer> {
  let left = size
  if (size > 0)
    for await (const chunk of createReadStream(path, { end: size - 1, highWaterMark: 256 * 1024 })) {
      left -= (chunk as Buffer).length
      tell((chunk as Buffer).length)
      yield chunk as Buffer
    }
  if (left > 0) throw new Changed(`${path.toString()} became shorter`)
}
