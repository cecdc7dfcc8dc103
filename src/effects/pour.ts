import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline, Readable, type Transform } from 'node:stream'
import type { Outcome } from '../kit/effect.ts'
import type { Answer } from '../shell/answer.ts'
import type { Script } from '../shell/script.ts'
import type { Place } from '../transport/place.ts'
import { meter } from './meter.ts'
import { failure } from './outcome.ts'

/** Bytes on their way to the target. */
export interface Pouring {
  /** What people call it: a path. */
  readonly what: string
  readonly size: number
  readonly source: Readable
  /** What the bytes pass through before they leave. */
  readonly through?: Transform
}

/** Bytes that travel together. */
const PIECE = 256 * 1024

/** A file of the controller in large pieces. */
export const fileSource = (path: string): Readable => createReadStream(path, { highWaterMark: PIECE })

/** Bytes at hand in pieces as large, so that back-pressure has something to hold on to. */
export const bytesSource = (bytes: Buffer): Readable => Readable.from(slices(bytes))

function* slices(bytes: Buffer): Iterable<Buffer> {
  for (let start = 0; start < bytes.length; start += PIECE) yield bytes.subarray(start, start + PIECE)
}

/**
 * The target's answer, or a source that broke: then the script was ended. It may have seen the end of its input before that,
 * as with a lost connection, which is why every script checks what it got before it believes it.
 */
export type Poured = { readonly answer: Answer } | { readonly broken: Outcome }

/** Streams a source into a script of the target, counting. Every stage is closed however it ends. */
export async function pour(script: Script, { what, size, source, through }: Pouring, place: Place): Promise<Poured> {
  const counter = meter(what, size, place)
  const last = through ?? counter
  // Who was at fault is told by `errored` and by the answer.
  const ended = (): void => undefined
  if (through === undefined) pipeline(source, counter, ended)
  else pipeline(source, counter, through, ended)
  try {
    return { answer: await place.session.send(place.shell.identity, script, last, { signal: place.signal }) }
  } catch (error) {
    if (place.signal.aborted || error !== last.errored) throw error
    return { broken: unreadable(what, error) }
  }
}

/** A source that cannot be read is a failure of the world, not of the program. */
export const unreadable = (what: string, error: unknown): Outcome =>
  failure(
    `${what} could not be read: ${(error as Error).message}`,
    'check that it is there, whole and readable, and that nothing changes it during the run',
  )

/** Whether an error came from the operating system: the world is to blame, not the program. */
export const ofTheSystem = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && (error as NodeJS.ErrnoException).syscall !== undefined

/** Runs what reads a file of the controller; a file that cannot be read makes an outcome. */
export async function reading<T>(what: string, read: () => Promise<T>): Promise<T | Outcome> {
  try {
    return await read()
  } catch (error) {
    if (!ofTheSystem(error)) throw error
    return unreadable(what, error)
  }
}

/** The size of a regular file of the controller. A pipe would block for ever, and a device never end. */
export async function sizeOf(file: string): Promise<number | Outcome> {
  const seen = await reading(file, () => stat(file))
  if (!('isFile' in seen)) return seen
  return seen.isFile() ? seen.size : unreadable(file, new Error('it is no regular file'))
}
