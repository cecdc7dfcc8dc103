/** A version in its parts: epoch, upstream, revision. */
function partsOf(version: string): [epoch: number, upstream: string, revision: string] {
  const [, epoch = '0', rest = ''] = /^(?:(\d+):)?(.*)$/s.exec(version) ?? []
  const dash = rest.lastIndexOf('-')
  return [Number(epoch), dash < 0 ? rest : rest.slice(0, dash), dash < 0 ? '' : rest.slice(dash + 1)]
}

/** Where a sign stands in the order of versions: `~` before the end of a text, letters before all others. */
const rank = (sign: string | undefined): number =>
  sign === undefined ? 0 : sign === '~' ? -1 : /[A-Za-z]/.test(sign) ? sign.charCodeAt(0) : sign.charCodeAt(0) + 256

const piecesOf = (text: string): string[] => text.match(/\D+|\d+/g) ?? []

/** Takes what is no digit from the front. */
const signsAt = (pieces: string[]): string => (/^\D/.test(pieces[0] ?? '') ? (pieces.shift() ?? '') : '')

/** Texts piece by piece: what is no digit by its signs, digits as numbers. */
function order(left: string, right: string): number {
  const [a, b] = [piecesOf(left), piecesOf(right)]
  while (a.length > 0 || b.length > 0) {
    const [x, y] = [signsAt(a), signsAt(b)]
    for (let i = 0; i < Math.max(x.length, y.length); i++) {
      const found = rank(x[i]) - rank(y[i])
      if (found !== 0) return found
    }
    const found = BigInt(a.shift() ?? 0) - BigInt(b.shift() ?? 0)
    if (found !== 0n) return found < 0n ? -1 : 1
  }
  return 0
}

/** Which of two versions of Debian is the newer: below 0 when that is the second. */
export function debianOrder(left: string, right: string): number {
  const [a, b] = [partsOf(left), partsOf(right)]
  return a[0] - b[0] || order(a[1], b[1]) || order(a[2], b[2])
}
