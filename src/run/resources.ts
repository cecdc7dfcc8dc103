import type { Resource } from '../kit/question.ts'

/** Whether a change to `touched` may alter the answer of a question that reads `read`. A path covers what is under it, both ways. */
export function overlaps(touched: Resource, read: Resource): boolean {
  if (touched === 'everything' || read === 'everything' || touched === read) return true
  return under(touched, read) || under(read, touched)
}

/** Whether a resource is another, or a path below it. */
export const covers = (parent: Resource, child: Resource): boolean => parent === child || under(parent, child)

const under = (parent: Resource, child: Resource): boolean =>
  FILES.test(parent) && child.startsWith(parent.endsWith('/') ? parent : `${parent}/`)

/** Paths of the target and of the controller. */
const FILES = /^(?:path|controller):/
