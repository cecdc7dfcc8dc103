import assert from 'node:assert/strict'
import {
  differences,
  environmentFault,
  environmentFile,
  parsePort,
  parseVolume,
  publishWords,
  runWords,
  type Wanted,
} from '../../src/questions/container-spec.ts'
import type { ContainerFacts, ImageFacts } from '../../src/questions/docker.ts'
import { suite } from '../support/suite.ts'

const test = suite('questions/container-spec')

const volumes: [text: string, source: string, target: string, readOnly: boolean, options: string[]][] = [
  ['/srv/a:/a', '/srv/a', '/a', false, []],
  ['/srv/a/:/a/:ro', '/srv/a', '/a', true, []],
  ['/:/host:ro,z', '/', '/host', true, ['z']],
  ['data:/a:rw', 'data', '/a', false, []],
  ['/a', '', '/a', false, []],
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
  },
  HostConfig: {
    NetworkMode: 'default',
    PortBindings: { '443/tcp': [{ HostIp: '', HostPort: '443' }] },
    RestartPolicy: { Name: 'always', MaximumRetryCount: 0 },
    Privileged: false,
    ReadonlyRootfs: false,
    CapAdd: null,
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
  [{ capabilities: ['NET_ADMIN'] }, ['capabilities:  -> NET_ADMIN']],
  [{ volumes: ['/srv/certs:/certs:ro'] }, []],
  [{ volumes: ['/srv/certs:/certs:ro', 'v:/v'] }, []],
  [{ volumes: ['/srv/certs:/certs'] }, ['mount /certs: /srv/certs (ro) -> /srv/certs']],
  [{ volumes: ['/other:/certs:ro'] }, ['mount /certs: /srv/certs (ro) -> /other (ro)']],
  [{ volumes: ['/srv/s:/s'] }, ['mount /s: not mounted -> /srv/s', 'mount /certs: /srv/certs -> not mounted']],
  [{ env: { B: '2=3' } }, []],
  [{ env: { B: '2=3', A: 'image' } }, []],
  [{ env: { B: 1, C: true } }, ['env B: 2=3 -> 1', 'env C: unset -> true']],
  [{ env: {} }, ['env B: 2=3 -> unset']],
  [{ labels: { mine: 1, from: 'image' } }, []],
  [{ labels: { mine: '2', more: 'x' } }, ['label mine: 1 -> 2', 'label more: unset -> x']],
  [{ published_ports: ['443:443'] }, []],
  [{ published_ports: ['0.0.0.0:443:443'] }, []],
  [{ published_ports: ['127.0.0.1:443:443'] }, ['port 443/tcp: :443 -> 127.0.0.1:443']],
  [{ published_ports: ['5000:443', '443:443'] }, ['port 443/tcp: :443 -> :443 :5000']],
  [{ published_ports: ['80:80'] }, ['port 443/tcp: :443 -> not published', 'port 80/tcp: not published -> :80']],
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
  [{ volumes: ['/a "b",c:/d:ro'] }, ['--mount', 'type=bind,"source=/a ""b"",c","target=/d",readonly']],
  [
    { volumes: ['v:/d', '/d2'] },
    ['--mount', 'type=volume,"source=v","target=/d"', '--mount', 'type=volume,"target=/d2"'],
  ],
  [{ volumes: ['/a:/d:z,ro'] }, ['-v', '/a:/d:z,ro']],
  [{ labels: { a: true }, capabilities: ['X'] }, ['--label', 'a=true', '--cap-add', 'X']],
  [{ network_mode: 'host', user: '1:2', hostname: 'h' }, ['--network', 'host', '--user', '1:2', '--hostname', 'h']],
  [{ privileged: true, read_only: true }, ['--privileged', '--read-only']],
  [{ entrypoint: ['/e'] }, ['--entrypoint', '/e']],
]
for (const [wanted, made] of words)
  test(`words of ${JSON.stringify(wanted)}`, () =>
    assert.deepEqual(runWords({ name: 'c', started: true, ...wanted }), made))

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
