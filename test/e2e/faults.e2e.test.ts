// limit: 1200
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import * as assert from 'uvu/assert'
import { watchProcesses } from '../support/process-watch.ts'
import { noPty, onPty } from '../support/pty.ts'
import { SEED } from '../support/seed.ts'
import { Site, siteAvailable } from '../support/site.ts'
import { suite } from '../support/suite.ts'

const test = suite('faults')
const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const BIN = join(ROOT, 'bin/regplay.js')
const REGISTRY = join(ROOT, 'playbooks/registry.yml')
const NET = '10.77.4'
const STORAGE = '/srv/docker-registry/storage'
const KEY_FILE = '/srv/docker-registry/certs/registry-key.pem'

const site = new Site({ name: 'rpg', net: NET })
const why = siteAvailable()
const dir = why === null ? mkdtempSync('/var/tmp/regplay-faults-') : ''
const archives = { image: join(dir, 'image.tar'), storage: join(dir, 'storage.tar') }
const address = (host: string): string => `${NET}.${10 + Number(host.slice(1))}`

if (why === null) {
  test.before(async () => {
    // What a test that was killed left behind.
    await site.down()
    await site.up(['h1', 'h2', 'h3'], { docker: true })
    await site.image(archives.image)
    await site.sample(archives.storage, 50)
    // Builds it when it is not built yet, so that no kill meets the build.
    await execa(process.execPath, [BIN, '--version'])
  })
  test.after(async () => {
    await site.down()
    for (const path of [dir, site.state]) rmSync(path, { recursive: true, force: true })
  })
}

/** An inventory in a folder of its own: the first host is the registry; `last` holds more variables of the last host. */
function inventory(name: string, hosts: readonly string[], all: Record<string, string> = {}, last = ''): string {
  const [registry = '', ...clients] = hosts
  const vars = {
    ansible_user: 'admin',
    ansible_ssh_private_key_file: site.key,
    ansible_ssh_common_args: `-o UserKnownHostsFile=${site.knownHosts}`,
    repo_host: address(registry),
    registry_image_archive: archives.image,
    registry_storage_archive: archives.storage,
    ca_dir: join(dir, name, 'ca'),
    ...all,
  }
  const line = (host: string): string =>
    `${host} ansible_host=${address(host)}${host === hosts.at(-1) ? ` ${last}` : ''}`
  const file = join(dir, name, 'hosts.ini')
  mkdirSync(join(dir, name), { recursive: true })
  writeFileSync(
    file,
    `[registry]\n${line(registry)}\n[clients]\n${clients.map(line).join('\n')}\n[all:vars]\n${Object.entries(vars)
      .map(([key, value]) => `${key}=${value}`)
      .join('\n')}\n`,
  )
  return file
}

interface Run {
  readonly status: number
  readonly text: string
}

async function regplay(args: readonly string[], env: Record<string, string> = {}): Promise<Run> {
  const ended = await execa(process.execPath, [BIN, ...args], {
    env,
    stdin: 'ignore',
    all: true,
    reject: false,
    timeout: 400_000,
    maxBuffer: 64 << 20,
  })
  return { status: ended.exitCode ?? -1, text: ended.all }
}

const play = (hosts: string, ...more: string[]): Promise<Run> => regplay(['run', REGISTRY, '-i', hosts, ...more])

/** A number of the recap. */
const counted = ({ text }: Run, host: string, what: string): number =>
  Number(new RegExp(`^${host} +: .*\\b${what}=([0-9]+)`, 'm').exec(text)?.[1] ?? Number.NaN)

const fatal = ({ text }: Run): string[] => text.split('\n').filter(line => /^(fatal|failed): /.test(line))

/** Status, and exactly one message, about this host. */
function one(run: Run, status: number, host: string, message: RegExp): void {
  const lines = fatal(run)
  assert.is(lines.length, 1, run.text)
  assert.match(lines[0] ?? '', new RegExp(`\\[${host}\\]`), run.text)
  assert.match(lines[0] ?? '', message, run.text)
  assert.match(run.text, /^ {2}remedy: \S/m, run.text)
  assert.is(run.status, status, run.text)
}

/** These hosts did all that was theirs. */
function finished(run: Run, hosts: readonly string[], least = 4): void {
  for (const host of hosts) {
    assert.ok(counted(run, host, 'ok') >= least, run.text)
    assert.is(counted(run, host, 'failed') + counted(run, host, 'unreachable'), 0, run.text)
  }
}

function unchanged(run: Run, hosts: readonly string[]): void {
  assert.is(run.status, 0, run.text)
  for (const host of hosts) assert.is(counted(run, host, 'changed'), 0, run.text)
}

async function onHost(host: string, script: string): Promise<string> {
  const { code, stdout, stderr } = await site.ssh(host, script, 'root')
  assert.is(code, 0, `${host}: ${script}\n${stdout}\n${stderr}`)
  return stdout
}

/** A test that needs the site. */
const real = (name: string, body: () => unknown, limit: number): void => {
  if (why === null) test(name, body, limit)
  else test.skip(name, why)
}

const ALL = ['h1', 'h2', 'h3']

real(
  'a disk that is too small is refused before anything is written',
  async () => {
    await site.disk('h1', '32M')
    const run = await play(inventory('room', ALL))
    one(run, 2, 'h1', /bytes free, and the storage archive needs/)
    assert.is(await onHost('h1', 'find /srv -mindepth 1 ! -name lost+found'), '')
    assert.is(existsSync(join(dir, 'room/ca')), false, 'no CA was made')
    for (const host of ALL) assert.is(await onHost(host, 'ls /etc/docker/certs.d 2>/dev/null || :'), '')
  },
  120_000,
)

real(
  'a disk that fills up on the way costs that host only, and the next run ends it',
  async () => {
    await site.disk('h1', '160M')
    const hosts = inventory('main', ALL)
    // As soon as the first batch comes, all but 8 MB are taken.
    const thief = site.ssh(
      'h1',
      `while [ ! -d ${STORAGE}/.regplay-staging ]; do :; done
      fallocate -l $(($(df -Pk /srv | tail -n 1 | awk '{print $4}') - 8192))K /srv/thief`,
      'root',
      200_000,
    )
    const run = await play(hosts)
    assert.is((await thief).code, 0, run.text)
    one(run, 2, 'h1', /no space left/i)
    // h1 stopped where the registry was filled; the clients did their part, and had nothing to prove.
    assert.match(run.text, /free some space/)
    for (const host of ['h2', 'h3']) assert.ok(counted(run, host, 'ok') >= 3, run.text)
    assert.is(await onHost('h1', `ls -A ${STORAGE}`), '', 'nothing half-written')
    await onHost('h1', 'rm /srv/thief')
    const next = await play(hosts)
    assert.is(next.status, 0, next.text)
    unchanged(await play(hosts), ALL)
  },
  300_000,
)

/** Files for known_hosts in which h3 is not, or has the key of somebody else. */
async function knownHosts(how: 'unknown' | 'changed'): Promise<string> {
  const known = readFileSync(site.knownHosts, 'utf8').split('\n')
  const others = known.filter(line => !line.includes('h3') && !line.includes(address('h3')))
  const file = join(dir, `known-${how}`)
  if (how === 'changed') {
    await execa('ssh-keygen', ['-qt', 'ed25519', '-N', '', '-f', join(dir, 'liar')])
    const [type, key] = readFileSync(join(dir, 'liar.pub'), 'utf8').split(' ')
    others.push(`${address('h3')} ${type} ${key}`)
  }
  writeFileSync(file, `${others.filter(Boolean).join('\n')}\n`)
  return file
}

real(
  'a host that is down is reported once, with status 4, and the others finish',
  async () => {
    const hosts = inventory('main', ALL)
    await site.drop('h3')
    try {
      const run = await play(hosts, '-T', '5')
      one(run, 4, 'h3', /cannot be reached: no answer within 5 s/)
      finished(run, ['h1', 'h2'])
    } finally {
      await site.heal('h3')
    }
    await site.stop('h3')
    try {
      const run = await play(hosts, '-T', '5')
      one(run, 4, 'h3', /cannot be reached/)
      finished(run, ['h1', 'h2'])
    } finally {
      await site.start('h3')
    }
  },
  120_000,
)

real(
  'a login or a host key that is refused is reported once, with status 77, and the others finish',
  async () => {
    await execa('ssh-keygen', ['-qt', 'ed25519', '-N', '', '-f', join(dir, 'stranger')])
    const key = await play(inventory('main', ALL, {}, `ansible_ssh_private_key_file=${join(dir, 'stranger')}`))
    one(key, 77, 'h3', /refused the login \(tried: key/)
    finished(key, ['h1', 'h2'])
    for (const how of ['unknown', 'changed'] as const) {
      const file = await knownHosts(how)
      const before = readFileSync(file, 'utf8')
      const run = await play(inventory('main', ALL, { ansible_ssh_common_args: `-o UserKnownHostsFile=${file}` }))
      one(run, 77, 'h3', how === 'unknown' ? /host key.*(not known|unknown)|unknown.*host key/i : /host key/i)
      if (how === 'changed') assert.match(fatal(run)[0] ?? '', /chang|another|differ|other/i)
      finished(run, ['h1', 'h2'])
      assert.is(readFileSync(file, 'utf8'), before, 'nothing is learnt')
    }
  },
  120_000,
)

real(
  'a playbook that is no YAML is refused with its place and status 65, and no host is touched',
  async () => {
    const file = join(dir, 'broken.yml')
    writeFileSync(file, '- hosts: all\n  tasks:\n    - ping:\n   - debug: { msg: [1, 2 }\n')
    const run = await regplay(['run', file, '-i', inventory('main', ALL)])
    assert.is(run.status, 65, run.text)
    assert.is(run.text.match(/broken\.yml:[0-9]+:[0-9]+/g)?.length, 1, run.text)
    assert.not.match(run.text, /PLAY|TASK|^ {4}at /m)
  },
  30_000,
)

/** A playbook that leaves its mark on every host at its beginning, and a while later at its end. */
const RACE = `- hosts: all
  gather_facts: false
  become: true
  tasks:
    - shell: echo {{ id }} begins >>/root/race
    - command: sleep {{ nap | default(2) }}
    - shell: echo {{ id }} ends >>/root/race
    - copy: { dest: /root/winner, content: '{{ id }}' }
`

const race = (id: string, ...more: string[]): Promise<Run & { readonly ms: number }> => {
  const file = join(dir, 'race.yml')
  if (!existsSync(file)) writeFileSync(file, RACE)
  const began = Date.now()
  return regplay(['run', file, '-i', inventory('main', ALL), '-e', `id=${id}`, ...more]).then(run => ({
    ...run,
    ms: Date.now() - began,
  }))
}

const LOCKS = 'ls /run/regplay.lock* /home/*/.regplay.lock* /root/.regplay.lock* 2>/dev/null || :'

real(
  'of two controllers at once one does all of it, and the other nothing, with status 75',
  async () => {
    const waits: number[] = []
    for (let round = 0; round < 10; round++) {
      for (const host of ALL) await onHost(host, 'rm -f /root/race /root/winner')
      const ids = [`a${round}`, `b${round}`]
      const runs = await Promise.all(ids.map(id => race(id)))
      const winner = ids[runs.findIndex(run => run.status === 0)] ?? ''
      const loser = runs.find(run => run.status !== 0)
      assert.ok(loser && winner !== '', runs.map(run => run.text).join('\n'))
      assert.is(loser.status, 75, loser.text)
      const told = /^h1 is being changed by another run: \S+@\S+, process \d+, since \S+Z \(process \d+ there\)/m
      assert.is(loser.text.match(/is being changed by another run/g)?.length, 1, loser.text)
      assert.match(loser.text.replace(/^.*?(h\d is being)/m, '$1'), told, loser.text)
      assert.not.match(loser.text, /^changed: |changed=[1-9]/m, loser.text)
      for (const host of ALL) {
        assert.is(await onHost(host, 'cat /root/race /root/winner'), `${winner} begins\n${winner} ends\n${winner}`)
        assert.is(await onHost(host, LOCKS), '', 'a lock was left')
      }
      waits.push(loser.ms)
    }
    console.log(`told after ${Math.min(...waits)} to ${Math.max(...waits)} ms`)
  },
  180_000,
)

real(
  'what a killed controller left at work is waited for, and its lock is taken over',
  async () => {
    for (let round = 0; round < 3; round++) {
      for (const host of ALL) await onHost(host, 'rm -f /root/race')
      const child = spawn(
        process.execPath,
        [BIN, 'run', join(dir, 'race.yml'), '-i', inventory('main', ALL), '-e', `id=dead${round} nap=6`],
        { stdio: 'ignore' },
      )
      const ended = new Promise(go => child.once('close', go))
      for (const host of ALL) await onHost(host, 'while [ ! -e /root/race ]; do :; done')
      child.kill('SIGKILL')
      await ended
      const run = await race(`next${round}`, '-e', 'nap=0')
      assert.is(run.status, 0, run.text)
      assert.match(run.text, /waiting for what a lost run left at work: \S+@\S+, process \d+/, run.text)
      for (const host of ALL) {
        const said = `dead${round} begins\nnext${round} begins\nnext${round} ends`
        assert.is(await onHost(host, 'cat /root/race; pgrep -x sleep || :'), said, 'the lost one was still at work')
        assert.is(await onHost(host, LOCKS), '', 'a lock was left')
      }
    }
    for (const host of ALL) await onHost(host, 'rm -f /root/race /root/winner')
  },
  120_000,
)

/** A small generator of numbers from 0 to 1 (mulberry32), so that a seed tells the whole story. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** Runs, and kills the controller a while after its output named `after` (or from its start). True when it was killed. */
function killed(hosts: string, after: string | undefined, milliseconds: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [BIN, 'run', REGISTRY, '-i', hosts], { stdio: ['ignore', 'pipe', 'pipe'] })
    let text = ''
    let timer: NodeJS.Timeout | undefined
    const arm = (): void => {
      timer ??= setTimeout(() => child.kill('SIGKILL'), milliseconds)
    }
    if (after === undefined) arm()
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', part => {
        text += part
        if (after !== undefined && text.includes(after)) arm()
      })
    child.on('error', reject)
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      if (signal !== 'SIGKILL' && code !== 0) reject(new Error(`ended with ${code}:\n${text}`))
      else resolve(signal === 'SIGKILL')
    })
  })
}

const LEFTOVERS = `find / -xdev \\( -name '.regplay.*' -o -name .regplay-staging -o -name '*.regplay-*' \\) ! -path '/proc/*'
find /srv /var/tmp /tmp -name '.regplay*' ! -name .regplay-verified`

/**
 * What a run is meant to leave behind; keys and certificates by name and mode, since each site has its own. A line for
 * each bind: `docker create` keeps its -v words in a map, and hands them on in any order.
 */
async function manifest(host: string, registry: string): Promise<string[]> {
  const text = await onHost(
    host,
    `cd /; for d in srv/docker-registry etc/docker usr/local/share/ca-certificates; do [ -e $d ] && find $d -printf '%y %m %U:%G %p\\n'; done
    find srv/docker-registry/storage -type f ! -name .regplay-verified -exec sha256sum {} + 2>/dev/null
    sort srv/docker-registry/storage/.regplay-verified 2>/dev/null | sha256sum
    find etc/docker -type f ! -name '*.crt' ! -name key.json -exec sha256sum {} +
    dpkg-query -W -f '\${Package} \${Version} \${Status}\\n'
    systemctl is-active docker; systemctl is-enabled docker
    docker images --no-trunc --format '{{.Repository}}:{{.Tag}} {{.ID}}' | sort
    docker ps -a --format '{{.Names}} {{.State}}'
    docker inspect -f '{{json .Config.Env}} {{json .Config.Image}} {{json .HostConfig.PortBindings}} {{json .HostConfig.RestartPolicy}}{{range .HostConfig.Binds}}{{"\\n"}}bind {{.}}{{end}}{{range .Mounts}}{{"\\n"}}{{json .}}{{end}}' registry 2>/dev/null || :`,
  )
  return text.replaceAll(address(registry), 'REGISTRY').replaceAll(address(host), 'HOST').split('\n').sort()
}

real(
  'killed five times on the way, the next run ends where an undisturbed one does',
  async () => {
    console.log(`seed ${SEED} (REGPLAY_SEED)`)
    const next = random(SEED)
    await site.up(['h4', 'h5', 'h6', 'h7'])
    const calm = inventory('calm', ['h4', 'h5'])
    const began = Date.now()
    const undisturbed = await play(calm)
    assert.is(undisturbed.status, 0, undisturbed.text)
    const span = Date.now() - began
    const rough = inventory('rough', ['h6', 'h7'])
    const later = (undisturbed.text.match(/^TASK \[.*\]/gm) ?? []).slice(5)
    let kills = 0
    for (let tries = 0; kills < 5 && tries < 12; tries++) {
      // By the clock first, when most of the time goes into packages; then at random tasks, which are short.
      const task = kills < 2 ? undefined : later[Math.floor(next() * later.length)]
      const delay = task === undefined ? 300 + next() * span * 0.5 : (next() * 600) / (tries + 1)
      const hit = await killed(rough, task, delay)
      console.log(`${hit ? 'killed' : 'ended'} ${Math.round(delay)} ms after ${task ?? 'the start'}`)
      if (hit) kills++
    }
    assert.is(kills, 5, `seed ${SEED}`)
    const last = await play(rough)
    assert.is(last.status, 0, `seed ${SEED}\n${last.text}`)
    for (const [mine, theirs] of [
      ['h6', 'h4'],
      ['h7', 'h5'],
    ] as const) {
      const [is, wanted] = [await manifest(mine, 'h6'), await manifest(theirs, 'h4')]
      assert.ok(wanted.length > 50 && wanted.includes('active'), wanted.join('\n'))
      const odd = [
        ...wanted.filter(line => !is.includes(line)).map(line => `- ${line}`),
        ...is.filter(line => !wanted.includes(line)).map(line => `+ ${line}`),
      ]
      assert.equal(odd, [], `seed ${SEED}: ${mine} is not as ${theirs}`)
      assert.is(await onHost(mine, LEFTOVERS), '', `seed ${SEED}`)
    }
    unchanged(await play(rough), ['h6', 'h7'])
    await site.down('h4', 'h5', 'h6', 'h7')
  },
  600_000,
)

/** Lines of a private key that stand nowhere else. */
const keyLines = (pem: string): string[] => {
  const lines = pem.split('\n').filter(line => /^[A-Za-z0-9+/=]{40,}$/.test(line))
  assert.ok(lines.length >= 2, 'a key has lines')
  return lines.slice(1, -1).length > 0 ? lines.slice(1, -1) : lines
}

/** Texts in which a needle stands, each cut short. */
const hits = (texts: readonly string[], needles: readonly string[]): string[] =>
  texts
    .filter(text => needles.some(needle => text.includes(needle)))
    .map(text => text.replaceAll('\0', ' ').slice(0, 400))

/** All files under a folder, by path. */
const filesUnder = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))

const secrets = async (): Promise<void> => {
  await site.down(...ALL)
  await site.up(ALL, { docker: true })
  const password = `pw-${Math.random().toString(36).slice(2)}-${Date.now().toString(36)}`
  for (const host of ALL) await onHost(host, `echo 'operator:${password}' | chpasswd`)
  const own = join(dir, 'own')
  const [temp, cache, events] = [join(own, 'tmp'), join(own, 'cache'), join(own, 'events.jsonl')]
  for (const folder of [temp, cache]) mkdirSync(folder, { recursive: true })
  const env = { TMPDIR: temp, XDG_CACHE_HOME: cache }
  const hosts = inventory('secret', ALL, { ansible_user: 'operator' })
  const vars = join(dir, 'secret-vars.yml')
  writeFileSync(vars, `ansible_become_password: ${password}\n`, { mode: 0o600 })

  const watch = await watchProcesses(join(dir, 'seen.json'))
  const canary = `canary-${Date.now()}`
  await execa('sleep', ['0.2'], { env: { CANARY: `${canary}-env` }, argv0: `${canary}-argv` })
  const run = ['run', REGISTRY, '-i', hosts, '--diff', '-vvvv']
  const asked = await onPty([process.execPath, BIN, ...run, '-K', '--events', events], {
    env,
    limit: 200,
    moves: [{ expect: 'BECOME password', send: `${password}\r` }],
  })
  const first = await onHost('h1', `cat ${KEY_FILE}`)
  // Issued anew, so that the second way of giving the password has the same to do.
  await onHost('h1', 'rm -r /srv/docker-registry/certs; docker rm -f registry >/dev/null')
  const given = await regplay([...run, '--json', '-e', `@${vars}`], env)
  const { seen, rounds } = await watch.stop()

  assert.is(asked.status, 0, asked.screen)
  assert.is(given.status, 0, given.text)
  const second = await onHost('h1', `cat ${KEY_FILE}`)
  assert.is.not(first, second, 'a key was issued by each run')
  const ca = keyLines(readFileSync(join(dir, 'secret/ca/ca-key.pem'), 'utf8'))
  const server = [...keyLines(first), ...keyLines(second)]
  const needles = [password, Buffer.from(password).toString('base64').slice(0, -4), ...ca, ...server]

  // The watch works: it sees a process that lives for a fifth of a second, its arguments and its environment.
  assert.ok(rounds > 100, `it looked ${rounds} times`)
  assert.is(hits(seen, [`${canary}-argv`]).length > 0, true, 'arguments are seen')
  assert.is(hits(seen, [`${canary}-env`]).length > 0, true, 'environments are seen')
  assert.equal(hits(seen, needles), [], 'arguments and environments of every process')

  assert.ok(statSync(events).size > 10_000, 'there are events')
  assert.equal(hits([asked.screen, given.text, readFileSync(events, 'latin1')], needles), [], 'what was said')
  const files = filesUnder(own).filter(file => hits([readFileSync(file, 'latin1')], needles).length > 0)
  assert.equal(files, [], 'temporary files and cache of the controller')

  const list = join(dir, 'needles')
  writeFileSync(list, `${needles.join('\n')}\n`, { mode: 0o600 })
  for (const host of ALL) {
    await site.cp(list, `${host}:/var/tmp/needles`, 'root')
    const found = await onHost(
      host,
      `cd /; mv var/tmp/needles run/needles; cp run/needles root/control
      grep -rlaFsD skip -f run/needles var/log var/tmp tmp home root etc srv run dev/shm var/lib/docker/containers var/cache | sort
      journalctl --no-pager -a 2>/dev/null | grep -aFf run/needles; rm run/needles root/control`,
    )
    const expected = ['root/control', 'run/needles', ...(host === 'h1' ? [KEY_FILE.slice(1)] : [])].sort()
    assert.equal(found.split('\n'), expected, `files of ${host}`)
  }
}

if (why === null && noPty() !== undefined) test.skip('no secret shows', noPty() ?? '')
else real('no secret shows in arguments, environments, files, logs or output', secrets, 300_000)

test.run()
