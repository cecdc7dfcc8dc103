import { PassThrough } from 'node:stream'
import * as assert from 'uvu/assert'
import { TripDecoder } from '../../src/shell/decoder.ts'
import { newMark } from '../../src/shell/frames.ts'
import { converse } from '../../src/transport/converse.ts'
import type { TransportError } from '../../src/transport/session.ts'
import { Ending, type Wire } from '../../src/transport/wire.ts'
import { suite } from '../support/suite.ts'

const test = suite('converse')

/** A conversation whose far end is in the test's hands. */
function talk(stop: AbortSignal, timeout?: number) {
  const streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() }
  const wire: Wire = { ...streams, ending: new Ending(), close: () => undefined }
  const mark = newMark()
  const ended: number[] = []
  let begun = 0
  const over = converse(wire, {
    decoder: new TripDecoder(mark, [{}]),
    signal: stop,
    where: 'there',
    onBegun: () => {
      begun += 1
    },
    endTree: async pid => {
      ended.push(pid)
      return null
    },
    ...(timeout === undefined ? {} : { timeout }),
  }).then(
    () => 'answered',
    (error: TransportError) => error.kind,
  )
  const say = (words: string): void => void streams.stdout.write(`${mark} ${words}\n`)
  return {
    wire,
    over,
    ended,
    say,
    begun: () => begun,
    err: (words: string) => streams.stderr.write(`${mark} ${words}\n`),
  }
}

test('what was on its way when the run ended is ended as soon as it begins, and gets no input', async () => {
  const stop = new AbortController()
  const { over, ended, say, begun } = talk(stop.signal)
  stop.abort()
  await new Promise(resolve => setTimeout(resolve, 50))
  assert.equal(ended, [])
  say('begin 4711')
  assert.is(await over, 'aborted')
  assert.equal([ended, begun()], [[4711], 0])
})

test('what never begins is not waited for long, and what is lost not at all', async () => {
  const stop = new AbortController()
  stop.abort()
  const silent = talk(stop.signal)
  const lost = talk(stop.signal)
  lost.wire.ending.settle({ how: 'lost', why: 'cut' })
  assert.is(await Promise.race([silent.over, lost.over.then(kind => `lost: ${kind}`)]), 'lost: aborted')
  assert.is(await silent.over, 'aborted')
  assert.equal([silent.ended, lost.ended], [[], []])
})

test('an answer that comes while it is being stopped is an answer', async () => {
  const stop = new AbortController()
  const { over, say, err } = talk(stop.signal)
  stop.abort()
  for (const words of ['begin', '0']) err(words)
  say('begin 12')
  say('0 0')
  assert.is(await over, 'answered')
})

test('a time limit of years is no limit of a millisecond', async () => {
  const { over, say, err } = talk(new AbortController().signal, 100_000_000)
  await new Promise(resolve => setTimeout(resolve, 50))
  for (const words of ['begin', '0']) err(words)
  say('begin 12')
  say('0 0')
  assert.is(await over, 'answered')
})

test.run()
