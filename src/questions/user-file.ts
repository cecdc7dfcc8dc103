import { ask, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import { followed } from '../shell/real-path.ts'
import { nothing, raw, sh } from '../shell/script.ts'
import { type Entry, parse, reads, statOf } from './files.ts'
import { database } from './system.ts'

/** A file that belongs to a user. */
export interface UserFile {
  readonly uid: number
  readonly gid: number
  readonly path: string
  readonly entry: Entry | undefined
  /** The directory that it is in. */
  readonly parent: Entry | undefined
  readonly text: string
}

const EACH = sh`{ [ -e "$q" ] && { ${statOf(raw('"$q"'), '-L')} || exit; } || echo; }`

/**
 * A file below a user's home, or where `path` says; undefined when there is no such user.
 * @param follow a link is what it leads to
 */
export const userFile = (
  user: string,
  below: string,
  path: string | undefined,
  follow: boolean,
): TargetQuestion<UserFile | undefined> =>
  ask(
    sh`l=$(${database('passwd', user)}); [ -n "$l" ] || { echo; exit 0; }; printf '%s\n' "$l"
p=${path ?? ''}; if [ -z "$p" ]; then h=\${l%:*}; p=\${h##*:}/${below}; fi
${follow ? sh`${followed('p')} || exit` : nothing}
printf '%s\n' "$p"; q=$p; ${EACH}; q=\${p%/*}; ${EACH}; [ ! -f "$p" ] || cat -- "$p"`,
    [`user:${user}`, ...reads(path ?? '/')],
    answer => {
      const [line = '', where = '', file = '', parent = ''] = answer.stdout.split('\n', 4)
      if (!answer.ok)
        throw new CouldNotTell(`cannot look at ${where || `the files of ${user}`}: ${answer.stderr.trim()}`)
      const [, , uid, gid] = line.split(':')
      if (line === '') return undefined
      const head = `${line}\n${where}\n${file}\n${parent}\n`
      return {
        uid: Number(uid),
        gid: Number(gid),
        path: where,
        entry: file === '' ? undefined : parse(file, ''),
        parent: parent === '' ? undefined : parse(parent, ''),
        text: answer.stdout.slice(head.length),
      }
    },
  )
