import { posix } from 'node:path'
import { change, type Edit, type Plan } from '../../kit/plan.ts'
import type { Local, LocalFile } from '../../questions/controller.ts'
import type { Entry } from '../../questions/files.ts'
import type { Ids } from '../../questions/system.ts'
import type { Leaf } from '../../questions/trees.ts'
import { sh } from '../../shell/script.ts'
import { freshMode, mend, run, type Wanted } from './attributes.ts'
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
}

/** A directory of the controller is on the target with everything below it. What else is there stays. */
export function copyTree(
  wish: TreeWish,
  source: Extract<Local, { kind: 'directory' }>,
  seen: ReadonlyMap<string, Leaf>,
): Plan {
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

function makeDirectory({ root, wanted, directory_mode }: TreeWish, name: string): Edit {
  const path = posix.join(root, name)
  const mode = directory_mode === undefined ? sh`` : sh` && chmod -- ${freshMode(directory_mode, 'directory')} ${path}`
  const owner = wanted.owner === undefined ? sh`` : sh` && chown -- ${wanted.owner} ${path}`
  const group = wanted.group === undefined ? sh`` : sh` && chgrp -- ${wanted.group} ${path}`
  return { what: path, from: 'absent', to: 'directory', by: run(sh`mkdir -p -- ${path}${owner}${group}${mode}`) }
}

/** Owner, group and mode of what is there already. */
function dress({ root, wanted, ids }: TreeWish, there: Leaf, mode: string | undefined): Edit[] {
  const path = posix.join(root, there.path)
  const { uid, gid, directory } = there
  const seen: Entry = {
    ...{ type: directory ? 'directory' : 'file', mode: there.mode, uid, gid },
    ...{ owner: '', group: '', size: 0, identity: '' },
  }
  const edits = mend(path, seen, { ...wanted, mode }, ids)
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
  const { owner, group } = wish.wanted
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
        ...(owner === undefined ? {} : { owner }),
        ...(group === undefined ? {} : { group }),
        ...(wish.backup && there !== undefined ? { backup: true } : {}),
        ...(wish.validate === undefined ? {} : { validate: wish.validate }),
      },
    },
  ]
}
