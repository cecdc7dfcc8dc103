import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { checkout } from '../support/checkout.ts'
import { suite } from '../support/suite.ts'

const test = suite('runner')

const HEAD = `import { suite } from '../support/suite.ts'\nconst test = suite('t')\n`
/** A file of each kind, and what the runner must make of it. */
const FILES: Record<string, [text: string, counts: string, says?: string]> = {
  good: [`${HEAD}test('a', () => {})\ntest('b', () => {})\ntest.run()\n`, 'ok 2 passed, 0 failed, 0 skipped'],
  bad: [
    `${HEAD}test('a', () => { throw new Error('oops') })\ntest('b', () => {})\ntest.run()\n`,
    'FAIL 1 passed, 1 failed, 0 skipped',
    'oops',
  ],
  skips: [
    `${HEAD}test.skip('a', 'no moon')\ntest.run()\n`,
    'skip 0 passed, 0 failed, 1 skipped',
    'skipped: t: a: no moon',
  ],
  silent: [`${HEAD}test('a', () => {})\n`, 'FAIL 0 passed, 1 failed, 0 skipped', 'never run'],
  behind: [
    `${HEAD}test('a', () => {})\ntest.run()\ntest('b', () => {})\n`,
    'FAIL 0 passed, 1 failed, 0 skipped',
    'move run() to the end',
  ],
  only: [
    `${HEAD}test.only('a', () => {})\ntest('b', () => {})\ntest.run()\n`,
    'FAIL 0 passed, 1 failed, 0 skipped',
    'hides the other tests',
  ],
  empty: [`console.log('hi')\n`, 'FAIL 0 passed, 1 failed, 0 skipped', 'no test ran'],
  'no-test': [`${HEAD}test.run()\n`, 'FAIL 0 passed, 1 failed, 0 skipped', 'no test ran'],
  before: [
    `${HEAD}test.before(() => { throw new Error('x') })\ntest('a', () => {})\ntest.run()\n`,
    'FAIL 0 passed, 1 failed, 0 skipped',
  ],
  crash: [
    `${HEAD}test('a', () => {})\ntest('b', () => process.exit(3))\ntest.run()\n`,
    'FAIL 0 passed, 1 failed, 0 skipped',
    'exit status',
  ],
  later: [
    `${HEAD}test('a', () => {})\ntest.after(() => { setTimeout(() => { throw new Error('late') }, 50) })\ntest.run()\n`,
    'FAIL 1 passed, 1 failed, 0 skipped',
    'late',
  ],
  hangs: [
    `// limit: 2\n${HEAD}test('a', () => { setInterval(() => {}, 1000) })\ntest.run()\n`,
    'FAIL 1 passed, 1 failed, 0 skipped',
    'took longer than 2 s',
  ],
  'e2e.e2e': [`${HEAD}test('a', () => {})\ntest.run()\n`, 'ok 1 passed, 0 failed, 0 skipped'],
}

const dir = checkout(
  ['scripts', 'package.json', 'package-lock.json', 'test/support'],
  Object.fromEntries(Object.entries(FILES).map(([name, [text]]) => [`test/kinds/${name}.test.ts`, text])),
)
test.after(() => rmSync(dir, { recursive: true }))

const runner = (...args: readonly string[]) =>
  spawnSync(process.execPath, [join(dir, 'scripts/test.js'), ...args], { cwd: dir, encoding: 'utf8' })

test('every kind of file is judged rightly', () => {
  const { stdout, status } = runner('test/kinds', '--junit', join(dir, 'out.xml'))
  for (const [name, [, counts, says]] of Object.entries(FILES)) {
    const line = new RegExp(`^(\\w+) +test/kinds/${name}\\.test\\.ts \\((.*?), [\\d.]+ s\\)$`, 'm').exec(stdout)
    assert.is(`${line?.[1]} ${line?.[2]}`, counts, `${name}\n${stdout}`)
    if (says) assert.match(stdout, says)
  }
  assert.match(stdout, /\n6 passed, 10 failed, 1 skipped\n$/)
  assert.is(status, 1)
  assert.match(
    readFileSync(join(dir, 'out.xml'), 'utf8'),
    /<testsuite name="test\/kinds\/bad.test.ts" tests="2" failures="1"/,
  )
}, 60_000)

test('a run in which nothing failed is a success', () => {
  const { stdout, status } = runner('good', 'e2e.e2e')
  assert.is(status, 0)
  assert.match(stdout, /\n3 passed, 0 failed, 0 skipped\n$/)
}, 30_000)

test('a name that means no test is refused', () => assert.not.equal(runner('nonsense').status, 0))

test.run()
