import type { Diagnostic } from '../base/diagnostic.ts'
import type { Span } from '../base/span.ts'
import { splitWords } from '../inventory/words.ts'

/** Options of OpenSSH that change what regplay does, as they are written in `ssh_config`. */
const KNOWN = [
  'StrictHostKeyChecking',
  'UserKnownHostsFile',
  'GlobalKnownHostsFile',
  'HostKeyAlias',
  'HostName',
  'IdentityFile',
  'IdentitiesOnly',
  'IdentityAgent',
  'Port',
  'ProxyJump',
  'ServerAliveCountMax',
  'ServerAliveInterval',
  'User',
  'ConnectTimeout',
] as const
const BY_LOWER = new Map<string, string>(KNOWN.map(name => [name.toLowerCase(), name]))

/** Options that change how OpenSSH works and not whom it talks to: regplay has its own ways, so they are passed over. */
const HARMLESS = new Set(
  [
    ...[
      'AddKeysToAgent',
      'AddressFamily',
      'BatchMode',
      'Compression',
      'ConnectionAttempts',
      'ControlMaster',
      'ControlPath',
    ],
    ...['ControlPersist', 'GSSAPIAuthentication', 'HashKnownHosts', 'KbdInteractiveAuthentication', 'LogLevel'],
    ...['PasswordAuthentication', 'PreferredAuthentications', 'PubkeyAuthentication', 'RequestTTY', 'TCPKeepAlive'],
    ...['UpdateHostKeys', 'VisualHostKey', 'NumberOfPasswordPrompts', 'ForwardX11'],
  ].map(name => name.toLowerCase()),
)
const SILENT_FLAGS = new Set(['-C', '-4', '-6', '-q', '-T', '-x', '-v', '-vv', '-vvv', '-n'])
const WITH_VALUE: Readonly<Record<string, string>> = {
  '-J': 'ProxyJump',
  '-i': 'IdentityFile',
  '-p': 'Port',
  '-l': 'User',
}

/**
 * Reads `ansible_ssh_common_args` and its like: `-o Key=Value`, `-J`, `-i`, `-p`, `-l`. What regplay cannot honour is a fault that
 * names it; the first mention of an option wins, as with ssh.
 */
export function parseSshArgs(
  text: string,
  variable: string,
  span: Span | undefined,
): { options: Record<string, string>; faults: Diagnostic[] } {
  const options: Record<string, string> = {}
  const faults: Diagnostic[] = []
  const refuse = (what: string, remedy: string): void => {
    faults.push({
      code: 'ssh-option',
      severity: 'error',
      message: `${variable}: ${what}`,
      ...(span && { span }),
      remedy,
    })
  }
  const { words, fault } = splitWords(text, false)
  if (fault) refuse(fault.message, 'close the quote')
  const queue = words.map(word => word.text)
  for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
    const flag = word.slice(0, 2)
    const name = WITH_VALUE[flag]
    if (flag === '-o' || name !== undefined) {
      const value = word.length > 2 ? word.slice(2) : queue.shift()
      if (value === undefined) refuse(`${flag} has no value`, `write ${flag} and its value`)
      else if (name !== undefined) options[name] ??= value
      else setOption(value, options, refuse)
    } else if (!SILENT_FLAGS.has(word))
      refuse(
        `regplay does not know the ssh argument ${JSON.stringify(word)}`,
        `known: -o, ${Object.keys(WITH_VALUE).join(', ')}`,
      )
  }
  return { options, faults }
}

function setOption(
  text: string,
  options: Record<string, string>,
  refuse: (what: string, remedy: string) => void,
): void {
  const [, key = '', value = ''] = /^\s*([A-Za-z0-9]+)\s*[=\s]\s*([\s\S]*)$/.exec(text) ?? []
  const lower = key.toLowerCase()
  const known = BY_LOWER.get(lower)
  if (known !== undefined) options[known] ??= value.trim()
  else if (lower === 'proxycommand') setProxy(value, options, refuse)
  else if (key === '') refuse(`-o ${JSON.stringify(text)} is no Key=Value`, 'write -o Key=Value')
  else if (!HARMLESS.has(lower)) refuse(`regplay does not honour the ssh option ${key}`, `known: ${KNOWN.join(', ')}`)
}

/** `ssh -W %h:%p jump` is what ProxyJump was made for. Anything else would be a program of its own, which is not run. */
function setProxy(
  command: string,
  options: Record<string, string>,
  refuse: (what: string, remedy: string) => void,
): void {
  if (command.trim().toLowerCase() === 'none') return
  const words = splitWords(command, false).words.map(word => word.text)
  const at = words.indexOf('-W')
  if (words[0] === 'ssh' && at > 0 && /^\[?%h\]?:%p$/.test(words[at + 1] ?? '')) {
    const rest = [...words.slice(1, at), ...words.slice(at + 2)].filter(word => !SILENT_FLAGS.has(word))
    const port = take(rest, '-p')
    const user = take(rest, '-l')
    const [jump] = rest
    if (rest.length === 1 && jump !== undefined && !jump.startsWith('-')) {
      options['ProxyJump'] ??= (user === undefined ? '' : `${user}@`) + jump + (port === undefined ? '' : `:${port}`)
      return
    }
  }
  refuse(`regplay does not run the ProxyCommand ${JSON.stringify(command)}`, 'write -J user@host:port instead')
}

/** Takes a flag and its value out of a list. */
function take(words: string[], flag: string): string | undefined {
  const at = words.indexOf(flag)
  return at < 0 ? undefined : words.splice(at, 2)[1]
}
