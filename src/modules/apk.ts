import { defineModule } from '../kit/module.ts'
import { refuse } from '../kit/plan.ts'
import { apkWould, askedFor, WAITING } from '../questions/apk.ts'
import { LOCKS } from '../questions/package-lock.ts'
import { raw, sh } from '../shell/script.ts'
import { apkWish } from './shared/apk.ts'
import { joinedNames, left } from './shared/joined.ts'
import { managed, refreshing, transact } from './shared/transaction.ts'

/** Packages of Alpine. */
export default defineModule({
  name: 'apk',
  collection: 'community.general',
  summary: 'Packages are installed, up to date or absent, by apk; a list is one transaction',
  args: {
    type: 'object',
    additionalProperties: false,
    exclusive: [['name', 'upgrade']],
    oneOf: [['name', 'update_cache', 'upgrade']],
    properties: {
      name: {
        type: 'array',
        items: { type: 'string' },
        description: 'Names, with a version if need be (NAME=1.0, NAME~1)',
      },
      state: { type: 'string', enum: ['present', 'absent', 'latest', 'installed', 'removed'], default: 'present' },
      available: {
        type: 'boolean',
        default: false,
        description: 'An upgrade makes versions those of the repositories',
      },
      no_cache: { type: 'boolean', default: false },
      repository: { type: 'array', items: { type: 'string' }, description: 'The only repositories to use' },
      update_cache: { type: 'boolean', default: false },
      upgrade: { type: 'boolean', default: false },
      world: { type: 'string', path: true, default: '/etc/apk/world' },
    },
  },
  probe: args => ({ would: apkWould(apkWish(args)) }),
  plan(args, { would }, host) {
    const { goal, flags, names } = apkWish(args)
    const odd = names.find(name => name.startsWith('-'))
    if (odd !== undefined) return refuse(`${odd}: this is not a package name`)
    const base = [...WAITING, ...flags]
    const update = args.update_cache ? sh`apk ${base} update && ` : raw('')
    if (names.length === 0 && !args.upgrade) {
      if (would.missing)
        return refuse(`${host.name} has no apk`, 'use the package module, which takes what the host has')
      if (!args.update_cache) return refuse('name names no package')
      return refreshing('apk', managed(sh`apk ${base} update`, 'refreshing lists', LOCKS.apk), true, {
        msg: 'updated repository indexes',
      })
    }
    const [verb, flag] = {
      present: ['add'],
      latest: ['add', '--upgrade'],
      absent: ['del', '--purge'],
      upgrade: ['upgrade'],
    }[goal]
    const some = goal === 'latest' ? names : would.lacking
    const words = [
      verb ?? '',
      ...(flag ? [flag] : []),
      ...(goal === 'upgrade' ? (args.available ? ['--available'] : []) : some),
    ]
    const done =
      goal === 'upgrade'
        ? 'upgraded packages'
        : `${goal === 'absent' ? 'removed' : 'installed'} ${some.join(' ')} package(s)`
    return transact(would, {
      tool: 'apk',
      host: host.name,
      cannot:
        goal === 'upgrade'
          ? 'failed to upgrade packages'
          : `failed to ${goal === 'absent' ? 'remove' : 'install'} ${some.join(' ')}`,
      idle: {
        msg: `package${goal === 'upgrade' ? 's already upgraded' : `(s) already ${goal === 'absent' ? 'removed' : 'installed'}`}`,
      },
      tell: steps => ({ msg: done, packages: steps.flatMap(({ name, aside }) => (aside ? [] : [name])) }),
      by: managed(sh`${update}apk ${base} ${words}`, `apk ${words[0]}`, LOCKS.apk),
    })
  },
  join: joinedNames,
  afterwards(args, { would }, edits) {
    const rest = left(would, edits)
    if (rest === undefined) return undefined
    // What came for the sake of others is there by then, and nobody asked for it by name.
    return { would: apkWish(args).goal === 'absent' ? rest : { ...rest, steps: askedFor(rest.steps, rest.lacking) } }
  },
})
