import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { play } from '../support/play.ts'
import { suite } from '../support/suite.ts'
import { addUser, has, removeUser, Sshd, whyNoSshd } from '../transport/sshd.ts'

const test = suite('run/async over SSH')
const missing = whyNoSshd()

/** A host that is reached through a real sshd, its jobs in `dir`. */
const inventory = (sshd: Sshd, dir: string, user: string): string =>
  [
    'box ansible_host=127.0.0.1',
    `ansible_port=${sshd.port} ansible_user=${user} ansible_ssh_private_key_file=${sshd.keyFile}`,
    `ansible_ssh_common_args="-o UserKnownHostsFile=${sshd.knownHosts} -o GlobalKnownHostsFile=/dev/null"`,
    `ansible_async_dir=${dir}/jobs\n`,
  ].join(' ')

/** Runs tasks on it; everything is gone afterwards. */
async function over(
  use: (run: (tasks: string) => ReturnType<typeof play>, dir: string) => Promise<void>,
  user = 'root',
): Promise<void> {
  const sshd = await Sshd.start()
  const dir = mkdtempSync(join(tmpdir(), 'regplay-async-'))
  try {
    const text = (tasks: string): string => `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks}`
    await use(tasks => play(text(tasks), { dir, hosts: inventory(sshd, dir, user) }), dir)
  } finally {
    sshd.stop()
    rmSync(dir, { recursive: true, force: true })
  }
}

if (missing !== null) test.skip('jobs over SSH', missing)
else {
  test(
    'a job is begun, asked about, ended and cleaned up',
    () =>
      over(async (run, dir) => {
        const { said, ending } = await run(`
    - { shell: "cat; echo out; echo err >&2; exit {{ item }}", async: 30, poll: 0, register: j, loop: [0, 3], environment: { X: y } }
    - { async_status: { jid: "{{ item.ansible_job_id }}" }, register: r, until: r.finished, retries: 100, delay: 0.1, loop: "{{ j.results }}", ignore_errors: true }
    - { debug: { msg: "{{ r.results | map(attribute='rc') | join(',') }} {{ r.results[0].stdout }} {{ r.results[1].stderr }} {{ r.results[0].delta is match('0:00:') }}" } }
    - { shell: "sleep 60", async: 1, poll: 0, register: k }
    - { async_status: { jid: "{{ k.ansible_job_id }}" }, register: s, until: s.finished, retries: 100, delay: 0.1, ignore_errors: true }
    - { debug: { msg: "{{ s.msg }}" } }
    - { async_status: { jid: "{{ item }}", mode: cleanup }, loop: "{{ j.results | map(attribute='ansible_job_id') + [k.ansible_job_id] }}" }
    - { find: { paths: DIR/jobs, file_type: any }, register: left }
    - { debug: { msg: "{{ left.matched }}" } }`)
        assert.equal(said, ['box 0,3 out err True', 'box the job took longer than async allows and was ended', 'box 0'])
        assert.not.ok(ending.failed)
        assert.ok(existsSync(join(dir, 'jobs')))
      }),
    40_000,
  )

  test(
    'a job outlives the connection, and another run finds it',
    () =>
      over(async (run, dir) => {
        const begun = await run(`
    - { name: begin, shell: "while [ ! -e DIR/go ]; do sleep 0.1; done; echo done; : >DIR/flag", async: 60, poll: 0 }`)
        const id = String(begun.result('begin', 'box').result['ansible_job_id'])
        const still = await run(`
    - { async_status: { jid: "${id}" }, register: r }
    - { debug: { msg: "{{ r.finished }}" } }
    - { file: { path: DIR/go, state: touch } }`)
        assert.equal(still.said, ['box false'])
        while (!existsSync(join(dir, 'flag'))) await sleep(50)
        const ended = await run(`
    - { async_status: { jid: "${id}" }, register: r, until: r.finished, retries: 100, delay: 0.1 }
    - { debug: { msg: "{{ r.rc }} {{ r.stdout }}" } }`)
        assert.equal(ended.said, ['box 0 done'])
        assert.is(readFileSync(join(dir, 'jobs', id, 'rc'), 'utf8'), '0')
      }),
    40_000,
  )
}

const noSudo = missing ?? (has('sudo') && has('useradd') ? null : 'sudo or useradd is not installed')
const USER = 'rpt-async'
const SUDO = '/etc/sudoers.d/regplay-async-test'

/** Runs as somebody who may become root by sudo. */
async function asSomebody(use: Parameters<typeof over>[0]): Promise<void> {
  addUser(USER, '/bin/sh')
  writeFileSync(SUDO, `${USER} ALL=(ALL) NOPASSWD: ALL\n`, { mode: 0o440 })
  try {
    await over(async (run, dir) => {
      chmodSync(dir, 0o755)
      await use(run, dir)
    }, USER)
  } finally {
    rmSync(SUDO, { force: true })
    removeUser(USER)
  }
}

if (noSudo !== null) test.skip('jobs of another user', noSudo)
else
  test(
    'a job runs as whom the task becomes, who alone can look at it',
    () =>
      asSomebody(async (run, dir) => {
        const { said, result } = await run(`
    - { name: begin, shell: "id -un; echo $HOME", async: 30, poll: 0, become: true, register: j }
    - { name: other, async_status: { jid: "{{ j.ansible_job_id }}" }, ignore_errors: true, register: o }
    - { async_status: { jid: "{{ j.ansible_job_id }}" }, become: true, register: r, until: r.finished, retries: 100, delay: 0.1 }
    - { debug: { msg: "{{ r.stdout_lines }} {{ o is failed }}" } }
    - { name: waited, command: id -un, async: 30, poll: 1, become: true, register: w }
    - { debug: { msg: "{{ w.stdout }}" } }
    - { name: su, command: id -un, become: true, become_method: su, ignore_errors: true, ignore_unreachable: true }`)
        assert.equal(said, ["box ['root', '/root'] True", 'box root'])
        assert.is(statSync(join(dir, 'jobs')).uid, 0)
        assert.match(result('su', 'box').msg ?? '', /su .* works for root only/)
        assert.match(result('su', 'box').remedy ?? '', /become_method: sudo/)
      }),
    60_000,
  )

if (missing !== null) test.skip('su in a play', missing)
else
  test(
    'su takes root to anybody',
    () =>
      over(async run => {
        const { said } = await run(`
    - { command: id -un, become: true, become_user: nobody, become_method: su, register: r }
    - { debug: { msg: "{{ r.stdout }}" } }`)
        assert.equal(said, ['box nobody'])
      }),
    40_000,
  )

test.run()
