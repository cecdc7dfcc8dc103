import type { Unpack } from '../../kit/effect.ts'
import type { HostInfo } from '../../kit/host.ts'
import type { Format, Member } from '../../questions/archives.ts'

/** The members that are not there with their size; undefined where that cannot be told before unpacking. */
export function missingOf(
  args: { extra_opts: readonly string[]; exclude: readonly string[]; include: readonly string[] },
  listed: readonly Member[] | undefined,
  below: ReadonlyMap<string, number | undefined> | undefined,
): string[] | undefined {
  const strip = args.extra_opts.join(' ').match(/^--strip(?:-components)?[= ](\d+)$/)?.[1]
  if (listed === undefined || below === undefined || args.exclude.length + args.include.length > 0) return undefined
  if (args.extra_opts.length > 0 && strip === undefined) return undefined
  return listed.flatMap(({ name, size }) => {
    const path = name
      .replace(/^(\.?\/)+/, '')
      .replace(/\/$/, '')
      .split('/')
      .filter(part => part !== '.')
      .slice(Number(strip ?? 0))
      .join('/')
    if (path === '') return []
    return below.has(path) && below.get(path) === size ? [] : [path]
  })
}

/** The effect, or why there can be none. */
export function unpackOf(
  args: {
    extra_opts: readonly string[]
    exclude: readonly string[]
    include: readonly string[]
    keep_newer: boolean
    owner?: string
    group?: string
    mode?: string
  },
  format: Format,
  into: string,
  source: Unpack['source'],
  host: HostInfo,
): Unpack | string {
  const odd = args.extra_opts.find(option =>
    /^(--to-command|--checkpoint-action|--use-compress-program|-I|-F|--info-script|--new-volume-script|--rsh-command|-C|--directory)/.test(
      option,
    ),
  )
  if (odd !== undefined) return `the option ${odd} is not passed to tar`
  const include = args.include.find(name => name.startsWith('-'))
  if (include !== undefined) return `${include} in include would be an option of tar`
  if (!host.tools.has(format === 'zip' ? 'unzip' : 'tar'))
    return `there is no ${format === 'zip' ? 'unzip' : 'tar'} on ${host.name}`
  const options = [
    ...args.extra_opts,
    ...(args.keep_newer ? ['--keep-newer-files'] : []),
    ...args.exclude.flatMap(pattern => [`--exclude=${pattern}`]),
    ...args.include,
  ]
  return {
    kind: 'unpack',
    source,
    format,
    into,
    ...(options.length === 0 ? {} : { options }),
    ...(args.owner === undefined ? {} : { owner: args.owner }),
    ...(args.group === undefined ? {} : { group: args.group }),
    ...(args.mode === undefined ? {} : { mode: args.mode }),
  }
}
