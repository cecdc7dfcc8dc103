import { ask, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import { sh } from '../shell/script.ts'

export const SOURCES_LIST = '/etc/apt/sources.list'
export const SOURCES_PARTS = '/etc/apt/sources.list.d'

/** The texts of the target's one-line source lists, and of one more file, by their paths. */
export const sourceLists = (more?: string): TargetQuestion<ReadonlyMap<string, string>> =>
  ask(
    sh`for f in ${SOURCES_LIST} ${SOURCES_PARTS}/*.list ${more ?? []}; do [ ! -f "$f" ] || { printf '\\036%s\\n' "$f" && cat "$f"; } || exit; done`,
    [`path:${SOURCES_LIST}`, `path:${SOURCES_PARTS}`, ...(more === undefined ? [] : [`path:${more}`])],
    answer => {
      if (!answer.ok) throw new CouldNotTell(`the lists of sources cannot be read: ${answer.stderr.trim()}`)
      const parts = answer.stdout.split('\x1e').slice(1)
      return new Map(
        parts.map(part => {
          const end = part.indexOf('\n')
          return [part.slice(0, end), part.slice(end + 1)]
        }),
      )
    },
  )
