import * as assert from 'uvu/assert'
import { Row } from '../../src/report/live-row.ts'
import { colourless } from '../../src/report/style.ts'
import { suite } from '../support/suite.ts'
import { hostResult, ref } from './events.ts'

const test = suite('live row')

const begun = (hosts: readonly string[]): Row => {
  const row = new Row(colourless)
  row.begin({ type: 'task-start', ...ref(), handler: false })
  for (const host of hosts) row.start({ type: 'host-start', ...ref(), host })
  return row
}

test('hosts are counted by how they ended', () => {
  const row = begun(['a', 'b', 'c', 'd'])
  assert.is(row.title(false), 'put config  4 running')
  assert.ok(row.busy)
  row.result(hostResult({ host: 'a' }))
  row.result(hostResult({ host: 'b', status: 'changed' }))
  row.result(hostResult({ host: 'c', status: 'failed', ignored: true }))
  assert.not.ok(row.failed)
  row.result(hostResult({ host: 'd', status: 'unreachable' }))
  assert.is(row.title(true), 'put config  1 ok, 1 changed, 1 ignored, 1 unreachable')
  assert.ok(row.failed)
  assert.not.ok(row.busy)
})

test('transfers have bytes, rate and the time left, over the last seconds', () => {
  const row = begun(['a'])
  const at = (ms: number, done: number) =>
    row.progress({ type: 'progress', ...ref(), host: 'a', what: 'sending', done, total: 100 * 1024 }, ms)
  at(0, 0)
  assert.is(row.title(false), 'put config  1 running\na: sending 0 B of 100 KiB (0%)')
  at(1000, 10 * 1024)
  assert.is(row.title(false), 'put config  1 running\na: sending 10.0 KiB of 100 KiB (10%), 10.0 KiB/s, 9.0 s left')
  // It went faster later: the slow beginning is forgotten.
  for (let second = 2; second <= 10; second++) at(second * 1000, 10 * 1024 + (second - 1) * 5 * 1024)
  assert.match(row.title(false), 'sending 55.0 KiB of 100 KiB (55%), 5.0 KiB/s, 9.0 s left')
  row.result(hostResult({ host: 'a' }))
  assert.is(row.title(false), 'put config  1 ok')
})

test('many transfers are not all shown', () => {
  const hosts = Array.from({ length: 9 }, (_, i) => `h${i}`)
  const row = begun(hosts)
  for (const host of hosts) row.progress({ type: 'progress', ...ref(), host, what: 'x', done: 1, total: null }, 0)
  assert.is(row.title(false).split('\n').length, 1 + 6 + 1)
  assert.match(row.title(false), /\nand 3 more$/)
})

test('retries are shown until there is a result', () => {
  const row = begun(['a'])
  row.retry({ type: 'retry', ...ref(), host: 'a', left: 3, result: {} })
  assert.is(row.title(false), 'put config  1 running\na: not yet, 3 more tries')
  row.result(hostResult({ host: 'a' }))
  assert.is(row.title(false), 'put config  1 ok')
})

test('tasks that run at once share a row', () => {
  const row = begun(['a', 'b'])
  row.result(hostResult({ host: 'a' }))
  row.begin({ type: 'task-start', ...ref({ id: 2, task: 'next' }), handler: true })
  row.start({ type: 'host-start', ...ref({ id: 2 }), host: 'a' })
  assert.is(row.title(false), 'put config  1 ok, 1 running\nhandler next  1 running')
})

test.run()
