import { defineModule } from '../kit/module.ts'
import { act, change, refuse } from '../kit/plan.ts'
import { type DebFile, debFiles } from '../questions/deb-file.ts'
import { known } from '../questions/known.ts'
import { type PackageLists, packageLists } from '../questions/package-lists.ts'
import { NO_PACKAGES, packages, type Step, simulated } from '../questions/packages.ts'
import { aptGet, notDebian } from './shared/apt.ts'
import { askedOf, limitOf, operationOf, sightless, specsOf, tellsOfLists } from './shared/apt-asked.ts'
import { fetched, listFields, ONLY_TIME, timed } from './shared/apt-lists.ts'
import { afterwards, forNames, fresh, imperative } from './shared/apt-plans.ts'
import { debsOf, installDebs } from './shared/deb-files.ts'
import { joinedNames } from './shared/joined.ts'

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
      deb: {
        type: 'string',
        path: true,
        description: 'A .deb file of the target, several with commas between them, or a URL',
      },
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
      policy_rc_d: {
        type: 'integer',
        description: 'What scripts of packages are answered that ask whether services may be started; 101 is no',
      },
    },
  },
  probe(args, host) {
    const specs = specsOf(args)
    const operation = operationOf(args)
    const here = host.family === 'debian'
    return {
      lists:
        here && (typeof limitOf(args) === 'number' || (tellsOfLists(args) && !sightless(args)))
          ? packageLists(limitOf(args))
          : known<PackageLists>({ stale: limitOf(args) !== false, time: 0 }),
      found:
        here && args.state !== 'build-dep' && (specs.length > 0 || args.state === 'fixed')
          ? packages(askedOf(specs, args))
          : known(NO_PACKAGES),
      steps: !here || operation === undefined ? known<readonly Step[]>([]) : simulated(operation),
      deb:
        !here || args.deb === undefined || args.deb.includes('://')
          ? known<readonly DebFile[]>([])
          : debFiles(debsOf(args.deb, host)),
    }
  },
  plan(args, { lists, found, steps, deb }, host) {
    if (host.family !== 'debian') return notDebian('apt', host, 'use the package module')
    const specs = specsOf(args)
    const odd = specs.find(spec => spec.odd !== undefined)
    if (odd)
      return refuse(
        `${odd.text}: ${odd.odd}`,
        'name each package or a pattern of names, with a version or a pattern of versions after =',
      )
    const { stale } = lists
    const refresh = stale ? [['update']] : []
    const untimed = stale && args.cache_valid_time === 0
    const [result, deed] = tellsOfLists(args) ? listFields(lists) : []
    const operation = operationOf(args)
    if (args.deb !== undefined) return installDebs(debsOf(args.deb, host), deb, args, refresh)
    if (specs.length > 0 && args.state !== 'build-dep') return forNames(specs, found, args, lists, untimed)
    if (args.state === 'fixed' && found.broken)
      return change(
        [{ what: 'dpkg', from: 'broken', to: 'fixed', by: aptGet(args, [['-f', 'install']], 'mending packages') }],
        ['everything'],
        result,
        deed,
      )
    if (operation !== undefined) {
      const by = aptGet(args, [...refresh, operation], `apt-get ${operation[0]}`)
      if (untimed) return imperative(operation.slice(0, 1), by, result && lists)
      return change(
        [...fresh(stale, by), ...steps.map(({ name, from, to }) => ({ what: name, from, to, by }))],
        ['everything'],
        result,
        deed,
      )
    }
    if (args.clean || args.autoclean) {
      const word = args.clean ? 'clean' : 'autoclean'
      return imperative([word], aptGet(args, [...refresh, [word]], 'cleaning'), result && lists)
    }
    const by = { ...aptGet(args, [['update']], 'refreshing package lists'), told: false }
    if (untimed) return act('apt-get update', timed(by), fetched, { touches: LISTS, trial: ONLY_TIME })
    return change(fresh(stale, by), LISTS, result, deed)
  },
  join: joinedNames,
  afterwards,
})

const LISTS = ['path:/var/lib/apt', 'path:/var/cache/apt']
