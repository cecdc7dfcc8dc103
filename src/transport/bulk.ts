import { Readable } from 'node:stream'
import type { Answer } from '../shell/answer.ts'
import { oneLine } from '../shell/bootstrap.ts'
import { type OnOutput, TripDecoder } from '../shell/decoder.ts'
import { encodeTrip, newMark } from '../shell/frames.ts'
import type { Script } from '../shell/script.ts'
import { enter, isSelf } from './become.ts'
import { converse } from './converse.ts'
import { prelude } from './hello.ts'
import { plain } from './plain.ts'
import { firstWords, type ShellContext } from './resident.ts'
import { type Identity, TransportError, type TripOptions } from './session.ts'
import type { Wire } from './wire.ts'

interface Errand {
  readonly identity: Identity
  readonly script: Script
  readonly options: TripOptions
  readonly keep?: number
  readonly onOutput?: OnOutput
  /** The script runs and its stdin is ours to fill. */
  readonly onBegun: (wire: Wire) => void
}

/** Runs one script on a wire of its own, whose stdin belongs to the script from `onBegun` on. */
async function errand(context: ShellContext, what: Errand): Promise<Answer> {
  const { carrier, count, endTree } = context
  const { identity, script, options, onBegun } = what
  const { signal, timeout } = options
  const wire = await carrier.open('short', signal)
  try {
    const entry = await enter(wire, identity, carrier.user, carrier.where, signal)
    const mark = newMark()
    const decoder = new TripDecoder(mark, what.keep === undefined ? [{}] : [{ keep: what.keep }], what.onOutput)
    count()
    wire.stdin.write(oneLine(`${prelude(!isSelf(identity, carrier.user))}${encodeTrip([{ script }], mark, true)}`))
    const answers = await converse(wire, {
      decoder,
      signal,
      where: carrier.where,
      onBegun: () => onBegun(wire),
      endTree: pid => endTree(identity, pid),
      ...(timeout === undefined ? {} : { timeout }),
    }).catch(async error => {
      throw decoder.begun ? error : await firstWords(wire, error, decoder.stray, entry.explain)
    })
    const [answer] = answers
    if (!answer) throw new Error('a trip of one fragment came back empty')
    return answer
  } finally {
    wire.close()
  }
}

/** `Session.send`: the body flows only when the script is running, so that no byte of it can ever be read as a command. */
export async function send(
  context: ShellContext,
  identity: Identity,
  script: Script,
  body: Readable,
  options: TripOptions,
): Promise<Answer> {
  const broken = new AbortController()
  let fault: Error | null = null
  const onError = (error: Error): void => {
    fault = error
    broken.abort()
  }
  if (body.errored) onError(body.errored)
  body.on('error', onError)
  try {
    return await errand(context, {
      identity,
      script,
      options: { ...options, signal: AbortSignal.any([options.signal, broken.signal]) },
      ...(options.onOutput ? { onOutput: options.onOutput } : {}),
      onBegun: wire => void body.pipe(wire.stdin),
    })
  } catch (error) {
    throw fault ?? error
  } finally {
    body.unpipe()
    body.destroy()
  }
}

/** `Session.receive`: resolves when the script runs; its stdout is read as fast as the reader of the stream reads. */
export function receive(
  context: ShellContext,
  identity: Identity,
  script: Script,
  options: TripOptions,
): Promise<Readable> {
  return new Promise((resolve, reject) => {
    const dropped = new AbortController()
    let source: Wire | null = null
    const stream = new Readable({
      read: () => void source?.stdout.resume(),
      destroy: (error, done) => {
        dropped.abort()
        source?.stdout.resume()
        done(error)
      },
    })
    const ask = (signal: AbortSignal): Promise<Answer> =>
      errand(context, {
        identity,
        script,
        options: { ...options, signal: AbortSignal.any([signal, dropped.signal]) },
        keep: 64 * 1024,
        onOutput: (fragment, from, bytes) => {
          options.onOutput?.(fragment, from, bytes)
          if (from === 'stdout' && !stream.push(Buffer.from(bytes))) source?.stdout.pause()
        },
        onBegun: wire => {
          source = wire
          wire.stdin.end()
          resolve(stream)
        },
      })
    context.during(options.signal, ask).then(
      answer => {
        if (answer.ok) stream.push(null)
        else stream.destroy(failed(answer))
      },
      error => {
        if (source) stream.destroy(error)
        else reject(error)
      },
    )
  })
}

const failed = (answer: Answer): TransportError =>
  new TransportError(
    'protocol',
    `the script that was to be read from ended with status ${answer.code}: ${plain(answer.stderr)}`,
  )
