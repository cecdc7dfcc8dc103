import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { loadInventory } from '../../src/inventory/load.ts'
import { suite } from '../support/suite.ts'
import { hostVariables, listed, short, withFiles } from './support.ts'

const test = suite('inventory of docker-machine')

const config = (name: string, kind: string, driver: Record<string, unknown>): string =>
  JSON.stringify({ ConfigVersion: 3, Driver: { MachineName: name, ...driver }, DriverName: kind, Name: name })

const REGISTRY = config('registry', 'hyperv', {
  ...{ IPAddress: '192.168.1.20', SSHUser: 'docker', SSHPort: 22 },
  SSHKeyPath: 'C:\\Users\\somebody\\.docker\\machine\\machines\\registry\\id_rsa',
})
const BOX = config('box', 'virtualbox', {
  ...{ IPAddress: '192.168.99.100', SSHUser: 'docker', SSHPort: 51234, SSHKeyPath: '' },
})
const STORE = {
  'machine/certs/ca.pem': 'no inventory',
  'machine/cache/boot2docker.iso': 'no inventory',
  'machine/machines/registry/config.json': REGISTRY,
  'machine/machines/registry/id_rsa': 'a key',
  'machine/machines/registry/boot2docker.iso': 'no inventory',
  'machine/machines/box/config.json': BOX,
}

/** The source, and the hosts that come of it. */
const SOURCES: [string, string[]][] = [
  ['machine', ['box', 'registry']],
  ['machine/machines', ['box', 'registry']],
  ['machine/machines/registry', ['registry']],
]
for (const [source, hosts] of SOURCES)
  test(`hosts of ${source}`, () =>
    withFiles(STORE, async dir => {
      const { inventory, faults } = await loadInventory([join(dir, source)])
      assert.equal(faults, [])
      assert.equal([...inventory.hosts.keys()], hosts)
      assert.equal(listed(inventory)['docker_machines'], { hosts })
    }))

test('how machines are reached: at their own address, and VirtualBox by a forwarded port', () =>
  withFiles(STORE, async dir => {
    const { inventory } = await loadInventory([join(dir, 'machine'), 'other,'])
    assert.equal(hostVariables(inventory, 'registry'), {
      ...{ ansible_host: '192.168.1.20', ansible_port: 22, ansible_user: 'docker', docker_machine_driver: 'hyperv' },
      ansible_ssh_private_key_file: join(dir, 'machine/machines/registry/id_rsa'),
    })
    assert.equal(hostVariables(inventory, 'box'), {
      ...{
        ansible_host: '127.0.0.1',
        ansible_port: 51234,
        ansible_user: 'docker',
        docker_machine_driver: 'virtualbox',
      },
    })
    assert.is(
      inventory.hosts.get('registry')?.vars.get('ansible_host')?.span.file,
      join(dir, 'machine/machines/registry/config.json'),
    )
  }))

/** The configuration of a machine, and its faults. */
const FAULTS: Record<string, [text: string, faults: string[]]> = {
  'one that is not started': [
    config('m', 'hyperv', { IPAddress: '', SSHPort: 22 }),
    ['1:61 docker-machine', 'inventory-empty'],
  ],
  'no machine at all': ['{"Name": "m"}', ['1:1 docker-machine']],
  'a port that is none': [config('m', 'generic', { IPAddress: '10.0.0.1', SSHPort: 0 }), ['1:81 port-range']],
  'a name that is an option': [config('-x', 'generic', { IPAddress: '10.0.0.1' }), ['1:29 host-name']],
  'broken JSON': ['{', ['1:2 yaml-syntax']],
}
for (const [title, [text, faults]] of Object.entries(FAULTS))
  test(title, () =>
    withFiles({ 'machines/m/config.json': text }, async dir => {
      const got = short((await loadInventory([join(dir, 'machines')])).faults)
      assert.equal(got, faults)
    }),
  )

test('a directory without machines is a directory of inventories', () =>
  withFiles({ 'machines/hosts': 'h1\n' }, async dir => {
    assert.equal([...(await loadInventory([join(dir, 'machines')])).inventory.hosts.keys()], ['h1'])
  }))

test.run()
