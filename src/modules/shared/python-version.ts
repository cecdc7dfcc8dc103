import { comparePep440, type Pep440, parsePep440 } from '../../base/pep440.ts'

/** Whether a version is one of those that a specifier such as `>=1.0,<2` means; undefined where that cannot be told. */
export function satisfies(version: string, specifier: string): boolean | undefined {
  for (const part of specifier.split(',').map(text => text.trim())) {
    const [, operator = '', wanted = ''] = /^(===|==|!=|~=|<=|>=|<|>)\s*(\S+)$/.exec(part) ?? []
    const holds = one(version, operator, wanted)
    if (holds !== true) return holds
  }
  return true
}

function one(version: string, operator: string, wanted: string): boolean | undefined {
  if (operator === '===') return version === wanted
  if (wanted.endsWith('.*')) {
    const begins = isBelow(version, wanted.slice(0, -2))
    return begins === undefined ? undefined : operator === '==' ? begins : operator === '!=' ? !begins : undefined
  }
  // What was built locally counts where it is asked for only.
  const [a, b] = [parsePep440(wanted.includes('+') ? version : version.replace(/\+.*/, '')), parsePep440(wanted)]
  if (!a || !b) return undefined
  const order = comparePep440(a, b)
  const same = a.release.join('.') === b.release.join('.')
  const final = !isPost(b) && !isPre(b)
  if (same && final && ((operator === '>' && isPost(a)) || (operator === '<' && isPre(a)))) return false
  if (operator === '~=') return order >= 0 && isBelow(version, written(wanted).slice(0, -1).join('.'))
  const holds: Readonly<Record<string, boolean>> = {
    ...{ '==': order === 0, '!=': order !== 0, '<=': order <= 0 },
    ...{ '>=': order >= 0, '<': order < 0, '>': order > 0 },
  }
  return holds[operator]
}

const isPost = ({ rest }: Pep440): boolean => Number(rest[2]) >= 0
const isPre = ({ rest }: Pep440): boolean => Number(rest[0]) < FINAL || Number(rest[3]) < Number.POSITIVE_INFINITY

/** The stage of a version that is none of alpha, beta or candidate. */
const FINAL = 4

/** The numbers of a version as they are written, without what follows them. */
const written = (version: string): string[] => (/^v?(?:\d+!)?\d+(?:\.\d+)*/.exec(version)?.[0] ?? '').split('.')

/** Whether a version begins with these numbers; what it does not name is 0. */
function isBelow(version: string, prefix: string): boolean | undefined {
  const [a, b] = [parsePep440(version)?.release, parsePep440(prefix)?.release]
  if (!a || !b) return undefined
  const length = written(prefix).length
  return Array.from({ length: length + 1 }, (_, i) => (a[i] ?? 0) === (b[i] ?? 0)).every(Boolean)
}
