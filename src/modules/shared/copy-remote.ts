import { posix } from 'node:path'
import { change, ok, type Plan, refuse } from '../../kit/plan.ts'
import type { Landing } from '../../questions/landing.ts'
import type { RemoteSource } from '../../questions/remote-copy.ts'
import type { Ids } from '../../questions/system.ts'
import type { Leaf } from '../../questions/trees.ts'
import { atEnd } from '../../shell/at-end.ts'
import { LIKE, labelPart, labelPlaced } from '../../shell/label.ts'
import { join, nothing, raw, type Script, sh } from '../../shell/script.ts'
import { adorn, differences, facts, mend, run, type Wanted } from './attributes.ts'
import { entryOf } from './copy-tree.ts'
import { chattr } from './flags.ts'
import { modeFrom, modeText } from './mode.ts'
import { unexpected } from './place.ts'

/** How something on the target is to be copied on the target. */
export interface RemoteWish {
  /** Where a file goes. */
  readonly path: string
  /** What is copied, as it was written. */
  readonly said: string
  /** Where the content of a directory goes. */
  readonly root: string
  readonly wanted: Wanted
  /** The copy has the mode of what is copied. */
  readonly preserve: boolean
  readonly force: boolean
  readonly backup: boolean
  readonly validate?: string | undefined
  /** The sha1 that a file must have. */
  readonly expected?: string | undefined
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
  const wrong = unexpected(wish.expected, source.kind === 'file' ? source.sha1 : '')
  if (wrong !== undefined) return wrong
  if (source.kind === 'directory') return copyDirectory(wish, src, source.tree, seen, ids)
  const { path } = wish
  const wanted = wish.preserve ? { ...wish.wanted, mode: source.mode } : wish.wanted
  const here = there.entry
  const result = { src, dest: path, checksum: source.sha1 }
  if (here !== undefined && here.type !== 'file')
    return refuse(`${path} is a ${here.type}, no file can be put there`, undefined, result)
  if (here !== undefined && !wish.force) return ok({ ...result, msg: 'file already exists' })
  const more = here === undefined ? { state: 'file' } : facts(here)
  if (here !== undefined && there.sha256 === source.sha256)
    return change(mend(path, here, wanted, ids), [`path:${path}`], { ...result, ...more })
  const differing = here === undefined ? [] : differences(here, wanted, ids)
  const mode = modeText(modeFrom(wanted.mode ?? '', here?.mode ?? 0o644, false))
  const owner = wanted.owner ?? (here === undefined ? undefined : String(here.uid))
  const group = wanted.group ?? (here === undefined ? undefined : String(here.gid))
  const by = run(replaceWith(src, path, { ...wanted, mode, owner, group }, wish, here !== undefined))
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
    // What was put there is not what is there "already", though the proof finds it so.
    wish.force ? {} : { msg: undefined },
  )
}

/** Copies into a file beside the path, dresses and checks it there, and renames it. */
function replaceWith(
  src: string,
  path: string,
  { mode, owner, group, label, attributes }: Wanted,
  { backup, validate }: RemoteWish,
  exists: boolean,
): Script {
  const part = posix.join(posix.dirname(path), '.regplay.XXXXXXXX')
  const keep =
    backup && exists
      ? raw('b="$f.$$.$(date +%Y-%m-%d@%H:%M:%S)~"; cp -p -- "$f" "$b" && like "$f" "$b" || exit')
      : nothing
  return join([
    sh`f=${path}; t=$(mktemp ${part}) || exit
${atEnd(raw('rm -f -- "$t"'))}
cat <${src} >"$t" || exit`,
    LIKE,
    labelPart(label),
    owner === undefined ? nothing : sh`chown -- ${owner} "$t" || exit`,
    group === undefined ? nothing : sh`chgrp -- ${group} "$t" || exit`,
    sh`chmod -- ${mode ?? '0644'} "$t" || exit`,
    validate === undefined ? nothing : sh`${raw(validate.replaceAll('%s', '"$t"'))} || exit`,
    keep,
    raw('sync "$t" && mv -f -- "$t" "$f" || exit'),
    labelPlaced(label),
    attributes === undefined ? raw(':') : chattr(attributes, path, false),
  ])
}

/** The mode of every file that was copied; what else is there keeps its own. */
const modes = (src: string, root: string, mode: string): Script =>
  sh` && ( cd -- ${src} && find . -type f -exec sh -c 'cd -- "$0" && chmod -- "$@"' ${root} ${mode} {} + )`

function copyDirectory(
  { root, said, wanted }: RemoteWish,
  src: string,
  source: ReadonlyMap<string, Leaf>,
  seen: ReadonlyMap<string, Leaf>,
  ids: Ids,
): Plan {
  const { owner, group, mode, label, attributes } = wanted
  // As with Ansible, these are for the directory, and not for what is in it.
  const marks = { label, attributes }
  const there = seen.get('.')
  const own = there === undefined ? [] : mend(root, entryOf(there), marks, ids)
  const who = owner === undefined ? raw('') : sh` && chown -R -h -- ${owner} ${root}`
  const set = group === undefined ? raw('') : sh` && chgrp -R -h -- ${group} ${root}`
  const each = mode === undefined ? raw('') : modes(src, root, mode)
  const by = run(
    sh`mkdir -p -- ${root} && cp -R -p -- ${src}/. ${root}/${who}${set}${each}${there === undefined ? adorn(root, marks, 'directory') : raw('')}`,
  )
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
  return change([...edits, ...own], [`path:${root}`], { src: said, dest: root, state: 'directory' })
}
