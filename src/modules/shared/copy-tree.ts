import { posix } from 'node:path'
import { change, type Edit, type Plan, refuse } from '../../kit/plan.ts'
import type { Local, LocalFile } from '../../questions/controller.ts'
import type { Entry } from '../../questions/files.ts'
import type { MarksWish } from '../../questions/marks.ts'
import type { Ids } from '../../questions/system.ts'
import type { Leaf } from '../../questions/trees.ts'
import { join, sh } from '../../shell/script.ts'
import { adorn, dressing, mend, run, type Wanted } from './attributes.ts'
import { modeFrom, modeText } from './mode.ts'
import { ofFile, textsOf } from './place.ts'

/** How a directory is to be copied. */
export interface TreeWish {
  /** Where the content of the directory goes. */
  readonly root: string
  readonly dest: string
  /** What is copied, as it was written. */
  readonly src?: string | undefined
  readonly wanted: Wanted
  readonly ids: Ids
  readonly directory_mode?: string | undefined
  readonly force: boolean
  readonly backup: boolean
  readonly validate?: string | undefined
  /** Files get the mode that they have on the controller. */
  readonly preserve: boolean
  /** What is asked of a label and of attributes, as it was written. */
  readonly marks: MarksWish
}

/** A directory of the controller is on the target with everything below it. What else is there stays. */
export function copyTree(
  wish: TreeWish,
  source: Extract<Local, { kind: 'directory' }>,
  seen: ReadonlyMap<string, Leaf>,
): Plan {
  const { attributes, ...label } = wish.marks
  if (attributes !== undefined)
    return refuse('attributes are not given to whole directories', 'use the file module after it, with recurse: true')
  if (Object.values(label).includes('_default'))
    return refuse(
      'each file of a directory has a default label of its own',
      'leave out _default: new files get theirs anyway',
    )
  const edits = [
    ...(seen.get('.')?.directory ? [] : [makeDirectory(wish, '')]),
    ...source.directories.flatMap(({ path }) => {
      const there = seen.get(path)
      return there?.directory ? dress(wish, there, wish.directory_mode) : [makeDirectory(wish, path)]
    }),
    ...source.files.flatMap(file => putFile(wish, file, seen.get(file.name))),
    ...source.links.flatMap(({ name, target }) => {
      const there = seen.get(name)
      return there?.target === target ? [] : [makeLink(wish, name, target, there)]
    }),
  ]
  return change(edits, [`path:${wish.root}`], { dest: `${wish.dest.replace(/\/$/, '')}/`, src: wish.src })
}

/** Makes a directory; those above it that are missing get the same owner and mode. */
function makeDirectory({ root, wanted, directory_mode }: TreeWish, name: string): Edit {
  const path = posix.join(root, name)
  const dressed = { ...wanted, mode: directory_mode }
  const above = path.split('/').map((_, i, parts) => parts.slice(0, i + 1).join('/'))
  const make = above
    .filter(part => part !== '' && part !== '.')
    .map(part => sh`{ [ -d ${part} ] || { mkdir -- ${part}${adorn(part, dressed, 'directory')}; }; }`)
  return { what: path, from: 'absent', to: 'directory', by: run(join(make, ' && ')) }
}

/** What is there already, as far as a tree tells of it. */
export const entryOf = ({ directory, mode, uid, gid, label }: Leaf): Entry => ({
  ...{ type: directory ? 'directory' : 'file', mode, uid, gid },
  ...{ owner: '', group: '', size: 0, identity: '' },
  ...(label === undefined ? {} : { label }),
})

/** Label, owner, group and mode of what is there already. */
function dress({ root, wanted, ids }: TreeWish, there: Leaf, mode: string | undefined): Edit[] {
  const path = posix.join(root, there.path)
  const edits = mend(path, entryOf(there), { ...wanted, mode }, ids)
  return edits.map(edit => ({ ...edit, what: `${edit.what} of ${path}` }))
}

const makeLink = ({ root }: TreeWish, name: string, target: string, there: Leaf | undefined): Edit => ({
  what: posix.join(root, name),
  from: there === undefined ? 'absent' : there.target === undefined ? 'no link' : `link to ${there.target}`,
  to: `link to ${target}`,
  by: run(sh`ln -sfn -- ${target} ${posix.join(root, name)}`),
})

function putFile(wish: TreeWish, file: LocalFile & { readonly name: string }, there: Leaf | undefined): Edit[] {
  const path = posix.join(wish.root, file.name)
  const text = wish.preserve ? modeText(file.mode) : wish.wanted.mode
  const mode = text === undefined ? undefined : modeText(modeFrom(text, there?.mode ?? 0o644, false))
  if (there?.sha256 === file.sha256) return dress(wish, there, text)
  if (there !== undefined && !wish.force) return []
  const texts = there === undefined ? textsOf(Buffer.alloc(0), file.bytes) : undefined
  return [
    {
      what: path,
      from: there === undefined ? 'absent' : `sha256:${(there.sha256 ?? '').slice(0, 12)}`,
      to: `sha256:${file.sha256.slice(0, 12)}`,
      ...(texts ? { texts } : {}),
      by: {
        kind: 'put',
        path,
        content: ofFile(file).content,
        checksum: `sha256:${file.sha256}`,
        ...(mode === undefined ? {} : { mode }),
        ...dressing(wish.wanted),
        ...(wish.backup && there !== undefined ? { backup: true } : {}),
        ...(wish.validate === undefined ? {} : { validate: wish.validate }),
      },
    },
  ]
}
