import type { Unpack } from '../../kit/effect.ts'
import type { HostInfo } from '../../kit/host.ts'
import type { Below, Dress, Format, Member } from '../../questions/archives.ts'
import { dressing, type Wanted } from './attributes.ts'
import { fnmatch } from './fnmatch.ts'

/** What is left to do of an archive of the controller. */
export interface Found {
  readonly missing: readonly string[]
  /** Whose those are that are there. */
  readonly dresses: readonly Dress[]
  /** Names in `include` that it has not. */
  readonly unknown: readonly string[]
}

/** The members that are not there with their size; undefined where that cannot be told before unpacking. */
export function foundOf(
  { extra_opts, exclude, include, keep_newer }: Chosen,
  listed: readonly Member[] | undefined,
  below: ReadonlyMap<string, Below> | undefined,
): Found | undefined {
  const strip = extra_opts.join(' ').match(/^--strip(?:-components)?[= ](\d+)$/)?.[1]
  if (listed === undefined || below === undefined) return undefined
  if (extra_opts.length > 0 && strip === undefined) return undefined
  const missing: string[] = []
  const dresses: Dress[] = []
  for (const { name, size } of listed) {
    if (!chosen(name, exclude, include)) continue
    // tar counts a leading `.` among the parts that it strips
    const path = name
      .replace(/^\/+/, '')
      .split('/')
      .slice(Number(strip ?? 0))
      .filter(part => part !== '.' && part !== '')
      .join('/')
    if (path === '') continue
    const there = below.get(path)
    // One that is otherwise may be newer
    if (keep_newer && there !== undefined && there.size !== size) return undefined
    if (there === undefined || there.size !== size) missing.push(path)
    else dresses.push(there.dress)
  }
  return { missing, dresses, unknown: include.filter(one => !listed.some(({ name }) => chosen(name, [], [one]))) }
}

/** The names of the members that are meant. */
export const chosenNames = (
  listed: readonly Member[],
  { exclude, include }: Omit<Chosen, 'keep_newer' | 'extra_opts'>,
) => listed.map(({ name }) => name).filter(name => chosen(name, exclude, include))

/** Whether tar means a member: what is named by its start is in, and what a pattern matches from any slash to any other is out. */
function chosen(name: string, exclude: readonly string[], include: readonly string[]): boolean {
  const parts = name.replace(/\/+$/, '').split('/')
  const within = (path: string): boolean => path.split('/').every((part, i) => part === parts[i])
  if (include.length > 0 && !include.some(path => within(path.replace(/\/+$/, '')))) return false
  const runs = parts.flatMap((_, from) =>
    parts.slice(from).map((_, more) => parts.slice(from, from + more + 1).join('/')),
  )
  return !exclude.some(pattern => runs.some(run => fnmatch(pattern.replace(/\/+$/, '')).test(run)))
}

/** What a host needs to unpack a format; gzip is everywhere, or the controller opens it. */
const TOOLS: Readonly<Record<Format, readonly string[]>> = {
  tar: ['tar'],
  'tar.gz': ['tar'],
  'tar.xz': ['tar', 'xz'],
  'tar.zst': ['tar', 'zstd'],
  'tar.bz2': ['tar', 'bzip2'],
  zip: ['unzip'],
}

/** What the task says of which members are meant, and how they are unpacked. */
export interface Chosen {
  readonly extra_opts: readonly string[]
  readonly exclude: readonly string[]
  readonly include: readonly string[]
  readonly keep_newer: boolean
}

/** Words before and behind an archive's name that say which of its members are meant. */
export const wordsOf = (
  { extra_opts, exclude, include }: Omit<Chosen, 'keep_newer'>,
  format: Format,
): { options: readonly string[]; members: readonly string[] } =>
  format === 'zip'
    ? { options: extra_opts, members: [...include, ...(exclude.length === 0 ? [] : ['-x', ...exclude])] }
    : {
        options: [...extra_opts, ...exclude.map(pattern => `--exclude=${pattern.replace(/\/+$/, '')}`)],
        members: include,
      }

/** Options that run programs, or lead elsewhere than to `dest`. */
const ODD = {
  tar: /^(--to-command|--checkpoint-action|--use-compress-program|-I|-F|--info-script|--new-volume-script|--rsh-command|-C|--directory)/,
  zip: /^-[^-]*d/,
}

/** Why the words of a task must not be given to the tool. */
export function oddWords(
  { extra_opts, exclude, include }: Omit<Chosen, 'keep_newer'>,
  format: Format,
): string | undefined {
  const tool = format === 'zip' ? 'unzip' : 'tar'
  const odd = extra_opts.find(option => ODD[format === 'zip' ? 'zip' : 'tar'].test(option))
  if (odd !== undefined) return `the option ${odd} is not passed to ${tool}`
  const dashed = [...include, ...(format === 'zip' ? exclude : [])].find(name => name.startsWith('-'))
  return dashed === undefined ? undefined : `${dashed} would be an option of ${tool}`
}

/** The effect, or why there can be none. */
export function unpackOf(
  args: Chosen,
  wanted: Wanted,
  format: Format,
  into: string,
  source: Unpack['source'],
  host: HostInfo,
): Unpack | string {
  const odd = oddWords(args, format)
  if (odd !== undefined) return odd
  const lacking = TOOLS[format].filter(tool => !host.tools.has(tool))
  if (lacking.length > 0) return `there is no ${lacking.join(' and no ')} on ${host.name}`
  const { mode } = wanted
  const dressed = Object.values(wanted).some(one => one !== undefined)
  if (format === 'zip' && args.extra_opts.length > 0 && dressed)
    return 'unzip does not tell what its own options make of names, so that owner and mode cannot be given with extra_opts'
  const { options, members } = wordsOf(args, format)
  return {
    kind: 'unpack',
    source,
    format,
    into,
    ...(options.length === 0 ? {} : { options }),
    ...(members.length === 0 ? {} : { members }),
    ...(args.keep_newer ? { newer: true as const } : {}),
    ...dressing(wanted),
    ...(mode === undefined ? {} : { mode }),
  }
}
