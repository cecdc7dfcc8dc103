import { failure } from './errors.ts'

/** One comparable part: numbers below words, as Python's distutils and packaging see them. */
type Part = number | string

/** Python's LooseVersion: digits, words and the rest in turn. */
const loose = (text: string): Part[] =>
  (text.match(/\d+|[a-z]+|[^\d.a-z]+/g) ?? []).map(part => (/^\d+$/.test(part) ? Number(part) : part))

function compareParts(left: readonly Part[], right: readonly Part[], mixed: (a: Part, b: Part) => number): number {
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const [a, b] = [left[index], right[index]]
    if (a === undefined || b === undefined) return a === undefined ? -1 : 1
    const order = typeof a === typeof b ? (a < b ? -1 : a > b ? 1 : 0) : mixed(a, b)
    if (order !== 0) return order
  }
  return 0
}

const SEMVER = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([\da-zA-Z-]+(?:\.[\da-zA-Z-]+)*))?(?:\+[\da-zA-Z.-]+)?$/

function semantic(text: string): { core: number[]; pre: Part[] | undefined } {
  const found = SEMVER.exec(text)
  if (!found) throw failure(`invalid semantic version '${text}'`)
  const pre = found[4]?.split('.').map(part => (/^\d+$/.test(part) ? Number(part) : part))
  return { core: [Number(found[1]), Number(found[2]), Number(found[3])], pre }
}

const numbersFirst = (a: Part): number => (typeof a === 'number' ? -1 : 1)

function compareSemantic(left: string, right: string): number {
  const [a, b] = [semantic(left), semantic(right)]
  const order = compareParts(a.core, b.core, numbersFirst)
  if (order !== 0 || (!a.pre && !b.pre)) return order
  if (!a.pre || !b.pre) return a.pre ? -1 : 1
  return compareParts(a.pre, b.pre, numbersFirst)
}

const STRICT = /^(\d+)\.(\d+)(?:\.(\d+))?(?:([ab])(\d+))?$/

/** Python's StrictVersion: two or three numbers and perhaps a or b with a number. */
function strict(text: string): Part[] {
  const found = STRICT.exec(text)
  if (!found) throw failure(`invalid version number '${text}'`)
  const [, major, minor, patch = '0', stage, count = '0'] = found
  return [Number(major), Number(minor), Number(patch), stage === undefined ? 2 : stage === 'b' ? 1 : 0, Number(count)]
}

const PEP440 =
  /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(a|b|c|rc|alpha|beta|pre|preview)[-_.]?(\d*))?(?:(?:-(\d+))|(?:[-_.]?(post|rev|r)[-_.]?(\d*)))?(?:[-_.]?(dev)[-_.]?(\d*))?(?:\+([a-z\d]+(?:[-_.][a-z\d]+)*))?$/i

const STAGE: Readonly<Record<string, number>> = { a: 1, alpha: 1, b: 2, beta: 2, c: 3, rc: 3, pre: 3, preview: 3 }

/** A version of PEP 440 as numbers that order as it says. */
function pep440(text: string): { release: number[]; rest: Part[] } {
  const found = PEP440.exec(text.trim())
  if (!found) throw failure(`Invalid version: '${text}'`)
  const [, epoch = '0', release = '', pre, preCount, postShort, post, postCount, dev, devCount, local] = found
  const numbers = [Number(epoch), ...release.split('.').map(Number)]
  while (numbers.length > 2 && numbers.at(-1) === 0) numbers.pop()
  const hasPost = post !== undefined || postShort !== undefined
  const stage = pre === undefined ? (dev !== undefined && !hasPost ? 0 : 4) : (STAGE[pre.toLowerCase()] ?? 3)
  const postNumber = hasPost ? Number(postShort ?? postCount ?? 0) : -1
  const devNumber = dev === undefined ? Number.POSITIVE_INFINITY : Number(devCount || 0)
  const localParts =
    local === undefined ? [-1] : local.split(/[-_.]/).map(part => (/^\d+$/.test(part) ? Number(part) : part))
  return { release: numbers, rest: [stage, Number(preCount || 0), postNumber, devNumber, ...localParts] }
}

function comparePep440(left: string, right: string): number {
  const [a, b] = [pep440(left), pep440(right)]
  const length = Math.max(a.release.length, b.release.length)
  const padded = (list: readonly number[]): number[] => [...list, ...Array<number>(length - list.length).fill(0)]
  return (
    compareParts(padded(a.release), padded(b.release), numbersFirst) ||
    compareParts(a.rest, b.rest, a => -numbersFirst(a))
  )
}

/** Number and word against each other: LooseVersion cannot, and says so. */
function cannot(a: Part, b: Part): number {
  throw failure(`the versions cannot be compared: '${a}' and '${b}'`)
}

/** The order of two versions, in one of the ways that Ansible knows. */
export function compareVersions(left: string, right: string, type: string): number {
  switch (type) {
    case 'loose':
      return compareParts(loose(left), loose(right), cannot)
    case 'strict':
      return compareParts(strict(left), strict(right), numbersFirst)
    case 'semver':
    case 'semantic':
      return compareSemantic(left, right)
    case 'pep440':
      return comparePep440(left, right)
    default:
      throw failure(`there is no version_type '${type}'; there are loose, strict, semver, semantic, pep440`)
  }
}

const OPERATORS: Readonly<Record<string, (order: number) => boolean>> = {
  '==': order => order === 0,
  '=': order => order === 0,
  eq: order => order === 0,
  '<': order => order < 0,
  lt: order => order < 0,
  '<=': order => order <= 0,
  le: order => order <= 0,
  '>': order => order > 0,
  gt: order => order > 0,
  '>=': order => order >= 0,
  ge: order => order >= 0,
  '!=': order => order !== 0,
  '<>': order => order !== 0,
  ne: order => order !== 0,
}

/** True when the order of the two versions is what the operator asks for. */
export function versionHolds(left: string, right: string, operator: string, type: string): boolean {
  const holds = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined
  if (!holds)
    throw failure(`there is no operator '${operator}' for versions; there are ${Object.keys(OPERATORS).join(', ')}`)
  if (left === '' || right === '') throw failure(`a version to compare is empty`)
  return holds(compareVersions(left, right, type))
}
