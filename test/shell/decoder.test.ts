import * as assert from 'uvu/assert'
import { TripDecoder } from '../../src/shell/decoder.ts'
import { newMark } from '../../src/shell/frames.ts'
import { suite } from '../support/suite.ts'

const test = suite('decoder')

const MARK = '0123456789abcdef0123456789abcdef'

/** What a shell says for a trip, as `encodeTrip` frames it. */
const reply = (mark: string, parts: readonly { code: number | '-'; out: Buffer; err: Buffer }[]) => ({
  stdout: Buffer.concat([
    Buffer.from(`${mark} begin 4711\n`),
    ...parts.flatMap(({ out, code }, i) => [out, Buffer.from(`${mark} ${i} ${code}\n`)]),
  ]),
  stderr: Buffer.concat([
    Buffer.from(`${mark} begin\n`),
    ...parts.flatMap(({ err }, i) => [err, Buffer.from(`${mark} ${i}\n`)]),
  ]),
})

/** A small generator with a seed, so that a failure can be repeated. */
function random(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

test('however the streams are cut, the replies are the same', () => {
  for (let round = 0; round < 300; round++) {
    const seed = Date.now() + round
    const pick = random(seed)
    const mark = newMark()
    // Data made of pieces of the mark itself is the hardest to tell from a mark.
    const piece = (): Buffer =>
      Buffer.from(pick(2) ? mark.slice(0, pick(33)) : `${mark} ${pick(9)} x`.slice(0, pick(40)))
    const text = (): Buffer => Buffer.concat(Array.from({ length: pick(5) }, piece))
    const parts = Array.from({ length: 1 + pick(4) }, (_, i) => ({
      code: i,
      out: Buffer.from(text().toString().replaceAll(`${mark} ${i}`, 'x')),
      err: Buffer.from(text().toString().replaceAll(`${mark} ${i}`, 'x')),
    }))
    const said = reply(mark, parts)
    const decoder = new TripDecoder(
      mark,
      parts.map(() => ({})),
    )
    for (const [stream, bytes] of Object.entries(said) as ['stdout' | 'stderr', Buffer][])
      for (let at = 0; at < bytes.length; ) {
        const size = 1 + pick(40)
        decoder[stream](bytes.subarray(at, at + size))
        at += size
      }
    assert.ok(decoder.done, `seed ${seed}`)
    decoder.answers().forEach((answer, i) => {
      assert.is(answer.stdoutBytes.compare(parts[i]?.out ?? Buffer.alloc(0)), 0, `seed ${seed}`)
      assert.is(answer.stderrBytes.compare(parts[i]?.err ?? Buffer.alloc(0)), 0, `seed ${seed}`)
      assert.is(answer.code, i, `seed ${seed}`)
    })
  }
})

test('what is not kept is counted, and all of it is passed on as it comes', () => {
  let heard = 0
  const decoder = new TripDecoder(MARK, [{ keep: 10 }, {}], (_fragment, _stream, bytes) => {
    heard += bytes.length
  })
  const said = reply(MARK, [
    { code: 0, out: Buffer.alloc(100_000, 'a'), err: Buffer.alloc(25, 'b') },
    { code: '-', out: Buffer.alloc(0), err: Buffer.alloc(0) },
  ])
  decoder.stdout(said.stdout)
  decoder.stderr(said.stderr)
  const [first, second] = decoder.answers()
  assert.is(first?.stdout, 'a'.repeat(10))
  assert.is(first?.dropped, 100_000 - 10 + 25 - 10)
  assert.is(second?.code, null)
  assert.is(heard, 100_025)
})

test('a flood keeps memory flat', () => {
  const decoder = new TripDecoder(MARK, [{ keep: 1000 }])
  decoder.stdout(Buffer.from(`${MARK} begin 1\n`))
  const chunk = Buffer.alloc(32 * 1024, 'x')
  const before = process.memoryUsage().rss
  for (let i = 0; i < 16_000; i++) decoder.stdout(chunk)
  const growth = process.memoryUsage().rss - before
  assert.ok(growth < 32 * 1024 * 1024, `grew by ${growth} bytes`)
  decoder.stdout(Buffer.from(`${MARK} 0 0\n`))
  decoder.stderr(Buffer.from(`${MARK} begin\n${MARK} 0\n`))
  assert.is(decoder.answers()[0]?.dropped, 16_000 * 32 * 1024 - 1000)
}, 30_000)

test('noise before, after and between is kept as stray, its end only', () => {
  const decoder = new TripDecoder(MARK, [{}])
  decoder.stdout(Buffer.from(`${'n'.repeat(100_000)}Welcome!\n${MARK} begin 99\nhello${MARK} 0 0\nafterwards`))
  assert.not.ok(decoder.done)
  decoder.stderr(Buffer.from(`${MARK} begin\n${MARK} 0\n`))
  assert.ok(decoder.done)
  assert.is(decoder.pid, 99)
  assert.is(decoder.answers()[0]?.stdout, 'hello')
  assert.ok(decoder.stray.length <= 4096)
  assert.match(decoder.stray, /Welcome!\nafterwards$/)
})

test('a stream that ends early has no answer for what is missing', () => {
  const decoder = new TripDecoder(MARK, [{}, {}])
  decoder.stdout(Buffer.from(`${MARK} begin 1\na${MARK} 0 0\nb`))
  decoder.stderr(Buffer.from(`${MARK} begin\n${MARK} 0\n${MARK} 1\n`))
  assert.not.ok(decoder.done)
  assert.is(decoder.answered, 1)
  assert.is(decoder.answers().length, 1)
})

test('the beginning of a mark is not held back for longer than it may be one', () => {
  const heard: string[] = []
  const decoder = new TripDecoder(MARK, [{}], (_fragment, _stream, bytes) => void heard.push(bytes.toString()))
  decoder.stdout(Buffer.from(`${MARK} begin 1\n`))
  decoder.stdout(Buffer.from('progress 10 %\r'))
  assert.is(heard.join(''), 'progress 10 %\r')
  decoder.stdout(Buffer.from('tail 0123'))
  assert.is(heard.join(''), 'progress 10 %\rtail ')
  decoder.stdout(Buffer.from('x'))
  assert.is(heard.join(''), 'progress 10 %\rtail 0123x')
})

test.run()
