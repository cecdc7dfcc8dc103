/** One word of a shell-like line, quotes taken off. */
export interface Word {
  readonly text: string
  /** Column of its first character, counted from 1. */
  readonly col: number
}

/** What `splitWords` found: words, or the first fault and its column. */
export interface Words {
  readonly words: readonly Word[]
  /** Column of a `#` that began a comment without a blank before it: what follows was probably meant. */
  readonly cutAt?: number
  readonly fault?: { readonly message: string; readonly col: number }
}

/**
 * Splits a line as Python's `shlex.split(line, comments=True)` does, which is how Ansible reads host lines and `k=v` lists:
 * quotes join words, a backslash escapes the next character (in double quotes only `"` and `\`), and `#` begins a comment
 * wherever it stands outside quotes.
 * @param comments false: `#` is an ordinary character
 */
export function splitWords(line: string, comments = true): Words {
  const words: Word[] = []
  let text = ''
  let start = -1
  let i = 0
  const end = (): void => {
    if (start >= 0) words.push({ text, col: start + 1 })
    text = ''
    start = -1
  }
  while (i < line.length) {
    const c = line.charAt(i)
    if (c === ' ' || c === '\t' || c === '\r' || c === '\n') {
      end()
      i++
      continue
    }
    if (c === '#' && comments) {
      const inside = start >= 0
      end()
      return inside ? { words, cutAt: i + 1 } : { words }
    }
    if (start < 0) start = i
    if (c === "'" || c === '"') {
      const quoted = readQuoted(line, i)
      if (quoted === undefined)
        return { words, fault: { message: `the quote ${c} that begins here is never closed`, col: i + 1 } }
      text += quoted.text
      i = quoted.next
    } else if (c === '\\') {
      if (i + 1 >= line.length)
        return { words, fault: { message: 'the line ends in a backslash, which has nothing to escape', col: i + 1 } }
      text += line.charAt(i + 1)
      i += 2
    } else {
      text += c
      i++
    }
  }
  end()
  return { words }
}

/** The text in the quotes that begin at `from`, and where the line goes on; undefined when they do not end. */
function readQuoted(line: string, from: number): { text: string; next: number } | undefined {
  const quote = line.charAt(from)
  let text = ''
  for (let i = from + 1; i < line.length; i++) {
    const c = line.charAt(i)
    if (c === quote) return { text, next: i + 1 }
    const after = line.charAt(i + 1)
    if (c === '\\' && quote === '"' && (after === '"' || after === '\\')) {
      text += after
      i++
    } else text += c
  }
  return undefined
}
