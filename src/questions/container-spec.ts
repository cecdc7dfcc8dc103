import { type Mount, mountDifferences, mountWords } from './container-mounts.ts'
import type { Strictness } from './container-option.ts'
import { type Difference, optionDifferences, optionWords } from './container-options.ts'
import { expandPort, parsePort } from './container-ports.ts'
import { parseVolume, volumeDifferences, volumeWords } from './container-volumes.ts'
import type { ContainerFacts, ImageFacts } from './docker.ts'

/** A container as it should be; what is absent here is not compared. */
export interface Wanted {
  readonly name: string
  readonly image?: string
  readonly started: boolean
  readonly restart_policy?: string
  readonly restart_retries?: number
  readonly volumes?: readonly string[]
  readonly mounts?: readonly Mount[]
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
  /** The name by which it should have been made, where that counts. */
  readonly image_name?: string
  /** Whether another image is no difference. */
  readonly any_image?: boolean
  /** Parameters of `OPTIONS`. */
  readonly options?: Readonly<Record<string, unknown>>
  /** How parameters are compared where it is not as usual; `*` stands for all others. */
  readonly comparisons?: Readonly<Record<string, string>>
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
  if (!wanted.any_image) compare('image', now.Image, image?.Id)
  compare('image', now.Config.Image, wanted.image_name)
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
  // None at all is kept as one of no length.
  list('entrypoint', now.Config.Entrypoint?.filter(word => word !== '') ?? null, wanted.entrypoint?.slice(0, 1))
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
  out.push(
    ...volumeDifferences(
      wanted.volumes,
      (wanted.mounts ?? []).map(({ target = '' }) => target),
      now,
    ),
    ...mountDifferences(
      wanted.mounts,
      (wanted.volumes ?? []).map(one => parseVolume(one).target),
      now,
    ),
    ...environmentDifferences(wanted, now, image),
    ...labelDifferences(wanted, now, image),
    ...portDifferences(wanted, now),
    ...optionDifferences(wanted.options ?? {}, now, name => strictness(wanted, name)),
  )
  return out.filter(one => counts(wanted, one))
}

/** How a parameter is compared, where somebody said so. */
const strictness = ({ comparisons }: Wanted, name: string): Strictness | undefined =>
  (comparisons?.[name] ?? comparisons?.['*']) as Strictness | undefined

/** Differences of one parameter that are told piece by piece. */
const PIECES: Readonly<Record<string, string>> = {
  mount: 'volumes',
  mounts: 'mounts',
  env: 'env',
  label: 'labels',
  port: 'published_ports',
}

/** Whether a difference is one for those who declared the container. */
function counts(wanted: Wanted, { what, to }: Difference): boolean {
  const [first = what] = what.split(' ')
  const found = strictness(wanted, what.includes(' ') ? (PIECES[first] ?? what) : what)
  if (found === 'ignore') return false
  // More than what is declared is no difference, unless somebody said so.
  return found === 'strict' || !/^(unset|not mounted|not published)$/.test(to)
}

/** Docker takes one word as entrypoint; what follows it stands before the command. An entrypoint does away with the image's own command. */
export const commandWords = ({ entrypoint, command }: Wanted): readonly string[] | undefined =>
  entrypoint === undefined ? command : [...entrypoint.slice(1), ...(command ?? [])]

const plainNetwork = (mode: string): string => (mode === 'default' ? 'bridge' : mode)

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
  if (wanted.labels === undefined) return []
  const has = now.Config.Labels ?? {}
  const wants: Readonly<Record<string, unknown>> = { ...image?.Config?.Labels, ...wanted.labels }
  return [...new Set([...Object.keys(wants), ...Object.keys(has)])].flatMap(name => {
    const from = Object.hasOwn(has, name) ? (has[name] ?? '') : 'unset'
    const to = Object.hasOwn(wants, name) ? envText(wants[name]) : 'unset'
    return from === to ? [] : [{ what: `label ${name}`, from, to }]
  })
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
  for (const { key, binding } of wanted.published_ports.flatMap(expandPort).map(parsePort))
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

/** The words of `docker create`, all but image, command and ports. */
export function runWords(wanted: Wanted): string[] {
  const out: string[] = []
  const flag = (name: string, value: string | undefined): void => {
    if (value !== undefined) out.push(name, value)
  }
  const retries =
    wanted.restart_policy === 'on-failure' && wanted.restart_retries !== undefined ? `:${wanted.restart_retries}` : ''
  flag('--restart', wanted.restart_policy === undefined ? undefined : wanted.restart_policy + retries)
  out.push(...volumeWords(wanted.volumes), ...mountWords(wanted.mounts))
  for (const [name, value] of Object.entries(wanted.labels ?? {})) out.push('--label', `${name}=${envText(value)}`)
  flag('--network', wanted.network_mode)
  flag('--user', wanted.user)
  flag('--hostname', wanted.hostname)
  if (wanted.entrypoint !== undefined) out.push('--entrypoint', wanted.entrypoint[0] ?? '')
  if (wanted.privileged) out.push('--privileged')
  if (wanted.read_only) out.push('--read-only')
  out.push(...optionWords(wanted.options ?? {}))
  return out
}

export const publishWords = (wanted: Wanted): string[] =>
  (wanted.published_ports ?? []).flatMap(expandPort).flatMap(port => ['-p', port])

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
