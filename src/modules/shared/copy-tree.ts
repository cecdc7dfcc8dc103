import { posix } from 'node:path'
import { change, type Edit, type Plan } from '../../kit/plan.ts'
import type { Local, LocalFile } from '../../questions/controller.ts'
import type { Leaf } from '../../questions/trees.ts'
import { sh } from '../../shell/script.ts'
import { freshMode, run, type Wanted } from './attributes.ts'
import { modeFrom, modeText } from './mode.ts'
import { ofFile, textsOf } from './place.ts'

/** How a directory is to be copied. */
export interface TreeWish {
  /** Where the content of the directory goes. */
  readonly root: string
  readonly dest: string
  readonly wanted: Wanted
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
  const directories = [{ path: '', mode: 0o755 }, ...source.directories]
  const edits = [
    ...directories.flatMap(({ path }) =>
      seen.get(path === '' ? '.' : path)?.directory ? [] : [makeDirectory(wish, path)],
    ),
    ...source.files.flatMap(file => putFile(wish, file, seen.get(file.name))),
    ...source.links.flatMap(({ name, target }) =>
      seen.get(name)?.target === target ? [] : [makeLink(wish, name, target)],
    ),
  ]
  return change(edits, [`path:${wish.root}`], { dest: wish.dest, state: 'directory' })
}

function makeDirectory({ root, wanted, directory_mode }: TreeWish, name: string): Edit {
  const path = posix.join(root, name)
  const mode = directory_mode === undefined ? sh`` : sh` && chmod -- ${freshMode(directory_mode, 'directory')} ${path}`
  const owner = wanted.owner === undefined ? sh`` : sh` && chown -- ${wanted.owner} ${path}`
  const group = wanted.group === undefined ? sh`` : sh` && chgrp -- ${wanted.group} ${path}`
  return { what: path, from: 'absent', to: 'directory', by: run(sh`mkdir -p -- ${path}${owner}${group}${mode}`) }
}

const makeLink = ({ root }: TreeWish, name: string, target: string): Edit => ({
  what: posix.join(root, name),
  from: 'absent',
  to: `link to ${target}`,
  by: run(sh`ln -sfn -- ${target} ${posix.join(root, name)}`),
})

function putFile(wish: TreeWish, file: LocalFile & { readonly name: string }, there: Leaf | undefined): Edit[] {
  const path = posix.join(wish.root, file.name)
  const { owner, group } = wish.wanted
  const text = wish.preserve ? modeText(file.mode) : wish.wanted.mode
  const mode = text === undefined ? undefined : modeText(modeFrom(text, there?.mode ?? 0o644, false))
  if (there?.sha256 === file.sha256) {
    const same = mode === undefined || mode === modeText(there.mode)
    return same
      ? []
      : [{ what: `mode of ${path}`, from: modeText(there.mode), to: mode, by: run(sh`chmod -- ${mode} ${path}`) }]
  }
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
