import { compareParts, comparePep440, numbersFirst, type Part, type Pep440, parsePep440 } from '../base/pep440.ts'
import { failure } from './errors.ts'

/** Python's LooseVersion: digits, words and the rest in turn. */
const loose = (text: string): Part[] =>
  (text.match(/\d+|[a-z]+|[^\d.a-z]+/g) ?? []).map(part => (/^\d+$/.test(part) ? Number(part) : part))

const SEMVER = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([\da-zA-Z-]+(?:\.[\da-zA-Z-]+)*))?(?:\+[\da-zA-Z.-]+)?$/

function semantic(text: string): { core: number[]; pre: Part[] | undefined } {
  const found = SEMVER.exec(text)
  if (!found) throw failure(`invalid semantic version '${text}'`)
  const pre = found[4]?.split('.').map(part => (/^\d+$/.test(part) ? Number(part) : part))
  return { core: [Number(found[1]), Number(found[2]), Number(found[3])], pre }
}

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

function pep440(text: string): Pep440 {
  const found = parsePep440(text)
  if (!found) throw failure(`Invalid version: '${text}'`)
  return found
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
      return comparePep440(pep440(left), pep440(right))
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
