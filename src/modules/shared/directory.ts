import { change, type Edit, type Plan, refuse } from '../../kit/plan.ts'
import type { Entry } from '../../questions/files.ts'
import type { Ids } from '../../questions/system.ts'
import { chcon } from '../../shell/label.ts'
import { join, sh } from '../../shell/script.ts'
import { adorn, differences, dressEdits, facts, mend, prospect, run, type Wanted } from './attributes.ts'
import { hasFlags } from './flags.ts'

/** What is in a directory: each distinct kind of entry, and of attributes. */
interface Tree {
  readonly below: readonly Entry[]
  readonly flags: readonly string[]
}

/** A directory with its parents: every directory that is made gets the same owner and mode, like Ansible's. */
export function directory(path: string, here: Entry | undefined, tree: Tree, wanted: Wanted, numbers: Ids): Plan {
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
    const attributes = dressEdits(wanted, 'directory', '', make)
    return change([{ what: path, from: 'absent', to: 'directory', by: make }, ...attributes], [`path:${path}`], {
      path,
      ...prospect(wanted, 'directory'),
    })
  }
  if (here.type !== 'directory')
    return refuse(`${path} already exists as a ${here.type}`, 'remove it first (state: absent)', { path })
  const edits = [...mend(path, here, wanted, numbers), ...mendTree(path, tree, wanted, numbers)]
  return change(
    edits.sort((a, b) => rank(a) - rank(b)),
    [`path:${path}`],
    { path, ...facts(here) },
  )
}

/** chown takes setuid away, and what is immutable takes nothing more. */
const rank = ({ what }: Edit): number => (what.startsWith('attributes') ? 2 : what.startsWith('mode') ? 1 : 0)

/** One edit for each distinct way in which things in the tree differ. */
function mendTree(path: string, { below, flags }: Tree, wanted: Wanted, numbers: Ids): Edit[] {
  // What a link leads to, and not the link.
  const top = `${path}/`
  const edits = new Map<string, Edit>()
  for (const seen of below)
    for (const { what, from, to } of differences(seen, { ...wanted, attributes: undefined }, numbers)) {
      const script =
        what === 'mode'
          ? sh`find -H ${top} -type ${seen.type === 'directory' ? 'd' : 'f'} -perm ${from} -exec chmod -- ${to} {} +`
          : what === 'secontext'
            ? sh`find -H ${top} -exec ${chcon(wanted.label ?? {})} -h -- {} +`
            : sh`find -H ${top} -exec ${what === 'owner' ? 'chown' : 'chgrp'} -h -- ${to} {} +`
      edits.set(script.wire, { what: `${what} below ${path}`, from, to, by: run(script) })
    }
  const { attributes = '+' } = wanted
  const other = flags.filter(one => !hasFlags(one, attributes))
  const script = sh`find -H ${top} '(' -type f -o -type d ')' -exec chattr ${attributes} {} +`
  const last = other
    .map(from => ({ what: `attributes below ${path}`, from, to: attributes, by: run(script) }))
    .slice(0, 1)
  return [...edits.values(), ...last]
}
