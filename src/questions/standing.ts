import { ask, type TargetQuestion } from '../kit/question.ts'
import { sh } from '../shell/script.ts'
import { reads } from './files.ts'

/** Whether a path is a directory with something in it. */
export const filled = (path: string): TargetQuestion<boolean> =>
  ask(
    sh`[ -d ${path} ] && [ ! -L ${path} ] && [ -n "$(ls -A -- ${path} | head -n 1)" ]`,
    reads(path),
    answer => answer.ok,
  )

/** Whether times of a path are those that a task gives; absent where it gives none that can be compared. */
export interface Stamps {
  readonly mtime?: boolean
  readonly atime?: boolean
}

/** Compares the times of what stands at a path (through links) with times written as `YYYYMMDDhhmm.ss`, in the host's zone. */
export function stamps(
  path: string,
  given: { readonly modification_time?: string | undefined; readonly access_time?: string | undefined },
): TargetQuestion<Stamps> {
  const same = (format: '%X' | '%Y', time: string | undefined) => {
    const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d\d?))?$/.exec(time ?? '')
    if (!parts) return sh`echo`
    const [, year, month, day, hour, minute, second = '00'] = parts
    const date = `${year}-${month}-${day} ${hour}:${minute}:${second.padStart(2, '0')}`
    return sh`[ "$(stat -L -c ${format} -- ${path} 2>/dev/null)" = "$(date -d ${date} +%s)" ] && echo yes || echo no`
  }
  const [m, a] = [same('%Y', given.modification_time), same('%X', given.access_time)]
  return ask(sh`${m}; ${a}`, reads(path), answer => {
    const [mtime, atime] = answer.stdout.split('\n')
    return { ...told('mtime', mtime), ...told('atime', atime) }
  })
}

const told = (name: keyof Stamps, word: string | undefined): Stamps => (word ? { [name]: word === 'yes' } : {})
