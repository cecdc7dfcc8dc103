import { ask, type TargetQuestion } from '../kit/question.ts'
import type { HostPath } from '../registry/mount-lint.ts'
import { join, sh } from '../shell/script.ts'

/** What stands where the registry will live. */
export interface Site {
  /** By path: what is there, its real path, and the names beside it. */
  readonly paths: ReadonlyMap<string, HostPath>
  /** Those of the paths that are symbolic links themselves, and where they lead. */
  readonly links: ReadonlyMap<string, string>
  /** The storage holds blobs already. */
  readonly filled: boolean
}

/**
 * Looks at directories and files of a registry's site, not following the last link. Where a path leads is asked only of what is there:
 * GNU's `readlink -f` follows a link that leads below itself for ever.
 */
export const site = (storage: string, paths: readonly string[]): TargetQuestion<Site> =>
  ask(
    join([
      ...paths.map(
        path => sh`p=${path}
if [ -f "$p" ]; then k=file; elif [ -d "$p" ]; then k=directory; elif [ -e "$p" ]; then k=other; else k=absent; fi
printf 'P %s %s\n' "$k" "$p"
[ -L "$p" ] && printf 'L %s\n' "$(readlink "$p")"
case $k in absent) ;; *) r=$(readlink -f "$p" 2>/dev/null) && [ -n "$r" ] && printf 'R %s\n' "$r";; esac
case $k in directory) ;; *) d=\${p%/*}; [ -d "$d" ] && ls -A "$d" 2>/dev/null | head -n 50 | sed 's/^/B /';; esac`,
      ),
      sh`[ -n "$(ls -A ${`${storage}/docker/registry/v2/blobs/sha256`} 2>/dev/null | head -n 1)" ] && echo S`,
      sh`:`,
    ]),
    [...paths, storage].map(path => `path:${path}`),
    answer => {
      const out = new Map<string, HostPath>()
      const links = new Map<string, string>()
      for (const part of answer.stdout.split(/^P /m).slice(1)) {
        const lines = part.split('\n')
        const [kind = '', path = ''] = /^(\S+) (.*)$/.exec(lines[0] ?? '')?.slice(1) ?? []
        const beside = lines.filter(line => line.startsWith('B ')).map(line => line.slice(2))
        const realPath = lines.find(line => line.startsWith('R '))?.slice(2)
        const link = lines.find(line => line.startsWith('L '))?.slice(2)
        if (link !== undefined) links.set(path, link)
        out.set(path, {
          kind: kind as HostPath['kind'],
          ...(realPath === undefined ? {} : { realPath }),
          ...(beside.length > 0 && { beside }),
        })
      }
      return { paths: out, links, filled: /^S$/m.test(answer.stdout) }
    },
  )
