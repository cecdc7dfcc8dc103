import { act, change, type Plan } from '../../kit/plan.ts'
import type { Entry } from '../../questions/files.ts'
import type { Ids } from '../../questions/system.ts'
import { join, sh } from '../../shell/script.ts'
import { adorn, facts, mend, prospect, run, type Wanted } from './attributes.ts'
import { ended } from './ended.ts'
import { modeFrom, modeText } from './mode.ts'

/** `touch`: makes an empty file, or sets its times; only when both times are preserved is there nothing to do. */
export function touch(
  path: string,
  here: Entry | undefined,
  args: { modification_time?: string; access_time?: string },
  wanted: Wanted,
  numbers: Ids,
): Plan {
  const keep = args.modification_time === 'preserve' && args.access_time === 'preserve'
  if (here !== undefined && keep)
    return change(mend(path, here, wanted, numbers), [`path:${path}`], { dest: path, ...facts(here) })
  const make = sh`[ -e ${path} ] || : >${path}`
  if (keep) {
    const by = run(sh`${make}${adorn(path, wanted, 'file')}`)
    return change([{ what: path, from: 'absent', to: 'file', by }], [`path:${path}`], {
      dest: path,
      ...prospect(wanted, 'file'),
    })
  }
  const stamp = (flag: '-a' | '-m', time = 'now') =>
    time === 'preserve'
      ? []
      : [time === 'now' ? sh` && touch ${flag} -- ${path}` : sh` && touch ${flag} -t ${time} -- ${path}`]
  const kind = here?.type === 'directory' ? 'directory' : 'file'
  const given =
    here === undefined || wanted.mode === undefined
      ? wanted
      : { ...wanted, mode: modeText(modeFrom(wanted.mode, here.mode, kind === 'directory')) }
  const script = join(
    [make, adorn(path, given, kind), ...stamp('-a', args.access_time), ...stamp('-m', args.modification_time)],
    '',
  )
  return act(
    `touch ${path}`,
    run(script),
    outcome => ended(outcome, { dest: path, ...(here === undefined ? {} : facts(here)), ...prospect(given, kind) }),
    { touches: [`path:${path}`], dry: 'pretend' },
  )
}
