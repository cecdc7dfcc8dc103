import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Module } from '../../src/kit/module.ts'
import dockerContainer from '../../src/modules/docker_container.ts'
import dockerImage from '../../src/modules/docker_image.ts'
import registryCa from '../../src/modules/registry_ca.ts'
import registryTrust from '../../src/modules/registry_trust.ts'
import { makeCa } from '../../src/pki/issue.ts'
import { brief, planHere, planWith } from '../support/converge.ts'
import { debian } from '../support/host.ts'
import { SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'

const test = suite('modules/registry-plans')
const dir = mkdtempSync(join(tmpdir(), 'regplay-plans-'))
test.after(() => rmSync(dir, { recursive: true, force: true }))

const image = { Id: 'sha256:i', RepoTags: [], RepoDigests: [], Architecture: 'amd64', Config: null }
const saved = {
  archive: {
    file: { path: '/r.tar' },
    images: [{ tags: ['registry:2'], os: 'linux', architecture: 'amd64', configDigest: 'sha256:j' }],
  },
}
const running = {
  Id: 'c0ffee',
  Image: 'sha256:i',
  State: { Status: 'running', Running: true, StartedAt: '2024-01-01T00:00:00Z' },
  Config: { Env: [], Cmd: [], Entrypoint: [], Labels: {}, User: '', Hostname: '' },
  HostConfig: { NetworkMode: 'default', PortBindings: {}, RestartPolicy: { Name: 'always' } },
  Mounts: [],
}
const stopped = { ...running, State: { ...running.State, Status: 'exited', Running: false } }
const files = (at: string) => [{ path: '/cert', at: Date.parse(at) }]
const seen = { now: running, image, files: [], peers: new Map(), without: new Set() }

const table: [what: string, module: Module, args: object, answers: object, lines: string[]][] = [
  ['pull', dockerImage, { name: 'a/b' }, { now: 'absent' }, ['a/b:latest: absent -> pulled']],
  ['pulled', dockerImage, { name: 'a/b' }, { now: image }, []],
  [
    'a command in one line',
    dockerContainer,
    { name: 'r', image: 'i', command: `serve "a b" 'c,d'` },
    { ...seen, now: 'absent' },
    ['r: absent -> started'],
  ],
  [
    'a command is another',
    dockerContainer,
    { name: 'r', image: 'i', command: 'serve "a b"' },
    seen,
    ['command:  -> serve "a b"'],
  ],
  [
    'a command of no words',
    dockerContainer,
    { name: 'r', image: 'i', command: `it's` },
    seen,
    ['refuse: the command cannot be split into words: No closing quotation'],
  ],
  ['made anew', dockerContainer, { name: 'r', image: 'i', recreate: true }, seen, ['act: make r anew']],
  [
    'a variable of two lines',
    dockerContainer,
    { name: 'r', image: 'i', env: { A: 'x\ny' } },
    seen,
    ['refuse: the value of A holds a line end, which Docker cannot be given'],
  ],
  ['pull again', dockerImage, { name: 'a', force_source: true }, { now: image }, ['act: a:latest: pulled']],
  [
    'load again',
    dockerImage,
    { name: 'a', source: 'load', load_path: '/a.tar', force_source: true },
    { now: image },
    ['act: a:latest: loaded from /a.tar'],
  ],
  ['no docker', dockerImage, { name: 'a' }, { now: 'no docker' }, ['refuse: docker is not installed on this host']],
  ['remove', dockerImage, { name: 'a', state: 'absent' }, { now: image }, ['a:latest: sha256:i -> absent']],
  [
    'load',
    dockerImage,
    { name: 'registry:2', source: 'load' },
    { now: 'absent', saved },
    ['registry:2: absent -> sha256:j'],
  ],
  [
    'load another',
    dockerImage,
    { name: 'registry:2', source: 'load' },
    { now: image, saved },
    ['registry:2: sha256:i -> sha256:j'],
  ],
  ['loaded', dockerImage, { name: 'registry:2', source: 'load' }, { now: { ...image, Id: 'sha256:j' }, saved }, []],
  [
    'bad archive',
    dockerImage,
    { name: 'x', source: 'load' },
    { now: 'absent', saved: { wrong: 'sick', remedy: '' } },
    ['refuse: sick'],
  ],
  ['make', dockerContainer, { name: 'r', image: 'i' }, { ...seen, now: 'absent' }, ['r: absent -> started']],
  ['made', dockerContainer, { name: 'r', image: 'i' }, seen, []],
  [
    'no image',
    dockerContainer,
    { name: 'r', image: 'i', pull: 'never' },
    { ...seen, image: 'absent' },
    ['refuse: the image i is not on this host'],
  ],
  ['differs', dockerContainer, { name: 'r', image: 'i', restart_policy: 'no' }, seen, ['restart_policy: always -> no']],
  ['start', dockerContainer, { name: 'r', image: 'i' }, { ...seen, now: stopped }, ['state: exited -> running']],
  ['stop', dockerContainer, { name: 'r', state: 'stopped' }, seen, ['state: running -> exited']],
  ['absent', dockerContainer, { name: 'r', state: 'absent' }, seen, ['r: running -> absent']],
  ['gone', dockerContainer, { name: 'r', state: 'absent' }, { ...seen, now: 'absent' }, []],
  ['old files', dockerContainer, { name: 'r', image: 'i' }, { ...seen, files: files('2023-01-01') }, []],
  [
    'newer files',
    dockerContainer,
    { name: 'r', image: 'i' },
    { ...seen, files: files('2025-01-01') },
    ['started before /cert changed: stale -> restarted'],
  ],
  ['restart', dockerContainer, { name: 'r', restart: true }, seen, ['act: restart r']],
]
for (const [what, module, args, answers, lines] of table)
  test(`${module.name}: ${what}`, () =>
    assert.deepEqual(
      brief(planWith(module, args as Record<string, unknown>, answers as Record<string, unknown>, debian)),
      lines,
    ))

/** A registry that works, and is not as its writer meant it. */
const ODD = {
  ...{ name: 'r', image: 'i', published_ports: ['443:443'], volumes: ['/srv/c:/certs', '/srv/s:/var/lib/registry'] },
  env: {
    ...{ REGISTRY_HTTP_ADDR: '0.0.0.0:443', REGISTRY_HTTP_TLS_CERTIFICATE: '/certs/all.pem' },
    REGISTRY_HTTP_TLS_KEY: '/certs/all.pem',
  },
}
for (const [what, args, answers] of [
  ['made', {}, { ...seen, now: 'absent' }],
  ['made anew', { recreate: true }, seen],
  ['another', {}, seen],
] as const)
  test(`docker_container: a registry that is odd, ${what}, says so`, () => {
    const plan = planWith(dockerContainer, { ...ODD, ...args }, { ...answers, mounted: undefined }, debian)
    const told = plan.kind === 'act' ? plan.report({ code: 0, stdout: '', stderr: '' }) : plan
    const warnings = 'result' in told ? told.result['warnings'] : undefined
    assert.match(String(Array.isArray(warnings) ? warnings[0] : plan.kind), /certificate and key are the same file/)
  })

for (const shell of SHELLS)
  test(`registry_trust and registry_ca from nothing to done, by ${shell[0]}`, async () => {
    const ca = join(dir, `ca-${shell[0]}`)
    const certs = join(dir, `certs-${shell[0]}`)
    const trust = { ca_dir: ca, repo_host: 'r.example.com', certs_d: certs }
    assert.match(
      brief(await planHere(registryCa, { dir: ca }, debian, shell))[0] ?? '',
      /ca\.pem: absent -> CN=regplay/,
    )
    assert.match(brief(await planHere(registryCa, { dir: ca, external: true }, debian, shell))[0] ?? '', /no ca\.pem/)
    assert.match(brief(await planHere(registryTrust, trust, debian, shell))[0] ?? '', /refuse: there is no ca\.pem/)
    const pair = await makeCa({ name: 'CA', days: 30, bits: 2048, now: new Date() })
    mkdirSync(ca, { mode: 0o700 })
    writeFileSync(join(ca, 'ca.pem'), pair.certificatePem)
    assert.equal(brief(await planHere(registryTrust, trust, debian, shell)).length, 4)
    for (const name of ['r.example.com', 'r.example.com:443']) {
      mkdirSync(join(certs, name), { recursive: true })
      writeFileSync(join(certs, name, 'ca.crt'), pair.certificatePem)
    }
    assert.deepEqual(brief(await planHere(registryTrust, trust, debian, shell)), [])
    writeFileSync(join(certs, 'r.example.com', 'ca.pem'), '')
    assert.match(brief(await planHere(registryTrust, trust, debian, shell))[0] ?? '', /ignored by Docker/)
    writeFileSync(join(certs, 'r.example.com', 'client.cert'), '')
    assert.match(
      brief(await planHere(registryTrust, trust, debian, shell))[0] ?? '',
      /refuse: .*client\.cert has no client\.key/,
    )
  })

test.run()
