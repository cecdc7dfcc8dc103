import assert from 'node:assert/strict'
import { inspectContainer } from '../../src/questions/docker-inspect.ts'
import { raw, sh } from '../../src/shell/script.ts'
import { run, SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'

const test = suite('questions/docker-inspect')

const mount = (Destination: string) => ({
  Type: 'volume',
  Source: '/s p\\x"\n',
  Destination,
  RW: true,
  Options: { a: [1] },
})
const facts = (...places: string[]) =>
  JSON.stringify(
    [{ Id: 'c', HostConfig: { Mounts: [{ Target: '/z' }, { Target: '/a' }] }, Mounts: places.map(mount), Config: {} }],
    null,
    4,
  )

for (const shell of SHELLS) {
  const inspect = (said: string) =>
    run(sh`fake() { printf '%s\\n' ${said}; }; ${inspectContainer(raw('fake'), 'c')}`, shell)

  test(`${shell[0]}: mounts that come in another order are the same reply`, () => {
    const one = inspect(facts('/b', '/a', '/c'))
    assert.ok(one.ok)
    assert.equal(inspect(facts('/c', '/b', '/a')).stdout, one.stdout)
    assert.deepEqual(JSON.parse(one.stdout), JSON.parse(facts('/a', '/b', '/c')))
  })

  test(`${shell[0]}: no mounts, and one`, () => {
    for (const places of [[], ['/a']])
      assert.deepEqual(JSON.parse(inspect(facts(...places)).stdout), JSON.parse(facts(...places)))
  })

  test(`${shell[0]}: what docker says of no container stays`, () => {
    const fake = sh`fake() { echo '[]'; echo 'Error: No such container: c' >&2; return 1; }; ${inspectContainer(raw('fake'), 'c')}`
    const { code, stdout, stderr } = run(fake, shell)
    assert.deepEqual([code, stdout.trim(), stderr.trim()], [1, '[]', 'Error: No such container: c'])
  })
}

test.run()
