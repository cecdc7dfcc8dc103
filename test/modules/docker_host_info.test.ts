import assert from 'node:assert/strict'
import hostInfo from '../../src/modules/docker_host_info.ts'
import { planWith } from '../support/converge.ts'
import { debian } from '../support/host.ts'
import { suite } from '../support/suite.ts'

const test = suite('modules/docker_host_info')

const CONTAINER = {
  Id: 'c0',
  Path: 'sh',
  Args: ['-c', 'serve'],
  Name: '/web',
  Created: '2024-01-02T03:04:05.678Z',
  Config: { Image: 'web:1' },
  NetworkSettings: { Ports: { '80/tcp': [{ HostIp: '0.0.0.0', HostPort: '8080' }], '81/udp': null } },
}
const SEEN = {
  info: { Name: 'h', ClientInfo: { Debug: false } },
  lists: {
    containers: [CONTAINER],
    images: [{ Id: 'i0', RepoTags: ['web:1'], Created: '2024-01-02T03:04:05Z', Size: 7, Architecture: 'amd64' }],
    networks: [{ Id: 'n0', Driver: 'bridge', Name: 'n', Scope: 'local', Internal: false }],
    volumes: [{ Driver: 'local', Name: 'v', Mountpoint: '/v' }],
  },
  status: new Map([['c0', 'Up 2 hours']]),
  disk: 'Images 1.5GB\nContainers 3kB\n',
  usage: { Images: [] },
}

const told = (wish: Record<string, unknown>): unknown => {
  const plan = planWith(hostInfo, wish, { now: SEEN }, debian)
  assert.ok(plan.kind === 'ok')
  return JSON.parse(
    JSON.stringify(plan.result, (_, value) => (value instanceof Map ? Object.fromEntries(value) : value)),
  )
}

test('the daemon speaks of itself, not of the command', () =>
  assert.deepEqual((told({}) as { host_info: unknown }).host_info, { Name: 'h' }))

test('of each the least', () =>
  assert.deepEqual(told({ containers: true, disk_usage: true }), {
    host_info: { Name: 'h' },
    containers: [
      {
        Id: 'c0',
        Image: 'web:1',
        Command: 'sh -c serve',
        Created: 1704164645,
        Status: 'Up 2 hours',
        Ports: [
          { IP: '0.0.0.0', PrivatePort: 80, Type: 'tcp', PublicPort: 8080 },
          { PrivatePort: 81, Type: 'udp' },
        ],
        Names: ['/web'],
      },
    ],
    images: [{ Id: 'i0', RepoTags: ['web:1'], Created: 1704164645, Size: 7 }],
    networks: [{ Id: 'n0', Driver: 'bridge', Name: 'n', Scope: 'local' }],
    volumes: [{ Driver: 'local', Name: 'v' }],
    disk_usage: { LayersSize: 1_500_000_000 },
  }))

test('of each all', () => {
  const { volumes, disk_usage } = told({ volumes: true, disk_usage: true, verbose_output: true }) as typeof SEEN & {
    disk_usage: unknown
    volumes: unknown
  }
  assert.deepEqual(volumes, SEEN.lists.volumes)
  assert.deepEqual(disk_usage, { LayersSize: 1_500_000_000, Images: [] })
})

test('no docker', () => {
  const plan = planWith(hostInfo, {}, { now: 'no docker' }, debian)
  assert.equal(plan.kind, 'refuse')
})

test.run()
