import { spawnSync } from 'node:child_process'
import { readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { checkout } from '../support/checkout.ts'
import { suite } from '../support/suite.ts'

const test = suite('bin')

const dir = checkout(['bin', 'scripts', 'package.json'], {
  'src/cli/main.ts': `console.log(\`hello \${(await import('./more.ts')).word satisfies string}\`, process.argv.slice(2))`,
  'src/cli/more.ts': `export const word: string = 'first'`,
})
test.after(() => rmSync(dir, { recursive: true }))

const main = join(dir, 'dist/main.js')
const regplay = () => spawnSync(process.execPath, [join(dir, 'bin/regplay.js'), 'x'], { encoding: 'utf8' })

test('a checkout builds itself when it is first used', () => {
  assert.is(regplay().stdout, "hello first [ 'x' ]\n")
  assert.ok(readdirSync(join(dir, 'dist')).length > 2, 'a chunk for what is loaded later')
}, 30_000)

test('and not again while nothing changed', () => {
  const { ino } = statSync(main)
  assert.is(regplay().stdout, "hello first [ 'x' ]\n")
  assert.is(statSync(main).ino, ino)
}, 30_000)

test('but when a source is newer', () => {
  writeFileSync(join(dir, 'src/cli/more.ts'), `export const word: string = 'second'`)
  assert.is(regplay().stdout, "hello second [ 'x' ]\n")
}, 30_000)

test('a build that fails says so and does not run the old one', () => {
  writeFileSync(join(dir, 'src/cli/more.ts'), 'export const word = (')
  const { status, stdout, stderr } = regplay()
  assert.is(stdout, '')
  assert.is(status, 70)
  assert.match(stderr, 'more.ts')
}, 30_000)

test('a package has no sources and builds nothing', () => {
  rmSync(join(dir, 'src'), { recursive: true })
  utimesSync(main, 0, 0)
  assert.is(regplay().stdout, "hello second [ 'x' ]\n")
}, 30_000)

test.run()
