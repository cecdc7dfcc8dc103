import { ask, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import { raw, sh } from '../shell/script.ts'

/** Bytes of regular files by their paths. */
export type Contents = ReadonlyMap<string, Buffer>

/** Bytes of all files together that may come to be searched. */
const LIMIT = 32 * 1024 * 1024

/** Prints each file with a line of its size and path before it; one that cannot be read is left out. */
const PRINT = raw(
  `'for f; do [ -r "$f" ] || continue; s=$(wc -c <"$f") || continue; printf "%s %s\\0" $((s)) "$f"; head -c $((s)) -- "$f"; done'`,
)

/**
 * The bytes of all regular files below some directories, down to a depth, whose names match one of some globs (any when none is
 * given). No more than `LIMIT` of them leaves the target.
 */
export const contents = (
  roots: readonly string[],
  wish: { depth: number | undefined; follow: boolean; names: readonly string[]; hidden: boolean },
): TargetQuestion<Contents> => {
  const follow = raw(wish.follow ? '-L' : '-H')
  const depth = wish.depth === undefined ? raw('') : sh`-maxdepth ${wish.depth}`
  const any = wish.names.flatMap(name => ['-o', '-name', name.replaceAll('\\', '\\\\')]).slice(1)
  const named = any.length === 0 ? raw('') : sh`'(' ${any} ')'`
  const shown = wish.hidden ? raw('') : sh`'!' -name '.*'`
  return ask(
    sh`for r in ${roots}; do [ ! -d "$r" ] || LC_ALL=C find ${follow} "$r" -mindepth 1 ${depth} -type f ${shown} ${named} -exec sh -c ${PRINT} sh {} + 2>/dev/null || :; done | head -c ${LIMIT + 1}`,
    roots.map(root => `path:${root}`),
    answer => {
      const found = new Map<string, Buffer>()
      const bytes = answer.stdoutBytes
      if (bytes.length > LIMIT || answer.dropped > 0)
        throw new CouldNotTell(
          `the files below ${roots.join(', ')} hold more than ${LIMIT >> 20} MiB to be searched: name fewer by patterns, or use command: grep`,
        )
      for (let from = 0; from < bytes.length; ) {
        const end = bytes.indexOf(0, from)
        const [, size, path = ''] = /^(\d+) (.*)$/s.exec(bytes.toString('utf8', from, end)) ?? []
        if (end < 0 || size === undefined || end + 1 + Number(size) > bytes.length)
          throw new CouldNotTell(`the files below ${roots.join(', ')} cannot be searched: ${answer.stderr.trim()}`)
        found.set(path, bytes.subarray(end + 1, end + 1 + Number(size)))
        from = end + 1 + Number(size)
      }
      return found
    },
    { keep: LIMIT + 1, dear: true },
  )
}
