import { act, change, type Plan } from '../../kit/plan.ts'
import type { Entry } from '../../questions/files.ts'
import type { Stamps } from '../../questions/standing.ts'
import type { Ids } from '../../questions/system.ts'
import { join, type Script, sh } from '../../shell/script.ts'
import { adorn, facts, mend, prospect, run, type Wanted } from './attributes.ts'
import { ended } from './ended.ts'
import { modeFrom, modeText } from './mode.ts'

/** `touch`: makes an empty file, or sets its times; there is nothing to do when both are preserved, or given and as they are. */
export function touch(
  path: string,
  here: Entry | undefined,
  args: { modification_time?: string; access_time?: string },
  stamps: Stamps,
  wanted: Wanted,
  numbers: Ids,
  named: 'dest' | 'path' = 'dest',
): Plan {
  const done = (time: string | undefined, same = false): boolean => time === 'preserve' || (given(time) && same)
  const settled = done(args.modification_time, stamps.mtime) && done(args.access_time, stamps.atime)
  const keep = args.modification_time === 'preserve' && args.access_time === 'preserve'
  if (here !== undefined && settled)
    return change(mend(path, here, wanted, numbers), [`path:${path}`], { [named]: path, ...facts(here) })
  // What is made and cannot be dressed goes again.
  const whole = (dress: Script): Script =>
    sh`n=; [ -e ${path} ] || n=1; { [ -z "$n" ] || : >${path}; }${dress} || { s=$?; [ -z "$n" ] || rm -f -- ${path}; exit "$s"; }`
  if (keep) {
    const by = run(whole(adorn(path, wanted, 'file')))
    return change([{ what: path, from: 'absent', to: 'file', by }], [`path:${path}`], {
      [named]: path,
      ...prospect(wanted, 'file'),
    })
  }
  const stamp = (flag: '-a' | '-m', time = 'now') =>
    time === 'preserve'
      ? []
      : [
          time === 'now'
            ? sh` && touch ${flag} -- ${path}`
            : sh` && touch ${flag} -t ${time.replace(/\.(\d)$/, '.0$1')} -- ${path}`,
        ]
  const kind = here?.type === 'directory' ? 'directory' : 'file'
  const attributes =
    here === undefined || wanted.mode === undefined
      ? wanted
      : { ...wanted, mode: modeText(modeFrom(wanted.mode, here.mode, kind === 'directory')) }
  // Who may only write a file may set both of its times to now, and neither alone.
  const times =
    (args.access_time ?? 'now') === 'now' && (args.modification_time ?? 'now') === 'now'
      ? [sh` && touch -- ${path}`]
      : [...stamp('-a', args.access_time), ...stamp('-m', args.modification_time)]
  const script = whole(join([adorn(path, attributes, kind), ...times], ''))
  const owners =
    here === undefined
      ? {}
      : {
          ...(wanted.owner === undefined || numbers.uid === undefined ? {} : { uid: numbers.uid }),
          ...(wanted.group === undefined || numbers.gid === undefined ? {} : { gid: numbers.gid }),
        }
  return act(
    `touch ${path}`,
    run(script),
    outcome =>
      ended(outcome, {
        [named]: path,
        ...(here === undefined ? {} : facts(here)),
        ...prospect(attributes, kind),
        ...owners,
      }),
    { touches: [`path:${path}`], dry: 'pretend' },
  )
}

/** Whether a time is one that a person wrote. */
const given = (time: string | undefined): boolean => time !== undefined && time !== 'now' && time !== 'preserve'
