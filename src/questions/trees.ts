import { ask, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import { LABEL_WORD } from '../shell/label.ts'
import { raw, type Script, sh } from '../shell/script.ts'
import { type Entry, parse, reads } from './files.ts'

/** The distinct labels, permissions and owners in a tree, for what is done to a whole tree; a link to a directory counts when followed. */
export const shades = (path: string, follow: boolean): TargetQuestion<readonly Entry[]> =>
  ask(
    sh`if [ -d ${path} ]${follow ? raw('') : sh` && [ ! -L ${path} ]`}; then ${LABEL_WORD} find -H ${`${path}/`} -exec stat -c "$z"${'%f %u %g 0 - %U:%G'} -- {} + | sort -u; fi`,
    reads(path),
    answer => {
      if (answer.stderr !== '') throw new CouldNotTell(`cannot walk through ${path}: ${answer.stderr.trim()}`)
      return answer.stdout
        .split('\n')
        .filter(line => line !== '')
        .map(line => parse(line, ''))
    },
  )

/** The distinct attributes of files and directories in a tree, as letters; none where the host has no chattr. */
export const flagsBelow = (path: string): TargetQuestion<readonly string[]> =>
  ask(
    sh`if [ -d ${path} ] && command -v chattr >/dev/null; then find -H ${`${path}/`} '(' -type f -o -type d ')' -exec lsattr -d -- {} + | cut -d' ' -f1 | sort -u; fi`,
    reads(path),
    answer => {
      if (answer.stderr !== '') throw new CouldNotTell(`cannot read attributes below ${path}: ${answer.stderr.trim()}`)
      return answer.stdout.split('\n').flatMap(line => (line === '' ? [] : [line.replaceAll('-', '')]))
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
  readonly label?: string
  /** What a symbolic link holds. */
  readonly target?: string
}

/**
 * Lists everything below the working directory: kinds and modes first, then digests. Names hold line ends, but no slashes: what
 * begins with two of them is another entry.
 */
export const TREE: Script = raw(
  `{ ${LABEL_WORD.wire} find . -type d -exec stat -c "//d $z"'%a %u %g %n' -- {} + && find . -type l -exec sh -c 'for l; do printf "//l %s\\n//t %s\\n" "$l" "$(readlink -- "$l")"; done' - {} + && find . -type f -exec stat -c "//f $z"'%a %u %g %n' -- {} + && echo //sums && find . -type f -exec sha256sum -- {} +; }`,
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
  const end = `\n${said}`.lastIndexOf('\n//sums\n')
  const entries = `\n${said.slice(0, Math.max(end - 1, 0))}`.split('\n//')
  for (const [i, entry] of entries.entries()) {
    const [, kind, label, mode = '0', uid, gid, name = ''] =
      /^([df]) (?:(\S+) )?([0-7]+) (\d+) (\d+) (?:\.\/)?(.*)$/s.exec(entry) ?? []
    if (kind !== undefined)
      out.set(name, {
        ...{ path: name, directory: kind === 'd' },
        ...{ mode: Number.parseInt(mode, 8), uid: Number(uid), gid: Number(gid) },
        ...(label?.includes(':') ? { label } : {}),
      })
    const [, link] = /^l \.\/(.*)$/s.exec(entry) ?? []
    const target = /^t (.*)$/s.exec(entries[i + 1] ?? '')?.[1] ?? ''
    if (link !== undefined) out.set(link, { path: link, directory: false, mode: 0o777, uid: 0, gid: 0, target })
  }
  for (const { path, sum } of sumsIn(said.slice(end + '//sums\n'.length).replace(/\n$/, ''), ['./'])) {
    const known = out.get(path.replace(/^\.\//, ''))
    if (known) out.set(known.path, { ...known, sha256: sum })
  }
  return out
}

/**
 * Reads what `sha256sum` and its kin print of files below some directories, less the last line end. GNU's write a line end in a name as `\n`, BusyBox's do not.
 */
export function sumsIn(said: string, roots: readonly string[]): { path: string; sum: string }[] {
  const begins = roots
    .flatMap(root => [root, root.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')])
    .map(root => root.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
    .join('|')
  const line = new RegExp(`\n(?=\\\\?[0-9a-f]{40,} [ *](?:${begins}))`)
  return said.split(line).flatMap(one => {
    const [, gnu, sum = '', path = ''] = /^(\\?)([0-9a-f]{40,}) [ *](.*)$/s.exec(one) ?? []
    if (sum === '') return []
    const plain = path.replaceAll(/\\([\\nr])/g, (_, sign: string) => ({ n: '\n', r: '\r' })[sign] ?? sign)
    return [{ path: gnu === '' ? path : plain, sum }]
  })
}
