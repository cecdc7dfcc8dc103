import { type Difference, sizeOf } from './container-options.ts'
import type { ContainerFacts, MountSpec } from './docker.ts'

/** A mount as it is declared: an entry of `mounts`. */
export interface Mount {
  readonly target?: string
  readonly source?: string
  readonly type?: 'bind' | 'volume' | 'tmpfs'
  readonly read_only?: boolean
  readonly consistency?: string
  readonly propagation?: string
  readonly no_copy?: boolean
  readonly labels?: Readonly<Record<string, unknown>>
  readonly volume_driver?: string
  readonly volume_options?: Readonly<Record<string, unknown>>
  readonly tmpfs_size?: string
  readonly tmpfs_mode?: string
}

/** What belongs to one kind of mount only. */
const ONLY: Readonly<Record<string, 'bind' | 'volume' | 'tmpfs'>> = {
  propagation: 'bind',
  no_copy: 'volume',
  labels: 'volume',
  volume_driver: 'volume',
  volume_options: 'volume',
  tmpfs_size: 'tmpfs',
  tmpfs_mode: 'tmpfs',
}

/** Why a mount cannot be: found before anything changes. */
export function mountFault(mount: Mount): string | undefined {
  const { target, type = 'volume' } = mount
  if (type === 'bind' && mount.source === undefined)
    return `source must be specified for mount "${target}" of type "bind"`
  for (const [option, needed] of Object.entries(ONLY))
    if (mount[option as keyof Mount] !== undefined && type !== needed)
      return `${option} cannot be specified for mount "${target}" of type "${type}" (needs type "${needed}")`
  if (mount.tmpfs_size !== undefined && !/^\d+$/.test(sizeOf(mount.tmpfs_size)))
    return `Failed to convert tmpfs_size of mount "${target}" to bytes: ${mount.tmpfs_size}`
  if (mount.tmpfs_mode !== undefined && !/^[0-7]{1,5}$/.test(mount.tmpfs_mode))
    return `tmp_fs mode of mount "${target}" is not an octal string!`
  return undefined
}

const textOf = (value: unknown): string => String(value ?? '')

/** A mapping with its keys in order, so that two of the same content are the same text. */
const pairsOf = (mapping: Readonly<Record<string, unknown>> | null | undefined): string =>
  Object.entries(mapping ?? {})
    .map(([key, value]) => `${key}=${textOf(value)}`)
    .sort()
    .join(',')

/** What is declared of a mount, in docker's values. */
const wants = (mount: Mount): [string, string][] => {
  const {
    type = 'volume',
    source,
    read_only,
    consistency,
    propagation,
    no_copy,
    labels,
    volume_driver,
    volume_options,
  } = mount
  const said: Readonly<Record<string, string | undefined>> = {
    type,
    source,
    read_only: read_only === undefined ? undefined : String(read_only),
    consistency,
    propagation,
    no_copy: no_copy === undefined ? undefined : String(no_copy),
    labels: labels && pairsOf(labels),
    volume_driver,
    volume_options: volume_driver === undefined ? undefined : volume_options && pairsOf(volume_options),
    tmpfs_size: mount.tmpfs_size && sizeOf(mount.tmpfs_size),
    tmpfs_mode: mount.tmpfs_mode && String(Number.parseInt(mount.tmpfs_mode, 8)),
  }
  return Object.entries(said).filter((one): one is [string, string] => one[1] !== undefined)
}

/** What docker was told of a mount. */
const has = (spec: MountSpec): Record<string, string> => ({
  type: spec.Type,
  source: spec.Source ?? '',
  read_only: String(spec.ReadOnly ?? false),
  consistency: spec.Consistency ?? '',
  propagation: spec.BindOptions?.Propagation ?? '',
  no_copy: String(spec.VolumeOptions?.NoCopy ?? false),
  labels: pairsOf(spec.VolumeOptions?.Labels),
  volume_driver: spec.VolumeOptions?.DriverConfig?.Name ?? '',
  volume_options: pairsOf(spec.VolumeOptions?.DriverConfig?.Options),
  tmpfs_size: textOf(spec.TmpfsOptions?.SizeBytes),
  tmpfs_mode: textOf(spec.TmpfsOptions?.Mode),
})

/** Where mounts are otherwise than declared; `others` are places that something else has declared. */
export function mountDifferences(
  wanted: readonly Mount[] | undefined,
  others: readonly string[],
  now: ContainerFacts,
): Difference[] {
  if (wanted === undefined) return []
  const there = new Map((now.HostConfig.Mounts ?? []).map(spec => [spec.Target, spec]))
  const out = wanted.flatMap((mount): Difference[] => {
    const target = mount.target ?? ''
    const what = `mounts ${target}`
    const spec = there.get(target)
    there.delete(target)
    const words = wants(mount)
    if (spec === undefined) return [{ what, from: 'not mounted', to: shown(words) }]
    const from = has(spec)
    const differing = words.filter(([name, value]) => from[name] !== value)
    return differing.length === 0
      ? []
      : [{ what, from: shown(differing.map(([name]) => [name, from[name] ?? ''])), to: shown(differing) }]
  })
  const more = [...there.values()].filter(({ Target }) => !others.includes(Target))
  return [
    ...out,
    ...more.map(({ Type, Source, Target }) => ({
      what: `mounts ${Target}`,
      from: `type=${Type} source=${Source ?? ''}`,
      to: 'not mounted',
    })),
  ]
}

const shown = (words: readonly (readonly [string, string])[]): string =>
  words.map(([name, value]) => `${name}=${value}`).join(' ')

/** A field of the comma-separated line that docker reads. */
const field = (text: string): string => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

/** The words of `docker create` for mounts. */
export const mountWords = (mounts: readonly Mount[] = []): string[] =>
  mounts.flatMap(mount => {
    const { type = 'volume', source, target = '', tmpfs_size, volume_driver } = mount
    const one = (name: string, value: unknown): string[] => (value === undefined ? [] : [`${name}=${textOf(value)}`])
    const each = (name: string, given: Readonly<Record<string, unknown>> | undefined): string[] =>
      Object.entries(given ?? {}).map(([key, value]) => `${name}=${key}=${textOf(value)}`)
    const fields = [
      `type=${type}`,
      ...one('source', source),
      `target=${target}`,
      ...(mount.read_only ? ['readonly'] : []),
      ...one('consistency', mount.consistency),
      ...one('bind-propagation', mount.propagation),
      ...(mount.no_copy ? ['volume-nocopy'] : []),
      ...each('volume-label', mount.labels),
      ...one('volume-driver', volume_driver),
      ...(volume_driver === undefined ? [] : each('volume-opt', mount.volume_options)),
      ...one('tmpfs-size', tmpfs_size && sizeOf(tmpfs_size)),
      ...one('tmpfs-mode', mount.tmpfs_mode),
    ]
    return ['--mount', fields.map(field).join(',')]
  })
