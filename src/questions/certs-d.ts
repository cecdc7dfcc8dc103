import { ask, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import { join, raw, sh } from '../shell/script.ts'

/** What stands in one directory of Docker's certs.d. */
export interface TrustDirectory {
  /** The text of ca.crt. */
  readonly certificate: string | undefined
  /** A ca.pem is there: Docker passes over it, only `*.crt` counts. */
  readonly ignored: boolean
  /** A client certificate without its key, which makes Docker refuse the registry. */
  readonly lonely: string | undefined
}

/** The directories of certs.d by name; those that are not there are left out. */
export const certsDirectories = (
  base: string,
  names: readonly string[],
): TargetQuestion<Readonly<Record<string, TrustDirectory>>> =>
  ask(
    names.length === 0
      ? raw(':')
      : join(
          names.map(
            name => sh`d=${base}/${name}
if [ -d "$d" ]; then
  printf 'dir %s\n' ${name}
  [ -e "$d/ca.pem" ] && echo ignored
  for c in "$d"/*.cert; do [ -e "$c" ] && [ ! -e "\${c%.cert}.key" ] && { b=\${c##*/}; printf 'lonely %s\n' "\${b%.cert}"; }; done
  if [ -e "$d/ca.crt" ]; then echo certificate; cat -- "$d/ca.crt" || exit 1; printf '\nend\n'; fi
elif [ -e "$d" ]; then printf '%s is no directory\n' "$d" >&2; exit 1; fi`,
          ),
        ),
    [`path:${base}`],
    answer => {
      if (!answer.ok) throw new CouldNotTell(answer.stderr.trim() || `cannot read ${base}`)
      const out: Record<string, TrustDirectory> = {}
      for (const part of answer.stdout.split(/^dir /m).slice(1)) {
        const name = part.slice(0, part.indexOf('\n'))
        out[name] = {
          certificate: /^certificate\n([\s\S]*)\nend\n/m.exec(part)?.[1],
          ignored: /^ignored$/m.test(part),
          lonely: /^lonely (.*)$/m.exec(part)?.[1],
        }
      }
      return out
    },
  )
