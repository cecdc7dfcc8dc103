import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { fromJson, type Value } from '../../src/base/value.ts'
import setup from '../../src/modules/setup.ts'
import { planHere, planWith } from '../support/converge.ts'
import { debian } from '../support/host.ts'
import { SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'

const test = suite('modules/setup')

const factsOf = (plan: Awaited<ReturnType<typeof planHere>>): Map<Value, Value> => {
  const facts = 'result' in plan ? plan.result['ansible_facts'] : undefined
  if (!(facts instanceof Map)) throw new Error('no facts')
  return facts
}

const SAID = new Map([
  ['uname', 'Linux\nweb1.example.org\n6.1.0-18-amd64\n#1 SMP\nx86_64\n'],
  ['fqdn', 'web1.example.org\n'],
  ['os', 'ID=debian\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n'],
  ['debian', '12.5\n'],
  [
    'links',
    '1: lo: <LOOPBACK,UP> mtu 65536 qdisc noqueue link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n2: eth0@if5: <BROADCAST,UP,LOWER_UP> mtu 1500 qdisc noqueue link/ether 02:42:ac:11:00:02 brd ff:ff:ff:ff:ff:ff\n3: eth1: <NO-CARRIER,BROADCAST,UP> mtu 1500 state DOWN link/ether 02:42:ac:11:00:03 brd ff:ff:ff:ff:ff:ff\n',
  ],
  [
    'addresses',
    '1: lo    inet 127.0.0.1/8 scope host lo\n2: eth0    inet 172.17.0.2/16 brd 172.17.255.255 scope global eth0\n2: eth0    inet6 fe80::42:1/64 scope link\n',
  ],
  ['blocks', 'disk|sda|2097152|0|1|4096|A|B  \npart|sda1|4096|2048\ndisk|sdb|100|1|0|512|\n'],
  ['chroot', 'no\n'],
  ['route4', 'default via 172.17.0.1 dev eth0\n'],
  ['memory', 'MemTotal:        2048000 kB\nMemFree:          1024000 kB\n'],
  [
    'cpu',
    'processor:0\nmodel name:CPU\nphysical id:0\ncpu cores:2\nsiblings:4\nprocessor:1\nmodel name:CPU\nphysical id:0\n',
  ],
  ['environment', 'HOME=/root\0PATH=/bin\0QUOTED="x"\0LINES=a\nHOME=b\0'],
  ['user', 'root\n0\n0\n0\n0\n'],
  ['passwd', 'root:x:0:0:root:/root:/bin/bash\n'],
  ['local', '\x1ea.fact\n{"x": [1]}\x1eb.fact\n[s]\nK = v\n'],
  ['mounts', '/dev/sda1 / ext4 rw,relatime 0 0\n/dev/sda1 /srv/again ext4 rw 0 0\n'],
  ['room', '1024 1000 600 500 400 /\n'],
  ['binds', '/srv/again\n'],
  ['uuids', '/dev/sda1 1234-ABCD\n'],
])

test('facts have Ansible names and types', () => {
  const facts = factsOf(planWith(setup, {}, { said: SAID }, debian))
  const get = (path: string): Value | undefined =>
    path
      .split('.')
      .reduce<Value | undefined>((value, key) => (value instanceof Map ? value.get(key) : undefined), facts)
  for (const [path, wanted] of [
    ['ansible_distribution', 'Debian'],
    ['ansible_distribution_version', '12.5'],
    ['ansible_distribution_major_version', '12'],
    ['ansible_distribution_release', 'bookworm'],
    ['ansible_os_family', 'Debian'],
    ['ansible_pkg_mgr', 'apt'],
    ['ansible_service_mgr', 'systemd'],
    ['ansible_hostname', 'web1'],
    ['ansible_domain', 'example.org'],
    ['ansible_architecture', 'x86_64'],
    ['ansible_interfaces', ['lo', 'eth0', 'eth1']],
    ['ansible_all_ipv4_addresses', ['172.17.0.2']],
    ['ansible_default_ipv4.address', '172.17.0.2'],
    ['ansible_default_ipv4.gateway', '172.17.0.1'],
    ['ansible_default_ipv4.netmask', '255.255.0.0'],
    ['ansible_default_ipv4.network', '172.17.0.0'],
    ['ansible_eth0.ipv4.broadcast', '172.17.255.255'],
    ['ansible_memtotal_mb', 2000],
    ['ansible_processor_vcpus', 2],
    ['ansible_processor_count', 1],
    ['ansible_env.HOME', '/root'],
    ['ansible_env.QUOTED', '"x"'],
    ['ansible_env.LINES', 'a\nHOME=b'],
    ['ansible_eth0.active', true],
    ['ansible_eth1.active', false],
    ['ansible_devices.sda.removable', '0'],
    ['ansible_devices.sda.vendor', 'A|B'],
    ['ansible_devices.sda.size', '1.00 GB'],
    ['ansible_devices.sda.partitions.sda1.start', '2048'],
    ['ansible_devices.sda.partitions.sda1.sectors', '4096'],
    ['ansible_devices.sdb.partitions', new Map()],
    ['ansible_is_chroot', false],
    ['ansible_user_id', 'root'],
    ['ansible_user_dir', '/root'],
    ['ansible_local.b.s.k', 'v'],
  ] as const)
    assert.equal(get(path), wanted, path)
})

test('bridges and bonds tell their parts', () => {
  const said = new Map([
    ...SAID,
    [
      'links',
      '1: br0: <UP> mtu 1500 state UP\\    link/ether 02:00\n2: bond0: <UP> mtu 1500 state UP\\    link/ether 02:01\n3: tun0: <UP> mtu 1 state UNKNOWN\\    link/none \n',
    ],
    [
      'cards',
      'br0 id 8000.02\nbr0 stp 1\nbr0 interfaces eth0 eth1 \nbond0 slaves a b\nbond0 mode active-backup 1\nbond0 miimon 100\nbond0 primary \n',
    ],
  ])
  const facts = factsOf(planWith(setup, { gather_subset: ['network'] }, { said }, debian))
  const own = (name: string, ...keys: string[]) => {
    const fact = facts.get(name)
    return keys.map(key => (fact instanceof Map ? fact.get(key) : undefined))
  }
  assert.equal(own('ansible_br0', 'type', 'id', 'stp', 'interfaces'), ['bridge', '8000.02', true, ['eth0', 'eth1']])
  assert.equal(own('ansible_bond0', 'type', 'slaves', 'mode', 'miimon', 'primary'), [
    'bonding',
    ['a', 'b'],
    'active-backup',
    '100',
    undefined,
  ])
  assert.equal(own('ansible_tun0', 'type', 'id'), ['tunnel', undefined])
})

for (const [subset, has, lacks] of [
  [['!all'], 'ansible_distribution', 'ansible_interfaces'],
  [['network'], 'ansible_interfaces', 'ansible_memtotal_mb'],
  [['!hardware'], 'ansible_distribution', 'ansible_interfaces'],
  [['all', '!hardware'], 'ansible_interfaces', 'ansible_memtotal_mb'],
  [['!all', '!min', 'network'], 'ansible_interfaces', 'ansible_memtotal_mb'],
  [['!all', '!min', 'network'], 'ansible_interfaces', 'ansible_distribution'],
  [['!all'], 'ansible_dns', 'ansible_virtualization_role'],
  [['!all', 'virtual'], 'ansible_virtualization_role', 'ansible_systemd'],
  [['all', '!virtual'], 'ansible_is_chroot', 'ansible_virtualization_type'],
  [['!all', '!min', 'pkg_mgr'], 'ansible_pkg_mgr', 'ansible_env'],
  [['!all', '!min', 'pkg_mgr'], 'ansible_distribution', 'ansible_user_id'],
  [['!all', '!min', 'user'], 'ansible_user_id', 'ansible_distribution'],
  [['!all', '!min', 'min'], 'ansible_user_id', 'ansible_interfaces'],
  [['!all', '!min', 'date_time'], 'ansible_date_time', 'ansible_interfaces'],
] as const)
  test(`gather_subset: ${subset.join()}`, () => {
    const facts = factsOf(planWith(setup, { gather_subset: subset }, { said: SAID }, debian))
    assert.equal([facts.has(has), facts.has(lacks)], [true, false])
  })

test('a mount whose room nobody tells has none', () => {
  const mounts = factsOf(planWith(setup, {}, { said: SAID }, debian)).get('ansible_mounts')
  const told = Array.isArray(mounts) ? mounts.map(one => one instanceof Map && one.get('size_total')) : []
  assert.equal(told, [1_024_000, undefined])
})

test('an unknown subset is refused, a known one of Ansible never', () => {
  const plan = (subset: string) => planWith(setup, { gather_subset: [subset] }, { said: SAID }, debian).kind
  assert.equal(
    [plan('hardwear'), plan('!nettwork'), plan('facter'), plan('!virtual')],
    ['refuse', 'refuse', 'ok', 'ok'],
  )
})

test('local facts that say nothing are an empty mapping, not a fault', () => {
  const said = new Map([...SAID, ['local', '\x1ea.fact\n\x1eb.fact\n# only\n; words\n\x1ec.fact\nneither\n']])
  const local = factsOf(planWith(setup, {}, { said }, debian)).get('ansible_local')
  assert.ok(local instanceof Map)
  assert.equal([local.get('a'), local.get('b')], [new Map(), new Map()])
  assert.match(String(local.get('c')), /error loading facts/)
})

test('filter', () => {
  const facts = factsOf(planWith(setup, { filter: ['ansible_dist*', 'hostname'] }, { said: SAID }, debian))
  assert.ok([...facts.keys()].every(name => /^ansible_(dist|hostname)/.test(String(name))))
  assert.ok(factsOf(planWith(setup, { filter: [''] }, { said: SAID }, debian)).has('ansible_eth0'))
})

for (const shell of SHELLS)
  test(`${shell[0]}: this machine tells its facts`, async () => {
    const facts = factsOf(await planHere(setup, {}, debian, shell))
    assert.is(facts.get('ansible_nodename'), hostname())
    assert.is(facts.get('ansible_kernel'), readFileSync('/proc/sys/kernel/osrelease', 'utf8').trim())
    assert.ok(Number(facts.get('ansible_memtotal_mb')) > 0)
    assert.ok(Number(facts.get('ansible_processor_vcpus')) > 0)
    const disks = facts.get('ansible_devices')
    for (const disk of readdirSync('/sys/block')) assert.ok(disks instanceof Map && disks.has(disk), disk)
    const kept = mkdtempSync(join(tmpdir(), "it's kept "))
    writeFileSync(join(kept, 'a b.fact'), '{"x": 1}')
    writeFileSync(join(kept, 'told.fact'), '#!/bin/sh\necho \'{"y": "\'"$0"\'"}\'\n', { mode: 0o755 })
    writeFileSync(join(kept, 'fails.fact'), '#!/bin/sh\nexit 3\n', { mode: 0o755 })
    writeFileSync(join(kept, 'neither.fact'), 'no section\n')
    writeFileSync(join(kept, 'half.fact'), '[s]\nkey = 1\nno value\n')
    writeFileSync(join(kept, 'ini.fact'), '; c\n[s]\n# c\nKey : 1\n  2\n\n[t]\n')
    symlinkSync('nowhere', join(kept, 'dead.fact'))
    const plan = await planHere(setup, { fact_path: kept, filter: ['local'] }, debian, shell)
    const wrong = {
      dead: `Could not stat fact (${join(kept, 'dead.fact')}): the link leads nowhere`,
      fails: `Failure executing fact script (${join(kept, 'fails.fact')}), rc: 3`,
      half: `error loading facts as JSON or ini - please check content: ${join(kept, 'half.fact')}`,
      neither: `error loading facts as JSON or ini - please check content: ${join(kept, 'neither.fact')}`,
    }
    const own = { 'a b': { x: 1 }, ...wrong, ini: { s: { key: '1\n2' }, t: {} }, told: { y: join(kept, 'told.fact') } }
    assert.equal(factsOf(plan).get('ansible_local'), fromJson(own))
    assert.equal(plan.kind === 'ok' && plan.result?.['warnings'], Object.values(wrong))
    rmSync(kept, { recursive: true })
    const time = facts.get('ansible_date_time')
    assert.match(String(time instanceof Map && time.get('epoch')), /^\d{10}$/)
  })

test.run()
