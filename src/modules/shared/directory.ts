import { change, type Edit, type Plan, refuse } from '../../kit/plan.ts'
import type { Entry } from '../../questions/files.ts'
import type { Ids } from '../../questions/system.ts'
import { join, sh } from '../../shell/script.ts'
import { adorn, differences, facts, mend, prospect, run, type Wanted } from './attributes.ts'

/** A directory with its parents: every directory that is made gets the same owner and mode, like Ansible's. */
export function directory(
  path: string,
  here: Entry | undefined,
  below: readonly Entry[],
  wanted: Wanted,
  numbers: Ids,
): Plan {
  if (here === undefined) {
    const parents = path
      .split('/')
      .map((_, i, parts) => parts.slice(0, i + 1).join('/'))
      .filter(part => part !== '')
    const make = run(
      join(
        parents.map(part => sh`{ [ -d ${part} ] || { mkdir -- ${part}${adorn(part, wanted, 'directory')}; }; }`),
        ' && ',
      ),
    )
    const attributes = Object.entries(wanted).flatMap(([what, to]) =>
      to === undefined
        ? []
        : [{ what, from: '', to: String(what === 'mode' ? prospect(wanted, 'directory')['mode'] : to), by: make }],
    )
    return change([{ what: path, from: 'absent', to: 'directory', by: make }, ...attributes], [`path:${path}`], {
      path,
      ...prospect(wanted, 'directory'),
    })
  }
  if (here.type !== 'directory')
    return refuse(`${path} already exists as a ${here.type}`, 'remove it first (state: absent)', { path })
  return change([...mend(path, here, wanted, numbers), ...mendTree(path, below, wanted, numbers)], [`path:${path}`], {
    path,
    ...facts(here),
  })
}

/** One edit for each distinct way in which things in the tree differ. */
function mendTree(path: string, below: readonly Entry[], wanted: Wanted, numbers: Ids): Edit[] {
  const edits = new Map<string, Edit>()
  for (const seen of below)
    for (const { what, from, to } of differences(seen, wanted, numbers)) {
      const script =
        what === 'mode'
          ? sh`find -H ${path} -type ${seen.type === 'directory' ? 'd' : 'f'} -perm ${from} -exec chmod -- ${to} {} +`
          : sh`find -H ${path} -exec ${what === 'owner' ? 'chown' : 'chgrp'} -h -- ${to} {} +`
      edits.set(script.wire, { what: `${what} below ${path}`, from, to, by: run(script) })
    }
  return [...edits.values()].sort((a, b) => Number(a.what.startsWith('mode')) - Number(b.what.startsWith('mode')))
}
