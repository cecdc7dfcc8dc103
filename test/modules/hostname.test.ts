import { hostname as own } from 'node:os'
import * as assert from 'uvu/assert'
import hostname from '../../src/modules/hostname.ts'
import { brief, planHere, planWith } from '../support/converge.ts'
import { debian } from '../support/host.ts'
import { SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'

const test = suite('modules/hostname')

const CASES: Record<string, [seen: Record<string, unknown>, wanted: string[]]> = {
  'has its name already': [{ now: 'r1', kept: 'r1\n' }, []],
  'was renamed, but not for the next start': [{ now: 'r1', kept: 'old\n' }, ['/etc/hostname: old -> r1']],
  'waits for its next start': [{ now: 'old', kept: 'r1' }, ['hostname: old -> r1']],
  'has no name of its own': [
    { now: 'localhost', kept: undefined },
    ['/etc/hostname: absent -> r1', 'hostname: localhost -> r1'],
  ],
}

for (const [title, [seen, wanted]] of Object.entries(CASES))
  test(title, () => assert.equal(brief(planWith(hostname, { name: 'r1' }, seen, debian)), wanted))

for (const shell of SHELLS)
  test(`${shell[0]}: the name of this machine is seen`, async () => {
    const edits = brief(await planHere(hostname, { name: 'regplay-test' }, debian, shell))
    assert.ok(edits.includes(`hostname: ${own()} -> regplay-test`), edits.join('\n'))
  })

test.run()
