import { fromJson, type Value } from '../../base/value.ts'
import { type Plan, refuse } from '../../kit/plan.ts'
import { raw, type Script, sh } from '../../shell/script.ts'

/** Parameters that every module has that talks to a Docker daemon. */
export const DAEMON = {
  docker_host: {
    type: 'string',
    minLength: 1,
    aliases: ['docker_url'],
    description: 'The daemon, as docker -H takes it; else what DOCKER_HOST says, or the socket of the host',
  },
  tls: { type: 'boolean', description: 'Speak TLS, without looking at who answers' },
  validate_certs: { type: 'boolean', aliases: ['tls_verify'], description: 'Speak TLS, and look at who answers' },
  ca_cert: { type: 'string', path: true, aliases: ['tls_ca_cert', 'cacert_path'] },
  client_cert: { type: 'string', path: true, aliases: ['tls_client_cert', 'cert_path'] },
  client_key: { type: 'string', path: true, aliases: ['tls_client_key', 'key_path'] },
  api_version: {
    type: 'string',
    aliases: ['docker_api_version'],
    description: 'Instead of the one that both sides know',
  },
  timeout: {
    type: 'integer',
    description: 'Without effect: the docker command waits; the timeout of a task does limit it',
  },
  use_ssh_client: { type: 'boolean', description: 'Never needed: the docker command always asks ssh' },
  debug: { type: 'boolean', description: 'Never needed: the diff says what was done' },
  tls_hostname: { type: 'string', refused: 'the docker command expects the name that stands in docker_host' },
  ssl_version: { type: 'string', refused: 'the docker command chooses it' },
} as const

/** How to reach a daemon. */
export interface Daemon {
  readonly docker_host?: string
  readonly tls?: boolean
  readonly validate_certs?: boolean
  readonly ca_cert?: string
  readonly client_cert?: string
  readonly client_key?: string
  readonly api_version?: string
}

/** The docker command, or another that takes the same, with what it needs to reach the daemon; its subcommand follows. */
export function docker(daemon: Daemon, command: 'docker' | 'docker-compose' = 'docker'): Script {
  const { docker_host, api_version } = daemon
  const files = [
    ['--tlscacert', daemon.ca_cert],
    ['--tlscert', daemon.client_cert],
    ['--tlskey', daemon.client_key],
  ] as const
  const words = [
    // Ansible's own default has two slashes where the path begins with the third.
    ...(docker_host === undefined ? [] : ['-H', docker_host.replace(/^unix:\/\/(?!\/)/, 'unix:///')]),
    ...(daemon.validate_certs ? ['--tlsverify'] : daemon.tls ? ['--tls'] : []),
    ...files.flatMap(([flag, path]) => (path === undefined ? [] : [flag, path])),
  ]
  const version = api_version === undefined || api_version === 'auto' ? [] : [api_version]
  const setting = version.length === 0 ? sh`` : sh`DOCKER_API_VERSION=${version} `
  return words.length === 0 ? sh`${setting}${raw(command)}` : sh`${setting}${raw(command)} ${words}`
}

/** A host without docker. */
export const noDocker = (): Plan =>
  refuse('docker is not installed on this host', 'install it first (Debian: docker.io), or choose another docker_host')

/** What `docker inspect` said, as a result; null where there is nothing. */
export const shown = <T>(found: T | 'absent'): Value => (found === 'absent' ? null : fromJson(found))

/** Values as Docker keeps them, which knows texts only. */
export const asText = (value: unknown): string =>
  typeof value === 'boolean' ? String(value) : value === null || value === undefined ? '' : String(value)

/** A mapping as words of a command: `flag key=value` each. */
export const pairs = (flag: string, given: Readonly<Record<string, unknown>> | undefined, between = '='): string[] =>
  Object.entries(given ?? {}).flatMap(([key, value]) => [flag, `${key}${between}${asText(value)}`])

/** A flag with its value, or nothing. */
export const flagged = (flag: string, value: string | number | undefined): string[] =>
  value === undefined ? [] : [flag, String(value)]

/** Where a thing is otherwise than declared: key by key, of what is declared only. */
export const unlike = (
  what: string,
  has: Readonly<Record<string, unknown>> | null | undefined,
  wants: Readonly<Record<string, unknown>> | undefined,
): { what: string; from: string; to: string }[] =>
  Object.entries(wants ?? {}).flatMap(([key, value]) => {
    const from = has && Object.hasOwn(has, key) ? asText(has[key]) : 'unset'
    return from === asText(value) ? [] : [{ what: `${what}.${key}`, from, to: asText(value) }]
  })

/** JSON documents that a script printed after its last line of the form `== NAME`; none when it printed none. */
export const documents = (text: string): unknown[] => {
  const at = text.lastIndexOf('\n[')
  const json = at < 0 ? (text.startsWith('[') ? text : '') : text.slice(at + 1)
  return json === '' ? [] : (JSON.parse(json) as unknown[])
}
