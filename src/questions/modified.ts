import { ask, type TargetQuestion } from '../kit/question.ts'
import { join, raw, sh } from '../shell/script.ts'

/** A file and when its bytes last changed, in milliseconds since 1970; files that are not there are left out. */
export interface Modified {
  readonly path: string
  readonly at: number
}

/** When files last changed, to the nanosecond where the target's stat tells. */
export const modified = (paths: readonly string[]): TargetQuestion<readonly Modified[]> =>
  ask(
    paths.length === 0 ? raw(':') : join(paths.map(path => sh`stat -L -c %y -- ${path} 2>/dev/null || echo`)),
    paths.map(path => `path:${path}`),
    answer =>
      answer.stdout
        .split('\n')
        .slice(0, paths.length)
        .flatMap((line, i) => {
          const at = Date.parse(line.replace(' ', 'T').replace(/\s*([+-]\d\d)(\d\d)$/, '$1:$2'))
          const path = paths[i]
          return path === undefined || Number.isNaN(at) ? [] : [{ path, at }]
        }),
  )
