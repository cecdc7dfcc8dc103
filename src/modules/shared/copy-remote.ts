import { posix } from 'node:path'
import { change, ok, type Plan, refuse } from '../../kit/plan.ts'
import type { Landing } from '../../questions/landing.ts'
import type { RemoteSource } from '../../questions/remote-copy.ts'
import type { Ids } from '../../questions/system.ts'
import type { Leaf } from '../../questions/trees.ts'
import { raw, type Script, sh } from '../../shell/script.ts'
import { differences, facts, freshMode, mend, run, type Wanted } from './attributes.ts'
import { modeFrom } from './mode.ts'

/** How something on the target is to be copied on the target. */
export interface RemoteWish {
  /** Where a file goes. */
  readonly path: string
  /** What is copied, as it was written. */
  readonly said: string
  /** Where the content of a directory goes. */
  readonly root: string
  readonly wanted: Wanted
  readonly force: boolean
  readonly backup: boolean
  readonly validate?: string | undefined
}

/** A copy of a file or directory of the target stands at another path of the target. */
export function copyRemote(
  wish: RemoteWish,
  src: string,
  source: RemoteSource,
  there: Landing,
  seen: ReadonlyMap<string, Leaf>,
  ids: Ids,
): Plan {
  if (source.kind === 'absent')
    return refuse(`Source ${src} not found`, 'check src; with remote_src it is a path of the target')
  if (source.kind === 'directory') return copyDirectory(wish, src, source.tree, seen)
  const { path, wanted } = wish
  const here = there.entry
  const result = { src, dest: path, checksum: source.sha1 }
  if (here !== undefined && here.type !== 'file')
    return refuse(`${path} is a ${here.type}, no file can be put there`, undefined, result)
  if (here !== undefined && !wish.force) return ok({ ...result, msg: 'file already exists' })
  const more = here === undefined ? { state: 'file' } : facts(here)
  if (here !== undefined && there.sha256 === source.sha256)
    return change(mend(path, here, wanted, ids), [`path:${path}`], { ...result, ...more })
  const differing = here === undefined ? [] : differences(here, wanted, ids)
  const mode = wanted.mode === undefined ? source.mode : freshMode(wanted.mode, 'file')
  const owner = wanted.owner ?? (here === undefined ? undefined : String(here.uid))
  const group = wanted.group ?? (here === undefined ? undefined : String(here.gid))
  const by = run(replaceWith(src, path, { mode, owner, group }, wish, here !== undefined))
  return change(
    [
      {
        what: path,
        from: here === undefined ? 'absent' : `sha256:${(there.sha256 ?? '').slice(0, 12)}`,
        to: `copy of ${src}`,
        by,
      },
      ...differing.map(({ what, from, to }) => ({ what, from, to, by })),
    ],
    [`path:${path}`],
    { ...result, ...more },
  )
}

/** Copies into a file beside the path, dresses and checks it there, and renames it. */
function replaceWith(
  src: string,
  path: string,
  { mode, owner, group }: Wanted,
  { backup, validate }: RemoteWish,
  exists: boolean,
): Script {
  const part = posix.join(posix.dirname(path), '.regplay.XXXXXXXX')
  const keep = backup && exists ? sh`cp -p -- ${path} ${path}."$$.$(date +%Y-%m-%d@%H:%M:%S)~" && ` : raw('')
  const chown = owner === undefined ? raw('') : sh`chown -- ${owner} "$t" && `
  const chgrp = group === undefined ? raw('') : sh`chgrp -- ${group} "$t" && `
  const check = validate === undefined ? raw('') : sh`${raw(validate.replaceAll('%s', '"$t"'))} && `
  return sh`t=$(mktemp ${part}) && { cat <${src} >"$t" && ${chown}${chgrp}chmod -- ${mode ?? '0644'} "$t" && ${check}${keep}sync "$t" && mv -f -- "$t" ${path} || { rm -f -- "$t"; false; }; }`
}

/** The mode of every file that was copied; what else is there keeps its own. */
const modes = (src: string, root: string, mode: string): Script =>
  sh` && ( cd -- ${src} && find . -type f -exec sh -c 'cd -- "$0" && chmod -- "$@"' ${root} ${mode} {} + )`

function copyDirectory(
  { root, said, wanted }: RemoteWish,
  src: string,
  source: ReadonlyMap<string, Leaf>,
  seen: ReadonlyMap<string, Leaf>,
): Plan {
  const { owner, group, mode } = wanted
  const who = owner === undefined ? raw('') : sh` && chown -R -h -- ${owner} ${root}`
  const set = group === undefined ? raw('') : sh` && chgrp -R -h -- ${group} ${root}`
  const each = mode === undefined ? raw('') : modes(src, root, mode)
  const by = run(sh`mkdir -p -- ${root} && cp -R -p -- ${src}/. ${root}/${who}${set}${each}`)
  const edits = [...source.values()].flatMap(leaf => {
    const there = seen.get(leaf.path)
    const plain = leaf.sha256 !== undefined
    const same =
      there !== undefined &&
      there.directory === leaf.directory &&
      there.sha256 === leaf.sha256 &&
      there.target === leaf.target &&
      (!plain || mode === undefined || modeFrom(mode, there.mode, false) === there.mode)
    return same
      ? []
      : [
          {
            what: posix.join(root, leaf.path),
            from: there ? 'different' : 'absent',
            to: `copy of ${posix.join(src, leaf.path)}`,
            by,
          },
        ]
  })
  return change(edits, [`path:${root}`], { src: said, dest: root, state: 'directory' })
}
