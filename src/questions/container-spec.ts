import type { ContainerFacts, ImageFacts } from './docker.ts'

/** A container as it should be; what is absent here is not compared. */
export interface Wanted {
  readonly name: string
  readonly image?: string
  readonly started: boolean
  readonly restart_policy?: string
  readonly restart_retries?: number
  readonly volumes?: readonly string[]
  readonly env?: Readonly<Record<string, unknown>>
  readonly published_ports?: readonly string[]
  readonly command?: readonly string[]
  readonly entrypoint?: readonly string[]
  readonly labels?: Readonly<Record<string, unknown>>
  readonly network_mode?: string
  readonly user?: string
  readonly hostname?: string
  readonly privileged?: boolean
  readonly read_only?: boolean
  readonly capabilities?: readonly string[]
}

/** One field in which a container is not what was declared. */
export interface Difference {
  readonly what: string
  readonly from: string
  readonly to: string
}

/** Words as a person would type them: one with a blank in it is not two. */
const words = (values: readonly string[] | null): string =>
  (values ?? []).map(word => (/^\S+$/.test(word) ? word : JSON.stringify(word))).join(' ')

const same = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((word, i) => word === b[i])

/** Every declared field in which the container differs: what it is, what it should be. */
export function differences(wanted: Wanted, now: ContainerFacts, image: ImageFacts | undefined): Difference[] {
  const out: Difference[] = []
  const compare = (what: string, from: string, to: string | undefined): void => {
    if (to !== undefined && from !== to) out.push({ what, from, to })
  }
  compare('image', now.Image, image?.Id)
  compare('restart_policy', now.HostConfig.RestartPolicy.Name || 'no', wanted.restart_policy)
  if (wanted.restart_policy === 'on-failure' && wanted.restart_retries !== undefined)
    compare('restart_retries', String(now.HostConfig.RestartPolicy.MaximumRetryCount), String(wanted.restart_retries))
  compare(
    'network_mode',
    plainNetwork(now.HostConfig.NetworkMode),
    wanted.network_mode === undefined ? undefined : plainNetwork(wanted.network_mode),
  )
  const list = (what: string, from: readonly string[] | null, to: readonly string[] | undefined): void => {
    if (to !== undefined && !same(from ?? [], to)) out.push({ what, from: words(from), to: words(to) })
  }
  list('command', now.Config.Cmd, commandWords(wanted))
  list('entrypoint', now.Config.Entrypoint, wanted.entrypoint?.slice(0, 1))
  compare('user', now.Config.User, wanted.user)
  compare('hostname', now.Config.Hostname, wanted.hostname)
  compare(
    'privileged',
    String(now.HostConfig.Privileged),
    wanted.privileged === undefined ? undefined : String(wanted.privileged),
  )
  compare(
    'read_only',
    String(now.HostConfig.ReadonlyRootfs),
    wanted.read_only === undefined ? undefined : String(wanted.read_only),
  )
  list(
    'capabilities',
    [...(now.HostConfig.CapAdd ?? [])].sort(),
    wanted.capabilities && [...wanted.capabilities].sort(),
  )
  out.push(
    ...volumeDifferences(wanted, now),
    ...environmentDifferences(wanted, now, image),
    ...labelDifferences(wanted, now, image),
    ...portDifferences(wanted, now),
  )
  return out
}

/** Docker takes one word as entrypoint; what follows it stands before the command. An entrypoint does away with the image's own command. */
export const commandWords = ({ entrypoint, command }: Wanted): readonly string[] | undefined =>
  entrypoint === undefined ? command : [...entrypoint.slice(1), ...(command ?? [])]

const plainNetwork = (mode: string): string => (mode === 'default' ? 'bridge' : mode)

/** `source:target[:options]` taken apart; the source is a path of the host or a volume's name. */
export function parseVolume(text: string): {
  readonly source: string
  readonly target: string
  readonly readOnly: boolean
  readonly options: readonly string[]
} {
  const [source = '', target, options = ''] = text.split(':')
  const list = options.split(',').filter(Boolean)
  return {
    source: target === undefined ? '' : source.replace(/(.)\/+$/, '$1'),
    target: (target ?? source).replace(/(.)\/+$/, '$1'),
    readOnly: list.includes('ro'),
    options: list.filter(word => word !== 'ro' && word !== 'rw'),
  }
}

function volumeDifferences(wanted: Wanted, now: ContainerFacts): Difference[] {
  if (wanted.volumes === undefined) return []
  const mounted = new Map(now.Mounts.map(mount => [mount.Destination, mount]))
  const out: Difference[] = []
  for (const text of wanted.volumes) {
    const volume = parseVolume(text)
    const mount = mounted.get(volume.target)
    mounted.delete(volume.target)
    const from =
      mount === undefined
        ? 'not mounted'
        : `${mount.Type === 'volume' ? (mount.Name ?? '') : mount.Source}${mount.RW ? '' : ' (ro)'}`
    const to = `${volume.source}${volume.readOnly ? ' (ro)' : ''}`
    if (volume.source !== '' && from !== to) out.push({ what: `mount ${volume.target}`, from, to })
  }
  for (const mount of mounted.values())
    if (mount.Type === 'bind') out.push({ what: `mount ${mount.Destination}`, from: mount.Source, to: 'not mounted' })
  return out
}

const asEnvironment = (list: readonly string[] | null | undefined): Map<string, string> =>
  new Map(
    (list ?? []).map(line => {
      const at = line.indexOf('=')
      return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)]
    }),
  )

/** Variables that the image brings are not drift; variables that somebody else set are. */
function environmentDifferences(wanted: Wanted, now: ContainerFacts, image: ImageFacts | undefined): Difference[] {
  if (wanted.env === undefined) return []
  const has = asEnvironment(now.Config.Env)
  const brought = asEnvironment(image?.Config?.Env)
  const out: Difference[] = []
  for (const [name, value] of Object.entries(wanted.env)) {
    const from = has.get(name)
    has.delete(name)
    if (from !== envText(value)) out.push({ what: `env ${name}`, from: from ?? 'unset', to: envText(value) })
  }
  for (const [name, value] of has)
    if (brought.get(name) !== value) out.push({ what: `env ${name}`, from: value, to: 'unset' })
  return out
}

function labelDifferences(wanted: Wanted, now: ContainerFacts, image: ImageFacts | undefined): Difference[] {
  const out: Difference[] = []
  for (const [name, value] of Object.entries(wanted.labels ?? {})) {
    const from = now.Config.Labels?.[name] ?? image?.Config?.Labels?.[name]
    if (from !== envText(value)) out.push({ what: `label ${name}`, from: from ?? 'unset', to: envText(value) })
  }
  return out
}

/** `[ip:][host:]container[/protocol]` as docker's own notation of a published port. */
export function parsePort(text: string): { readonly key: string; readonly binding: string } {
  const [spec = '', protocol = 'tcp'] = text.split('/')
  const parts = spec.split(':')
  const inside = parts.at(-1) ?? ''
  const outside = parts.at(-2) ?? ''
  const address = parts
    .slice(0, -2)
    .join(':')
    .replace(/^\[(.*)\]$/, '$1')
  return { key: `${inside}/${protocol}`, binding: `${address === '0.0.0.0' ? '' : address}:${outside}` }
}

function portDifferences(wanted: Wanted, now: ContainerFacts): Difference[] {
  if (wanted.published_ports === undefined) return []
  const has = new Map<string, string>()
  for (const [key, bindings] of Object.entries(now.HostConfig.PortBindings ?? {})) {
    has.set(
      key,
      (bindings ?? [])
        .map(({ HostIp, HostPort }) => `${HostIp === '0.0.0.0' ? '' : HostIp}:${HostPort}`)
        .sort()
        .join(' '),
    )
  }
  const want = new Map<string, string>()
  for (const { key, binding } of wanted.published_ports.map(parsePort))
    want.set(
      key,
      [want.get(key), binding]
        .filter(text => text !== undefined)
        .sort()
        .join(' '),
    )
  const out: Difference[] = []
  for (const key of new Set([...has.keys(), ...want.keys()])) {
    const from = has.get(key) ?? 'not published'
    const to = want.get(key) ?? 'not published'
    if (from !== to) out.push({ what: `port ${key}`, from, to })
  }
  return out
}

const envText = (value: unknown): string =>
  typeof value === 'boolean' ? (value ? 'true' : 'false') : String(value ?? '')

/** The words of `docker create`, all but image, command and ports. `--mount` refuses a missing source where `-v` would make it. */
export function runWords(wanted: Wanted): string[] {
  const out: string[] = []
  const flag = (name: string, value: string | undefined): void => {
    if (value !== undefined) out.push(name, value)
  }
  const retries =
    wanted.restart_policy === 'on-failure' && wanted.restart_retries !== undefined ? `:${wanted.restart_retries}` : ''
  flag('--restart', wanted.restart_policy === undefined ? undefined : wanted.restart_policy + retries)
  for (const volume of (wanted.volumes ?? []).map(parseVolume)) {
    const type = volume.source.startsWith('/') ? 'bind' : 'volume'
    if (volume.options.length > 0)
      out.push(
        '-v',
        `${volume.source}:${volume.target}:${[...volume.options, ...(volume.readOnly ? ['ro'] : [])].join(',')}`,
      )
    else
      out.push(
        '--mount',
        [
          `type=${type}`,
          ...(volume.source === '' ? [] : [`"source=${volume.source.replaceAll('"', '""')}"`]),
          `"target=${volume.target.replaceAll('"', '""')}"`,
          ...(volume.readOnly ? ['readonly'] : []),
        ].join(','),
      )
  }
  for (const [name, value] of Object.entries(wanted.labels ?? {})) out.push('--label', `${name}=${envText(value)}`)
  for (const capability of wanted.capabilities ?? []) out.push('--cap-add', capability)
  flag('--network', wanted.network_mode)
  flag('--user', wanted.user)
  flag('--hostname', wanted.hostname)
  if (wanted.entrypoint !== undefined) out.push('--entrypoint', wanted.entrypoint[0] ?? '')
  if (wanted.privileged) out.push('--privileged')
  if (wanted.read_only) out.push('--read-only')
  return out
}

export const publishWords = (wanted: Wanted): string[] => (wanted.published_ports ?? []).flatMap(port => ['-p', port])

/** Why the environment cannot be given to Docker: a line of `--env-file` ends where its value ends. */
export function environmentFault(wanted: Pick<Wanted, 'env'>): string | undefined {
  const odd = Object.entries(wanted.env ?? {}).find(
    ([name, value]) => /[\r\n]/.test(envText(value)) || !/^[^\s=#][^\s=]*$/.test(name),
  )
  if (odd === undefined) return undefined
  return /[\r\n]/.test(envText(odd[1]))
    ? `the value of ${odd[0]} holds a line end, which Docker cannot be given`
    : `'${odd[0]}' is no name of an environment variable`
}

/** The environment as `--env-file` reads it from standard input: values must not stand in argv, where every user sees them. */
export function environmentFile(wanted: Wanted): string {
  return Object.entries(wanted.env ?? {})
    .map(([name, value]) => `${name}=${envText(value)}\n`)
    .join('')
}
