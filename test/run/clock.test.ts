import * as assert from 'uvu/assert'
import { Clock, compare, type Moment } from '../../src/run/clock.ts'
import { SEED } from '../support/seed.ts'
import { suite } from '../support/suite.ts'

const test = suite('run/clock')

test('moments are compared from the left, and an include lies behind its task', () => {
  const sorted: Moment[] = [[1], [2], [2, 0, 7], [2, 1, 7], [3]]
  for (let i = 1; i < sorted.length; i++) assert.ok(compare(sorted[i - 1] ?? [], sorted[i] ?? []) < 0)
  assert.is(compare([2, 0], [2, 0]), 0)
})

test('hosts go on in the order of the play, whoever came last', async () => {
  for (const arrivals of [
    ['a', 'b', 'c'],
    ['c', 'b', 'a'],
    ['b', 'c', 'a'],
  ]) {
    const clock = new Clock(['a', 'b', 'c'])
    const went: string[] = []
    await Promise.all(arrivals.map(host => clock.reach(host, [1]).then(() => went.push(host))))
    assert.equal(went, ['a', 'b', 'c'], `arrived: ${arrivals.join(', ')}`)
  }
})

/** A small generator of chance that a seed repeats. */
const chance = (seed: number) => () => {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
  return seed / 2_147_483_648
}

test('no host begins a moment while a live host is still before it', async () => {
  const next = chance(SEED)
  for (let round = 0; round < 50; round++) {
    const hosts = Array.from({ length: 1 + Math.floor(next() * 6) }, (_, i) => `h${i}`)
    const clock = new Clock(hosts)
    const done = new Map(hosts.map(host => [host, [] as Moment]))
    const walk = async (host: string): Promise<void> => {
      for (let step = 1; step <= 12; step++) {
        if (next() < 0.3) continue
        if (next() < 0.05) break
        await clock.reach(host, [step])
        // everybody who is still in has finished what comes before
        for (const [other, at] of busy)
          assert.ok(compare(at, [step]) >= 0, `REGPLAY_SEED=${SEED}: ${other} is at ${at} while ${host} runs ${step}`)
        busy.set(host, [step])
        for (let i = Math.floor(next() * 4); i > 0; i--) await Promise.resolve()
        busy.delete(host)
        done.set(host, [step])
      }
      clock.leave(host)
    }
    const busy = new Map<string, Moment>()
    await Promise.all(hosts.map(walk))
  }
})

test.run()
