import { basename, dirname } from 'node:path/posix'
import type { Diagnostic } from '../base/diagnostic.ts'
import { fault, warning } from '../pki/verdict.ts'
import { type ContainerSpec, listenPort, type NeededFile, neededFiles, readMount, readPublished } from './container.ts'

/** What is at a path of the host. */
export interface HostPath {
  readonly kind: 'file' | 'directory' | 'other' | 'absent'
  /** The path with every link followed, when it is another. */
  readonly realPath?: string
  /** Names beside it, for the words of a message. */
  readonly beside?: readonly string[]
}

/** Faults of a registry's container that can be seen in its declaration alone. */
export function lintContainer(spec: ContainerSpec): Diagnostic[] {
  return [...lintPorts(spec), ...lintTls(spec), ...lintStorage(spec), ...lintEnvironment(spec), ...lintRest(spec)]
}

function lintPorts({ ports, env }: ContainerSpec): Diagnostic[] {
  const address = env['REGISTRY_HTTP_ADDR'] ?? ':5000 (the default)'
  const listens = listenPort(env)
  if (listens === undefined)
    return [
      fault(
        'registry-port',
        `REGISTRY_HTTP_ADDR is '${address}', which ends in no port`,
        'Write 0.0.0.0:443 or another port',
      ),
    ]
  const read = ports.map(text => ({ text, published: readPublished(text) }))
  const found = read
    .filter(({ published }) => published === undefined)
    .map(({ text }) =>
      fault(
        'registry-port',
        `'${text}' publishes no port: write HOST:CONTAINER, both from 1 to 65535`,
        'Replace the placeholders',
      ),
    )
  if (found.length > 0) return found
  if (ports.length === 0)
    return [
      warning(
        'registry-port',
        'the registry publishes no port: nobody outside of its host can reach it',
        `Publish ${listens}:${listens}`,
      ),
    ]
  if (read.some(({ published }) => published?.container === listens)) return []
  const leads = read.map(({ text }) => text).join(', ')
  return [
    fault(
      'registry-port',
      `the registry listens on ${listens} (REGISTRY_HTTP_ADDR ${address}), but what is published leads elsewhere: ${leads}`,
      `Publish HOST:${listens}, or set REGISTRY_HTTP_ADDR to the port after the colon`,
    ),
  ]
}

function lintTls({ env }: ContainerSpec): Diagnostic[] {
  const [certificate, key] = [env['REGISTRY_HTTP_TLS_CERTIFICATE'], env['REGISTRY_HTTP_TLS_KEY']]
  if (certificate === undefined && key === undefined)
    return [
      fault(
        'registry-no-tls',
        'the registry has no certificate: Docker refuses to talk to it without TLS',
        'Set REGISTRY_HTTP_TLS_CERTIFICATE and REGISTRY_HTTP_TLS_KEY',
      ),
    ]
  if (certificate === undefined || key === undefined) {
    const [there, lacking] = certificate === undefined ? ['KEY', 'CERTIFICATE'] : ['CERTIFICATE', 'KEY']
    return [
      fault('registry-no-tls', `REGISTRY_HTTP_TLS_${there} is set, REGISTRY_HTTP_TLS_${lacking} is not`, 'Set both'),
    ]
  }
  if (certificate === key && certificate !== '')
    return [
      warning(
        'registry-tls-one-file',
        `certificate and key are the same file (${certificate})`,
        'Keep the key in a file of its own, mode 0600',
      ),
    ]
  if (/\/cert\d*\.pem$/.test(certificate) && /\/privkey\d*\.pem$/.test(key))
    return [
      fault(
        'registry-tls-no-chain',
        `${certificate} is the certificate without its chain, and clients will not know its issuer`,
        `Use ${dirname(certificate)}/fullchain.pem`,
      ),
    ]
  return []
}

function lintStorage({ env, volumes }: ContainerSpec): Diagnostic[] {
  const root = env['REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY'] ?? '/var/lib/registry'
  if (Object.keys(env).some(name => /^REGISTRY_STORAGE_(S3|AZURE|GCS|SWIFT|OSS|INMEMORY)(_|$)/.test(name))) return []
  const mounts = volumes.map(readMount).filter(mount => mount !== undefined)
  if (mounts.some(({ target }) => root === target || root.startsWith(`${target}/`))) return []
  return [
    fault(
      'registry-no-storage',
      `nothing is mounted at ${root}: the images would be lost together with the container`,
      `Mount a directory of the host: /srv/docker-registry/storage:${root}`,
    ),
  ]
}

function lintEnvironment({ env }: ContainerSpec): Diagnostic[] {
  const found: Diagnostic[] = []
  for (const [name, value] of Object.entries(env)) {
    if (/^REGISTRY_STORAGE_MAINTENANCE_READONLY_ENABLED$/.test(name))
      found.push(
        fault(
          'registry-env',
          `${name} makes the registry panic when it starts`,
          `Set REGISTRY_STORAGE_MAINTENANCE_READONLY to {"enabled":${value}}`,
        ),
      )
    if (/^REGISTRY_NOTIFICATIONS_ENDPOINTS_/.test(name) && !/^REGISTRY_NOTIFICATIONS_ENDPOINTS_\d+/.test(name))
      found.push(
        fault(
          'registry-env',
          `${name} names no item of the list of endpoints`,
          'Mount a config.yml with the endpoints, or number them: REGISTRY_NOTIFICATIONS_ENDPOINTS_0_NAME',
        ),
      )
  }
  const htpasswd = ['REALM', 'PATH'].filter(part => env[`REGISTRY_AUTH_HTPASSWD_${part}`] === undefined)
  if (htpasswd.length === 1)
    found.push(fault('registry-env', `REGISTRY_AUTH_HTPASSWD_${htpasswd[0]} is missing beside the other`, 'Set both'))
  if (env['REGISTRY_HTTP_SECRET'] === undefined)
    found.push(
      warning(
        'registry-no-secret',
        'REGISTRY_HTTP_SECRET is not set: an upload that is under way when the registry restarts must begin anew',
        'Set it to a random text',
      ),
    )
  return found
}

function lintRest({ restartPolicy, image, command, volumes }: ContainerSpec): Diagnostic[] {
  const found: Diagnostic[] = []
  if (restartPolicy !== 'always' && restartPolicy !== 'unless-stopped')
    found.push(
      warning(
        'registry-restart',
        `the restart policy is '${restartPolicy ?? 'no'}': after a reboot the registry stays down`,
        'Set it to always',
      ),
    )
  const config = [...(command ?? []), ...volumes.map(text => readMount(text)?.target ?? '')].find(word =>
    word.endsWith('/config.yml'),
  )
  const wanted = /(^|\/)registry:3(\.|$)/.test(image)
    ? '/etc/distribution/config.yml'
    : '/etc/docker/registry/config.yml'
  if (
    /(^|\/)registry:[23](\.|$)/.test(image) &&
    config !== undefined &&
    config !== wanted &&
    /^\/etc\/(docker\/registry|distribution)\//.test(config)
  )
    found.push(fault('registry-config-path', `${image} reads ${wanted}, not ${config}`, `Use ${wanted}`))
  for (const { source } of volumes.map(readMount).filter(mount => mount !== undefined))
    if (/^\/etc\/letsencrypt\/?$/.test(source))
      found.push(
        warning(
          'registry-mount-wide',
          `${source} is mounted whole: with it the keys of every other domain and of the ACME account`,
          'Copy fullchain.pem and privkey.pem into a directory of their own',
        ),
      )
  return found
}

/**
 * Faults that show only on the host: files that the environment names and the mount lacks, links that leave the mount, a CA
 * key in reach of the container.
 *
 * @param world what is on the host at each `hostPath` of `neededFiles`
 */
export function lintMounts(spec: ContainerSpec, world: ReadonlyMap<string, HostPath>): Diagnostic[] {
  return neededFiles(spec).flatMap(needed => lintFile(needed, spec, world))
}

function lintFile(needed: NeededFile, { volumes }: ContainerSpec, world: ReadonlyMap<string, HostPath>): Diagnostic[] {
  const { variable, path, mount, hostPath } = needed
  if (!mount || hostPath === undefined)
    return [
      fault(
        'registry-path-unmounted',
        `${variable} names ${path}, which lies in no mount (${volumes.join(', ') || 'there is none'})`,
        'Mount the directory of the host that holds the file',
      ),
    ]
  const found = world.get(hostPath)
  if (!found) return []
  const beside = found.beside ?? []
  const caKey = beside.find(name => /^ca-key\b/.test(name))
  const leaked = caKey
    ? [
        fault(
          'ca-key-mounted',
          `${dirname(hostPath)}/${caKey} is mounted into the container: the CA's key must not be on this host at all`,
          'Remove it from the host; it stays on the controller',
        ),
      ]
    : []
  if (found.kind === 'absent') return [...leaked, missingFile(needed, hostPath, beside)]
  if (found.kind !== 'file')
    return [
      ...leaked,
      fault(
        'registry-path-no-file',
        `${hostPath} is a ${found.kind}, not a file (docker run -v makes a directory of a path that is missing)`,
        `Remove it, and put the file there that ${variable} names`,
      ),
    ]
  const { realPath } = found
  if (realPath !== undefined && realPath !== hostPath && !inMount(realPath, mount.source))
    return [
      ...leaked,
      fault(
        'registry-link-leaves-mount',
        `${hostPath} is a link to ${realPath}, outside of what is mounted (${mount.source}): in the container it leads nowhere`,
        'Copy the file itself into the mounted directory',
      ),
    ]
  return leaked
}

const inMount = (path: string, source: string): boolean =>
  path === source || path.startsWith(`${source.replace(/\/$/, '')}/`)

function missingFile({ variable, path }: NeededFile, hostPath: string, beside: readonly string[]): Diagnostic {
  const stem = basename(hostPath).replace(/\.[^.]+$/, '')
  const near = beside.find(name => name.replace(/\.[^.]+$/, '') === stem)
  const there = beside.length > 0 ? `; there are ${beside.slice(0, 8).join(', ')}` : ''
  return fault(
    'registry-path-missing',
    `${variable} names ${path}, but ${hostPath} is not there${there}`,
    near
      ? `Set ${variable} to ${dirname(path)}/${near}, or rename the file to ${basename(path)}`
      : 'Put the file there, or name the one that is there',
  )
}

/** Options of docker run that take a value as the next word. */
const VALUED = new Set([
  '-v',
  '--volume',
  '-p',
  '--publish',
  '-e',
  '--env',
  '--name',
  '--restart',
  '--mount',
  '--network',
  '--net',
  '-w',
  '--workdir',
  '-u',
  '--user',
  '-h',
  '--hostname',
  '-l',
  '--label',
  '--env-file',
  '--entrypoint',
])

/** Faults in the text of a `docker run` command: an option taken as the value of the one before it. */
export function lintDockerRun(text: string): Diagnostic[] {
  const words = text
    .replaceAll(/\\\r?\n/g, ' ')
    .split(/\s+/)
    .filter(word => word !== '')
  const run = words.findIndex((word, i) => word === 'run' && /(^|\/)docker$/.test(words[i - 1] ?? ''))
  if (run < 0) return []
  const found: Diagnostic[] = []
  for (let i = run + 1; i < words.length; i += 1) {
    const word = words[i] ?? ''
    if (!word.startsWith('-')) break
    const value = words[i + 1]
    if (!VALUED.has(word)) continue
    if (value?.startsWith('-'))
      found.push(
        fault(
          'docker-run-order',
          `docker run: ${word} takes the next word as its value, which is ${value}`,
          `Give ${word} its value, and put ${value} elsewhere before the image`,
        ),
      )
    i += 1
  }
  return found
}
