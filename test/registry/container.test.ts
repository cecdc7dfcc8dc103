import assert from 'node:assert/strict'
import { type ContainerSpec, neededFiles, registryContainer } from '../../src/registry/container.ts'
import { lintContainer } from '../../src/registry/container-lint.ts'
import { type HostPath, lintMounts } from '../../src/registry/mount-lint.ts'
import { suite } from '../support/suite.ts'

const test = suite('registry/container')
const root = '/srv/docker-registry'
const ours = registryContainer({
  image: 'registry:2',
  root,
  port: 443,
  certificate: 'registry.pem',
  key: 'registry-key.pem',
})
const { env } = ours
const good: ContainerSpec = ours
const without = (name: string) => Object.fromEntries(Object.entries(env).filter(([key]) => key !== name))

test('our own container has no fault', () => assert.deepEqual(lintContainer(ours), []))

for (const [name, change, code] of [
  ['published to another port than it listens on', { ports: ['443:5000'] }, 'registry-port'],
  ['listens on the default, published otherwise', { env: without('REGISTRY_HTTP_ADDR') }, 'registry-port'],
  ['placeholders of a guide', { ports: ['port_host:port_container'] }, 'registry-port'],
  ['a placeholder in the address', { env: { ...env, REGISTRY_HTTP_ADDR: '0.0.0.0:port_container' } }, 'registry-port'],
  ['no port', { ports: [] }, 'registry-port'],
  ['a port that is none', { ports: ['443:70000'] }, 'registry-port'],
  ['no TLS', { env: { REGISTRY_HTTP_ADDR: ':443' } }, 'registry-no-tls'],
  ['a certificate without key', { env: without('REGISTRY_HTTP_TLS_KEY') }, 'registry-no-tls'],
  [
    'cert.pem of certbot',
    { env: { ...env, REGISTRY_HTTP_TLS_CERTIFICATE: '/certs/cert.pem', REGISTRY_HTTP_TLS_KEY: '/certs/privkey.pem' } },
    'registry-tls-no-chain',
  ],
  ['one file for both', { env: { ...env, REGISTRY_HTTP_TLS_KEY: '/certs/registry.pem' } }, 'registry-tls-one-file'],
  ['no storage', { volumes: ['/etc/certs:/certs'] }, 'registry-no-storage'],
  [
    'read-only by the variable that panics',
    { env: { ...env, REGISTRY_STORAGE_MAINTENANCE_READONLY_ENABLED: 'true' } },
    'registry-env',
  ],
  ['webhooks without a number', { env: { ...env, REGISTRY_NOTIFICATIONS_ENDPOINTS_NAME: 'x' } }, 'registry-env'],
  ['half of htpasswd', { env: { ...env, REGISTRY_AUTH_HTPASSWD_PATH: '/certs/htpasswd' } }, 'registry-env'],
  ['not started again', { restartPolicy: 'no' }, 'registry-restart'],
  [
    'registry 3 with the path of 2',
    { image: 'registry:3', command: ['serve', '/etc/docker/registry/config.yml'] },
    'registry-config-path',
  ],
  [
    'registry 2 with the path of 3',
    { image: 'h:5000/registry:2.8', volumes: [...good.volumes, '/x.yml:/etc/distribution/config.yml'] },
    'registry-config-path',
  ],
  [
    'all of letsencrypt',
    { volumes: ['/etc/letsencrypt:/certs', `${root}/storage:/var/lib/registry`] },
    'registry-mount-wide',
  ],
] as const)
  test(`container: ${name}`, () => {
    const found = lintContainer({ ...good, ...change } as ContainerSpec)
    assert.deepEqual(
      found.map(fault => fault.code),
      [code],
    )
    for (const { message, remedy } of found) assert.ok(message && remedy && !message.includes('undefined'), message)
  })

test('the files that the registry will open, and where they are on the host', () => {
  assert.deepEqual(
    neededFiles(good).map(({ hostPath }) => hostPath),
    [`${root}/certs/registry.pem`, `${root}/certs/registry-key.pem`],
  )
  const deep = neededFiles({ ...good, volumes: ['/a:/certs', '/b/key:/certs/registry-key.pem'] })
  assert.deepEqual(
    deep.map(({ hostPath }) => hostPath),
    ['/a/registry.pem', '/b/key'],
  )
  const similar = neededFiles({ ...good, volumes: ['/a:/cert'] })
  assert.deepEqual(
    similar.map(({ hostPath }) => hostPath),
    [undefined, undefined],
  )
})

const beside = ['registry.pem', 'registry-key.pem']
const file: HostPath = { kind: 'file', beside }
const CERT = `${root}/certs/registry.pem`
const KEY = `${root}/certs/registry-key.pem`
const CRT = `${root}/certs/registry.crt`
const crt = { ...good, env: { ...env, REGISTRY_HTTP_TLS_CERTIFICATE: '/certs/registry.crt' } }
for (const [name, spec, world, codes] of [
  ['both there', good, { [CERT]: file, [KEY]: file }, []],
  ['not asked', good, {}, []],
  [
    'registry.crt named, registry.pem there',
    crt,
    { [CRT]: { kind: 'absent', beside }, [KEY]: file },
    ['registry-path-missing'],
  ],
  ['a directory that docker made', good, { [CERT]: { kind: 'directory' }, [KEY]: file }, ['registry-path-no-file']],
  [
    'a link that leaves the mount',
    good,
    { [CERT]: { ...file, realPath: '/etc/letsencrypt/archive/d/fullchain1.pem' }, [KEY]: file },
    ['registry-link-leaves-mount'],
  ],
  [
    'a link inside of the mount',
    good,
    { [CERT]: { ...file, realPath: `${root}/certs/v2/registry.pem` }, [KEY]: file },
    [],
  ],
  [
    'the key of the CA beside it',
    good,
    { [CERT]: { kind: 'file', beside: [...beside, 'ca-key.pem'] }, [KEY]: file },
    ['ca-key-mounted'],
  ],
  ['no mount', { ...good, volumes: [] }, {}, ['registry-path-unmounted', 'registry-path-unmounted']],
] as const)
  test(`mounts: ${name}`, () => {
    const found = lintMounts(spec, new Map(Object.entries(world as Record<string, HostPath>)))
    assert.deepEqual(
      found.map(({ code }) => code),
      codes,
    )
  })

test('the message about a missing file names the one that was meant', () => {
  const [found] = lintMounts(crt, new Map([[CRT, { kind: 'absent', beside }]]))
  assert.match(found?.message ?? '', /registry\.crt is not there; there are registry\.pem, registry-key\.pem/)
  assert.match(found?.remedy ?? '', /Set REGISTRY_HTTP_TLS_CERTIFICATE to \/certs\/registry\.pem/)
})

test.run()
