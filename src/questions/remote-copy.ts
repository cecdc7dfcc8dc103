import { ask, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import { sh } from '../shell/script.ts'
import { absentOr } from './files.ts'
import { type Leaf, parseTree, TREE } from './trees.ts'

/** A file or directory of the target that is to be copied on the target. */
export type RemoteSource =
  | { readonly kind: 'absent' }
  | {
      readonly kind: 'file'
      readonly mode: string
      readonly size: number
      readonly sha256: string
      readonly sha1: string
    }
  | { readonly kind: 'directory'; readonly tree: ReadonlyMap<string, Leaf> }

/** What a copy on the target would copy. */
export const remoteSource = (src: string): TargetQuestion<RemoteSource> =>
  ask(
    sh`if [ -d ${src} ]; then echo directory; cd -- ${src} && ${TREE}; else LC_ALL=C stat -L -c '%a %s' -- ${src} && sha256sum <${src} && sha1sum <${src}; fi`,
    [`path:${src}`],
    answer => {
      if (answer.stdout.startsWith('directory\n')) {
        if (!answer.ok) throw new CouldNotTell(`cannot walk through ${src}: ${answer.stderr.trim()}`)
        return { kind: 'directory', tree: parseTree(answer.stdout.slice('directory\n'.length)) }
      }
      if (!answer.ok) return absentOr(src, answer) ?? { kind: 'absent' }
      const [, mode = '', size = '', sha256 = '', sha1 = ''] =
        /^(\d+) (\d+)\n([0-9a-f]{64}).*\n([0-9a-f]{40})/.exec(answer.stdout) ?? []
      if (sha1 === '') throw new CouldNotTell(`cannot read ${src}: ${answer.stderr.trim()}`)
      return { kind: 'file', mode: `0${mode.padStart(3, '0')}`, size: Number(size), sha256, sha1 }
    },
  )
