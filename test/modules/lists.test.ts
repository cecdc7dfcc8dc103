import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { toJson } from '../../src/base/value.ts'
import getent from '../../src/modules/getent.ts'
import packageFacts from '../../src/modules/package_facts.ts'
import serviceFacts from '../../src/modules/service_facts.ts'
import { packageList, packagesIn } from '../../src/questions/package-list.ts'
import { servicesIn } from '../../src/questions/service-list.ts'
import { raw } from '../../src/shell/script.ts'
import { brief, planHere, planWith } from '../support/converge.ts'
import { busybox, debian } from '../support/host.ts'
import { run, SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'

const test = suite('modules/lists')

type Facts = { ansible_facts: Record<string, unknown>; msg?: string }

const factsOf = (plan: ReturnType<typeof planWith>): Facts => {
  if (plan.kind !== 'ok') throw new Error(brief(plan).join())
  return toJson(new Map(Object.entries(plan.result)) as never) as Facts
}

const entry = (code: number, stdout: string) => ({ said: { code, stdout } })

test('entries are lists of fields, and lists of such lists where a name stands twice', () => {
  const seen = entry(0, '127.0.0.1       localhost\n127.0.0.1  a b\n::1 localhost\n')
  assert.equal(factsOf(planWith(getent, { database: 'hosts' }, seen, debian)).ansible_facts, {
    getent_hosts: { '127.0.0.1': [['localhost'], ['a', 'b']], '::1': ['localhost'] },
  })
})

test('accounts are split at colons, anything where it says so', () => {
  const seen = entry(0, 'ann:x:1::/home/ann:\n')
  assert.equal(factsOf(planWith(getent, { database: 'passwd', key: 'ann' }, seen, debian)).ansible_facts, {
    getent_passwd: { ann: ['x', '1', '', '/home/ann', ''] },
  })
  assert.equal(factsOf(planWith(getent, { database: 'services', split: '/' }, entry(0, 'a b/c'), debian)), {
    ansible_facts: { getent_services: { 'a b': ['c'] } },
  })
})

test('what is not there fails, or is null', () => {
  const wish = { database: 'group', key: 'nobody-here' }
  assert.match(brief(planWith(getent, wish, entry(2, ''), debian)).join(), /could not be found/)
  assert.equal(factsOf(planWith(getent, { ...wish, fail_key: false }, entry(2, ''), debian)).ansible_facts, {
    getent_group: { 'nobody-here': null },
  })
  assert.match(brief(planWith(getent, { database: 'nope' }, entry(1, ''), debian)).join(), /database unknown/)
  assert.match(brief(planWith(getent, { database: 'hosts' }, entry(127, ''), debian)).join(), /has no getent/)
})

for (const shell of SHELLS)
  test(`${shell[0]}: root is found, with getent and without`, async () => {
    const bare = { ...busybox, tools: new Set<string>() }
    const hosts = shell[0] === 'busybox' ? [bare] : [debian, bare]
    for (const host of hosts)
      for (const wish of [{ database: 'passwd', key: 'root' }, { database: 'passwd' }]) {
        const { ansible_facts: facts } = factsOf(await planHere(getent, wish, host, shell))
        const root = (facts['getent_passwd'] as Record<string, string[]>)['root'] ?? []
        assert.equal(root.slice(1, 5), ['0', '0', 'root', '/root'])
      }
    const missing = brief(await planHere(getent, { database: 'group', key: 'nobody-here' }, bare, shell))
    assert.match(missing.join(), /could not be found/)
  })

const SYSTEMD = `#units
a.service loaded active running The a
b.service not-found inactive dead b.service
c.service loaded failed failed The c
#files
a.service enabled enabled
c.service static -
d.service disabled enabled
e@.service disabled enabled
#states
ActiveState=active

ActiveState=failed

ActiveState=inactive
#sysv
 [ + ]  a
 [ - ]  z
`

test('services are told by units, their files and SysV', () => {
  assert.equal(servicesIn(SYSTEMD), [
    { name: 'a', source: 'sysv', state: 'running' },
    { name: 'z', source: 'sysv', state: 'stopped' },
    { name: 'a.service', source: 'systemd', state: 'running', status: 'enabled' },
    { name: 'b.service', source: 'systemd', state: 'stopped', status: 'not-found' },
    { name: 'c.service', source: 'systemd', state: 'stopped', status: 'failed' },
    { name: 'd.service', source: 'systemd', state: 'inactive', status: 'disabled' },
    { name: 'e@.service', source: 'systemd', state: 'unknown', status: 'disabled' },
  ])
})

test('services of OpenRC are told with their runlevels', () => {
  assert.equal(servicesIn('#openrc\n sshd started\n cron stopped\n#runlevels\n sshd | default boot\n cron |\n'), [
    { name: 'sshd', source: 'openrc', state: 'started', runlevels: ['default', 'boot'] },
    { name: 'cron', source: 'openrc', state: 'stopped', runlevels: null },
  ])
})

test('services are facts by their names; none is no failure', () => {
  const seen = { services: servicesIn(SYSTEMD) }
  const { services } = factsOf(planWith(serviceFacts, {}, seen, debian)).ansible_facts
  assert.equal((services as Record<string, unknown>)['d.service'], {
    name: 'd.service',
    source: 'systemd',
    state: 'inactive',
    status: 'disabled',
  })
  assert.match(factsOf(planWith(serviceFacts, {}, { services: [] }, busybox)).msg ?? '', /Failed to find any/)
})

const DPKG =
  '#apt amd64\nii \tbash\tamd64\t5.2-1\tshells\nrc \tgone\tamd64\t1\tweb\nii \tlibc6\ti386\t2.36\tlibs\nhi \theld\tall\t3\tx\n'

test('packages are lists by name; those of another architecture say so', () => {
  const { packages } = factsOf(planWith(packageFacts, {}, { lists: packagesIn(DPKG) }, debian)).ansible_facts
  assert.equal(Object.keys(packages as object), ['bash', 'libc6:i386', 'held'])
  assert.equal((packages as Record<string, unknown>)['bash'], [
    { name: 'bash', version: '5.2-1', arch: 'amd64', category: 'shells', source: 'apt' },
  ])
})

const FAKES = {
  'dpkg-query': String.raw`printf 'ii \tnew\tamd64\t2\tx\tnew:amd64\nrc \tgone\tamd64\t1\tx\tgone\nii \tflat\tall\t1\tx\tflat\nii \tnew\ti386\t1\tx\tnew:i386\n'`,
  dpkg: 'echo amd64',
  'apt-cache': String.raw`case "$*" in *' showpkg -- new:amd64 flat new:i386') ;; *) exit 100;; esac
l=LISTS; s=/var/lib/dpkg/status
printf '%s\n' 'Package: new' 'Versions: ' "2 ($l/a.org_x_dists_s-u_main_binary-amd64_Packages) ($s)" " Description Language: " "                 File: $s" "1 ($l/a.org_x_dists_s_main_binary-amd64_Packages)"
printf '%s\n' 'Package: flat' 'Versions: ' "1 ($s)" 'Package: new:i386' 'Versions: ' "1 ($l/b_._Packages) ($s)"`,
}
for (const shell of SHELLS)
  for (const [title, tools, wanted] of [
    ['apt tells where packages are from', ['dpkg-query', 'dpkg', 'apt-cache'], ['Vendor: One', '', 'Flat']],
    ['without apt nobody tells that', ['dpkg-query', 'dpkg'], [undefined, undefined, undefined]],
  ] as const)
    test(`${shell[0]}: ${title}`, () => {
      const dir = mkdtempSync(join(tmpdir(), 'regplay-origins-'))
      try {
        for (const tool of tools)
          writeFileSync(join(dir, tool), `#!/bin/sh\n${FAKES[tool].replace('LISTS', dir)}\n`, { mode: 0o755 })
        writeFileSync(join(dir, 'a.org_x_dists_s-u_InRelease'), 'Origin: Vendor: One\nLabel: x\n')
        writeFileSync(join(dir, 'a.org_x_dists_s_InRelease'), 'Origin: Other\n')
        writeFileSync(join(dir, 'a.org_x_dists_InRelease'), 'Origin: Shorter\n')
        writeFileSync(join(dir, 'b_._Release'), 'Origin: Flat\n')
        for (const tool of ['awk', 'sed', 'grep', 'xargs', 'sh'])
          symlinkSync(execFileSync('sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).trim(), join(dir, tool))
        const question = packageList(['apt'])
        const script = raw(`PATH=${dir}; ${question.script.wire.replaceAll('/var/lib/apt/lists', dir)}`)
        const list = question.read(run(script, shell)).get('apt')
        assert.equal(
          list?.map(({ name }) => name),
          ['new', 'flat', 'new:i386'],
        )
        assert.equal(
          list?.map(({ origin }) => origin),
          wanted,
        )
      } finally {
        rmSync(dir, { recursive: true, force: true })
      }
    })

test('of several managers the first one is asked, or all', () => {
  const lists = packagesIn(
    '#rpm \nkernel\t5.1\t1.el9\t(none)\tx86_64\nkernel\t5.2\t1.el9\t2\tx86_64\n#apk \nmusl\t1.2\tr3\n',
  )
  const first = factsOf(planWith(packageFacts, {}, { lists }, debian)).ansible_facts['packages']
  const kernel = { name: 'kernel', version: '5.1', release: '1.el9', epoch: null, arch: 'x86_64', source: 'rpm' }
  assert.equal(first, { kernel: [kernel, { ...kernel, version: '5.2', epoch: 2 }] })
  const all = factsOf(planWith(packageFacts, { strategy: 'all' }, { lists }, debian)).ansible_facts['packages']
  assert.equal((all as Record<string, unknown>)['musl'], [
    { name: 'musl', version: '1.2', release: 'r3', source: 'apk' },
  ])
  assert.match(brief(planWith(packageFacts, { manager: ['apt'] }, { lists }, debian)).join(), /package manager/)
})

for (const shell of SHELLS.filter(([name]) => name !== 'busybox'))
  test(`${shell[0]}: dpkg tells this machine's packages`, async () => {
    const { packages } = factsOf(await planHere(packageFacts, {}, debian, shell)).ansible_facts
    assert.ok('dpkg' in (packages as object))
  })

test.run()
