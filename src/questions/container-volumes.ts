import type { Difference } from './container-options.ts'
import type { ContainerFacts, MountFacts } from './docker.ts'

/** A volume as `source:target[:options]` says it; one without a source is anonymous. */
export interface Volume {
  readonly source: string
  readonly target: string
  readonly readOnly: boolean
  readonly options: readonly string[]
}

/** What may stand behind the last colon. */
const OPTION =
  /^(?:rw|ro|z|Z|consistent|cached|delegated|r?private|r?shared|r?slave|nocopy)(?:,(?:rw|ro|z|Z|consistent|cached|delegated|r?private|r?shared|r?slave|nocopy))*$/

const bare = (path: string): string => path.replace(/(.)\/+$/, '$1')

/** Takes `source:target[:options]` apart; the source is a path of the host or a volume's name. */
export function parseVolume(text: string): Volume {
  const [first = '', second, third = ''] = text.split(':')
  const alone = second === undefined || (third === '' && OPTION.test(second))
  const list = (alone ? (second ?? '') : third).split(',').filter(Boolean)
  return {
    source: alone ? '' : bare(first),
    target: bare(alone ? first : second),
    readOnly: list.includes('ro'),
    options: list.filter(word => word !== 'ro' && word !== 'rw'),
  }
}

/** A place in a container that two want, or a volume that cannot be understood. */
export function volumeFault(volumes: readonly string[] = [], mounts: readonly string[] = []): string | undefined {
  const odd = volumes.map(text => text.split(':')[2]).find(options => options !== undefined && !OPTION.test(options))
  if (odd !== undefined) return `Found invalid volumes mode: ${odd}`
  const taken = new Map<string, string>()
  for (const [option, targets] of [
    ['mounts', mounts],
    ['volumes', volumes.map(text => parseVolume(text).target)],
  ] as const)
    for (const target of targets) {
      const before = taken.get(target)
      if (before === option) return `The mount point "${target}" appears twice in the ${option} option`
      if (before !== undefined) return `The mount point "${target}" appears both in the ${option} and ${before} option`
      taken.set(target, option)
    }
  return undefined
}

/** What a volume is, in words for a diff. Docker gives `z` to every volume of its own. */
const told = (source: string, readOnly: boolean, options: readonly string[], own: boolean): string => {
  const words = [...(readOnly ? ['ro'] : []), ...options.filter(word => !own || word !== 'z').sort()]
  return words.length === 0 ? source : `${source} (${words.join(', ')})`
}

const found = (mount: MountFacts): string => {
  const own = mount.Type === 'volume'
  const options = (mount.Mode ?? '').split(',').filter(word => !/^(?:|ro|rw)$/.test(word))
  return told(own ? (mount.Name ?? '') : mount.Source, !mount.RW, options, own)
}

/** Where volumes are otherwise than declared; `others` are places that something else has declared. */
export function volumeDifferences(
  wanted: readonly string[] | undefined,
  others: readonly string[],
  now: ContainerFacts,
): Difference[] {
  if (wanted === undefined) return []
  const mounted = new Map(now.Mounts.map(mount => [mount.Destination, mount]))
  const out: Difference[] = []
  for (const volume of wanted.map(parseVolume)) {
    const mount = mounted.get(volume.target)
    mounted.delete(volume.target)
    const anonymous = volume.source === '' && mount?.Type === 'volume'
    const from = mount === undefined ? 'not mounted' : found(mount)
    const own = !volume.source.startsWith('/')
    const to = told(volume.source === '' ? 'a volume' : volume.source, volume.readOnly, volume.options, own)
    if (!anonymous && from !== to) out.push({ what: `mount ${volume.target}`, from, to })
  }
  for (const mount of mounted.values())
    if (mount.Type === 'bind' && !others.includes(mount.Destination))
      out.push({ what: `mount ${mount.Destination}`, from: mount.Source, to: 'not mounted' })
  return out
}

/** The words of `docker create` for volumes. Ansible's `rw` is said as well, for it compares the daemon's words. */
export const volumeWords = (volumes: readonly string[] = []): string[] =>
  volumes.flatMap(text => {
    const { source, target } = parseVolume(text)
    // Of an anonymous volume docker would take the words for its place.
    return ['-v', source === '' ? target : `${source}:${target}:${text.split(':')[2] ?? 'rw'}`]
  })
