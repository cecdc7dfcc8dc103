import { dirname } from 'node:path/posix'
import type { Diagnostic } from '../base/diagnostic.ts'
import { fault, warning } from '../pki/verdict.ts'
import { type ContainerSpec, listenPort, readMount, readPublished } from './container.ts'

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
