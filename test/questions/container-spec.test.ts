import assert from 'node:assert/strict'
import { deviceRequestFault } from '../../src/questions/container-devices.ts'
import { mountFault } from '../../src/questions/container-mounts.ts'
import { expandPort, parsePort, portFault, withAddress } from '../../src/questions/container-ports.ts'
import {
  differences,
  environmentFault,
  environmentFile,
  publishWords,
  runWords,
  type Wanted,
} from '../../src/questions/container-spec.ts'
import { parseVolume, volumeFault } from '../../src/questions/container-volumes.ts'
import type { ContainerFacts, ImageFacts } from '../../src/questions/docker.ts'
import { suite } from '../support/suite.ts'

const test = suite('questions/container-spec')

const volumes: [text: string, source: string, target: string, readOnly: boolean, options: string[]][] = [
  ['/srv/a:/a', '/srv/a', '/a', false, []],
  ['/srv/a/:/a/:ro', '/srv/a', '/a', true, []],
  ['/:/host:ro,z', '/', '/host', true, ['z']],
  ['data:/a:rw', 'data', '/a', false, []],
  ['/a', '', '/a', false, []],
  ['/a:ro,Z', '', '/a', true, ['Z']],
]
for (const [text, source, target, readOnly, options] of volumes)
  test(`volume ${text}`, () => assert.deepEqual(parseVolume(text), { source, target, readOnly, options }))

const ports: [text: string, key: string, binding: string][] = [
  ['443:443', '443/tcp', ':443'],
  ['0.0.0.0:443:5000', '5000/tcp', ':443'],
  ['127.0.0.1:53:53/udp', '53/udp', '127.0.0.1:53'],
  ['[::1]:80:80', '80/tcp', '::1:80'],
  ['80', '80/tcp', ':'],
]
for (const [text, key, binding] of ports)
  test(`port ${text}`, () => assert.deepEqual(parsePort(text), { key, binding }))

const ranges: [text: string, ports: string[]][] = [
  ['80', ['80']],
  ['80-81', ['80', '81']],
  ['8000-8001:80-81/udp', ['8000:80/udp', '8001:81/udp']],
  ['127.0.0.1:8000-8001:80-81', ['127.0.0.1:8000:80', '127.0.0.1:8001:81']],
  ['[::1]:8000:80', ['[::1]:8000:80']],
]
for (const [text, wanted] of ranges) test(`ports ${text}`, () => assert.deepEqual(expandPort(text), wanted))

test('a port has an address', () => {
  assert.equal(withAddress('80', '127.0.0.1'), '127.0.0.1::80')
  assert.equal(withAddress('8080:80/udp', '::1'), '[::1]:8080:80/udp')
  assert.equal(withAddress('192.0.2.1:8080:80', '127.0.0.1'), '192.0.2.1:8080:80')
  assert.equal(withAddress('80', undefined), '80')
})

const image = {
  Id: 'sha256:i',
  Config: { Env: ['PATH=/bin', 'A=image'], Labels: { from: 'image' } },
} as unknown as ImageFacts
const now = {
  Id: '0123456789abcdef',
  Image: 'sha256:i',
  Config: {
    Env: ['PATH=/bin', 'A=image', 'B=2=3'],
    Cmd: ['serve', 'x'],
    Entrypoint: ['/e'],
    Labels: { mine: '1', from: 'image' },
    User: '',
    Hostname: 'h',
    Healthcheck: { Test: ['CMD', 'sleep', '1'] },
  },
  HostConfig: {
    NetworkMode: 'default',
    PortBindings: { '443/tcp': [{ HostIp: '', HostPort: '443' }] },
    RestartPolicy: { Name: 'always', MaximumRetryCount: 0 },
    Privileged: false,
    ReadonlyRootfs: false,
    CapAdd: null,
    SecurityOpt: ['label=disable', 'apparmor:unconfined'],
    Dns: ['192.0.2.1', '192.0.2.2'],
    Links: ['/db:/c/db'],
    DeviceRequests: [{ Driver: '', Count: -1, DeviceIDs: null, Capabilities: [['utility', 'gpu']], Options: {} }],
    Mounts: [
      { Type: 'tmpfs', Target: '/t', TmpfsOptions: { SizeBytes: 1024, Mode: 0o1777 } },
      {
        Type: 'volume',
        Source: 'd',
        Target: '/d',
        VolumeOptions: {
          NoCopy: true,
          Labels: { a: '1', b: '2' },
          DriverConfig: { Name: 'local', Options: { type: 'nfs' } },
        },
      },
    ],
  },
  Mounts: [
    { Type: 'bind', Source: '/srv/certs', Destination: '/certs', RW: false },
    { Type: 'volume', Source: '/var/lib/docker/volumes/v', Destination: '/v', RW: true, Name: 'v' },
  ],
} as unknown as ContainerFacts

/** What is declared, and the lines that it makes against `now`. */
const table: [wanted: Partial<Wanted>, lines: string[]][] = [
  [{}, []],
  [
    { restart_policy: 'always', network_mode: 'bridge', command: ['serve', 'x'], entrypoint: ['/e'], hostname: 'h' },
    [],
  ],
  [{ restart_policy: 'no' }, ['restart_policy: always -> no']],
  [{ network_mode: 'host' }, ['network_mode: bridge -> host']],
  [{ command: ['serve'] }, ['command: serve x -> serve']],
  [{ command: ['serve x'] }, ['command: serve x -> "serve x"']],
  [
    { restart_policy: 'on-failure', restart_retries: 3 },
    ['restart_policy: always -> on-failure', 'restart_retries: 0 -> 3'],
  ],
  [{ user: '1000' }, ['user:  -> 1000']],
  [{ privileged: true, read_only: true }, ['privileged: false -> true', 'read_only: false -> true']],
  [{ options: { capabilities: ['NET_ADMIN'] } }, ['capabilities:  -> NET_ADMIN']],
  [{ options: { security_opts: ['apparmor=unconfined'] } }, []],
  [{ options: { security_opts: ['apparmor=unconfined'] }, comparisons: { security_opts: 'strict' } }, []],
  [{ options: { security_opts: ['apparmor=unconfined', 'label:disable'] } }, []],
  [
    { options: { security_opts: ['no-new-privileges', 'label=user:me:x'] } },
    ['security_opts: label=disable apparmor=unconfined -> no-new-privileges label=user:me:x'],
  ],
  [{ volumes: ['/srv/certs:/certs:ro'] }, []],
  [{ volumes: ['/srv/certs:/certs:ro', 'v:/v'] }, []],
  [{ volumes: ['/srv/certs:/certs'] }, ['mount /certs: /srv/certs (ro) -> /srv/certs']],
  [{ volumes: ['/other:/certs:ro'] }, ['mount /certs: /srv/certs (ro) -> /other (ro)']],
  [{ volumes: ['/srv/s:/s'] }, ['mount /s: not mounted -> /srv/s']],
  [{ volumes: ['/v'] }, []],
  [{ volumes: ['/x:rw'] }, ['mount /x: not mounted -> a volume']],
  [{ volumes: ['/srv/certs:/certs:ro,Z'] }, ['mount /certs: /srv/certs (ro) -> /srv/certs (ro, Z)']],
  [
    { volumes: ['/srv/s:/s'], comparisons: { volumes: 'strict' } },
    ['mount /s: not mounted -> /srv/s', 'mount /certs: /srv/certs -> not mounted'],
  ],
  [
    { volumes: [], mounts: [{ type: 'bind', source: '/x', target: '/certs' }] },
    ['mounts /certs: not mounted -> type=bind source=/x'],
  ],
  [{ mounts: [{ type: 'tmpfs', target: '/t', tmpfs_mode: '1777', tmpfs_size: '1k' }] }, []],
  [
    { mounts: [{ type: 'tmpfs', target: '/t', tmpfs_mode: '0700', tmpfs_size: '1m' }] },
    ['mounts /t: tmpfs_size=1024 tmpfs_mode=1023 -> tmpfs_size=1048576 tmpfs_mode=448'],
  ],
  [
    {
      mounts: [
        {
          target: '/d',
          source: 'd',
          labels: { b: 2, a: 1 },
          volume_driver: 'local',
          volume_options: { type: 'nfs' },
          no_copy: true,
        },
      ],
    },
    [],
  ],
  [{ mounts: [{ target: '/d', labels: {} }] }, ['mounts /d: labels=a=1,b=2 -> labels=']],
  [
    { mounts: [], comparisons: { mounts: 'strict' } },
    ['mounts /t: type=tmpfs source= -> not mounted', 'mounts /d: type=volume source=d -> not mounted'],
  ],
  [{ options: { device_requests: [] } }, []],
  [{ options: { device_requests: [{ count: -1, capabilities: [['gpu', 'utility']] }] } }, []],
  [
    { options: { device_requests: [{ device_ids: ['0'], driver: 'nvidia' }] } },
    [
      'device_requests: driver= count=-1 capabilities=gpu,utility options= -> driver=nvidia device_ids=0 capabilities=gpu options=',
    ],
  ],
  [{ options: { dns_servers: ['192.0.2.1', '192.0.2.2'], links: ['db'] } }, []],
  [
    { options: { dns_servers: ['192.0.2.2', '192.0.2.1'] } },
    ['dns_servers: 192.0.2.1 192.0.2.2 -> 192.0.2.2 192.0.2.1'],
  ],
  [{ options: { dns_servers: ['192.0.2.2'] }, comparisons: { dns_servers: 'allow_more_present' } }, []],
  [{ options: { stop_timeout: 7 } }, []],
  [{ options: { stop_timeout: 7 }, comparisons: { '*': 'strict' } }, ['stop_timeout:  -> 7']],
  [{ options: { healthcheck: { test: ['CMD', 'sleep', 1] } } }, []],
  [{ env: { B: '2=3' } }, []],
  [{ env: { B: '2=3', A: 'image' } }, []],
  [{ env: { B: 1, C: true } }, ['env B: 2=3 -> 1', 'env C: unset -> true']],
  [{ env: {} }, []],
  [{ env: {}, comparisons: { env: 'strict' } }, ['env B: 2=3 -> unset']],
  [{ labels: { mine: 1, from: 'image' } }, []],
  [{ labels: { mine: '2', more: 'x' } }, ['label mine: 1 -> 2', 'label more: unset -> x']],
  [{ labels: {} }, []],
  [{ labels: {}, comparisons: { labels: 'strict' } }, ['label mine: 1 -> unset']],
  [{ published_ports: ['443:443'] }, []],
  [{ published_ports: ['0.0.0.0:443:443'] }, []],
  [{ published_ports: ['127.0.0.1:443:443'] }, ['port 443/tcp: :443 -> 127.0.0.1:443']],
  [{ published_ports: ['5000:443', '443:443'] }, ['port 443/tcp: :443 -> :443 :5000']],
  [{ published_ports: ['80:80'] }, ['port 80/tcp: not published -> :80']],
  [{ published_ports: [], comparisons: { '*': 'strict' } }, ['port 443/tcp: :443 -> not published']],
  [{ published_ports: ['9000-9009:443'] }, ['port 443/tcp: :443 -> :9000-9009']],
]
for (const [wanted, lines] of table)
  test(`compares ${JSON.stringify(wanted)}`, () =>
    assert.deepEqual(
      differences({ name: 'c', started: true, ...wanted }, now, image).map(
        ({ what, from, to }) => `${what}: ${from} -> ${to}`,
      ),
      lines,
    ))

test('another image is a difference', () =>
  assert.deepEqual(differences({ name: 'c', started: true }, now, { ...image, Id: 'sha256:j' }), [
    { what: 'image', from: 'sha256:i', to: 'sha256:j' },
  ]))

const words: [wanted: Partial<Wanted>, words: string[]][] = [
  [{}, []],
  [{ restart_policy: 'on-failure', restart_retries: 3 }, ['--restart', 'on-failure:3']],
  [{ restart_policy: 'always', restart_retries: 3 }, ['--restart', 'always']],
  [{ volumes: ['/a "b",c:/d:ro'] }, ['-v', '/a "b",c:/d:ro']],
  [{ volumes: ['v:/d', '/d2:rw'] }, ['-v', 'v:/d:rw', '-v', '/d2']],
  [
    { mounts: [{ type: 'bind', source: '/a "b",c', target: '/d', read_only: true, propagation: 'rslave' }] },
    ['--mount', 'type=bind,"source=/a ""b"",c",target=/d,readonly,bind-propagation=rslave'],
  ],
  [
    {
      mounts: [
        { target: '/d', no_copy: true, labels: { a: 'b,c' }, volume_driver: 'local', volume_options: { o: 'x' } },
        { type: 'tmpfs', target: '/t', tmpfs_size: '1k', tmpfs_mode: '1777' },
      ],
    },
    [
      '--mount',
      'type=volume,target=/d,volume-nocopy,"volume-label=a=b,c",volume-driver=local,volume-opt=o=x',
      '--mount',
      'type=tmpfs,target=/t,tmpfs-size=1024,tmpfs-mode=1777',
    ],
  ],
  [
    {
      options: { device_requests: [{ driver: 'nvidia', device_ids: ['0', '1'], capabilities: [['gpu', 'compute']] }] },
    },
    ['--gpus', '"driver=nvidia","device=0,1","capabilities=compute"'],
  ],
  [{ volumes: ['/a:/d:z,ro'] }, ['-v', '/a:/d:z,ro']],
  [{ labels: { a: true }, options: { capabilities: ['X'] } }, ['--label', 'a=true', '--cap-add', 'X']],
  [{ options: { security_opts: ['no-new-privileges'] } }, ['--security-opt', 'no-new-privileges']],
  [{ network_mode: 'host', user: '1:2', hostname: 'h' }, ['--network', 'host', '--user', '1:2', '--hostname', 'h']],
  [{ privileged: true, read_only: true }, ['--privileged', '--read-only']],
  [{ entrypoint: ['/e'] }, ['--entrypoint', '/e']],
]
for (const [wanted, made] of words)
  test(`words of ${JSON.stringify(wanted)}`, () =>
    assert.deepEqual(runWords({ name: 'c', started: true, ...wanted }), made))

const faults: [fault: string | undefined, said: RegExp][] = [
  [volumeFault(['/a:/x', '/b:/x:ro']), /"\/x" appears twice in the volumes option/],
  [volumeFault(['/a:/x'], ['/x']), /"\/x" appears both in the volumes and mounts option/],
  [volumeFault([], ['/x', '/x']), /"\/x" appears twice in the mounts option/],
  [volumeFault(['/a:/x:nonsense']), /invalid volumes mode: nonsense/],
  [mountFault({ type: 'bind', target: '/x' }), /source must be specified for mount "\/x" of type "bind"/],
  [mountFault({ target: '/x', tmpfs_size: '1m' }), /tmpfs_size cannot be specified .* "volume" \(needs type "tmpfs"\)/],
  [mountFault({ type: 'tmpfs', target: '/x', tmpfs_size: 'big' }), /Failed to convert tmpfs_size/],
  [mountFault({ type: 'tmpfs', target: '/x', tmpfs_mode: '0999' }), /not an octal string/],
  [deviceRequestFault({ capabilities: [['tpu']] }), /no gpu/],
  [deviceRequestFault({ capabilities: [['gpu'], ['tpu']] }), /several lists/],
  [deviceRequestFault({ count: 1, device_ids: ['0'] }), /both count and device_ids/],
  [portFault('[::1:2000:3000'), /Cannot find closing "\]" in input .* index 1!/],
  [portFault('::1:2000:3000'), /expected 1 to 3 colon-separated parts, but got 5/],
  [portFault('foo:2000:3000'), /not hostnames.*foo/],
]
for (const [fault, said] of faults) test(`a fault: ${said}`, () => assert.match(fault ?? '', said))

test('no fault', () => {
  for (const port of ['80', '80/udp', '8000-8001:80-81', '[::1]:80:80', '127.0.0.1::80'])
    assert.equal(portFault(port), undefined)
  assert.equal(volumeFault(['/a:/x', 'v:/y:ro,z', '/z:rw'], ['/w']), undefined)
  assert.equal(mountFault({ type: 'tmpfs', target: '/x', tmpfs_size: '1m', tmpfs_mode: '1777' }), undefined)
  assert.equal(deviceRequestFault({}), undefined)
})

test('environment and ports', () => {
  const wanted: Wanted = {
    name: 'c',
    started: true,
    env: { A: 'x y', B: false, C: null, D: 0 },
    published_ports: ['1:2', '3:4'],
  }
  assert.equal(environmentFile(wanted), 'A=x y\nB=false\nC=\nD=0\n')
  assert.deepEqual(publishWords(wanted), ['-p', '1:2', '-p', '3:4'])
})

for (const [env, fault] of [
  [{ A: 'x y', B: 1, C: true, D: '' }, undefined],
  [{ A: 'two\nlines' }, /A holds a line end/],
  [{ A: 'x\r' }, /A holds a line end/],
  [{ '#A': 'x' }, /'#A' is no name/],
  [{ 'A B': 'x' }, /'A B' is no name/],
  [{ '': 'x' }, /is no name/],
] as const)
  test(`environment ${JSON.stringify(env)}`, () =>
    fault === undefined
      ? assert.equal(environmentFault({ env }), undefined)
      : assert.match(environmentFault({ env }) ?? '', fault))

test.run()
