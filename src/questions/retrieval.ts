import { ask, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import { sh } from '../shell/script.ts'
import { digester, reads, saysAbsent } from './files.ts'

/** What a file of the target that is to be brought to the controller is like. */
export type Retrieval = 'absent' | 'directory' | 'special' | 'unreadable' | { readonly sha1: string }

/** Whether a file can be brought, and its digest; links are followed. */
export const retrieval = (path: string): TargetQuestion<Retrieval> =>
  ask(
    sh`p=${path}; if [ -d "$p" ]; then echo directory; elif [ ! -e "$p" ]; then LC_ALL=C ls -ld -- "$p" >/dev/null; echo absent; elif [ ! -f "$p" ]; then echo special; elif [ ! -r "$p" ]; then echo unreadable; else h=$(${digester('sha1')} <"$p") && printf '%s\n' "\${h%% *}"; fi`,
    reads(path),
    answer => {
      const said = answer.stdout.trim()
      if (said === 'absent') return answer.stderr === '' || saysAbsent(answer) ? 'absent' : 'unreadable'
      if (said === 'directory' || said === 'special' || said === 'unreadable') return said
      if (!/^[0-9a-f]{40}$/.test(said))
        throw new CouldNotTell(`cannot compute the sha1 of ${path}: ${answer.stderr.trim() || said}`)
      return { sha1: said }
    },
    { dear: true },
  )
