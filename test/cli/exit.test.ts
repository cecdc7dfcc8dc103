import { readFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { type Ending, EXIT, exitOf } from '../../src/cli/exit.ts'
import { suite } from '../support/suite.ts'

const test = suite('exit')

const FINE: Ending = { failed: false, unreachable: 0, refused: 0, changed: false, check: false, detailed: false }
const CASES: Record<string, [more: Partial<Ending>, status: number]> = {
  done: [{ changed: true }, 0],
  failed: [{ failed: true }, 2],
  unreachable: [{ unreachable: 2 }, 4],
  'failed and unreachable': [{ failed: true, unreachable: 1 }, 6],
  'failed and refused': [{ failed: true, unreachable: 1, refused: 1 }, 6],
  'every lost host was refused': [{ unreachable: 2, refused: 2 }, 77],
  'one of two lost hosts was refused': [{ unreachable: 2, refused: 1 }, 4],
  'drift, not asked for': [{ check: true, changed: true }, 0],
  drift: [{ check: true, changed: true, detailed: true }, 3],
  'changes of a real run are no drift': [{ changed: true, detailed: true }, 0],
  'no drift': [{ check: true, detailed: true }, 0],
  'drift and a failure': [{ check: true, changed: true, detailed: true, failed: true }, 2],
  locked: [{ locked: true }, 75],
  interrupted: [{ signal: 'SIGINT', failed: true, unreachable: 1 }, 130],
  terminated: [{ signal: 'SIGTERM' }, 143],
  'hung up': [{ signal: 'SIGHUP' }, 129],
}
for (const [name, [more, status]] of Object.entries(CASES)) {
  test(name, () => assert.is(exitOf({ ...FINE, ...more }), status))
}

test('every status is in the documentation', () => {
  const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8')
  const told = [...page.matchAll(/^\| (\d+) \|/gm)].map(match => Number(match[1]))
  assert.equal(
    told,
    [...new Set<number>(Object.values(EXIT))].sort((a, b) => a - b),
  )
})

test.run()
