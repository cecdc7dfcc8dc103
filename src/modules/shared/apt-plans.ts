import { posix } from 'node:path'
import { act, change, type Edit, ok, type Plan, refuse } from '../../kit/plan.ts'
import type { Packages } from '../../questions/packages.ts'
import { type AptWish, aptGet, didSomething } from './apt.ts'
import { ended } from './ended.ts'
import { lacking, type Spec } from './package-spec.ts'

/** What is asked of apt beside how it is called. */
export interface AptArgs extends AptWish {
  readonly name?: readonly string[]
  readonly state: string
  readonly upgrade?: string
}

/** The edit that makes stale lists fresh. */
export const fresh = (stale: boolean, by: Edit['by']): Edit[] =>
  stale ? [{ what: 'package lists', from: 'stale', to: 'fresh', by }] : []

/** Named packages are installed, up to date or absent, in one transaction. */
export function forNames(
  specs: readonly Spec[],
  found: Packages,
  args: AptArgs,
  refresh: string[][],
  untimed: boolean,
): Plan {
  const { state, purge, autoremove } = args
  if (state === 'absent') {
    const there = specs.filter(({ name }) => {
      const now = found.known.get(name)
      return now !== undefined && (now.state !== 'config-files' || purge)
    })
    const by = aptGet(
      args,
      [
        ...refresh,
        [
          'remove',
          ...(purge ? ['--purge'] : []),
          ...(autoremove ? ['--auto-remove'] : []),
          '--',
          ...there.map(spec => spec.name),
        ],
      ],
      `removing ${there.length} packages`,
    )
    return change(
      there.map(({ name }) => ({
        what: name,
        from: found.known.get(name)?.version || 'config files',
        to: 'absent',
        by,
      })),
      ['everything'],
    )
  }
  const wanted = args.only_upgrade ? specs.filter(({ name }) => found.known.get(name)?.state === 'installed') : specs
  const missing = wanted.flatMap(spec => lacking(spec, found, state === 'latest'))
  const unknown = missing.find(({ to }) => to === undefined)
  if (unknown !== undefined && refresh.length === 0)
    return refuse(
      `No package matching '${unknown.spec.name}' is available`,
      'check the name, or set update_cache: true',
    )
  const install = (some: readonly Spec[]) =>
    aptGet(
      args,
      [
        ...refresh,
        [
          'install',
          ...(args.only_upgrade ? ['--only-upgrade'] : []),
          ...(autoremove ? ['--auto-remove'] : []),
          '--',
          ...some.map(spec => spec.text),
        ],
      ],
      `installing ${some.length} packages`,
    )
  if (state === 'latest' && untimed && wanted.length > 0)
    return imperative(`apt-get install ${wanted.map(spec => spec.text).join(' ')}`, install(wanted), {
      refreshes: true,
      foreseen: missing.length > 0,
    })
  if (state === 'latest' && refresh.length > 0) {
    const by = install(wanted)
    return change(
      [...fresh(true, by), ...missing.map(({ spec, from, to }) => ({ what: spec.name, from, to: to ?? 'latest', by }))],
      ['everything'],
      { cache_updated: true },
    )
  }
  const by = install(missing.map(({ spec }) => spec))
  return change(
    missing.map(({ spec, from, to }) => ({ what: spec.name, from, to: to ?? 'present', by })),
    ['everything'],
    { cache_updated: refresh.length > 0 && missing.length > 0 },
  )
}

/** A .deb file's package is installed in its version. */
export function installDeb(
  path: string,
  deb: { name: string; version: string; installed: string } | undefined,
  args: AptArgs,
  refresh: string[][],
): Plan {
  if (path.includes('://')) return refuse('deb takes a file of the target', 'fetch it with get_url first')
  if (deb === undefined) return refuse(`there is no file ${path} on the target`, 'put it there with copy or get_url')
  if (deb.installed === deb.version) return ok()
  const by = aptGet(
    args,
    [...refresh, ['install', '--', posix.isAbsolute(path) ? path : `./${path}`]],
    `installing ${deb.name}`,
  )
  return change([{ what: deb.name, from: deb.installed, to: deb.version, by }], ['everything'])
}

/** An apt-get whose work cannot be told before; `refreshes` when it renews the package lists, too. */
export const imperative = (
  what: string,
  by: Edit['by'],
  { refreshes, foreseen = true }: { refreshes: boolean; foreseen?: boolean },
): Plan =>
  act(
    what,
    by,
    outcome => {
      const { stdout, stderr, code } = outcome
      return ended(outcome, { stdout, stderr, cache_updated: refreshes && code === 0 }, didSomething(stdout))
    },
    { dry: foreseen ? 'pretend' : 'skip' },
  )
