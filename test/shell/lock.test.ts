// one node: it judges text for shells, and they are the same on every Node
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { Answer } from '../../src/shell/answer.ts'
import { giveLock, readLock, takeLock } from '../../src/shell/lock.ts'
import type { Script } from '../../src/shell/script.ts'
import { suite } from '../support/suite.ts'
import { shells } from './shells.ts'

const test = suite('lock')

const A = { run: 'aaaa', who: 'anna@laptop, process 1' }
const B = { run: 'bbbb', who: "o'brien@tower, process 2" }

/** A shell that stays and answers scripts, as a resident one does. */
class Resident {
  readonly child: ChildProcessWithoutNullStreams
  #said = ''

  constructor(argv: readonly string[]) {
    this.child = spawn(argv[0] ?? 'sh', argv.slice(1))
    this.child.stdout.on('data', chunk => {
      this.#said += String(chunk)
    })
  }

  async ask(script: Script): Promise<Answer> {
    this.#said = ''
    const quoted = `'${script.wire.replaceAll("'", `'\\''`)}'`
    this.child.stdin.write(`e=$( ( eval ${quoted} ) 2>&1 </dev/null; echo "status $?" ); printf '%s\\nend\\n' "$e"\n`)
    while (!this.#said.endsWith('end\n')) await new Promise(go => setTimeout(go, 5))
    const match = /^([\s\S]*)status (\d+)\nend\n$/.exec(this.#said)
    return new Answer(Number(match?.[2]), match?.[1] ?? '', match?.[1] ?? '')
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    const closed = new Promise(go => this.child.once('close', go))
    this.child.kill(signal)
    await closed
  }
}

/** A place for a lock, shells that go away with it, and what must not be left there. */
async function place(body: (at: { path: string; open: () => Resident }) => Promise<void>, argv: readonly string[]) {
  const dir = mkdtempSync(join(tmpdir(), 'lock-'))
  const open: Resident[] = []
  try {
    const make = () => {
      const resident = new Resident(argv)
      open.push(resident)
      return resident
    }
    await body({ path: join(dir, 'l o ck'), open: make })
    assert.equal(readdirSync(dir), [], 'something was left beside the lock')
  } finally {
    for (const { child } of open) child.kill('SIGKILL')
    rmSync(dir, { recursive: true, force: true })
  }
}

for (const { name, argv } of shells) {
  test(`${name}: one holds it, the other is told who, and gets it when it was given back`, () =>
    place(async ({ path, open }) => {
      const [a, b] = [open(), open()]
      assert.is(readLock(await a.ask(takeLock(A, path))), 'held')
      assert.is(readLock(await a.ask(takeLock(A, path))), 'held', 'taking it again is no fault')
      const taken = readLock(await b.ask(takeLock(B, path)))
      assert.ok(typeof taken === 'object' && 'by' in taken, JSON.stringify(taken))
      assert.is(taken.by.who, A.who)
      assert.is(taken.by.pid, String(a.child.pid))
      assert.not(taken.by.orphan)
      assert.match(taken.by.since, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
      await b.ask(giveLock(B, path))
      assert.ok(existsSync(path), 'what is not ours is not given back')
      await a.ask(giveLock(A, path))
      assert.is(readLock(await b.ask(takeLock(B, path))), 'held')
      await b.ask(giveLock(B, path))
      await b.ask(giveLock(B, path))
    }, argv))

  test(`${name}: a shell of the same run takes over from its lost sister`, () =>
    place(async ({ path, open }) => {
      const [a, again] = [open(), open()]
      await a.ask(takeLock(A, path))
      assert.is(readLock(await again.ask(takeLock(A, path))), 'held')
      assert.match(readFileSync(path, 'utf8'), new RegExp(`^pid ${again.child.pid}$`, 'm'))
      await again.ask(giveLock(A, path))
    }, argv))

  test(`${name}: the lock of a shell that was killed is free`, () =>
    place(async ({ path, open }) => {
      const [a, b] = [open(), open()]
      await a.ask(takeLock(A, path))
      await a.end('SIGKILL')
      assert.is(readLock(await b.ask(takeLock(B, path))), 'held')
      await b.ask(giveLock(B, path))
    }, argv))

  const forgeries: readonly (readonly [string, (text: string) => string])[] = [
    ['another boot', text => text.replace(/^boot .*/m, 'boot 00000000-0000-0000-0000-000000000000')],
    ['a process of the same number that began later', text => text.replace(/^start .*/m, 'start 1')],
    ['a process that is gone', text => text.replace(/^pid .*/m, 'pid 4194303')],
    ['a number that is none', text => text.replace(/^pid .*/m, 'pid 1;rm -rf /')],
    ['an empty file', () => ''],
    ['a file of something else', () => 'hello\n\\world $(id)\n'],
  ]
  for (const [what, forge] of forgeries)
    test(`${name}: a stale lock is taken over: ${what}`, () =>
      place(async ({ path, open }) => {
        const [a, b] = [open(), open()]
        await a.ask(takeLock(A, path))
        writeFileSync(path, forge(readFileSync(path, 'utf8')))
        assert.is(readLock(await b.ask(takeLock(B, path))), 'held')
        await b.ask(giveLock(B, path))
      }, argv))

  test(`${name}: what a lost connection left running is an orphan`, () =>
    place(async ({ path, open }) => {
      const dir = mkdtempSync(join(tmpdir(), 'orphan-'))
      try {
        // The parent stands for sshd: when it goes, the shell hangs elsewhere in the tree and still works.
        const shell = argv.map(word => `'${word}'`).join(' ')
        const script = takeLock(A, path).wire.replaceAll("'", `'\\''`)
        const inner = `( eval '${script}' ); echo $$ >'${dir}/pid'; sleep 30`
        writeFileSync(join(dir, 'work'), inner)
        const sshd = spawn('sh', ['-c', `${shell} '${dir}/work' & wait`])
        while (!existsSync(join(dir, 'pid'))) await new Promise(go => setTimeout(go, 5))
        const b = open()
        const live = readLock(await b.ask(takeLock(B, path)))
        assert.ok(typeof live === 'object' && 'by' in live && !live.by.orphan, JSON.stringify(live))
        const gone = new Promise(go => sshd.once('exit', go))
        sshd.kill('SIGKILL')
        await gone
        const left = readLock(await b.ask(takeLock(B, path)))
        assert.ok(typeof left === 'object' && 'by' in left && left.by.orphan, JSON.stringify(left))
        spawnSync('kill', ['-9', readFileSync(join(dir, 'pid'), 'utf8').trim()])
        assert.is(readLock(await b.ask(takeLock(B, path))), 'held')
        await b.ask(giveLock(B, path))
      } finally {
        rmSync(dir, { recursive: true, force: true })
      }
    }, argv))

  test(
    `${name}: of many who see a stale lock, one gets it`,
    () =>
      place(async ({ path, open }) => {
        for (let round = 0; round < 5; round++) {
          const dead = open()
          await dead.ask(takeLock({ run: `dead${round}`, who: 'nobody' }, path))
          await dead.end('SIGKILL')
          const racers = Array.from({ length: 8 }, (_, i) => ({ resident: open(), run: `run${i}`, who: `racer ${i}` }))
          const answers = await Promise.all(racers.map(racer => racer.resident.ask(takeLock(racer, path))))
          const held = racers.filter((_, i) => readLock(answers[i] ?? new Answer(null)) === 'held')
          assert.is(held.length, 1, answers.map(answer => `${answer.code} ${answer.stdout}`).join('\n'))
          await held[0]?.resident.ask(giveLock({ run: held[0].run }, path))
          for (const { resident } of racers) await resident.end('SIGKILL')
        }
      }, argv),
    60_000,
  )
}

test('where nothing can be written, the reason is said', async () => {
  const [shell] = shells
  const argv = shell?.argv ?? ['sh']
  const done = spawnSync(argv[0] ?? 'sh', [...argv.slice(1), '-s'], { input: takeLock(A, '/proc/nowhere/lock').wire })
  const taken = readLock(new Answer(done.status, done.stdout, done.stderr))
  assert.ok(typeof taken === 'object' && 'broken' in taken && taken.broken !== '', JSON.stringify(taken))
})

test.run()
