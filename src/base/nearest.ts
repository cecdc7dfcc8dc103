/** Names longer than this are no slips of the hand, and would take long to compare. */
const LONGEST = 128

/**
 * The known name that was most likely meant: the one with the fewest slips (a letter left out, added, changed, or two
 * swapped: Damerau-Levenshtein), if these are few for a word of that length.
 */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  const limit = Math.max(1, Math.floor(word.length / 3))
  let best: string | undefined
  let fewest = limit + 1
  for (const name of known) {
    if (name.length > LONGEST || Math.abs(name.length - word.length) >= fewest) continue
    const slips = name.toLowerCase() === word.toLowerCase() ? 0 : distance(word, name, fewest)
    if (slips < fewest) {
      fewest = slips
      best = name
    }
  }
  return best === word ? undefined : best
}

/** `; did you mean 'x'?`, or nothing. */
export const didYouMean = (word: string, known: Iterable<string>): string => {
  const name = nearest(word, known)
  return name === undefined ? '' : `; did you mean '${name}'?`
}

/** Damerau-Levenshtein distance (optimal string alignment), or `limit` when it is not below it. */
export function distance(a: string, b: string, limit = Number.POSITIVE_INFINITY): number {
  let before: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let cost = Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (above[j - 1] ?? 0) + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1)
      row.push(cost)
    }
    if (Math.min(...row) >= limit) return limit
    before = above
    above = row
  }
  return above[b.length] ?? 0
}
