/** The strings that begin and end expressions, statements and comments. */
export interface Marks {
  readonly variable: readonly [string, string]
  readonly block: readonly [string, string]
  readonly comment: readonly [string, string]
}

export const USUAL_MARKS: Marks = { variable: ['{{', '}}'], block: ['{%', '%}'], comment: ['{#', '#}'] }

/** What the lexer looks for, as sticky and global expressions. */
export interface MarkPatterns {
  readonly opening: RegExp
  readonly raw: RegExp
  readonly rawEnd: RegExp
  readonly commentEnd: RegExp
  readonly blockEnd: RegExp
  readonly variableEnd: RegExp
}

const quoted = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')

const known = new Map<string, MarkPatterns>()

/** The patterns of these marks; where one mark begins another, the longer is found. */
export function patternsOf(marks: Marks): MarkPatterns {
  const key = JSON.stringify(marks)
  const found = known.get(key)
  if (found) return found
  const [begin, end] = marks.block.map(quoted)
  const [variableEnd, commentEnd] = [quoted(marks.variable[1]), quoted(marks.comment[1])]
  const openings = [marks.variable[0], marks.block[0], marks.comment[0]].sort((a, b) => b.length - a.length)
  const made: MarkPatterns = {
    opening: new RegExp(openings.map(quoted).join('|'), 'g'),
    raw: new RegExp(`${begin}([-+]?)\\s*raw\\s*(?:-${end}\\s*|${end})`, 'y'),
    rawEnd: new RegExp(`${begin}([-+]?)\\s*endraw\\s*(\\+${end}|-${end}\\s*|${end}\\n?)`, 'g'),
    commentEnd: new RegExp(`\\+${commentEnd}|-${commentEnd}\\s*|${commentEnd}\\n?`, 'g'),
    blockEnd: new RegExp(`\\+${end}|-${end}\\s*|${end}\\n?`, 'y'),
    variableEnd: new RegExp(`-${variableEnd}\\s*|${variableEnd}`, 'y'),
  }
  if (known.size < MOST_KNOWN) known.set(key, made)
  return made
}

/** Few templates have marks of their own; the patterns of more are made anew. */
const MOST_KNOWN = 100
