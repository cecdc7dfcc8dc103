// limit: 900
import { X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import * as assert from 'uvu/assert'
import type { Counts, HostResult, HostStats } from '../../src/base/event.ts'
import { Site, siteAvailable } from '../support/site.ts'
import { suite } from '../support/suite.ts'

const test = suite('rollout')
const root = fileURLToPath(new URL('../..', import.meta.url))
const reason = siteAvailable()
const site = new Site({ name: 'rpf', net: '10.77.3', state: '/var/tmp/regplay-site-rpf' })
const work = '/var/tmp/regplay-rollout-rpf'
const inventory = join(work, 'inventory')
const caDir = join(inventory, 'ca')
const REGISTRY = '10.77.3.11'
const NAME = 'registry.site.test'
const HOSTS = ['h1', 'h2', 'h3'] as const
const CLIENTS = ['h2', 'h3'] as const

/** A command line on a host, as root by its own login: sudo would write it into the log that some tests search. */
async function on(host: string, command: string, limit = 120_000): Promise<string> {
  const ended = await site.ssh(host, command, 'root', limit)
  assert.is(ended.code, 0, `${host}: ${command}\n${ended.stdout}\n${ended.stderr}`)
  return ended.stdout
}

interface Run {
  readonly exit: number
  readonly recap: Readonly<Record<string, Counts>>
  readonly stats: Readonly<Record<string, HostStats>>
  /** One line for each result that says changed, failed or unreachable, and for each warning. */
  readonly notable: string
}

/** `regplay run playbooks/registry.yml`, its events read. */
async function run(...flags: string[]): Promise<Run> {
  const args = ['bin/regplay.js', 'run', 'playbooks/registry.yml', '-i', inventory, '--json', ...flags]
  const ended = await execa(process.execPath, args, {
    cwd: root,
    env: { XDG_CACHE_HOME: join(work, 'cache') },
    stdin: 'ignore',
    reject: false,
    timeout: 400_000,
    maxBuffer: 64 << 20,
  })
  const events = ended.stdout
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as { type: string } & Record<string, unknown>)
  const last = (type: string): unknown => events.findLast(event => event.type === type)?.['hosts'] ?? {}
  const notable = events.flatMap(event => {
    if (event.type === 'warning' || event.type === 'fault' || event.type === 'drift') return [JSON.stringify(event)]
    if (event.type !== 'host-result') return []
    const { host, status, msg, remedy, diff, task } = event as unknown as HostResult & { task?: unknown }
    if (status === 'ok' || status === 'skipped') return []
    const edits = diff?.map(change => `${change.what}: ${change.from} -> ${change.to}`)
    return [`${status} ${host} ${JSON.stringify({ task, msg, remedy, edits })}`]
  })
  assert.is(ended.stderr, '', 'nothing is said beside the events, by node neither')
  return {
    exit: ended.exitCode ?? -1,
    recap: last('recap') as Run['recap'],
    stats: last('stats') as Run['stats'],
    notable: notable.join('\n'),
  }
}

/** The run went well, on just these hosts; which of them it changed. */
function changedBy({ exit, recap, notable }: Run, hosts: readonly string[] = HOSTS): string[] {
  assert.is(exit, 0, notable)
  const seen = Object.keys(recap).filter(host => host !== 'localhost')
  assert.equal(seen.sort(), [...hosts].sort())
  return seen.filter(host => (recap[host]?.changed ?? 0) > 0)
}

function assertNothingChanged(ran: Run, hosts?: readonly string[]): void {
  assert.equal(changedBy(ran, hosts), [], ran.notable)
}

/** Every path under some directories with the time of its last change of any kind. */
async function listing(host: string, dirs: string, without: readonly string[] = []): Promise<Map<string, string>> {
  const prune = without.map(path => `-path ${path} -prune -o`).join(' ')
  const text = await on(host, `find ${dirs} -xdev ${prune} -printf '%C@ %p\\n' | gzip -c | base64 -w0`)
  const { stdout } = await execa('sh', ['-c', 'base64 -d | gunzip'], { input: text, maxBuffer: 64 << 20 })
  return new Map(stdout.split('\n').map(line => [line.slice(line.indexOf(' ') + 1), line.slice(0, line.indexOf(' '))]))
}

/** Paths that came, went or were changed between two listings. */
const differences = (before: Map<string, string>, after: Map<string, string>): string[] =>
  [...new Set([...before.keys(), ...after.keys()])].filter(path => before.get(path) !== after.get(path)).sort()

const tries = async <A>(times: number, attempt: () => Promise<A>): Promise<A> => {
  for (let left = times; ; left--) {
    try {
      return await attempt()
    } catch (error) {
      if (left <= 1) throw error
      await new Promise(resolve => setTimeout(resolve, 2_000))
    }
  }
}

/** The serial of the certificate that is served to a client that asks for a name and trusts the CA only. */
const servedSerial = (name: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const options = { host: REGISTRY, port: 443, servername: name, ca: readFileSync(join(caDir, 'ca.pem')) }
    const socket = connect(options, () => {
      resolve(socket.getPeerX509Certificate()?.serialNumber ?? 'none')
      socket.destroy()
    })
    socket.setTimeout(10_000, () => socket.destroy(new Error('no handshake within 10 s')))
    socket.once('error', reject)
  })

async function writeInventory(more: readonly string[] = []): Promise<void> {
  mkdirSync(inventory, { recursive: true })
  const address = async (host: string): Promise<string> => `${host} ansible_host=${await site.ip(host)}`
  const lines = [
    '[registry]',
    await address('h1'),
    '[clients]',
    ...(await Promise.all(CLIENTS.map(address))),
    ...more,
    '[all:vars]',
    'ansible_user=admin',
    `ansible_ssh_private_key_file=${site.key}`,
    `ansible_ssh_common_args='-o UserKnownHostsFile=${site.knownHosts} -o StrictHostKeyChecking=yes'`,
    `repo_host=${REGISTRY}`,
    `registry_names=['${NAME}']`,
    `registry_image_archive=${join(work, 'registry.tar')}`,
    `registry_storage_archive=${join(work, 'storage.tar.gz')}`,
  ]
  writeFileSync(join(inventory, 'hosts.ini'), `${lines.join('\n')}\n`)
}

function rollout(): void {
  let digests = new Map<string, string>()
  const clean = async (): Promise<void> => {
    await site.down()
    rmSync(work, { recursive: true, force: true })
  }
  test.before(async () => {
    await clean()
    mkdirSync(work, { recursive: true })
    await site.up(3)
    await site.image(join(work, 'registry.tar'))
    digests = await site.sample(join(work, 'storage.tar.gz'), 8)
    await writeInventory()
  })
  test.after(clean)

  /** Pulls an image that is not there yet, and compares its digest with that of the archive. */
  const pull = async (host: string, registry: string, image: string): Promise<void> => {
    const name = `${registry}/${image}`
    await on(host, `docker image rm -f ${name} >/dev/null 2>&1; docker pull -q ${name}`)
    const digest = await on(host, `docker image inspect -f '{{join .RepoDigests " "}}' ${name}`)
    assert.ok(digest.includes(`@${digests.get(image)}`), `${host}: ${name} is ${digest}, not ${digests.get(image)}`)
  }

  test('--check on bare hosts says what would change, and writes nothing at all', async () => {
    // Written by logins, by timers and by the journal, whoever logs in.
    const noise = ['/run', '/var/log', '/var/lib/systemd']
    const dirs = '/ /etc /usr /var /srv /root /home /tmp /opt'
    const look = () => Promise.all(HOSTS.map(host => listing(host, dirs, noise)))
    // sudo itself leaves a mark in the home of whoever uses it for the first time.
    for (const host of HOSTS) assert.is((await site.ssh(host, 'sudo -n true')).code, 0)
    const before = await look()
    const plain = await run('--check')
    assert.is(plain.exit, 0, plain.notable)
    assert.equal(changedBy(plain), [...HOSTS])
    const detailed = await run('--check', '--detailed-exitcode')
    assert.is(detailed.exit, 3, detailed.notable)
    const after = await look()
    for (const [at, host] of HOSTS.entries()) {
      const [was = new Map(), is = new Map()] = [before[at], after[at]]
      assert.ok(was.size > 2_000, `${host}: the listing is too short to mean anything (${was.size} paths)`)
      assert.equal(differences(was, is), [], host)
    }
    assert.is(existsSync(caDir), false, 'the CA was made')
  }, 120_000)

  test('the first run makes it all; the key of the CA stays on the controller', async () => {
    assert.equal(changedBy(await run()), [...HOSTS])
    const [container] = JSON.parse(await on('h1', 'docker inspect registry')) as [
      {
        State: { Running: boolean }
        HostConfig: { RestartPolicy: { Name: string }; PortBindings: Record<string, { HostPort: string }[]> }
        Config: { Env: string[] }
        Mounts: { Source: string; Destination: string; RW: boolean }[]
      },
    ]
    assert.is(container.State.Running, true)
    assert.is(container.HostConfig.RestartPolicy.Name, 'always')
    assert.is(container.HostConfig.PortBindings['443/tcp']?.[0]?.HostPort, '443')
    for (const line of [
      'REGISTRY_HTTP_ADDR=0.0.0.0:443',
      'REGISTRY_HTTP_TLS_CERTIFICATE=/certs/registry.pem',
      'REGISTRY_HTTP_TLS_KEY=/certs/registry-key.pem',
    ])
      assert.ok(container.Config.Env.includes(line), `${line} is not in ${container.Config.Env}`)
    assert.equal(container.Mounts.map(mount => `${mount.Source} ${mount.Destination} ${mount.RW}`).sort(), [
      '/srv/docker-registry/certs /certs false',
      '/srv/docker-registry/storage /var/lib/registry true',
    ])
    const ca = readFileSync(join(caDir, 'ca.pem'), 'utf8')
    for (const host of CLIENTS) {
      assert.match(await on(host, `docker images --format '{{.Repository}}'`), `${REGISTRY}/`, host)
      assert.is(`${await on(host, `cat /etc/docker/certs.d/${REGISTRY}/ca.crt`)}\n`, ca, host)
    }
    const keyFile = join(caDir, 'ca-key.pem')
    assert.is(statSync(keyFile).mode & 0o777, 0o600)
    const line = (pem: string): string =>
      pem
        .split('\n')
        .slice(4)
        .find(text => /^[A-Za-z0-9+/=]{40}/.test(text)) ?? pem
    const holders = (host: string, text: string): Promise<string> =>
      on(host, `find / /var /srv /tmp -xdev -type f -exec grep -lF -e '${text}' {} + | sort -u; true`)
    for (const host of HOSTS) {
      assert.match(await holders(host, line(ca)), '/etc/docker/certs.d/', 'the search finds what is there')
      assert.is(await holders(host, line(readFileSync(keyFile, 'utf8'))), '', `${host} has the key of the CA`)
    }
  }, 400_000)

  test('clients pull by address and by name, and not without the CA', async () => {
    for (const host of CLIENTS) {
      await pull(host, REGISTRY, 'team/app:1.0')
      await pull(host, NAME, 'team/app:1.1')
      const dir = `/etc/docker/certs.d/${REGISTRY}`
      await on(host, `mv ${dir}/ca.crt /root/ca.crt`)
      const refused = await site.ssh(host, `docker pull ${REGISTRY}/team/tools/shell:1`, 'root')
      await on(host, `mv /root/ca.crt ${dir}/ca.crt`)
      assert.is(refused.code, 1, host)
      assert.match(refused.stderr, /unknown authority/)
      await pull(host, REGISTRY, 'team/tools/shell:1')
    }
  }, 120_000)

  test('the second run changes nothing, with one handshake and at most three round trips a host', async () => {
    const look = () => Promise.all(HOSTS.map(host => listing(host, '/etc /srv')))
    const before = await look()
    const second = await run()
    const after = await look()
    assertNothingChanged(second)
    for (const [at, host] of HOSTS.entries()) {
      const [was = new Map(), is = new Map()] = [before[at], after[at]]
      assert.ok(was.size > 100)
      assert.equal(differences(was, is), [], host)
      assert.is(second.stats[host]?.handshakes, 1, host)
      const trips = second.stats[host]?.trips ?? 0
      assert.ok(trips >= 1 && trips <= 3, `${host}: ${trips} round trips`)
    }
  }, 120_000)

  test('--check on the converged site has nothing to report', async () => {
    assertNothingChanged(await run('--check', '--detailed-exitcode'))
  }, 60_000)

  test('the registry is back after its host was rebooted', async () => {
    await site.reboot('h1')
    await tries(30, () => pull('h2', REGISTRY, 'team/app:latest'))
    assertNothingChanged(await run())
  }, 240_000)

  test('what was spoiled by hand is mended by one run', async () => {
    const ca = `/etc/docker/certs.d/${REGISTRY}/ca.crt`
    await on('h2', `rm ${ca}`)
    await on('h1', 'docker rm -f registry')
    const storage = '/srv/docker-registry/storage'
    const sum = (path: string): Promise<string> => on('h1', `sha256sum <${path} | cut -d' ' -f1`)
    const blobs = `find ${storage}/docker/registry/v2/blobs -name data -type f -printf '%s %p\\n' | sort -n | tail -n1`
    const blob = (await on('h1', blobs)).split(' ')[1] ?? ''
    const digest = await sum(blob)
    assert.match(blob, `/${digest}/data`)
    await on('h1', `printf X | dd of=${blob} bs=1 seek=1000 conv=notrunc 2>/dev/null; rm ${storage}/.regplay-verified`)
    assert.is.not(await sum(blob), digest)
    assert.equal(changedBy(await run()), ['h1', 'h2'])
    assert.is(await sum(blob), digest)
    await pull('h2', REGISTRY, 'site/data:2')
    assertNothingChanged(await run())
  }, 240_000)

  const renamed = ['-e', '{"registry_cert_hosts": ["extra.site.test"]}']

  test('a certificate for one more name is issued and served', async () => {
    const before = await servedSerial(NAME)
    const renewal = await run(...renamed)
    assert.ok(changedBy(renewal).includes('h1'), renewal.notable)
    const served = await servedSerial('extra.site.test')
    const file = new X509Certificate(await on('h1', 'cat /srv/docker-registry/certs/registry.pem'))
    assert.is(served, file.serialNumber)
    assert.is.not(served, before)
    assertNothingChanged(await run(...renamed))
  }, 240_000)

  test('a host with BusyBox only becomes a client', async () => {
    await site.upBusybox('b1', { docker: true })
    await writeInventory([`b1 ansible_host=${await site.ip('b1')} docker_packages=[] docker_service=''`])
    const hosts = [...HOSTS, 'b1']
    await tries(15, () => on('b1', 'docker info >/dev/null'))
    assert.equal(changedBy(await run(...renamed), hosts), ['b1'])
    assert.match(await on('b1', `docker images --format '{{.Repository}}'`), `${REGISTRY}/`)
    assert.match(await on('b1', 'cat /etc/hosts'), `${REGISTRY} ${NAME}`)
    // Docker has only just started, and Go remembers /etc/hosts for five seconds.
    await tries(4, () => pull('b1', NAME, 'team/app:1.1'))
    assertNothingChanged(await run(...renamed), hosts)
  }, 240_000)
}

if (reason) test.skip('from bare hosts to a registry', reason)
else rollout()
test.run()
