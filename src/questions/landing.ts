import { posix } from 'node:path'
import { ask, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import { raw, sh } from '../shell/script.ts'
import { digester, type Entry, parse, SHOWN, saysAbsent, statOf } from './files.ts'

/** What a file that is to have a certain content finds at its destination. */
export interface Landing {
  /** The destination itself is a directory, so the file goes into it. */
  readonly directory: boolean
  /** It is one by a link. */
  readonly through?: boolean
  /** A link stands there itself, also one that leads nowhere. */
  readonly link?: boolean
  /** What stands there now, through links. */
  readonly entry: Entry | undefined
  /** sha256 of the regular file that stands there. */
  readonly sha256: string | undefined
  /** Its bytes where they differ from what is wanted and are few enough to show. */
  readonly before: Buffer | undefined
}

/**
 * What stands where a file is to go: at `dest`, or at `dest/name` when `dest` is a directory. The bytes of a file that has
 * not the wanted sha256 come along for the diff.
 */
export const landing = (dest: string, name: string | undefined, wanted = ''): TargetQuestion<Landing> => {
  const into =
    name === undefined
      ? raw('')
      : sh`if [ -d "$p" ]; then [ ! -L "$p" ] && d=yes || d=through; p=${posix.join(dest, name)}; fi; `
  return ask(
    sh`d=no p=${dest}; ${into}[ ! -L "$p" ] || d=$d-link; echo $d; ${statOf(raw('"$p"'), '-L')} || exit; [ -f "$p" ] || exit 0; h=$(${digester('sha256')} <"$p"); h=\${h%% *}; echo "$h"; if [ "$h" != ${wanted} ] && [ "$(wc -c <"$p")" -le ${SHOWN} ]; then cat -- "$p"; fi`,
    [`path:${dest}`],
    answer => {
      const [first = '', stat, sha256 = ''] = answer.stdout.split('\n', 3)
      const through = first.startsWith('through')
      const at = {
        directory: through || first.startsWith('yes'),
        ...(through ? { through } : {}),
        ...(first.endsWith('-link') ? { link: true } : {}),
      }
      if (!answer.ok) {
        if (saysAbsent(answer)) return { ...at, entry: undefined, sha256: undefined, before: undefined }
        throw new CouldNotTell(`cannot look at ${dest}: ${answer.stderr.trim()}`)
      }
      const seen = parse(stat ?? '', '')
      if (seen.type !== 'file') return { ...at, entry: seen, sha256: undefined, before: undefined }
      if (!/^[0-9a-f]{64}$/.test(sha256)) throw new CouldNotTell(`cannot read ${dest}: ${answer.stderr.trim()}`)
      const head = Buffer.byteLength(`${first}\n${stat}\n${sha256}\n`)
      const before = answer.stdoutBytes.subarray(head)
      const shown = before.length === seen.size && sha256 !== wanted
      return { ...at, entry: seen, sha256, before: shown ? before : undefined }
    },
  )
}
