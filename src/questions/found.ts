import { ask, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import { raw, sh } from '../shell/script.ts'
import { sumsIn } from './trees.ts'

/** An entry below one of the roots that were searched. */
export interface Found {
  readonly path: string
  /** st_mode with the type bits. */
  readonly bits: number
  readonly uid: number
  readonly gid: number
  readonly size: number
  readonly inode: number
  readonly device: number
  readonly links: number
  readonly atime: number
  readonly mtime: number
  readonly ctime: number
  readonly owner: string
  readonly group: string
  readonly checksum?: string
}

export interface Search {
  readonly entries: readonly Found[]
  /** The target's clock. */
  readonly now: number
  /** Roots that are no directories or cannot be read. */
  readonly unreadable: readonly string[]
}

/** Bytes of the list; a longer one does not answer. */
const KEPT = 32 * 1024 * 1024

/** Names hold line ends, but no slashes: what begins with two of them is another entry. */
const FORMAT = '//%f %u %g %s %i %d %h %X %Y %Z %U:%G /%n'

/** Everything below some directories, down to a depth. What lies behind a link is searched when links are followed; the link stays one. */
export const found = (
  roots: readonly string[],
  wish: { depth: number | undefined; follow: boolean; checksum: boolean },
): TargetQuestion<Search> => {
  const follow = raw(wish.follow ? '-L' : '-H')
  const depth = wish.depth === undefined ? raw('') : sh`-maxdepth ${wish.depth}`
  const sums = wish.checksum
    ? sh`; echo //sums; find ${follow} "$r" -mindepth 1 ${depth} -type f -exec sha1sum -- {} +`
    : raw('')
  return ask(
    sh`date +%s; for r in ${roots}; do if [ -d "$r" ] && [ -r "$r" ]; then LC_ALL=C find ${follow} "$r" -mindepth 1 ${depth} -exec stat -c ${FORMAT} -- {} +${sums}; else printf '//unreadable %s\n' "$r"; fi; done`,
    roots.map(root => `path:${root}`),
    answer => {
      const start = answer.stdout.indexOf('\n')
      const now = answer.stdout.slice(0, start)
      if (!/^\d+$/.test(now)) throw new CouldNotTell(`cannot search ${roots.join(', ')}: ${answer.stderr.trim()}`)
      const parts = answer.stdout
        .slice(start)
        .split('\n//')
        .map((part, i, all) => (i === all.length - 1 ? part.replace(/\n$/, '') : part))
      const sums = new Map(
        parts.flatMap(part =>
          part.startsWith('sums\n')
            ? sumsIn(part.slice('sums\n'.length), roots).map(({ path, sum }) => [path, sum] as const)
            : [],
        ),
      )
      return {
        now: Number(now),
        entries: parts.flatMap(part => entryOf(part, sums)),
        unreadable: parts.flatMap(part => (part.startsWith('unreadable ') ? [part.slice('unreadable '.length)] : [])),
      }
    },
    { keep: KEPT },
  )
}

/** The file type bits of a regular file. */
const FILE = 8

function entryOf(line: string, sums: ReadonlyMap<string, string>): Found[] {
  const [, bits = '', numbers = '', owner = '', group = '', path = ''] =
    /^([0-9a-f]{4,}) ((?:\d+ ){9})([^:]*):(.*?) \/(.*)$/s.exec(line) ?? []
  if (path === '') return []
  const [uid = 0, gid = 0, size = 0, inode = 0, device = 0, links = 0, atime = 0, mtime = 0, ctime = 0] = numbers
    .split(' ')
    .map(Number)
  const mode = Number.parseInt(bits, 16)
  // find -L takes a link for the file behind it
  const checksum = mode >> 12 === FILE ? sums.get(path) : undefined
  return [
    {
      path,
      bits: mode,
      uid,
      gid,
      size,
      inode,
      device,
      links,
      atime,
      mtime,
      ctime,
      owner: owner === 'UNKNOWN' ? '' : owner,
      group: group === 'UNKNOWN' ? '' : group,
      ...(checksum === undefined ? {} : { checksum }),
    },
  ]
}
