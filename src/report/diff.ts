/** One line of an edit script: kept, taken away, or put in. */
interface Step {
  readonly sign: ' ' | '-' | '+'
  readonly line: string
}

/** Lines of a text with their ends; the last may have none. */
const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? []

/** More edits than this are not worth the shortest script: all old lines go, all new ones come. */
const MOST_EDITS = 2000

/** The furthest reaching paths of Myers' O(ND) algorithm, one array a round; undefined when there are too many edits. */
function rounds(before: readonly string[], after: readonly string[]): Int32Array[] | undefined {
  const [n, m] = [before.length, after.length]
  const most = Math.min(n + m, MOST_EDITS)
  const reach = new Int32Array(2 * most + 3)
  const trace: Int32Array[] = []
  const middle = most + 1
  for (let d = 0; d <= most; d++) {
    trace.push(reach.slice(middle - d - 1, middle + d + 2))
    for (let k = -d; k <= d; k += 2) {
      const [less, more] = [reach[middle + k - 1] ?? 0, reach[middle + k + 1] ?? 0]
      let x = k === -d || (k !== d && less < more) ? more : less + 1
      while (x < n && x - k < m && before[x] === after[x - k]) x++
      reach[middle + k] = x
      if (x >= n && x - k >= m) return trace
    }
  }
  return undefined
}

/** Walks the rounds back from the end. */
function steps(before: readonly string[], after: readonly string[]): Step[] {
  const trace = rounds(before, after)
  const of = (sign: Step['sign'], lines: readonly string[]): Step[] => lines.map(line => ({ sign, line }))
  if (!trace) return [...of('-', before), ...of('+', after)]
  const back: Step[] = []
  let [x, y] = [before.length, after.length]
  for (let d = trace.length - 1; d >= 0; d--) {
    const reach = trace[d] ?? new Int32Array()
    const at = (k: number) => reach[k + d + 1] ?? 0
    const k = x - y
    const down = k === -d || (k !== d && at(k - 1) < at(k + 1))
    const startX = d === 0 ? 0 : down ? at(k + 1) : at(k - 1)
    const startY = d === 0 ? 0 : startX - (down ? k + 1 : k - 1)
    for (; x > startX && y > startY; x--, y--) back.push({ sign: ' ', line: before[x - 1] ?? '' })
    if (d > 0) back.push(down ? { sign: '+', line: after[y - 1] ?? '' } : { sign: '-', line: before[x - 1] ?? '' })
    ;[x, y] = [startX, startY]
  }
  return back.reverse()
}

/** Ranges of steps that belong together: changes with `context` lines around them. */
function hunks(all: readonly Step[], context: number): [number, number][] {
  const found: [number, number][] = []
  all.forEach((step, index) => {
    if (step.sign === ' ') return
    const [from, to] = [Math.max(0, index - context), Math.min(all.length, index + context + 1)]
    const last = found.at(-1)
    if (last && from <= last[1]) last[1] = to
    else found.push([from, to])
  })
  return found
}

const range = (start: number, count: number): string =>
  count === 1 ? `${start + 1}` : `${count === 0 ? start : start + 1},${count}`

/**
 * A unified diff of two texts, as `diff -u` writes it, each line without its end; no lines when they are equal.
 * @param names what stands behind `---` and `+++`
 */
export function unified(before: string, after: string, names: readonly [string, string], context = 3): string[] {
  const all = steps(linesOf(before), linesOf(after))
  const out: string[] = []
  for (const [from, to] of hunks(all, context)) {
    const count = (part: readonly Step[], not: Step['sign']) => part.filter(step => step.sign !== not).length
    const [old, fresh] = [count(all.slice(0, from), '+'), count(all.slice(0, from), '-')]
    const hunk = all.slice(from, to)
    out.push(`@@ -${range(old, count(hunk, '+'))} +${range(fresh, count(hunk, '-'))} @@`)
    for (const { sign, line } of hunk) {
      out.push(sign + line.replace(/\n$/, ''))
      if (!line.endsWith('\n')) out.push('\\ No newline at end of file')
    }
  }
  return out.length === 0 ? [] : [`--- ${names[0]}`, `+++ ${names[1]}`, ...out]
}
