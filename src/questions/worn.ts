import { posix } from 'node:path'
import { ask, type Question } from '../kit/question.ts'
import { followed } from '../shell/real-path.ts'
import { nothing, sh } from '../shell/script.ts'
import { asksLabel, type MarksWish, marking, marksOf } from './marks.ts'
import { askedIds, type Ids, ids } from './system.ts'

/** What a task says of a file beside its content. */
export interface Dressed extends MarksWish {
  readonly mode?: string | undefined
  readonly owner?: string | undefined
  readonly group?: string | undefined
}

/** Where a file is that is to be dressed. */
export interface Where {
  readonly path: string
  /** What goes into the path where that is a directory. */
  readonly name?: string | undefined
  /** A link is not meant itself, but what it leads to. */
  readonly follow?: boolean
}

/**
 * The numbers behind an owner's and a group's name, and what must be known of the path where a task speaks of its label or of
 * attributes. Where it does not, nothing more is asked.
 */
export function worn({ path, name, follow = false }: Where, wish: Dressed): Question<Ids> {
  const { owner, group, attributes } = wish
  if (!asksLabel(wish) && attributes === undefined) return ids(owner, group)
  const numbers = askedIds(owner, group)
  return ask(
    sh`${numbers.script}
f=${path}
${name === undefined ? nothing : sh`[ ! -d "$f" ] || f=${posix.join(path, name)}`}
${follow ? followed('f') : nothing}
${marking(wish)}
:`,
    [...numbers.reads, `path:${path}`],
    answer => ({ ...numbers.read(answer), marks: marksOf(answer.stdout, path) }),
  )
}
