import type { Asked } from '../../questions/packages.ts'
import type { AptArgs } from './apt-plans.ts'
import { parseSpec, type Spec } from './package-spec.ts'

const SAFE = ['upgrade', '--with-new-pkgs'] as const
const UPGRADES = { dist: ['dist-upgrade'], full: ['dist-upgrade'], safe: SAFE, yes: SAFE } as const

/** What is to be known of the packages; a version that is named may be another than that which apt would install. */
export const askedOf = (specs: readonly Spec[], { state, default_release, lock_timeout }: AptArgs): Asked => ({
  names: specs.filter(spec => !spec.pattern).map(spec => spec.name),
  patterns: specs.filter(spec => spec.pattern).map(spec => spec.name),
  all: state === 'latest' || specs.some(spec => spec.version !== undefined),
  release: default_release,
  patience: Math.max(0, lock_timeout),
})

/** The names asked for; an element may hold several, separated by commas. */
export const specsOf = ({ name = [] }: Pick<AptArgs, 'name'>): Spec[] =>
  name
    .flatMap(text => text.split(','))
    .map(text => text.trim())
    .filter(text => text !== '' && text !== '*')
    .map(parseSpec)

const upgradeOf = ({ upgrade, name, state }: AptArgs): readonly string[] | undefined => {
  const kind = name?.includes('*') && state === 'latest' ? 'yes' : upgrade
  return kind !== undefined && kind in UPGRADES ? UPGRADES[kind as keyof typeof UPGRADES] : undefined
}

/** The operation on the whole system that is asked for. */
export function operationOf(args: AptArgs): readonly string[] | undefined {
  const { autoremove, purge, name, state } = args
  const specs = specsOf(args)
  if (state === 'build-dep' && specs.length > 0) return ['build-dep', '--', ...specs.map(spec => spec.text)]
  const upgrade = upgradeOf(args)
  if (upgrade !== undefined) return [...upgrade, ...(autoremove ? ['--auto-remove'] : [])]
  return autoremove && name === undefined ? ['autoremove', ...(purge ? ['--purge'] : [])] : undefined
}

/** Seconds for which lists are fresh, or without such a number whether they are fetched. */
export const limitOf = ({ update_cache, cache_valid_time }: AptArgs): number | boolean =>
  cache_valid_time > 0 && update_cache !== false ? cache_valid_time : update_cache === true

/** Whether nothing is asked for but that lists are fetched, however old they are, or kept files go: what is done without a look. */
export const sightless = (args: AptArgs): boolean =>
  specsOf(args).length === 0 &&
  operationOf(args) === undefined &&
  args.state !== 'fixed' &&
  (args.clean || (limitOf(args) === true && !args.autoclean))

/** Whether the result tells of the lists, as Ansible does where names are installed or lists fetched, and not where it leaves early. */
export function tellsOfLists(args: AptArgs): boolean {
  const { deb, autoclean, autoremove, state } = args
  if (deb !== undefined || upgradeOf(args) !== undefined) return false
  if (specsOf(args).length > 0) return state !== 'absent'
  return limitOf(args) !== false || (state !== 'absent' && !autoclean && !autoremove)
}
