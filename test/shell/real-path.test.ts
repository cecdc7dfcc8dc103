// one node: it judges text for shells, and they are the same on every Node
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { chattr } from '../../src/modules/shared/flags.ts'
import { real } from '../../src/questions/files.ts'
import { site } from '../../src/questions/site.ts'
import { status } from '../../src/questions/status.ts'
import { userFile } from '../../src/questions/user-file.ts'
import { worn } from '../../src/questions/worn.ts'
import { followed, REAL_PATH } from '../../src/shell/real-path.ts'
import { type Script, sh } from '../../src/shell/script.ts'
import { run, SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'

const test = suite('shell/real-path')

const LINKS: Record<string, string> = {
  file: 'there',
  directory: './dir/../dir/',
  chain: 'file',
  up: 'dir/../nothing',
  absolute: '/nowhere at all',
  broken: 'nothing',
  'in nothing': 'nothing/../nowhere/x',
  'dir/out': '../broken',
  'odd\nname\n': 'odd\ntarget\n',
  itself: 'itself',
  this: 'that',
  that: './this',
  below: 'below/it',
  'this below': 'that below/x',
  'that below': 'this below/y',
  'round about': './round about/../round about',
  'to one below itself': 'below/../x',
}

/** Where paths lead, below the directory of the test, by what Python's `os.path.realpath` says of them. */
const CASES: Record<string, string> = {
  there: 'there',
  file: 'there',
  directory: 'dir',
  chain: 'there',
  up: 'nothing',
  absolute: '/nowhere at all',
  broken: 'nothing',
  'in nothing': 'nowhere/x',
  'dir/out': 'nothing',
  'directory/out': 'nothing',
  'odd\nname\n': 'odd\ntarget\n',
  nothing: 'nothing',
  'no/./such//path/': 'no/such/path',
  itself: 'itself',
  this: 'this',
  that: 'that',
  below: 'below/it',
  'below/x': 'below/it/x',
  'this below': 'this below/y/x',
  'that below': 'that below/x/y',
  'round about': 'round about',
  'to one below itself': 'below/x',
}

let root = ''
test.before(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'real-path-')))
  mkdirSync(join(root, 'dir'))
  writeFileSync(join(root, 'there'), 'there\n')
  for (const [name, target] of Object.entries(LINKS)) symlinkSync(target, join(root, name))
  // Each name twice in the next: a walk that takes them all has a billion steps.
  for (let i = 0; i < 30; i++) symlinkSync(`many${i + 1}/../many${i + 1}`, join(root, `many${i}`))
})
test.after(() => rmSync(root, { recursive: true }))

/** What a script says, which is ended when it takes more than seconds of a processor or grows. */
const bounded = (script: Script, shell: (typeof SHELLS)[number]) => {
  const answer = run(sh`ulimit -t 5; ulimit -v 1000000; ${script}`, shell, { cwd: root })
  assert.ok(answer.code !== null && answer.code < 128, `${script}: status ${answer.code}: ${answer.stderr}`)
  return answer
}

test("the table is what Python's realpath says", () => {
  const program = 'import os, sys; sys.stdout.write("\\0".join(os.path.realpath(p) for p in sys.argv[1:]))'
  const { stdout, error } = spawnSync('python3', ['-c', program, ...Object.keys(CASES)], { cwd: root })
  if (error) return
  const wanted = Object.values(CASES).map(path => (path.startsWith('/') ? path : join(root, path)))
  assert.equal(stdout.toString().split('\0'), wanted)
})

for (const shell of SHELLS) {
  const [name] = shell
  test(`${name}: where a path leads`, () => {
    for (const [path, led] of Object.entries(CASES)) {
      const wanted = led.startsWith('/') ? led : join(root, led)
      assert.is(bounded(sh`${REAL_PATH}\nreal_path ${join(root, path)}`, shell).stdout, wanted, path)
      assert.is(bounded(sh`${REAL_PATH}\nreal_path ${path}`, shell).stdout, wanted, `${path}, from where one stands`)
    }
    assert.is(bounded(sh`${REAL_PATH}\ncd / && real_path nothing/..`, shell).stdout, '/')
  })

  test(`${name}: a variable is what a link leads to, and else as it was`, () => {
    const see = (path: string) => bounded(sh`f=${path}; ${followed('f')} && printf %s "$f"`, shell).stdout
    assert.is(see('odd\nname\n'), join(root, 'odd\ntarget\n'))
    assert.is(see('below'), join(root, 'below/it'))
    assert.is(see('./there'), './there')
  })

  test(`${name}: links that make many of one end, too`, () => {
    assert.ok(bounded(sh`${REAL_PATH}\nreal_path many0`, shell).stdout.startsWith(root))
  })

  test(`${name}: every question about a link that leads below itself ends`, () => {
    for (const name of ['below', 'this below', 'round about', 'below/x']) {
      const path = join(root, name)
      const led = name === 'below/x' ? path : join(root, CASES[name] ?? '')
      const where = real(path)
      assert.is(where.read(bounded(where.script, shell)), led)
      const all = status(path, { follow: false, checksum: 'sha1', mime: false, attributes: true })
      if (name !== 'below/x') assert.is(all.read(bounded(all.script, shell))?.source, led)
      const mine = userFile('root', 'f', path, true)
      assert.is(mine.read(bounded(mine.script, shell))?.path, led)
      const dressed = worn({ path, follow: true }, { attributes: '+d' })
      if (dressed.of === 'target') bounded(dressed.script, shell)
      const around = site(root, [path])
      assert.is(around.read(bounded(around.script, shell)).paths.get(path)?.kind, 'absent')
      const tool = sh`chattr() { printf '%s|' "$@"; }`
      assert.is(bounded(sh`${tool}\n${chattr('+d', path, true)}`, shell).stdout, `+d|${led}|`)
    }
  })
}

test.run()
