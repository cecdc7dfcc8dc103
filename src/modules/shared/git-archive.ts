import type { HostInfo } from '../../kit/host.ts'
import type { Edit } from '../../kit/plan.ts'
import { ask, type Question } from '../../kit/question.ts'
import { at } from '../../questions/files.ts'
import { known } from '../../questions/known.ts'
import { atEnd } from '../../shell/at-end.ts'
import { LIKE, labelPart, labelPlaced } from '../../shell/label.ts'
import { raw, type Script, sh } from '../../shell/script.ts'
import { run } from './attributes.ts'
import { type GitWish, ready } from './git.ts'

interface ArchiveWish extends GitWish {
  readonly archive?: string
  readonly archive_prefix?: string
}

/** The format that a name means; undefined where it means none. */
export const archiveFormat = (path: string): string | undefined =>
  ({ zip: 'zip', gz: 'tar.gz', tar: 'tar', tgz: 'tgz' })[/\.(\w+)$/.exec(path)?.[1] ?? '']

const packed = (wish: ArchiveWish, host: HostInfo): Script => {
  const prefix = wish.archive_prefix === undefined ? [] : [`--prefix=${wish.archive_prefix}`]
  return sh`${ready(wish, host)}
cd -- ${at(wish.dest ?? '', host)} && g archive ${`--format=${archiveFormat(wish.archive ?? '')}`} ${prefix} ${wish.version}`
}

/** Whether an archive holds, byte by byte, what git makes of the version that is here. */
export function archiveSame(wish: ArchiveWish, host: HostInfo): Question<boolean> {
  if (wish.archive === undefined || archiveFormat(wish.archive) === undefined) return known(true)
  const path = at(wish.archive, host)
  return ask(
    sh`{ ${packed(wish, host)}; } 2>/dev/null | cmp -s - ${path} && echo same || :`,
    [`path:${path}`, `path:${at(wish.dest ?? '', host)}`],
    answer => answer.stdout === 'same\n',
    { dear: true },
  )
}

/** The edit that makes the archive. */
export function archiveEdit(wish: ArchiveWish, there: boolean, host: HostInfo): Edit {
  const path = at(wish.archive ?? '', host)
  const by = run(
    sh`t=$(mktemp ${`${path}.XXXXXXXX`}) || exit
${atEnd(raw('rm -f -- "$t"'))}
{ ${packed(wish, host)}; } >"$t" && chmod 0644 "$t" || exit
f=${path}
${LIKE}
${labelPart(undefined)}
mv -f -- "$t" "$f" || exit
${labelPlaced(undefined)}`,
  )
  return { what: path, from: there ? 'of another version' : 'absent', to: wish.version, by }
}
