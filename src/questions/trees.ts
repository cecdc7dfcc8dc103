import { ask, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import { raw, type Script, sh } from '../shell/script.ts'
import { type Entry, parse, reads } from './files.ts'

/** The distinct permissions and owners in a tree, for what is done to a whole tree; a link to a directory counts when followed. */
export const shades = (path: string, follow: boolean): TargetQuestion<readonly Entry[]> =>
  ask(
    sh`if [ -d ${path} ]${follow ? raw('') : sh` && [ ! -L ${path} ]`}; then find -H ${path} -exec stat -c ${'%f %u %g 0 - %U:%G'} -- {} + | sort -u; fi`,
    reads(path),
    answer => {
      if (answer.stderr !== '') throw new CouldNotTell(`cannot walk through ${path}: ${answer.stderr.trim()}`)
      return answer.stdout
        .split('\n')
        .filter(line => line !== '')
        .map(line => parse(line, ''))
    },
  )

/** A file in a tree of the target: size and sha256 by its path below the root; directories have neither. */
export interface Leaf {
  readonly path: string
  readonly directory: boolean
  readonly sha256?: string
  readonly mode: number
  readonly uid: number
  readonly gid: number
  /** What a symbolic link holds. */
  readonly target?: string
}

/** Lists everything below the working directory: kinds and modes first, then digests. */
export const TREE: Script = raw(
  'find . -type d -exec stat -c \'d %a %u %g %n\' -- {} + && find . -type l -exec sh -c \'for l; do printf "l %s\\n%s\\n" "$l" "$(readlink -- "$l")"; done\' - {} + && find . -type f -exec stat -c \'f %a %u %g %n\' -- {} + && find . -type f -exec sha256sum -- {} +',
)

/** Above so many files a tree is not compared: nobody means to hash a whole system. */
const MOST = 20_000
const TOO_MANY = 70
/** Bytes for so many paths, each with its digest. */
const KEPT = MOST * 1024
const FEW: Script = sh`{ [ "$(find . -type f | head -n ${MOST + 1} | wc -l)" -le ${MOST} ] || exit ${TOO_MANY}; }`

/** Every file and directory below a directory; empty when there is no such directory. */
export const tree = (path: string): TargetQuestion<ReadonlyMap<string, Leaf>> =>
  ask(
    sh`[ -d ${path} ] || exit 0; cd -- ${path} && ${FEW} && ${TREE}`,
    reads(path),
    answer => {
      if (answer.code === TOO_MANY)
        throw new CouldNotTell(`there are more than ${MOST} files below ${path}: name a narrower directory`)
      if (!answer.ok) throw new CouldNotTell(`cannot walk through ${path}: ${answer.stderr.trim()}`)
      return parseTree(answer.stdout)
    },
    { keep: KEPT },
  )

/** Reads what `TREE` printed. The root itself is `.`. */
export function parseTree(said: string): Map<string, Leaf> {
  const out = new Map<string, Leaf>()
  const lines = said.split('\n')
  for (const [i, line] of lines.entries()) {
    const [, kind, mode = '0', uid, gid, name = ''] = /^([df]) ([0-7]+) (\d+) (\d+) (?:\.\/)?(.*)$/.exec(line) ?? []
    if (kind !== undefined)
      out.set(name, {
        ...{ path: name, directory: kind === 'd' },
        ...{ mode: Number.parseInt(mode, 8), uid: Number(uid), gid: Number(gid) },
      })
    const [, link] = /^l \.\/(.*)$/.exec(line) ?? []
    if (link !== undefined)
      out.set(link, { path: link, directory: false, mode: 0o777, uid: 0, gid: 0, target: lines[i + 1] ?? '' })
    const [, sha256, of = ''] = /^\\?([0-9a-f]{64}) [ *]\.\/(.*)$/.exec(line) ?? []
    const known = out.get(line.startsWith('\\') ? of.replaceAll('\\\\', '\\') : of)
    if (sha256 !== undefined && known) out.set(known.path, { ...known, sha256 })
  }
  return out
}
