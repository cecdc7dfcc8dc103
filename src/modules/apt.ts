import { defineModule } from '../kit/module.ts'
import { act, change, refuse } from '../kit/plan.ts'
import { at } from '../questions/files.ts'
import { known } from '../questions/known.ts'
import { debFile, listsStale, type Packages, packages, type Step, simulated } from '../questions/packages.ts'
import { aptGet } from './shared/apt.ts'
import { type AptArgs, forNames, fresh, imperative, installDeb } from './shared/apt-plans.ts'
import { ended } from './shared/ended.ts'
import { parseSpec, type Spec } from './shared/package-spec.ts'

const SAFE = ['upgrade', '--with-new-pkgs'] as const
const UPGRADES = { dist: ['dist-upgrade'], full: ['dist-upgrade'], safe: SAFE, yes: SAFE } as const

/** Packages of Debian and its kin. */
export default defineModule({
  name: 'apt',
  summary: 'Packages are installed, up to date or absent; a list is one transaction',
  args: {
    type: 'object',
    additionalProperties: false,
    exclusive: [['name', 'deb', 'upgrade']],
    oneOf: [['name', 'deb', 'upgrade', 'update_cache', 'autoremove', 'autoclean', 'clean', 'cache_valid_time']],
    properties: {
      name: { type: 'array', items: { type: 'string' }, aliases: ['package', 'pkg'] },
      state: {
        type: 'string',
        enum: ['absent', 'build-dep', 'fixed', 'latest', 'present'],
        default: 'present',
      },
      update_cache: { type: 'boolean', aliases: ['update-cache'] },
      cache_valid_time: {
        type: 'integer',
        minimum: 0,
        default: 0,
        description: 'Seconds for which the package lists count as fresh',
      },
      update_cache_retries: { type: 'integer', description: 'Accepted; apt retries by itself' },
      update_cache_retry_max_delay: { type: 'integer', description: 'Accepted; apt retries by itself' },
      deb: { type: 'string', path: true, description: 'A .deb file of the target' },
      upgrade: { type: 'string', enum: ['dist', 'full', 'no', 'safe', 'yes', 'False', 'True'] },
      default_release: { type: 'string', aliases: ['default-release'] },
      install_recommends: { type: 'boolean', aliases: ['install-recommends'] },
      purge: { type: 'boolean', default: false },
      autoremove: { type: 'boolean', default: false },
      autoclean: { type: 'boolean', default: false },
      clean: { type: 'boolean', default: false },
      only_upgrade: { type: 'boolean', default: false },
      force: { type: 'boolean', default: false },
      force_apt_get: { type: 'boolean', default: true, description: 'apt-get is always used' },
      fail_on_autoremove: { type: 'boolean', default: false },
      allow_unauthenticated: { type: 'boolean', default: false, aliases: ['allow-unauthenticated'] },
      allow_downgrade: {
        type: 'boolean',
        default: false,
        aliases: ['allow-downgrade', 'allow_downgrades', 'allow-downgrades'],
      },
      allow_change_held_packages: { type: 'boolean', default: false },
      dpkg_options: { type: 'string', default: 'force-confdef,force-confold' },
      lock_timeout: { type: 'integer', default: 300, description: 'Seconds to wait for another package manager' },
      policy_rc_d: { type: 'integer', refused: 'put a policy-rc.d in place with copy' },
    },
  },
  probe(args, host) {
    const names = specsOf(args).map(spec => spec.name)
    const none: Packages = { known: new Map(), provided: new Set(), candidates: new Map(), broken: false }
    const operation = operationOf(args)
    return {
      stale:
        args.cache_valid_time > 0 && args.update_cache !== false
          ? listsStale(args.cache_valid_time)
          : known(args.update_cache === true),
      found:
        names.length > 0 || args.state === 'fixed'
          ? packages(names, args.state === 'latest', args.default_release)
          : known(none),
      steps: operation === undefined ? known<readonly Step[]>([]) : simulated(operation),
      deb: args.deb === undefined ? known(undefined) : debFile(at(args.deb, host)),
    }
  },
  plan(args, { stale, found, steps, deb }, host) {
    if (host.family !== 'debian')
      return refuse(`apt is for Debian and its kin, ${host.name} is ${host.id}`, 'use the package module')
    if (args.state === 'build-dep') return refuse('state: build-dep is not managed', 'name the packages')
    const specs = specsOf(args)
    const odd = specs.find(spec => spec.odd !== undefined)
    if (odd)
      return refuse(`${odd.text}: ${odd.odd}`, 'name each package, with an exact version or a version pattern after =')
    const refresh = stale ? [['update']] : []
    const untimed = stale && args.cache_valid_time === 0
    const operation = operationOf(args)
    if (args.deb !== undefined) return installDeb(at(args.deb, host), deb, args, refresh)
    if (specs.length > 0) return forNames(specs, found, args, refresh, untimed)
    if (args.state === 'fixed' && found.broken)
      return change(
        [{ what: 'dpkg', from: 'broken', to: 'fixed', by: aptGet(args, [['-f', 'install']], 'mending packages') }],
        ['everything'],
      )
    if (operation !== undefined) {
      const by = aptGet(args, [...refresh, operation], `apt-get ${operation[0]}`)
      if (untimed) return imperative(operation.slice(0, 1), by, { refreshes: true })
      return change(
        [...fresh(stale, by), ...steps.map(({ name, from, to }) => ({ what: name, from, to, by }))],
        ['everything'],
        { cache_updated: stale },
      )
    }
    if (args.clean || args.autoclean) {
      const word = args.clean ? 'clean' : 'autoclean'
      return imperative([word], aptGet(args, [...refresh, [word]], 'cleaning'), { refreshes: stale })
    }
    const by = aptGet(args, [['update']], 'refreshing package lists')
    if (untimed)
      return act('apt-get update', by, outcome => ended(outcome, { cache_updated: outcome.code === 0 }), {
        touches: LISTS,
        dry: 'pretend',
      })
    return change(fresh(stale, by), LISTS, { cache_updated: stale })
  },
})

const LISTS = ['path:/var/lib/apt', 'path:/var/cache/apt']

/** The names asked for; an element may hold several, separated by commas. */
const specsOf = ({ name = [] }: { name?: readonly string[] }): Spec[] =>
  name
    .flatMap(text => text.split(','))
    .map(text => text.trim())
    .filter(text => text !== '' && text !== '*')
    .map(parseSpec)

/** The operation on the whole system that is asked for. */
function operationOf({ upgrade, autoremove, purge, name, state }: AptArgs): readonly string[] | undefined {
  const kind = name?.includes('*') && state === 'latest' ? 'yes' : upgrade
  if (kind !== undefined && kind in UPGRADES)
    return [...UPGRADES[kind as keyof typeof UPGRADES], ...(autoremove ? ['--auto-remove'] : [])]
  return autoremove && name === undefined ? ['autoremove', ...(purge ? ['--purge'] : [])] : undefined
}
