import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import dnf from '../../src/modules/dnf.ts'
import { unlocked } from '../../src/modules/shared/package-lock.ts'
import zypper from '../../src/modules/zypper.ts'
import { type Lock, settled, waitedIn } from '../../src/questions/package-lock.ts'
import { NOTHING } from '../../src/questions/transactions.ts'
import { sh } from '../../src/shell/script.ts'
import { brief, planWith } from '../support/converge.ts'
import { debian } from '../support/host.ts'
import { run, SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'

const test = suite('modules/package-lock')

const dir = mkdtempSync(join(tmpdir(), "regplay lock's-"))
test.after(() => rmSync(dir, { recursive: true, force: true }))

/** Holds a file in one of the ways of package managers until its input ends. */
const HOLD = `import fcntl, os, sys
how, path = sys.argv[1:]
file = open(path, 'a+')
if how == 'posix': fcntl.lockf(file, fcntl.LOCK_EX)
if how == 'flock': fcntl.flock(file, fcntl.LOCK_EX)
if how == 'number': print(os.getpid(), end='', file=file, flush=True)
print('held', flush=True)
sys.stdin.read()`

async function holder(how: string, path: string): Promise<ChildProcess> {
  const child = spawn('/usr/bin/python3', ['-c', HOLD, how, path], { stdio: ['pipe', 'pipe', 'inherit'] })
  if (child.stdout) await once(child.stdout, 'data')
  return child
}

const there = spawnSync('/usr/bin/python3', ['-c', 'import fcntl']).status === 0
const WAYS = { posix: 'kernel', flock: 'kernel', number: 'number', open: 'there' } as const

for (const shell of SHELLS) {
  const ask = (locks: readonly Lock[], patience = 0) => waitedIn(run(settled(locks, patience), shell))
  for (const [how, by] of Object.entries(WAYS))
    if (!there) test.skip(`${shell[0]}: ${how}`, 'python3 holds the locks')
    else
      test(`${shell[0]}: who holds a file is named (${how})`, async () => {
        const path = join(dir, `${how}-${shell[0]}`)
        const free = { path: `${path}-free`, by }
        if (by !== 'there') writeFileSync(free.path, '')
        const child = await holder(how, path)
        const locks = [free, { path, by }]
        try {
          const { held } = ask(locks)
          assert.equal([held?.lock, held?.pid], [path, `${child.pid}`])
          assert.match(held?.program ?? '', /^python3/)
          const refused = run(sh`${unlocked(locks, 0)}echo on`, shell)
          assert.is(refused.code, 100)
          assert.match(refused.stderr, `(process ${child.pid}) holds ${path}, and did not let go of it within 0 s`)
          assert.is(refused.stdout, '')
        } finally {
          child.stdin?.end()
          await once(child, 'exit')
        }
        if (by === 'there') rmSync(path)
        assert.is(run(sh`${unlocked(locks, 0)}echo on`, shell).stdout, 'on\n')
      })
  test(`${shell[0]}: a file that nobody has open was left behind, and is not waited for`, () => {
    const path = join(dir, 'left')
    writeFileSync(path, '')
    assert.equal(ask([{ path, by: 'there' }], 60), { waits: [], held: { lock: path, pid: '-', program: 'a program' } })
    rmSync(path)
    assert.equal(ask([{ path, by: 'there' }], 60), { waits: [] })
  })
  test(`${shell[0]}: numbers of nobody, and what is no number, hold nothing`, () => {
    for (const text of ['', '99999999', 'x', '12 34', '/etc']) {
      const path = join(dir, 'number')
      writeFileSync(path, text)
      assert.equal(ask([{ path, by: 'number' }]), { waits: [] }, text)
    }
  })
  if (there)
    test(`${shell[0]}: who lets go is waited for, and told of`, async () => {
      const path = join(dir, `late-${shell[0]}`)
      const words = ['-c', 'sleep 1.5 | /usr/bin/python3 -c "$0" posix "$1"', HOLD, path]
      const child = spawn('/bin/sh', words, { stdio: ['ignore', 'pipe', 'inherit'] })
      await once(child.stdout, 'data')
      const { held, waits } = ask([{ path, by: 'kernel' }], 30)
      assert.is(held, undefined)
      assert.match(waits.join(), /^waited \d+ s for python3 \(process \d+\), which holds .*late/)
    })
}

// Two file systems whose first files have the same inode: only one of them is locked.
const TWINS = `mkdir -p a b && mount -t tmpfs x a && mount -t tmpfs x b && : >a/lock && : >b/lock && [ "$(stat -c %i a/lock)" = "$(stat -c %i b/lock)" ] || exit 77
mkfifo go; /usr/bin/python3 -c "$HOLD" posix a/lock <go >held & exec 8>go; until [ -s held ]; do sleep 0.1; done
echo "A $(sh -c "$A")"; echo "B $(sh -c "$B")"; exec 8>&-; wait`
test('a lock on a file of the same inode in another file system is not taken for this one', () => {
  const at = mkdtempSync(join(dir, 'twins-'))
  const text = (name: string) => settled([{ path: join(at, name, 'lock'), by: 'kernel' }], 0).wire
  const env = { PATH: process.env['PATH'] ?? '', HOLD, A: text('a'), B: text('b') }
  const { status, stdout } = spawnSync('unshare', ['--mount', 'sh', '-c', TWINS], { cwd: at, env, encoding: 'utf8' })
  if (!there || status !== 0) return assert.ok(process.getuid?.() !== 0 || status === 77, stdout)
  const [a = '', b = ''] = stdout.split('\n')
  assert.match(a, /^A L\t.*a\/lock\t\d+\tpython3/)
  assert.is(b, 'B ')
})

const held = { lock: '/var/lib/dnf/rpmdb_lock.pid', pid: '47', program: 'dnf' }
const PLANS: Record<string, [plan: ReturnType<typeof planWith>, lines: string[]]> = {
  'dnf: another is at work': [
    planWith(dnf, { name: ['a'], lock_timeout: 5 }, { would: { ...NOTHING, held, unasked: true } }, debian),
    ['refuse: dnf (process 47) holds /var/lib/dnf/rpmdb_lock.pid, and did not let go of it within 5 s'],
  ],
  'dnf: another is at work, and all is there': [
    planWith(dnf, { name: ['a'] }, { would: { ...NOTHING, held } }, debian),
    [],
  ],
  'zypper: another is at work': [
    planWith(
      zypper,
      { name: ['a'] },
      { would: { ...NOTHING, held: { ...held, lock: '/run/zypp.pid' }, unasked: true } },
      debian,
    ),
    ['refuse: dnf (process 47) holds /run/zypp.pid, and did not let go of it within 300 s'],
  ],
  'a lock was left behind': [
    planWith(dnf, { name: ['a'] }, { would: { ...NOTHING, held: { ...held, pid: '-' }, unasked: true } }, debian),
    ['refuse: /var/lib/dnf/rpmdb_lock.pid is there, and nobody has it open: it was left behind'],
  ],
}
for (const [title, [plan, lines]] of Object.entries(PLANS)) test(title, () => assert.equal(brief(plan), lines))

test('who was waited for is a warning of the result', () => {
  const waits = ['waited 3 s for dnf (process 47), which holds x']
  const plan = planWith(dnf, { name: ['a'] }, { would: { ...NOTHING, waits } }, debian)
  assert.equal(plan.kind === 'ok' ? plan.result['warnings'] : plan.kind, waits)
})

test.run()
