// one node: it judges text for shells, and they are the same on every Node
import { spawn, spawnSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { endTree } from '../../src/shell/end-tree.ts'
import { suite } from '../support/suite.ts'
import { shells } from './shells.ts'

const test = suite('end-tree')

/** Whether a process exists and is no zombie. */
const alive = (pid: number): boolean =>
  /^State:\s+[^ZX]/m.test(spawnSync('cat', [`/proc/${pid}/status`]).stdout.toString())

for (const { name, argv } of shells)
  test(`${name}: a family is ended, deaf, stopped and odd members too; the adopted and the strangers stay`, async () => {
    const stranger = spawn('sleep', ['60'])
    const parent = spawn('sh', [
      '-c',
      'sleep 60 & a=$!; (trap "" TERM; sleep 60 & echo $!; sleep 60) & ' +
        'sh -c "kill -STOP \\$\\$; sleep 60" & b=$!; (sleep 60 & echo adopted $!); echo $a $b done; wait',
    ])
    let said = ''
    let adopted = 0
    try {
      for await (const chunk of parent.stdout) {
        said += String(chunk)
        if (said.includes('done') && said.split('\n').length > 3) break
      }
      adopted = Number(/adopted (\d+)/.exec(said)?.[1])
      const family = [...said.replace(/adopted \d+/, '').matchAll(/\d+/g)].map(Number)
      assert.is(family.length, 3, said)
      const [program = 'sh', ...args] = argv
      const run = spawnSync(program, args, { input: endTree(parent.pid ?? 0).wire })
      assert.is(run.stderr.toString(), '')
      assert.is(run.status, 0)
      for (const pid of [...family, parent.pid ?? 0]) assert.not.ok(alive(pid), `${pid} lives: ${said}`)
      assert.ok(alive(adopted))
      assert.ok(alive(stranger.pid ?? 0))
    } finally {
      if (adopted > 0) process.kill(adopted)
      stranger.kill()
      parent.kill('SIGKILL')
    }
  }, 20_000)

for (const { name, argv } of shells)
  test(`${name}: what a family forks while it is being ended is ended, though nobody is its parent any more`, async () => {
    // A TERM makes it fork a sleep that outlives it, and so does that sleep's shell: two generations that no list has seen.
    const parent = spawn(
      'sh',
      ['-c', 'trap "sh -c \'trap : TERM; sleep 77 & echo late \\$!; exit\'; exit" TERM; echo ready; sleep 60 & wait'],
      { detached: true },
    )
    let said = ''
    parent.stdout.on('data', chunk => {
      said += String(chunk)
    })
    try {
      while (!said.includes('ready')) await sleep(20)
      const [program = 'sh', ...args] = argv
      const run = spawnSync(program, args, { input: endTree(parent.pid ?? 0).wire })
      assert.is(run.status, 0, run.stderr.toString())
      while (!said.includes('late')) await sleep(20)
      const late = Number(/late (\d+)/.exec(said)?.[1])
      assert.not.ok(alive(late), `${late} lives`)
    } finally {
      if (parent.pid) spawnSync('sh', ['-c', `kill -KILL -- -${parent.pid}`])
    }
  }, 20_000)

test.run()
