import { compilePattern, type Match } from '../../jinja/regex/pattern.ts'
import { expanded } from '../../jinja/regex/replace.ts'

/** What `lineinfile` is to do to a text. */
export interface LineWish {
  readonly line?: string | undefined
  readonly regexp?: string | undefined
  readonly search_string?: string | undefined
  readonly insertafter?: string | undefined
  readonly insertbefore?: string | undefined
  readonly backrefs: boolean
  readonly firstmatch: boolean
}

/** A text that was edited, and what Ansible's message says of it. */
export interface Edited {
  readonly text: string
  readonly msg: string
  /** How many lines went. */
  readonly found?: number
}

/** Lines with their ends, as Python's `readlines` gives them. */
export const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? []

const bare = (line: string): string => line.replace(/[\r\n]+$/, '')

/** The text without the lines that match. */
export function withoutLines(text: string, { line, regexp, search_string }: LineWish): Edited {
  const pattern = regexp === undefined ? undefined : compilePattern(regexp)
  const goes = (one: string): boolean => {
    if (pattern !== undefined) return pattern.find(one) !== null
    return search_string === undefined ? bare(one) === line : one.includes(search_string)
  }
  const lines = linesOf(text)
  const kept = lines.filter(one => !goes(one))
  const found = lines.length - kept.length
  return { text: kept.join(''), msg: found > 0 ? `${found} line(s) removed` : '', found }
}

/** Where a line stands and where it could go. */
interface Places {
  /** The line that matches, or is already as wanted; -1 for none. */
  readonly at: number
  readonly match: Match | true | undefined
  readonly exact: boolean
  /** Where `insertafter` or `insertbefore` put a new line; -1 when neither matched. */
  readonly insert: number
}

function find(lines: readonly string[], wish: LineWish): Places {
  const { regexp, search_string: search, firstmatch } = wish
  const pattern = regexp === undefined ? undefined : compilePattern(regexp)
  let at = -1
  let match: Match | true | undefined
  for (const [i, line] of lines.entries()) {
    const found = pattern === undefined ? search !== undefined && line.includes(search) : pattern.find(line)
    if (!found) continue
    at = i
    match = found
    if (firstmatch) break
  }
  return match === undefined ? findPlace(lines, wish) : { at, match, exact: false, insert: -1 }
}

function findPlace(lines: readonly string[], { line, insertafter, insertbefore, firstmatch }: LineWish): Places {
  const after = insertafter !== undefined && insertafter !== 'BOF' && insertafter !== 'EOF'
  const source = after ? insertafter : insertbefore !== 'BOF' ? insertbefore : undefined
  const anchor = source === undefined ? undefined : compilePattern(source)
  let at = -1
  let insert = -1
  for (const [i, one] of lines.entries()) {
    if (bare(one) === line) at = i
    else if (anchor !== undefined && anchor.find(one) !== null) {
      insert = insertafter === undefined ? i : i + 1
      if (firstmatch) break
    }
  }
  return { at, match: undefined, exact: at >= 0, insert }
}

/** The text with the line in its place: replaced where the pattern matches, else inserted. The rules are Ansible's. */
export function withLine(text: string, wish: LineWish): Edited {
  const { line = '', insertafter, insertbefore, backrefs } = wish
  const lines = linesOf(text)
  const { at, match, exact, insert } = find(lines, wish)
  const ended = (one: string) => `${one}\n`
  if (at >= 0) {
    const pattern = wish.regexp === undefined ? undefined : compilePattern(wish.regexp)
    const filled = backrefs && match !== undefined && match !== true && pattern ? expanded(line, match, pattern) : line
    const wanted = exact && match === undefined ? line : filled
    if (lines[at] === ended(wanted)) return { text, msg: '' }
    lines[at] = ended(wanted)
    return { text: lines.join(''), msg: 'line replaced' }
  }
  if (backrefs) return { text, msg: '' }
  const added = (index: number): Edited => ({
    text: lines.toSpliced(index, 0, ended(line)).join(''),
    msg: 'line added',
  })
  const last = lines.at(-1)
  if (insertbefore === 'BOF' || insertafter === 'BOF') return added(0)
  const atEnd = insertafter === 'EOF' || insert < 0 || insert === lines.length
  if (atEnd && last !== undefined && !/[\r\n]$/.test(last)) lines[lines.length - 1] = `${last}\n`
  if (insertafter === 'EOF' || insert < 0) return added(lines.length)
  if (insertafter === undefined) return added(insert)
  const neighbour = lines[Math.min(insert, lines.length - 1)]
  return neighbour !== undefined && bare(neighbour) === line ? { text, msg: '' } : added(insert)
}
