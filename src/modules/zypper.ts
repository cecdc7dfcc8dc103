import { defineModule } from '../kit/module.ts'
import { refuse } from '../kit/plan.ts'
import { LOCKS } from '../questions/package-lock.ts'
import { zypperWould } from '../questions/zypper.ts'
import { raw, sh } from '../shell/script.ts'
import { afterwards, joinedNames } from './shared/joined.ts'
import { managed, transact } from './shared/transaction.ts'
import { zypperWish } from './shared/zypper.ts'

const NO = { type: 'boolean', default: false } as const

/** Packages of openSUSE and SUSE Linux Enterprise. */
export default defineModule({
  name: 'zypper',
  collection: 'community.general',
  summary: 'Packages are installed, up to date or absent, by zypper; a list is one transaction',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['name'],
    properties: {
      name: {
        type: 'array',
        items: { type: 'string' },
        aliases: ['pkg'],
        description: 'Names, with versions (NAME>=1.0), a minus before what is to go, files, URLs',
      },
      state: {
        type: 'string',
        enum: ['absent', 'dist-upgrade', 'installed', 'latest', 'present', 'removed'],
        default: 'present',
      },
      type: {
        type: 'string',
        enum: ['application', 'package', 'patch', 'pattern', 'product', 'srcpackage'],
        default: 'package',
      },
      allow_vendor_change: NO,
      clean_deps: NO,
      disable_gpg_check: NO,
      disable_recommends: { type: 'boolean', default: true },
      extra_args: { type: 'string', description: 'Words behind the verb' },
      extra_args_precommand: { type: 'string', description: 'Words before the verb' },
      force: { ...NO, refused: 'it reinstalls each time, so nothing says that all is well; call zypper with command' },
      force_resolution: NO,
      oldpackage: NO,
      replacefiles: NO,
      update_cache: { ...NO, aliases: ['refresh'], description: 'Refresh repositories before packages change' },
    },
  },
  probe: args => ({ would: zypperWould(zypperWish(args), args.type) }),
  plan(args, { would }, host) {
    const { names, goal, before, after } = zypperWish(args)
    const { state, update_cache } = args
    const told = { name: [...args.name], state, update_cache, rc: 0 }
    if (state === 'dist-upgrade' && goal !== 'dist-upgrade') return refuse('Can not dist-upgrade specific packages.')
    if (goal === 'absent') {
      if (names.some(name => name.startsWith('+')))
        return refuse("Can not combine '+' prefix with state=remove/absent.")
      if (names.some(name => name.includes('://') || name.endsWith('.rpm'))) return refuse('Can not remove via URL.')
      if (args.type === 'patch') return refuse('Can not remove patches.')
    }
    const call = ['--quiet', '--non-interactive', ...before]
    const verb = goal === 'absent' ? 'remove' : goal === 'present' || goal === 'latest' ? 'install' : goal
    const some = verb === goal ? [] : ['--', ...would.lacking]
    const refresh = update_cache ? sh`zypper ${call} refresh && ` : raw('')
    // 102 says that a reboot is needed, 103 that zypper itself is newer now and is to be called once more.
    const script = sh`${refresh}{ zypper ${call} ${[verb, ...after, ...some]}; r=$?; [ $r != 103 ] || { zypper ${call} ${[verb, ...after, ...some]}; r=$?; }; [ $r = 0 ] || [ $r = 102 ]; }`
    return transact(would, {
      tool: 'zypper',
      host: host.name,
      cannot: 'Zypper run failed.',
      idle: told,
      tell: () => told,
      by: managed(script, `zypper ${verb}`, LOCKS.zypper),
    })
  },
  // A version among the names allows older ones, to all.
  join: all => (new Set(all.map(args => zypperWish(args).after.join(' '))).size === 1 ? joinedNames(all) : undefined),
  afterwards,
})
