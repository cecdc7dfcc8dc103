import { ask, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import { raw, type Script, sh } from '../shell/script.ts'

/** The package in a file, and the version of it that is installed: `absent` when none is. */
export interface DebFile {
  readonly path: string
  readonly name: string
  readonly version: string
  readonly installed: string
  /** What is installed is newer. */
  readonly older?: boolean
}

/** A shell function that sets what it finds of a .deb file: name, version, what is installed, and `o` when that is newer. */
export const SEEN: Script = raw(
  `seen() { i= o=; n=$(dpkg-deb -f "$1" Package) && v=$(dpkg-deb -f "$1" Version) || return; i=$(dpkg-query -W -f '\${db:Status-Abbrev} \${Version}\\n' "$n" 2>/dev/null | sed -n 's/^.i *//p'); if [ -n "$i" ] && dpkg --compare-versions "$i" gt "$v"; then o=older; fi; }; `,
)

/** Package, version and present state of .deb files of the target; those that are not there are left out. */
export const debFiles = (paths: readonly string[]): TargetQuestion<readonly DebFile[]> =>
  ask(
    sh`${SEEN}for f in ${paths}; do [ -e "$f" ] || continue; seen "$f" || { echo "$f" >&2; exit 1; }; printf '%s\t%s\t%s\t%s\t%s\n' "$n" "$v" "\${i:-absent}" "$o" "$f"; done`,
    [...paths.map(path => `path:${path}`), 'path:/var/lib/dpkg'],
    answer => {
      if (!answer.ok) {
        const lines = answer.stderr.trim().split('\n')
        throw new CouldNotTell(`${lines.at(-1)} is not a Debian package: ${lines.slice(0, -1).join('\n')}`)
      }
      return answer.stdout
        .split('\n')
        .filter(line => line !== '')
        .map(line => {
          const [name = '', version = '', installed = '', older = '', ...path] = line.split('\t')
          return { path: path.join('\t'), name, version, installed, older: older !== '' }
        })
    },
  )
