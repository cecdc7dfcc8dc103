// limit: 400
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import * as assert from 'uvu/assert'
import { REGPLAY } from '../support/program.ts'
import { Site, siteAvailable } from '../support/site.ts'
import { suite } from '../support/suite.ts'

const test = suite('reboot')
const ROOT = fileURLToPath(new URL('../..', import.meta.url))

const site = new Site({ name: 'rpr', net: '10.77.7' })
const why = siteAvailable()
const dir = why === null ? mkdtempSync('/var/tmp/regplay-reboot-') : ''

if (why === null) {
  test.before(async () => {
    await site.down()
    await site.up(['h1'])
    await site.upBusybox('b1')
  })
  test.after(async () => {
    await site.down()
    for (const path of [dir, site.state]) rmSync(path, { recursive: true, force: true })
  })
} else test.skip('hosts', why)

/** A host that comes back is another start of the same host: what was written stays, what is in memory does not. */
const PLAY = (host: string): string => `- hosts: ${host}
  gather_facts: false
  become: true
  tasks:
    - { name: kept, copy: { content: "kept\\n", dest: /srv/kept } }
    - { name: lost, command: touch /dev/shm/lost }
    - { name: before, command: cat /proc/sys/kernel/random/boot_id, register: before }
    - { name: dry, reboot: , check_mode: true }
    - { name: still, command: cat /proc/sys/kernel/random/boot_id, register: still }
    - { name: reboot, reboot: { reboot_timeout: 120, test_command: "[ -e /srv/kept ]" }, register: done }
    - { name: after, command: cat /proc/sys/kernel/random/boot_id, register: after }
    - { name: gone, stat: { path: /dev/shm/lost }, register: gone }
    - name: told
      assert:
        that:
          - before.stdout == still.stdout
          - before.stdout != after.stdout
          - done.rebooted and done.elapsed > 0
          - not gone.stat.exists
    - { name: brought, fetch: { src: /srv/kept, dest: ${dir}/brought } }
    - { name: reached, wait_for_connection: { timeout: 30 } }
`

for (const host of why === null ? ['h1', 'b1'] : [])
  test(`${host} is started anew, and worked on afterwards`, async () => {
    const inventory = join(dir, `${host}.ini`)
    const vars = `ansible_user=admin ansible_ssh_private_key_file=${site.key} ansible_ssh_common_args='-o UserKnownHostsFile=${site.knownHosts}'`
    writeFileSync(inventory, `${host} ansible_host=${await site.ip(host)} ${vars}\n`)
    const play = join(dir, `${host}.yml`)
    writeFileSync(play, PLAY(host))
    const run = await execa(process.execPath, [REGPLAY, 'run', play, '-i', inventory], {
      cwd: ROOT,
      reject: false,
    })
    assert.is(run.exitCode, 0, `${run.stdout}\n${run.stderr}`)
    assert.match(run.stdout, /failed=0/)
    assert.is(readFileSync(join(dir, 'brought', host, 'srv/kept'), 'utf8'), 'kept\n')
  }, 180_000)

test.run()
