import { defineModule } from '../kit/module.ts'
import { change, type Edit, refuse } from '../kit/plan.ts'
import { LOCKS } from '../questions/package-lock.ts'
import { pacmanWould } from '../questions/pacman.ts'
import { join, nothing, sh } from '../shell/script.ts'
import { afterwards, joinedNames } from './shared/joined.ts'
import { pacmanWish, reasonless, wordsOf } from './shared/pacman.ts'
import { managed, refreshing, transact } from './shared/transaction.ts'

/** Packages of Arch Linux. */
export default defineModule({
  name: 'pacman',
  collection: 'community.general',
  summary: 'Packages are installed, up to date or absent, by pacman; a list is one transaction',
  args: {
    type: 'object',
    additionalProperties: false,
    exclusive: [['name', 'upgrade']],
    oneOf: [['name', 'update_cache', 'upgrade']],
    properties: {
      name: {
        type: 'array',
        items: { type: 'string' },
        aliases: ['package', 'pkg'],
        description: 'Names, groups, REPOSITORY/NAME, files, URLs',
      },
      state: { type: 'string', enum: ['absent', 'installed', 'latest', 'present', 'removed'], default: 'present' },
      executable: { type: 'string', default: 'pacman', description: 'The program, which is called as pacman is' },
      extra_args: { type: 'string', default: '', description: 'Words behind the verb' },
      force: { type: 'boolean', default: false, description: 'Remove what others need' },
      reason: { type: 'string', enum: ['dependency', 'explicit'] },
      reason_for: { type: 'string', enum: ['all', 'new'], default: 'new' },
      remove_nosave: { type: 'boolean', default: false },
      update_cache: { type: 'boolean', description: 'Fetch the lists before packages change' },
      update_cache_extra_args: { type: 'string', default: '' },
      upgrade: { type: 'boolean' },
      upgrade_extra_args: { type: 'string', default: '' },
    },
  },
  probe: args => ({ would: pacmanWould(pacmanWish(args)) }),
  plan(args, { would }, host) {
    const { goal, tool, more } = pacmanWish(args)
    const call = sh`${tool} --noconfirm --noprogressbar`
    const fetch = args.update_cache
      ? sh`${call} --sync --refresh ${[...wordsOf(args.update_cache_extra_args), ...(args.force ? ['--refresh'] : [])]}`
      : nothing
    if (goal === 'refresh' && !would.missing) {
      if (!args.update_cache) return refuse('name names no package')
      return refreshing(tool, managed(fetch, 'refreshing lists', LOCKS.pacman), true, {
        msg: 'Updated package db',
        cache_updated: true,
      })
    }
    const { lacking, files, steps, explicit, named } = would
    const flag = args.reason === 'dependency' ? '--asdeps' : '--asexplicit'
    const wrong = args.reason === undefined || goal === 'absent' ? [] : reasonless(args, [...new Set(named)], explicit)
    const calls = {
      present: [
        lacking.length > 0 ? sh`${call} --needed ${more} --sync -- ${lacking}` : nothing,
        files.length > 0 ? sh`${call} --needed ${more} --upgrade -- ${files}` : nothing,
        wrong.length > 0 ? sh`${tool} --noconfirm --database ${flag} -- ${wrong}` : nothing,
      ],
      absent: [sh`${call} --remove ${more} ${args.remove_nosave ? ['--nosave'] : []} -- ${lacking}`],
      upgrade: [sh`${call} --sync --sysupgrade --quiet ${wordsOf(args.upgrade_extra_args)}`],
      refresh: [],
    }[goal === 'latest' ? 'present' : goal]
    const by = managed(join([fetch, ...calls], ' && '), `${tool} ${goal}`, LOCKS.pacman)
    const told = (count: number) =>
      goal === 'upgrade'
        ? 'System upgraded'
        : goal === 'absent'
          ? `Removed ${count} package(s)`
          : `Installed ${count} package(s)`
    const all = [
      ...new Set([...steps.map(({ name, from }) => (goal === 'absent' ? `${name}-${from}` : name)), ...wrong]),
    ]
    const listed = goal === 'absent' ? all : all.sort()
    const again: Edit[] = wrong
      .filter(name => explicit.has(name))
      .map(name => ({
        what: `${name}: reason`,
        from: explicit.get(name) ? 'explicit' : 'dependency',
        to: args.reason ?? '',
        by,
      }))
    const result = { msg: told(listed.length), packages: listed }
    if (steps.length === 0 && would.fault === '' && again.length > 0)
      return change(again, ['path:/var/lib/pacman'], {}, result)
    const idle =
      goal === 'upgrade'
        ? { msg: 'Nothing to upgrade' }
        : { msg: `package(s) already ${goal === 'absent' ? 'absent' : 'installed'}`, packages: [] }
    const plan = transact(would, {
      tool,
      host: host.name,
      cannot: CANNOT[goal === 'absent' ? 1 : 0],
      idle,
      tell: () => result,
      by,
    })
    return plan.kind === 'change' ? { ...plan, edits: [...plan.edits, ...again] } : plan
  },
  // Reasons are told of packages by whether they are there by then.
  join: all => (all.some(({ reason }) => reason !== undefined) ? undefined : joinedNames(all)),
  afterwards,
})

const CANNOT = ['Failed to list package(s) to install', 'failed to list package(s) to remove'] as const
