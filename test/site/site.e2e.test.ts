import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import * as assert from 'uvu/assert'
import { Site, siteAvailable } from '../support/site.ts'
import { suite } from '../support/suite.ts'

const test = suite('site')
const reason = siteAvailable()
const site = new Site({ name: 'rpe', net: '10.77.9', state: '/var/tmp/regplay-site-e2e' })

/** Runs a command on a host that must succeed. */
async function on(host: string, command: string, limit?: number): Promise<string> {
  const ended = await site.ssh(host, command, 'admin', limit)
  assert.is(ended.code, 0, `${host}: ${command}\n${ended.stdout}\n${ended.stderr}`)
  return ended.stdout
}

const certificate = [
  'openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=h1 -addext subjectAltName=DNS:h1,IP:$(hostname -I | cut -d" " -f1)',
  '-keyout certs/key.pem -out certs/cert.pem',
].join(' ')
const registry = [
  'sudo docker run -d --name registry --restart=always -p 443:443 -v /srv/r/certs:/certs -v /srv/r/storage:/var/lib/registry',
  '-e REGISTRY_HTTP_ADDR=0.0.0.0:443 -e REGISTRY_HTTP_TLS_CERTIFICATE=/certs/cert.pem -e REGISTRY_HTTP_TLS_KEY=/certs/key.pem registry:2',
].join(' ')
const catalog =
  'for i in $(seq 40); do curl -sf --cacert /srv/r/certs/cert.pem https://h1/v2/_catalog && exit; sleep 0.5; done; exit 1'

/** Everything of this site that the machine would still show. */
async function traces(): Promise<string[]> {
  const { stdout: rules } = await execa('iptables-save')
  const { stdout: links } = await execa('ip', ['-br', 'link'])
  const groups = ['/sys/fs/cgroup/unified', '/sys/fs/cgroup'].flatMap(dir => readdirSync(dir, { withFileTypes: true }))
  const commands = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(pid => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
      } catch {
        return '' // it ended meanwhile
      }
    })
  return [
    ...rules.split('\n').filter(line => line.includes('RPE-')),
    ...links.split('\n').filter(line => /^rpe[0v]/.test(line)),
    ...readFileSync('/proc/mounts', 'utf8')
      .split('\n')
      .filter(line => line.includes(site.state)),
    ...groups.filter(entry => entry.name === 'rpe').map(entry => `cgroup ${entry.name}`),
    ...commands.filter(line => line.includes(`${site.state}/hosts`)),
    ...readdirSync('/var/tmp').filter(name => name === 'regplay-site-e2e'),
  ]
}

if (reason) {
  test.skip('real hosts on one machine', reason)
} else {
  const work = mkdtempSync(join(tmpdir(), 'regplay-site-'))
  test.before(() => site.down())
  test.after(async () => {
    await site.down()
    rmSync(work, { recursive: true, force: true })
  })

  test('Debian hosts boot, with systemd as PID 1 and nothing preinstalled', async () => {
    await site.up(2)
    assert.is(await on('h1', 'cat /proc/1/comm'), 'systemd')
    const state = (await site.ssh('h1', 'systemctl is-system-running --wait')).stdout
    const failed = await on('h1', 'systemctl --failed --no-legend')
    assert.is(state, 'running', failed)
    assert.is((await site.ssh('h1', 'command -v python3 curl wget docker')).stdout, '')
    assert.is(await on('h1', 'uname -n; getent hosts h2 | cut -d" " -f1'), `h1\n${await site.ip('h2')}`)
  }, 600_000)

  test('each login gets in by key, and only with the right host key', async () => {
    assert.is(await on('h1', 'sudo -n id -u'), '0')
    assert.is((await site.ssh('h1', 'id -u', 'root')).stdout, '0')
    assert.is((await site.ssh('h1', 'sudo -n id -u', 'operator')).code, 1)
    assert.is((await site.ssh('h1', 'echo regplay-sudo | sudo -S -p "" id -u', 'operator')).stdout, '0')
    const wrong = await execa('ssh', ['-F', site.sshConfig, '-o', 'UserKnownHostsFile=/dev/null', 'h1', 'true'], {
      reject: false,
    })
    assert.is(wrong.exitCode, 255)
    assert.match(wrong.stderr, 'Host key verification failed')
  }, 60_000)

  test('apt works inside, the rest of the world is refused at once', async () => {
    await on('h1', 'sudo apt-get -qq update')
    const outside = await site.ssh('h1', 'timeout 5 bash -c "</dev/tcp/192.0.2.1/443"')
    assert.is(outside.code, 1, 'an address of no one must be refused, not time out')
  }, 120_000)

  test('a registry of the sample archive serves its catalog over TLS, and is back after a reboot', async () => {
    const [image, sample] = [join(work, 'registry.tar'), join(work, 'storage.tar.gz')]
    await site.image(image)
    const digests = await site.sample(sample, 4)
    assert.is(digests.get('library/busybox:1.35'), digests.get('library/busybox:latest'))
    await on(
      'h1',
      'sudo apt-get -qq -y --no-install-recommends install docker.io curl </dev/null >/tmp/apt.log 2>&1',
      240_000,
    )
    await site.cp(image, 'h1:/tmp/registry.tar')
    await site.cp(sample, 'h1:/tmp/storage.tar.gz')
    await on('h1', 'sudo docker load -q -i /tmp/registry.tar')
    await on(
      'h1',
      `sudo install -d -o admin /srv/r /srv/r/certs && cd /srv/r && ${certificate} && sudo tar xzf /tmp/storage.tar.gz`,
    )
    await on('h1', registry)
    const served = JSON.parse(await on('h1', catalog)) as { repositories: string[] }
    assert.equal(served.repositories, ['library/busybox', 'site/data', 'site/multi', 'team/app', 'team/tools/shell'])
    await site.reboot('h1')
    assert.match(await on('h1', catalog), 'library/busybox')
    await on('h1', 'sudo install -D /srv/r/certs/cert.pem /etc/docker/certs.d/h1:443/ca.crt')
    for (const name of ['team/app:1.1', 'team/tools/shell:1', 'site/multi:1']) {
      const reference = `h1:443/${name.replace(/:.*/, '')}@${digests.get(name)}`
      assert.match(await on('h1', `sudo docker run --rm ${reference}`), 'hello from')
    }
  }, 400_000)

  test('a host is lost and found', async () => {
    await site.drop('h2')
    assert.is(
      (await execa('ssh', ['-F', site.sshConfig, '-o', 'ConnectTimeout=2', 'h2', 'true'], { reject: false })).exitCode,
      255,
    )
    await site.heal('h2')
    await on('h2', 'true')
    const before = await on('h2', 'cat /proc/sys/kernel/random/boot_id; sudo touch /srv/kept')
    await site.reboot('h2', { hard: true })
    assert.is.not(await on('h2', 'cat /proc/sys/kernel/random/boot_id; ls /srv/kept >/dev/null'), before)
  }, 120_000)

  test('a disk of its own gets full', async () => {
    await site.disk('h2', '32M')
    const full = await site.ssh('h2', 'sudo dd if=/dev/zero of=/srv/x bs=1M count=64')
    assert.is(full.code, 1)
    assert.match(full.stderr, 'No space left on device')
  }, 120_000)

  test('a BusyBox host answers, with sudo and without bash, Python and systemd', async () => {
    await site.upBusybox('b1')
    assert.is(await on('b1', 'cat /proc/1/comm; sudo -n id -u'), 'init\n0')
    assert.is((await site.ssh('b1', 'which bash python3 systemctl apt-get dpkg perl openssl')).stdout, '')
    assert.is((await site.ssh('b1', 'echo regplay-sudo | sudo -S -p "" id -u', 'operator')).stdout, '0')
    assert.is(await on('h2', 'getent hosts b1 | cut -d" " -f1'), await site.ip('b1'))
    await site.reboot('b1')
    await on('b1', 'true')
  }, 300_000)

  test('down leaves nothing behind, also after up was killed in the middle', async () => {
    const killed = execa(new URL('site', import.meta.url).pathname, ['up', 'h5', 'h6'], {
      env: { REGPLAY_SITE_STATE: site.state },
      reject: false,
      stdio: 'ignore',
    })
    setTimeout(() => killed.kill('SIGKILL'), 700)
    assert.is((await killed).signal, 'SIGKILL')
    assert.ok((await traces()).length > 0)
    await site.down()
    assert.equal(await traces(), [])
    await site.down()
  }, 120_000)
}

test.run()
