import type { ZypperRepo, ZypperRepos } from '../../questions/zypper-repos.ts'
import { sectionsOf } from './repo-file.ts'

/** What a repository should be, in the words that zypper's own list has. */
export interface Repodata {
  readonly url: string | null
  readonly alias: string | null
  readonly name: string | null
  readonly priority: number | null
  readonly enabled: string
  readonly gpgcheck: string
  readonly autorefresh: string
}

/** What the parameters of a task mean. */
export const repodataOf = (args: {
  repo?: string | undefined
  name?: string | undefined
  description?: string | undefined
  priority?: number | undefined
  enabled: boolean
  autorefresh: boolean
  disable_gpg_check: boolean
}): Repodata => ({
  url: args.repo ?? null,
  alias: args.name ?? null,
  name: args.description ?? null,
  priority: args.priority ?? null,
  enabled: args.enabled ? '1' : '0',
  gpgcheck: args.disable_gpg_check ? '0' : '1',
  autorefresh: args.autorefresh ? '1' : '0',
})

const OF_FILE = ['name', 'enabled', 'autorefresh', 'gpgcheck'] as const

/** The repository of a .repo file: what the file says comes before what the task says. `keys` when it names its key. */
export function ofFile(
  text: string | undefined,
  data: Repodata,
): { data: Repodata; keys: boolean } | { wrong: string } {
  if (text === undefined) return { wrong: 'Error opening .repo file from provided path' }
  try {
    const sections = [...sectionsOf(text)]
    const [first] = sections
    if (first === undefined || sections.length > 1)
      return { wrong: `Invalid format, .repo file contains ${sections.length} repositories, expected 1` }
    const [alias, options] = first
    const url = options.get('baseurl')
    if (url === undefined) return { wrong: 'No baseurl found in .repo file' }
    const said = OF_FILE.flatMap(key => (options.has(key) ? [[key, options.get(key)]] : []))
    return { data: { ...data, ...Object.fromEntries(said), alias, url }, keys: options.has('gpgkey') }
  } catch (error) {
    return { wrong: `Invalid format, .repo file could not be parsed: ${(error as Error).message}` }
  }
}

/** The repositories of the same alias, then those of the same URL. */
export const matching = (repos: readonly ZypperRepo[], { alias, url }: Repodata): ZypperRepo[] => [
  ...new Set([...repos.filter(one => one['alias'] === alias), ...repos.filter(one => one['url'] === url)]),
]

/** Whether one is otherwise than wanted; nothing is wanted of what is not given. */
export function differs(repo: ZypperRepo, data: Repodata, { releasever, basearch }: ZypperRepos): boolean {
  const bare = (url: string): string =>
    url
      .replaceAll('$releasever', releasever)
      .replaceAll('$basearch', basearch)
      // zypper notes a path of the host without the slashes of a server that has no name.
      .replace(/^(file|dir|cd|dvd|hd|iso):\/\/\//, '$1:/')
      .replace(/\/+$/, '')
  return Object.entries(data).some(([key, value]) => {
    const wanted = value === null || value === 0 ? '' : String(value)
    const now = repo[key] ?? ''
    return wanted !== '' && (key === 'url' ? bare(wanted) !== bare(now) : wanted !== now)
  })
}
