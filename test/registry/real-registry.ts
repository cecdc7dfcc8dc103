import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer, connect as netConnect, type Socket } from 'node:net'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import type { Pair } from '../../src/pki/issue.ts'
import { keyFileBytes } from '../../src/pki/private-key.ts'
import { type Entry, sha256, tarOf } from './archives.ts'

/** Why no real registry can be run on this machine, or undefined when it can. */
export const missing: string | undefined = ['/usr/bin/docker-registry', '/usr/bin/skopeo'].every(existsSync)
  ? undefined
  : 'needs docker-registry and skopeo (apt-get install docker-registry skopeo)'

export interface RealRegistry {
  readonly port: number
  readonly storage: string
  stop(): Promise<void>
}

export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })

/** Runs Debian's registry on a loopback port with TLS by this pair, its storage and configuration under `dir`. */
export async function startRegistry(dir: string, pair: Pair): Promise<RealRegistry> {
  mkdirSync(dir, { recursive: true })
  const port = await freePort()
  const storage = join(dir, 'storage')
  mkdirSync(storage, { recursive: true })
  writeFileSync(join(dir, 'cert.pem'), pair.certificatePem)
  writeFileSync(join(dir, 'key.pem'), keyFileBytes(pair.key), { mode: 0o600 })
  const config = {
    version: '0.1',
    log: { level: 'error' },
    storage: { filesystem: { rootdirectory: storage }, delete: { enabled: true } },
    http: {
      addr: `127.0.0.1:${port}`,
      secret: 'x',
      tls: { certificate: join(dir, 'cert.pem'), key: join(dir, 'key.pem') },
    },
  }
  writeFileSync(join(dir, 'config.yml'), JSON.stringify(config))
  const child: ChildProcess = spawn('/usr/bin/docker-registry', ['serve', join(dir, 'config.yml')], { stdio: 'ignore' })
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()))
  for (let tries = 0; ; tries += 1) {
    if (child.exitCode !== null || tries > 100) throw new Error(`the registry did not start (exit ${child.exitCode})`)
    try {
      const socket = await tcp('127.0.0.1', port)
      socket.destroy()
      break
    } catch {
      await sleep(50)
    }
  }
  return {
    port,
    storage,
    async stop() {
      child.kill()
      await ended
    },
  }
}

export const tcp = (host: string, port: number): Promise<Duplex> =>
  new Promise((resolve, reject) => {
    const socket: Socket = netConnect({ host, port }, () => resolve(socket))
    socket.once('error', reject)
  })

/** An image as docker save writes it: one layer with one file. */
export async function savedImage(
  tags: readonly string[],
  { text = 'hello', architecture = 'amd64' } = {},
): Promise<Entry[]> {
  const layer = await tarOf([{ name: 'etc/motd', content: text }])
  const config = Buffer.from(
    JSON.stringify({
      architecture,
      os: 'linux',
      config: {
        Entrypoint: ['/entrypoint.sh'],
        Cmd: ['/etc/docker/registry/config.yml'],
        Env: ['PATH=/bin'],
        Volumes: { '/var/lib/registry': {} },
        ExposedPorts: { '5000/tcp': {} },
      },
      rootfs: { type: 'layers', diff_ids: [`sha256:${sha256(layer)}`] },
      history: [{ created_by: 'test' }],
    }),
  )
  const [layerName, configName] = [`${sha256(`id ${sha256(layer)}`)}/layer.tar`, `${sha256(config)}.json`]
  return [
    { name: configName, content: config },
    { name: layerName, content: layer },
    { name: 'manifest.json', content: JSON.stringify([{ Config: configName, RepoTags: tags, Layers: [layerName] }]) },
  ]
}

/** Pushes an archive of docker save with skopeo, which trusts only `ca`. */
export const push = (archive: string, reference: string, ca: string, dir: string): Promise<void> =>
  copy(['--dest-cert-dir', certsDir(ca, dir), `docker-archive:${archive}`, `docker://${reference}`], dir)

/** Pulls an image into a directory with skopeo, which trusts only `ca`. */
export const pull = (reference: string, into: string, ca: string, dir: string): Promise<void> =>
  copy(['--src-cert-dir', certsDir(ca, dir), `docker://${reference}`, `dir:${into}`], dir)

function certsDir(ca: string, dir: string): string {
  const certs = join(dir, 'skopeo-certs')
  mkdirSync(certs, { recursive: true })
  writeFileSync(join(certs, 'ca.crt'), ca)
  return certs
}

async function copy(words: readonly string[], dir: string): Promise<void> {
  await execa('skopeo', ['--insecure-policy', 'copy', '-q', ...words], { stdin: 'ignore', env: { TMPDIR: dir } })
}
