import { spawnSync } from 'node:child_process'
import * as assert from 'uvu/assert'
import { NOW, timesOf } from '../../src/shell/stopwatch.ts'
import { suite } from '../support/suite.ts'

const test = suite('shell/stopwatch')

const CASES: Record<string, [before: string, after: string, wanted: ReturnType<typeof timesOf>]> = {
  microseconds: [
    '1700000000 011940123 2023-11-14 22:13:20\n',
    '1700000000 023785999 2023-11-14 22:13:20\n',
    { start: '2023-11-14 22:13:20.011940', end: '2023-11-14 22:13:20.023785', delta: '0:00:00.011845' },
  ],
  'over midnight and a change of the zone': [
    '1700000000 900000000 2023-11-14 23:59:59',
    '1700003661 100000000 2023-11-15 00:01:00',
    { start: '2023-11-14 23:59:59.900000', end: '2023-11-15 00:01:00.100000', delta: '1:01:00.200000' },
  ],
  'a date without nanoseconds': [
    '1700000000 N 2023-11-14 22:13:20',
    '1700090001 N 2023-11-15 23:13:21',
    { start: '2023-11-14 22:13:20', end: '2023-11-15 23:13:21', delta: '1 day, 1:00:01' },
  ],
  'a clock that was set back': [
    '1700000010 0 2023-11-14 22:13:30',
    '1700000000 0 2023-11-14 22:13:20',
    { start: '2023-11-14 22:13:30', end: '2023-11-14 22:13:20', delta: '0:00:00' },
  ],
  'no date': ['', '1700000000 0 2023-11-14 22:13:20', undefined],
}

for (const [name, [before, after, wanted]] of Object.entries(CASES))
  test(name, () => assert.equal(timesOf(before, after), wanted))

for (const shell of [['sh'], ['busybox', 'sh']])
  if (spawnSync(shell[0] ?? '', ['-c', ':']).error) test.skip(`a real date (${shell.join(' ')})`, `no ${shell[0]}`)
  else
    test(`a real date (${shell.join(' ')})`, () => {
      const said = spawnSync(shell[0] ?? '', [...shell.slice(1), '-c', NOW.wire], { encoding: 'utf8' }).stdout
      assert.match(timesOf(said, said)?.start ?? '', /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{6})?$/)
      assert.is(timesOf(said, said)?.delta, '0:00:00')
    })

test.run()
