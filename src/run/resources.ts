import type { Resource } from '../kit/question.ts'

/** Whether a change to `touched` may alter the answer of a question that reads `read`. A path covers what is under it, both ways. */
export function overlaps(touched: Resource, read: Resource): boolean {
  if (touched === 'everything' || read === 'everything' || touched === read) return true
  if (!touched.startsWith('path:') || !read.startsWith('path:')) return false
  return under(touched, read) || under(read, touched)
}

const under = (parent: Resource, child: Resource): boolean =>
  child.startsWith(parent.endsWith('/') ? parent : `${parent}/`)
