import { readFileSync, writeFileSync } from 'node:fs'
import { createConnection, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { reboot as restart } from '../../src/effects/reboot.ts'
import type { Reboot } from '../../src/kit/effect.ts'
import reboot from '../../src/modules/reboot.ts'
import { nothing, sh } from '../../src/shell/script.ts'
import type { Place } from '../../src/transport/place.ts'
import { onThisMachine } from '../effects/place.ts'
import { brief, planHere, planWith } from '../support/converge.ts'
import { busybox, debian } from '../support/host.ts'
import { play } from '../support/play.ts'
import { SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'
import { freePort, NOBODY, Sshd, whyNoSshd } from '../transport/sshd.ts'

const test = suite('modules/reboot')

const SEEN = {
  boot: 'a',
  kernel: 'a',
  here: { local: false, boot: 'b' },
  program: '/sbin/shutdown',
  simple: '/sbin/reboot',
}
const CASES: Record<string, [wish: Record<string, unknown>, seen: Record<string, unknown>, wanted: string]> = {
  'in minutes': [{ pre_reboot_delay: 150 }, {}, "/sbin/shutdown -r 2 'Reboot initiated by Ansible'"],
  'with a message': [{ msg: "it's time" }, {}, "/sbin/shutdown -r 0 'it'\\''s time'"],
  'by a command': [
    { reboot_command: 'systemctl reboot --now' },
    { program: '/bin/systemctl' },
    '/bin/systemctl reboot --now',
  ],
  'by a path': [{ reboot_command: '/x/y z' }, { program: undefined }, '/x/y z'],
  'where there is no shutdown': [{ pre_reboot_delay: 3 }, { program: undefined }, 'sleep 3; /sbin/reboot'],
  'by nothing': [{}, { program: undefined, simple: undefined }, 'refuse: Unable to find command "shutdown"'],
  'this machine never': [{}, { here: { local: true, boot: '' } }, 'refuse: Running reboot with local connection'],
  'no container of this machine': [
    {},
    { here: { local: false, boot: 'a' } },
    'refuse: web1 runs on the kernel of this',
  ],
}
for (const [title, [wish, seen, wanted]] of Object.entries(CASES))
  test(title, () => {
    const plan = planWith(reboot, wish, { ...SEEN, ...seen }, debian)
    const said = plan.kind === 'act' && plan.by.kind === 'reboot' ? plan.by.command.shown : brief(plan).join()
    assert.is(said.slice(0, wanted.length), wanted)
  })

test('Alpine has a word of its own', () => {
  const plan = planWith(reboot, {}, SEEN, { ...busybox, id: 'alpine' })
  assert.is(plan.kind === 'act' && plan.by.kind === 'reboot' && plan.by.command.shown, '/sbin/reboot')
})

for (const shell of SHELLS)
  test(`${shell[0]}: this machine is known as itself, however it is reached`, async () =>
    assert.match(
      brief(await planHere(reboot, {}, debian, shell)).join(),
      /refuse: web1 runs on the kernel of this machine/,
    ))

const order = (more: Partial<Reboot> = {}): Reboot => ({
  kind: 'reboot',
  command: nothing,
  delay: 0,
  boot: sh`echo a`,
  was: 'a',
  test: nothing,
  timeout: 5,
  ...more,
})

test('the effect does nothing to this machine', () =>
  onThisMachine(async place =>
    assert.match((await restart(order({ command: sh`touch /tmp/regplay-never` }), place)).failed ?? '', /local/),
  ))

const why = whyNoSshd()
let server: Sshd
if (why === null) {
  test.before(async () => {
    server = await Sshd.start()
  })
  test.after(() => server.stop())
}
const remote = why === null ? test : (name: string, _body: () => unknown, _limit?: number) => test.skip(name, why)

async function over(use: (place: Place) => Promise<void>): Promise<void> {
  const session = server.session()
  const signal = new AbortController().signal
  try {
    const shell = await session.shell(NOBODY, signal)
    await use({ session, shell, signal, environment: nothing, progress: () => undefined })
  } finally {
    await session.close()
  }
}

remote(
  'another start is waited for, then the test of the host',
  () =>
    over(async place => {
      const [boot, fit] = [join(server.dir, 'boot'), join(server.dir, 'fit')]
      writeFileSync(boot, 'a\n')
      // The connection is lost in the middle of it, as with a machine that goes down.
      const command = sh`( sleep 1; echo b >${boot}; sleep 1; : >${fit} ) >/dev/null 2>&1 & kill -9 $PPID`
      const outcome = await restart(
        order({ command, boot: sh`cat ${boot}`, test: sh`[ -e ${fit} ]`, timeout: 20 }),
        place,
      )
      assert.equal([outcome.failed, outcome.fields?.get('rebooted')], [undefined, true])
      assert.is(readFileSync(boot, 'utf8'), 'b\n')
    }),
  40_000,
)

remote(
  'what never comes is told',
  () =>
    over(async place => {
      const late = await restart(order({ timeout: 1 }), place)
      assert.match(late.failed ?? '', /^Timed out waiting for last boot time check/)
      const unfit = await restart(order({ timeout: 1, was: 'x', test: sh`exit 3` }), place)
      assert.match(unfit.failed ?? '', /^Timed out waiting for post-reboot test command/)
      const refused = await restart(order({ command: sh`echo no >&2; exit 2` }), place)
      assert.match(refused.failed ?? '', /^Reboot command failed. Error was: ', no'/)
      assert.is(refused.fields?.get('rebooted'), false)
    }),
  40_000,
)

/** A port that nobody listens on for a while, and that then leads to the SSH server. */
function opensLate(port: number, after: number): Server {
  const relay = createServer(socket => {
    const through = createConnection(server.port, '127.0.0.1')
    socket.pipe(through).pipe(socket)
    for (const end of [socket, through]) end.on('error', () => socket.destroy())
  })
  setTimeout(() => relay.listen(port, '127.0.0.1'), after).unref()
  return relay
}

const waiting = (port: number, timeout: number) =>
  play(
    `- hosts: all
  gather_facts: false
  tasks:
    - { name: wait, wait_for_connection: { timeout: ${timeout}, connect_timeout: 2 }, register: done }
    - { name: there, command: echo hi }
`,
    {
      hosts: `one ansible_host=127.0.0.1 ansible_port=${port} ansible_user=root ansible_ssh_private_key_file=${server.keyFile} ansible_host_key_checking=false\n`,
    },
  )

remote(
  'a host that cannot be reached yet is waited for',
  async () => {
    const port = await freePort()
    const relay = opensLate(port, 1500)
    try {
      const { results } = await waiting(port, 30)
      assert.equal(results, ['one ok wait', 'one changed there'])
    } finally {
      relay.close()
    }
  },
  40_000,
)

remote(
  'a host that is never reached is told so',
  async () => {
    const { results, result } = await waiting(await freePort(), 1)
    assert.equal(results, ['one failed wait'])
    assert.match(JSON.stringify(result('wait')), /timed out waiting for a connection/)
  },
  40_000,
)

test.run()
