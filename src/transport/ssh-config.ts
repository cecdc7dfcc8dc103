import { execFile } from 'node:child_process'
import { access, readFile } from 'node:fs/promises'
import { homedir, userInfo } from 'node:os'
import { join } from 'node:path'
import { wildcard } from './known-hosts.ts'
import { plain } from './plain.ts'
import { TransportError } from './session.ts'

/** What a person's ssh configuration says of a host; absent where it says nothing of its own. */
export interface SshConfig {
  readonly hostName?: string
  readonly user?: string
  readonly port?: number
  readonly identityFiles?: readonly string[]
  readonly identitiesOnly?: boolean
  readonly identityAgent?: string
  readonly proxyJump?: string
  readonly proxyCommand?: string
  readonly userKnownHostsFiles?: readonly string[]
  readonly strictHostKeyChecking?: string
  readonly hostKeyAlias?: string
}

const known = new Map<string, Promise<SshConfig>>()

/**
 * Asks `ssh -G`, which knows Include, Match and every token; without an ssh program a small reader of ours understands
 * Host blocks. The host must have passed `checkName`. Without a configuration file nobody is asked.
 */
export function readSshConfig(host: string): Promise<SshConfig> {
  const own = join(homedir(), '.ssh/config')
  const key = `${own}\0${host}`
  const asked = known.get(key) ?? ask(own, host)
  known.set(key, asked)
  return asked
}

async function ask(own: string, host: string): Promise<SshConfig> {
  if (!(await exists(own))) return {}
  const said = await sshG(own, host)
  return configOf(said === null ? hostBlocks(await readFile(own, 'utf8'), host) : said)
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

/** `ssh -G` prints every setting in force, defaults included; null when there is no ssh program. */
function sshG(own: string, host: string): Promise<string | null> {
  // ssh reads the home of the passwd entry; HOME may name another one.
  const file = homedir() === userInfo().homedir ? [] : ['-F', own]
  return new Promise((resolve, reject) => {
    const options = { timeout: 10_000, maxBuffer: 1024 * 1024, encoding: 'utf8' as const }
    execFile('ssh', ['-G', ...file, '--', host], options, (error, stdout, stderr) => {
      if (!error) resolve(stdout)
      else if (error.code === ('ENOENT' as unknown)) resolve(null)
      else
        reject(
          new TransportError(
            'unreachable',
            `the ssh configuration cannot be used for ${host}: ${plain(stderr || error.message)}`,
            `correct ${own}`,
          ),
        )
    })
  })
}

/** The settings of a configuration's Host blocks that fit, first word wins, in the form of `ssh -G`. Match blocks are passed over. */
export function hostBlocks(text: string, host: string): string {
  const out: string[] = []
  let fits = true
  for (const line of text.split('\n')) {
    const match = /^\s*([A-Za-z]+)(?:\s*=\s*|\s+)(.+?)\s*$/.exec(line)
    if (!match?.[1] || !match[2]) continue
    const name = match[1].toLowerCase()
    const value = match[2].replace(/^"(.*)"$/, '$1')
    if (name === 'match') fits = value.toLowerCase() === 'all'
    else if (name === 'host') fits = hostFits(value.split(/\s+/), host)
    else if (fits) out.push(`${name} ${name === 'hostname' ? value.replaceAll('%h', host) : value}`)
  }
  return out.join('\n')
}

const hostFits = (patterns: readonly string[], host: string): boolean =>
  patterns.some(pattern => !pattern.startsWith('!') && wildcard(pattern, host)) &&
  !patterns.some(pattern => pattern.startsWith('!') && wildcard(pattern.slice(1), host))

/** What the lines of `ssh -G` say beyond defaults that are ours as well. */
export function configOf(text: string): SshConfig {
  const said = new Map<string, string[]>()
  for (const line of text.split('\n')) {
    const space = line.indexOf(' ')
    if (space < 0) continue
    const name = line.slice(0, space)
    said.set(name, [...(said.get(name) ?? []), line.slice(space + 1)])
  }
  const one = <K extends string>(key: K, name: string): { [P in K]?: string } => {
    const value = said.get(name)?.[0]
    return value === undefined || value === 'none' ? {} : ({ [key]: value } as { [P in K]?: string })
  }
  const files = said.get('userknownhostsfile')?.[0]
  const identities = said.get('identityfile')
  const port = Number(said.get('port')?.[0] ?? 0)
  return {
    ...one('hostName', 'hostname'),
    ...one('user', 'user'),
    ...one('identityAgent', 'identityagent'),
    ...one('proxyJump', 'proxyjump'),
    ...one('proxyCommand', 'proxycommand'),
    ...one('strictHostKeyChecking', 'stricthostkeychecking'),
    ...one('hostKeyAlias', 'hostkeyalias'),
    ...(port > 0 ? { port } : {}),
    ...(identities ? { identityFiles: identities } : {}),
    ...(said.get('identitiesonly')?.[0] === 'yes' ? { identitiesOnly: true } : {}),
    ...(files === undefined ? {} : { userKnownHostsFiles: files.split(/\s+/).filter(Boolean) }),
  }
}
