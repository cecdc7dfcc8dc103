import { readFile, stat } from 'node:fs/promises'
import { homedir, userInfo } from 'node:os'
import { join } from 'node:path'
import type { Secret } from '../base/secret.ts'
import { knownName } from './known-hosts.ts'
import { type ConnectionSpec, TransportError } from './session.ts'
import { readSshConfig, type SshConfig } from './ssh-config.ts'

/** Where to dial and how, after the inventory and the person's own ssh configuration have both been heard. */
export interface Target {
  readonly host: string
  readonly port: number
  readonly user: string
  /** The name under which the host's key is known. */
  readonly knownAs: string
  readonly knownHostsFiles: readonly string[]
  readonly checking: ConnectionSpec['hostKeyChecking']
  readonly keyFile?: string
  readonly keyPassphrase?: Secret
  /** Keys to try when none was named; files that do not exist are passed over. */
  readonly identities: readonly string[]
  readonly identitiesOnly: boolean
  /** Socket of the ssh agent, or null. */
  readonly agent: string | null
  readonly password?: Secret
  /** Machines to go through, the first one first. */
  readonly jumps: readonly Target[]
  /** Seconds. */
  readonly connectTimeout: number
  /** Seconds between signs of life, and how many may be missed. */
  readonly alive: { readonly interval: number; readonly count: number }
}

/** RFC 1123 names, IPv4, IPv6 (bare or with a zone); never anything that a program could take for an option. */
const HOST = /^(?!-)[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,253}[A-Za-z0-9_.])?$|^[0-9A-Fa-f:.]{2,45}(?:%[A-Za-z0-9._-]+)?$/

/** Refuses host and user names that no machine can have. Throws TransportError('unreachable'). */
export function checkName(host: string, user = ''): void {
  if (!HOST.test(host))
    throw new TransportError(
      'unreachable',
      `${JSON.stringify(host)} is no host name or address`,
      'correct ansible_host',
    )
  if (user.startsWith('-') || /[\s\x00-\x1f\x7f'"`;|&$<>(){}]/.test(user))
    throw new TransportError('auth', `${JSON.stringify(user)} is no user name`, 'correct ansible_user')
}

/**
 * The inventory's word first, then ~/.ssh/config, then OpenSSH's defaults. An empty user and port 0 mean that the
 * inventory says nothing. Rejects with TransportError where the configuration asks for what regplay cannot do.
 */
export async function resolveTarget(spec: ConnectionSpec, depth = 0): Promise<Target> {
  checkName(spec.address, spec.user)
  if (depth > 8)
    throw new TransportError(
      'unreachable',
      `${spec.address} is reached through more than 8 jumps`,
      'look for a circle in ProxyJump',
    )
  const option = options(spec)
  const config = await readSshConfig(spec.address)
  refuseProxyCommand(option('ProxyCommand') ?? config.proxyCommand, spec)
  const host = option('HostName') ?? config.hostName ?? spec.address
  checkName(host)
  const port = spec.port || Number(option('Port')) || config.port || 22
  const home = homedir()
  const files = option('UserKnownHostsFile')?.split(/\s+/).filter(Boolean) ?? config.userKnownHostsFiles
  const global = option('GlobalKnownHostsFile')?.split(/\s+/).filter(Boolean) ?? [
    '/etc/ssh/ssh_known_hosts',
    '/etc/ssh/ssh_known_hosts2',
  ]
  const user = spec.user || option('User') || config.user || userInfo().username
  const identity = option('IdentityFile')
  const keyFile = spec.keyFile ?? identity
  const alias = option('HostKeyAlias') ?? config.hostKeyAlias
  return {
    host,
    port,
    user,
    knownAs: alias ?? knownName(host, port),
    knownHostsFiles: [...(files ?? [join(home, '.ssh/known_hosts'), join(home, '.ssh/known_hosts2')]), ...global].map(
      tilde,
    ),
    checking: checkingOf(option('StrictHostKeyChecking'), spec.hostKeyChecking, config),
    ...(keyFile === undefined ? {} : { keyFile: tilde(keyFile) }),
    ...(spec.keyPassphrase ? { keyPassphrase: spec.keyPassphrase } : {}),
    identities: (config.identityFiles ?? DEFAULT_IDENTITIES).map(tilde),
    identitiesOnly: (option('IdentitiesOnly') ?? '') === 'yes' || config.identitiesOnly === true,
    agent: await agentSocket(option('IdentityAgent') ?? config.identityAgent),
    ...(spec.password ? { password: spec.password } : {}),
    jumps: await jumpsOf(option('ProxyJump') ?? config.proxyJump, spec, depth),
    connectTimeout: spec.connectTimeout,
    alive: { interval: Number(option('ServerAliveInterval')) || 15, count: Number(option('ServerAliveCountMax')) || 4 },
  }
}

const DEFAULT_IDENTITIES = ['~/.ssh/id_ed25519', '~/.ssh/id_ecdsa', '~/.ssh/id_rsa']

/** Option names are read without regard to case, as ssh does. */
const options = (spec: ConnectionSpec): ((name: string) => string | undefined) => {
  const lower = new Map(Object.entries(spec.options).map(([key, value]) => [key.toLowerCase(), value]))
  return name => lower.get(name.toLowerCase())
}

const tilde = (path: string): string => (path.startsWith('~/') ? join(homedir(), path.slice(2)) : path)

function refuseProxyCommand(command: string | undefined, spec: ConnectionSpec): void {
  if (command === undefined || command.toLowerCase() === 'none') return
  throw new TransportError(
    'unreachable',
    `${spec.address} is to be reached by a ProxyCommand, which regplay does not run`,
    'use ProxyJump, or a route or tunnel of your own and ansible_host',
  )
}

function checkingOf(
  option: string | undefined,
  spec: ConnectionSpec['hostKeyChecking'],
  config: SshConfig,
): ConnectionSpec['hostKeyChecking'] {
  const said = option ?? (spec === 'strict' ? config.strictHostKeyChecking : undefined)
  if (said === 'accept-new') return 'accept-new'
  if (said === 'no' || said === 'off' || said === 'false') return 'off'
  return said === undefined ? spec : 'strict'
}

async function agentSocket(named: string | undefined): Promise<string | null> {
  const path = named === undefined || named === 'SSH_AUTH_SOCK' ? process.env['SSH_AUTH_SOCK'] : tilde(named)
  if (!path || path === 'none') return null
  return stat(path).then(
    found => (found.isSocket() ? path : null),
    () => null,
  )
}

/** `user@host:port,host2`: the first is reached first, each with the login's keys and the same rules for host keys. */
async function jumpsOf(text: string | undefined, spec: ConnectionSpec, depth: number): Promise<Target[]> {
  if (text === undefined || text.toLowerCase() === 'none' || text === '') return []
  const out: Target[] = []
  for (const word of text.split(',')) {
    const match = /^(?:ssh:\/\/)?(?:([^@]+)@)?(\[[^\]]+\]|[^:]+)(?::(\d+))?$/.exec(word.trim())
    if (!match?.[2])
      throw new TransportError(
        'unreachable',
        `ProxyJump ${JSON.stringify(word)} cannot be read`,
        'write it as user@host:port',
      )
    const { password: _password, ...rest } = spec
    const others = Object.fromEntries(
      Object.entries(spec.options).filter(([key]) => !/^(proxyjump|hostname|port|user|hostkeyalias)$/i.test(key)),
    )
    const address = match[2].replace(/^\[|\]$/g, '')
    const jump = { ...rest, name: address, address, user: match[1] ?? '', port: Number(match[3] ?? 0), options: others }
    const target = await resolveTarget(jump, depth + 1)
    out.push(...(out.length === 0 ? target.jumps : []), { ...target, jumps: [] })
  }
  return out
}

/** The files of known hosts that exist, in order. A file that cannot be read is an error: it may hold a revocation. */
export async function readKnownHosts(paths: readonly string[]): Promise<{ path: string; text: string }[]> {
  const out: { path: string; text: string }[] = []
  for (const path of paths) {
    try {
      out.push({ path, text: await readFile(path, 'utf8') })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue
      throw new TransportError(
        'hostkey',
        `${path} cannot be read: ${(error as Error).message}`,
        'correct its owner and mode',
      )
    }
  }
  return out
}
