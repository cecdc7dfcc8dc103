/** One comparable part: numbers below words, as Python's distutils and packaging see them. */
export type Part = number | string

/** The order of two lists of parts; `mixed` orders a number and a word. */
export function compareParts(
  left: readonly Part[],
  right: readonly Part[],
  mixed: (a: Part, b: Part) => number,
): number {
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const [a, b] = [left[index], right[index]]
    if (a === undefined || b === undefined) return a === undefined ? -1 : 1
    const order = typeof a === typeof b ? (a < b ? -1 : a > b ? 1 : 0) : mixed(a, b)
    if (order !== 0) return order
  }
  return 0
}

/** Numbers come before words. */
export const numbersFirst = (a: Part): number => (typeof a === 'number' ? -1 : 1)

const PEP440 =
  /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(a|b|c|rc|alpha|beta|pre|preview)[-_.]?(\d*))?(?:(?:-(\d+))|(?:[-_.]?(post|rev|r)[-_.]?(\d*)))?(?:[-_.]?(dev)[-_.]?(\d*))?(?:\+([a-z\d]+(?:[-_.][a-z\d]+)*))?$/i

const STAGE: Readonly<Record<string, number>> = { a: 1, alpha: 1, b: 2, beta: 2, c: 3, rc: 3, pre: 3, preview: 3 }

/** A version of PEP 440 as numbers that order as it says. */
export interface Pep440 {
  readonly release: readonly number[]
  readonly rest: readonly Part[]
}

/** A version of a package of Python; undefined for what is none. */
export function parsePep440(text: string): Pep440 | undefined {
  const found = PEP440.exec(text.trim())
  if (!found) return undefined
  const [, epoch = '0', release = '', pre, preCount, postShort, post, postCount, dev, devCount, local] = found
  const numbers = [Number(epoch), ...release.split('.').map(Number)]
  while (numbers.length > 2 && numbers.at(-1) === 0) numbers.pop()
  const hasPost = post !== undefined || postShort !== undefined
  const stage = pre === undefined ? (dev !== undefined && !hasPost ? 0 : 4) : (STAGE[pre.toLowerCase()] ?? 3)
  const postNumber = hasPost ? Number(postShort ?? postCount ?? 0) : -1
  const devNumber = dev === undefined ? Number.POSITIVE_INFINITY : Number(devCount || 0)
  const localParts =
    local === undefined ? [] : local.split(/[-_.]/).map(part => (/^\d+$/.test(part) ? Number(part) : part))
  return { release: numbers, rest: [stage, Number(preCount || 0), postNumber, devNumber, ...localParts] }
}

/** Below 0 where the first is older. */
export function comparePep440(a: Pep440, b: Pep440): number {
  const length = Math.max(a.release.length, b.release.length)
  const padded = (list: readonly number[]): number[] => [...list, ...Array<number>(length - list.length).fill(0)]
  return (
    compareParts(padded(a.release), padded(b.release), numbersFirst) ||
    compareParts(a.rest, b.rest, a => -numbersFirst(a))
  )
}
