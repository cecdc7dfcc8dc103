import type { Diagnostic } from '../base/diagnostic.ts'
import type { Secret } from '../base/secret.ts'
import { nameFault } from '../inventory/address.ts'
import type { HostScope } from './scope.ts'
import { Settings } from './settings.ts'
import { parseSshArgs } from './ssh-args.ts'

/** How a host is reached: the shape of the transport's `ConnectionSpec`, which this room may not import. */
export interface Connection {
  readonly name: string
  readonly connection: 'ssh' | 'local'
  readonly address: string
  /** 0: nobody said, `~/.ssh/config` may. */
  readonly port: number
  /** '': nobody said, `~/.ssh/config` may. */
  readonly user: string
  readonly password?: Secret
  readonly keyFile?: string
  readonly keyPassphrase?: Secret
  readonly options: Readonly<Record<string, string>>
  readonly hostKeyChecking: 'strict' | 'accept-new' | 'off'
  readonly connectTimeout: number
}

/** What the command line says; the inventory's variables are stronger. */
export interface ConnectionDefaults {
  readonly connection?: 'ssh' | 'local' | undefined
  readonly user?: string | undefined
  readonly port?: number | undefined
  readonly password?: Secret | undefined
  readonly keyFile?: string | undefined
  readonly hostKeyChecking: 'strict' | 'accept-new' | 'off'
  /** Seconds. */
  readonly connectTimeout: number
  /** Arguments of ssh by the variable that would win over them: `ansible_ssh_common_args` and its like. */
  readonly sshArgs?: Readonly<Record<string, string>>
}

/** The keywords of task, block and play, rendered: stronger than the command line, weaker than variables. */
export interface ConnectionKeywords {
  readonly connection?: string | undefined
  readonly remoteUser?: string | undefined
  readonly port?: number | undefined
}

/**
 * Resolves the connection variables of a host.
 * Throws TemplateError when one of them cannot be rendered; what they say wrongly comes back as faults.
 */
export function connectionSpec(
  scope: HostScope,
  defaults: ConnectionDefaults,
  keywords: ConnectionKeywords = {},
): { spec: Connection; faults: readonly Diagnostic[] } {
  const settings = new Settings(scope)
  const connection = kindOf(settings, keywords.connection ?? defaults.connection)
  const address = settings.text('ansible_ssh_host', 'ansible_host') ?? scope.host
  const wrong = nameFault(address)
  if (wrong && connection === 'ssh')
    settings.fault(
      { name: 'ansible_host', span: scope.find('ansible_host')?.span },
      `cannot be used: ${wrong.message}`,
      wrong.remedy,
    )
  const options = sshOptions(settings, defaults.sshArgs ?? {})
  const password = settings.secret('ansible_ssh_password', 'ansible_ssh_pass', 'ansible_password') ?? defaults.password
  const keyFile = settings.text('ansible_ssh_private_key_file', 'ansible_private_key_file') ?? defaults.keyFile
  const keyPassphrase = settings.secret('ansible_ssh_private_key_passphrase', 'ansible_private_key_passphrase')
  const { ConnectTimeout: wait, ...rest } = options
  const spec: Connection = {
    name: scope.host,
    connection,
    address,
    port: settings.whole(1, 65535, 'ansible_ssh_port', 'ansible_port') ?? keywords.port ?? defaults.port ?? 0,
    user: settings.text('ansible_ssh_user', 'ansible_user') ?? keywords.remoteUser ?? defaults.user ?? '',
    ...(password && { password }),
    ...(keyFile !== undefined && { keyFile }),
    ...(keyPassphrase && { keyPassphrase }),
    options: rest,
    hostKeyChecking: checkingOf(settings, defaults),
    connectTimeout:
      settings.whole(1, 86_400, 'ansible_ssh_timeout', 'ansible_timeout', 'ansible_connection_timeout') ??
      (Number(wait) || defaults.connectTimeout),
  }
  return { spec, faults: settings.faults }
}

const SSH = new Set(['ssh', 'smart', 'paramiko', 'paramiko_ssh'])

function kindOf(settings: Settings, said: string | undefined): 'ssh' | 'local' {
  const written = settings.text('ansible_connection')
  const name = (written ?? said ?? 'ssh').replace(/^ansible\.(?:builtin|legacy)\./, '')
  if (name === 'local') return 'local'
  if (SSH.has(name)) return 'ssh'
  const found = settings.first(['ansible_connection']) ?? { name: 'connection', span: undefined }
  settings.fault(found, `is ${JSON.stringify(name)}`, 'regplay speaks ssh and local')
  return 'ssh'
}

function sshOptions(settings: Settings, said: Readonly<Record<string, string>>): Record<string, string> {
  const options: Record<string, string> = {}
  for (const name of ['ansible_ssh_args', 'ansible_ssh_common_args', 'ansible_ssh_extra_args']) {
    const text = settings.text(name) ?? said[name]
    if (text === undefined) continue
    const parsed = parseSshArgs(text, name, settings.first([name])?.span)
    settings.faults.push(...parsed.faults)
    for (const [key, value] of Object.entries(parsed.options)) options[key] ??= value
  }
  return options
}

function checkingOf(settings: Settings, defaults: ConnectionDefaults): Connection['hostKeyChecking'] {
  const said = settings.bool('ansible_ssh_host_key_checking', 'ansible_host_key_checking')
  if (said === undefined) return defaults.hostKeyChecking
  if (!said) return 'off'
  return defaults.hostKeyChecking === 'off' ? 'strict' : defaults.hostKeyChecking
}
