import { posix } from 'node:path'
import type { Run } from '../../kit/effect.ts'
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
  if (args.state === 'absent') return removal(specs, found, args, refresh)
  const latest = args.state === 'latest'
  const wanted = args.only_upgrade ? specs.filter(({ name }) => found.known.get(name)?.state === 'installed') : specs
  const missing = wanted.flatMap(spec => lacking(spec, found, latest))
  const unknown = missing.find(({ to }) => to === undefined)
  if (unknown !== undefined && refresh.length === 0)
    return refuse(
      `No package matching '${unknown.spec.name}' is available`,
      'check the name, or set update_cache: true',
    )
  if (latest && untimed && wanted.length > 0)
    return imperative(['install', ...wanted.map(spec => spec.text)], installing(wanted, args, refresh), {
      refreshes: true,
      foreseen: missing.length > 0,
    })
  // What is the latest is known only when the lists are fresh: they are an edit, and every name goes to apt.
  const renews = latest && refresh.length > 0
  const by = installing(renews ? wanted : missing.map(({ spec }) => spec), args, refresh)
  const edits = missing.map(({ spec, from, to }) => ({ what: spec.name, from, to: to ?? args.state, by }))
  return change([...fresh(renews, by), ...edits], ['everything'], {
    cache_updated: refresh.length > 0 && (renews || edits.length > 0),
  })
}

const installing = (specs: readonly Spec[], args: AptArgs, refresh: string[][]): Run => {
  const flags = [...(args.only_upgrade ? ['--only-upgrade'] : []), ...(args.autoremove ? ['--auto-remove'] : [])]
  const names = specs.map(spec => spec.text)
  return aptGet(args, [...refresh, ['install', ...flags, '--', ...names]], `installing ${names.length} packages`)
}

/** What is there goes; with `purge` its configuration, too. */
function removal(specs: readonly Spec[], found: Packages, args: AptArgs, refresh: string[][]): Plan {
  const { purge, autoremove } = args
  const there = specs.flatMap(({ name }) => {
    const now = found.known.get(name)
    return now === undefined || (now.state === 'config-files' && !purge) ? [] : [{ name, now }]
  })
  const flags = [...(purge ? ['--purge'] : []), ...(autoremove ? ['--auto-remove'] : [])]
  const words = ['remove', ...flags, '--', ...there.map(({ name }) => name)]
  const by = aptGet(args, [...refresh, words], `removing ${there.length} packages`)
  return change(
    there.map(({ name, now }) => ({ what: name, from: now.version || 'config files', to: 'absent', by })),
    ['everything'],
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
  words: readonly string[],
  by: Edit['by'],
  { refreshes, foreseen = true }: { refreshes: boolean; foreseen?: boolean },
): Plan =>
  act(
    `apt-get ${words.join(' ')}`,
    by,
    outcome => {
      const { stdout, stderr, code } = outcome
      return ended(outcome, { stdout, stderr, cache_updated: refreshes && code === 0 }, didSomething(words[0], stdout))
    },
    { dry: foreseen ? 'pretend' : 'skip' },
  )
