import * as assert from 'uvu/assert'
import { Interrupted, listen } from '../../src/cli/signals.ts'
import { suite } from '../support/suite.ts'

const test = suite('signals')

/** Sends signals at moments, and tells what came of it. */
function sent(...moments: readonly (readonly ['SIGINT' | 'SIGTERM' | 'SIGHUP', number])[]) {
  let [time, said] = [0, '']
  const ends: number[] = []
  const stop = listen(
    text => {
      said += text
    },
    status => ends.push(status),
    () => time,
  )
  for (const [signal, at] of moments) {
    time = at
    process.emit(signal)
  }
  stop.release()
  return { ends, said, by: stop.by(), aborted: stop.signal.aborted, reason: stop.signal.reason }
}

test('the first one aborts, and says how to insist', () => {
  const { ends, said, by, aborted, reason } = sent(['SIGINT', 0])
  assert.equal([ends, by, aborted], [[], 'SIGINT', true])
  assert.ok(reason instanceof Interrupted)
  assert.match(said, 'again within 3 s stops at once')
})
test('the second one within three seconds ends the process', () => {
  assert.equal(sent(['SIGINT', 0], ['SIGINT', 2999]).ends, [130])
  assert.equal(sent(['SIGTERM', 0], ['SIGTERM', 1]).ends, [143])
})
test('a later one only asks again', () => assert.equal(sent(['SIGINT', 0], ['SIGINT', 3001]).ends, []))
test('and counts for the next', () => assert.equal(sent(['SIGINT', 0], ['SIGINT', 4000], ['SIGINT', 5000]).ends, [130]))
test('the first one gives the status', () => assert.is(sent(['SIGHUP', 0], ['SIGTERM', 9000]).by, 'SIGHUP'))
test('released signals are Node’s again', () => {
  sent()
  assert.is(process.listenerCount('SIGHUP'), 0)
})

test.run()
