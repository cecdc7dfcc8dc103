import { defineModule } from '../kit/module.ts'
import { refuse } from '../kit/plan.ts'
import { dnfWould } from '../questions/dnf.ts'
import { known } from '../questions/known.ts'
import { LOCKS } from '../questions/package-lock.ts'
import { NOTHING } from '../questions/transactions.ts'
import { sh } from '../shell/script.ts'
import { DNF_PARAMETERS, resultOf, wishOf } from './shared/dnf.ts'
import { afterwards, joinedNames } from './shared/joined.ts'
import { managed, namesOf, refreshing, transact } from './shared/transaction.ts'

const TOOL = sh`d=$(command -v dnf || command -v dnf5) || { echo no dnf >&2; exit 127; }`

/** Packages of Fedora, Red Hat's systems and their kin. */
export default defineModule({
  name: 'dnf',
  summary: 'Packages are installed, up to date or absent, by dnf; a list is one transaction',
  args: {
    type: 'object',
    additionalProperties: false,
    oneOf: [['name', 'update_cache', 'autoremove']],
    properties: DNF_PARAMETERS,
  },
  probe(args) {
    const wish = wishOf(args)
    return { would: wish.goal === 'autoremove' && !args.autoremove ? known(NOTHING) : dnfWould(wish) }
  },
  plan(args, { would }, host) {
    const { goal, flags, kinds } = wishOf(args)
    const { steps, lacking } = would
    if (host.uid !== 0 && !args.download_only && !would.missing)
      return refuse('This command has to be run under the root user.', 'become: true')
    if (namesOf(args.name).length === 0 && !args.autoremove)
      return refreshing(
        'dnf',
        managed(sh`${TOOL}; "$d" -y ${flags} makecache`, 'refreshing metadata', LOCKS.dnf, args.lock_timeout),
        false,
        {
          msg: 'Cache updated',
          rc: 0,
          results: [],
        },
      )
    if (goal === 'absent' && namesOf(args.name).some(name => name.endsWith('.rpm') || name.includes('://')))
      return refuse('Cannot remove paths -- please specify package name.')
    // What is to be newer goes by its version, so that one `install` does for all.
    const newer = steps.flatMap(({ name, arch, from, to, aside }) =>
      from === 'absent' || to === 'absent' || aside ? [] : [`${name}-${to}.${arch}`],
    )
    const gone = steps.flatMap(({ name, from, arch, to }) => (to === 'absent' ? [`${name}-${from}.${arch}`] : []))
    const words =
      goal === 'upgrade' || goal === 'autoremove'
        ? [goal, ...(goal === 'upgrade' ? kinds : [])]
        : goal === 'absent'
          ? ['remove', '--', ...namesOf(args.name).filter(name => name.startsWith('@')), ...gone]
          : ['install', '--', ...new Set([...lacking, ...(goal === 'latest' ? newer : [])])]
    return transact(would, {
      tool: 'dnf',
      host: host.name,
      cannot: 'Failed to install some of the specified packages',
      idle: { msg: 'Nothing to do', rc: 0, results: [] },
      tell: all => resultOf(all, args.download_only),
      by: managed(sh`${TOOL}; "$d" -y ${flags} ${words}`, `dnf ${words[0]}`, LOCKS.dnf, args.lock_timeout),
      fetches: args.download_only,
      patience: args.lock_timeout,
    })
  },
  join: joinedNames,
  afterwards,
})
