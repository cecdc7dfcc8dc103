import { CouldNotTell } from '../kit/question.ts'
import { SELINUX_ON } from '../shell/label.ts'
import { nothing, raw, type Script, sh } from '../shell/script.ts'

/** What must be seen of a path before it gets another label or other attributes. */
export interface Marks {
  /** Absent where SELinux is off, and where no task asks for a label. */
  readonly labels?: {
    /** Labels have a level. */
    readonly mls: boolean
    /** What the policy says for the path, where that is asked for and the policy has a word. */
    readonly usual?: string
    /** The label of a file system whose files have none of their own. */
    readonly fixed?: string
  }
  /** Letters of the attributes, none where nothing is there; absent where the host has no chattr. */
  readonly flags?: string
}

/** What a task asks of a label and of attributes; `_default` is the policy's word. */
export interface MarksWish {
  readonly seuser?: string | undefined
  readonly serole?: string | undefined
  readonly setype?: string | undefined
  readonly selevel?: string | undefined
  readonly attributes?: string | undefined
}

const partsOf = ({ seuser, serole, setype, selevel }: MarksWish) => [seuser, serole, setype, selevel]

/** Whether a task speaks of a label. */
export const asksLabel = (wish: MarksWish): boolean => partsOf(wish).some(part => part !== undefined)

/** Kinds of file systems, or parts of their names, that have one label for all files: Ansible's own list. */
const FIXED = ['fuse', 'nfs', 'vboxsf', 'ramfs', '9p', 'vfat']

/** Shell text that tells of `$f` what `marksOf` reads. */
export const marking = (wish: MarksWish): Script =>
  sh`${asksLabel(wish) ? labels(partsOf(wish).includes('_default')) : nothing}
${wish.attributes === undefined ? nothing : ATTRIBUTES}`

const labels = (usual: boolean): Script => sh`if ${SELINUX_ON}; then
  m=; { read -r m </sys/fs/selinux/mls; } 2>/dev/null
  echo "#mls $m"
  command -v chcon >/dev/null || echo '#lacks chcon'
  ${usual ? USUAL : raw(':')}
  d=$f; until [ -e "$d" ]; do case $d in */*) d=\${d%/*}; d=\${d:-/};; *) d=.;; esac; done
  m=$(df -P -- "$d" | sed -n '$s/^.*[0-9]% *//p')
  while read -r c p k c; do
    [ "$p" = "$m" ] || continue
    case $k in ${raw(FIXED.map(kind => `*${kind}*`).join('|'))}) printf '#fixed %s\\n' "$(LC_ALL=C stat -c '%C' -- "$m")";; esac
  done </proc/mounts
fi`

const USUAL =
  raw(`if command -v matchpathcon >/dev/null; then printf '#usual %s\\n' "$(matchpathcon -n -- "$f" 2>/dev/null)"
  else echo '#lacks matchpathcon'; fi`)

const ATTRIBUTES = raw(`if command -v chattr >/dev/null; then
  if ! [ -e "$f" ] && ! [ -L "$f" ]; then echo '#flags'
  elif a=$(LC_ALL=C lsattr -d -- "$f" 2>&1); then printf '#flags %s\\n' "\${a%% *}"
  else printf '#unread %s\\n' "$a"; fi
fi`)

/** Reads what `marking` prints. What cannot be done or read is told here, before anything is changed. */
export function marksOf(said: string, path: string): Marks {
  const lines = said.split('\n')
  const of = (word: string): string | undefined => {
    const line = lines.find(one => one === `#${word}` || one.startsWith(`#${word} `))
    return line?.slice(word.length + 2).trim()
  }
  const lacks = of('lacks')
  if (lacks !== undefined) throw new CouldNotTell(`SELinux is on, and there is no ${lacks}: install ${PACKAGES[lacks]}`)
  const unread = of('unread')
  if (unread !== undefined) throw new CouldNotTell(`cannot read the attributes of ${path}: ${unread}`)
  const [mls, usual, fixed, flags] = [of('mls'), of('usual'), of('fixed'), of('flags')]
  return {
    ...(mls === undefined
      ? {}
      : {
          labels: {
            mls: mls === '1',
            ...(usual?.includes(':') ? { usual } : {}),
            ...(fixed?.includes(':') ? { fixed } : {}),
          },
        }),
    ...(flags === undefined ? {} : { flags: flags.replaceAll('-', '') }),
  }
}

const PACKAGES: Readonly<Record<string, string>> = {
  chcon: 'coreutils',
  matchpathcon: 'libselinux-utils (selinux-utils on Debian)',
}
