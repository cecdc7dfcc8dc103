import type { Assertion, Node, Pattern } from './nodes.ts'

const REST = '$'
const BEGIN = '^'

function assertion(what: Assertion, word: string): string {
  switch (what) {
    case 'start':
      return BEGIN
    case 'end':
      return REST
    case 'last':
      return `(?=\\n?${REST})`
    case 'lineStart':
      return `(?:${BEGIN}|(?<=\\n))`
    case 'lineEnd':
      return `(?:${REST}|(?=\\n))`
    case 'boundary':
      return `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`
    default:
      return `(?:(?<=${word})(?=${word})|(?<!${word})(?!${word}))`
  }
}

/** The node in JavaScript's syntax (flag `u`); null when JavaScript cannot say it. */
function translated(node: Node, ignoreCase: boolean): string | null {
  const all = (nodes: readonly Node[]): string[] | null => {
    const parts = nodes.map(part => translated(part, ignoreCase))
    return parts.every(part => part !== null) ? parts : null
  }
  switch (node.kind) {
    case 'set':
      return node.ignoreCase === ignoreCase ? node.source : null
    case 'sequence':
      return all(node.parts)?.join('') ?? null
    case 'choice': {
      const options = all(node.options)
      return options && `(?:${options.join('|')})`
    }
    case 'group': {
      const body = translated(node.body, ignoreCase)
      return body === null ? null : `(${body})`
    }
    case 'look': {
      const body = translated(node.body, ignoreCase)
      return body === null ? null : `(?${node.behind ? '<' : ''}${node.negated ? '!' : '='}${body})`
    }
    case 'repeat': {
      const body = translated(node.body, ignoreCase)
      const count = `{${node.min},${Number.isFinite(node.max) ? node.max : ''}}`
      return body === null ? null : `(?:${body})${count}${node.greedy ? '' : '?'}`
    }
    case 'assert':
      return assertion(node.what, node.word)
    default:
      return null
  }
}

/** True when any set of the pattern ignores case. */
function ignoring(node: Node): boolean {
  switch (node.kind) {
    case 'set':
    case 'back':
      return node.ignoreCase
    case 'sequence':
      return node.parts.some(ignoring)
    case 'choice':
      return node.options.some(ignoring)
    case 'conditional':
      return ignoring(node.yes) || ignoring(node.no)
    case 'assert':
      return false
    default:
      return ignoring(node.body)
  }
}

/** The pattern for JavaScript's engine; null when it has no words for it (atomic groups, conditions, scoped flags). */
export function toRegExp(pattern: Pattern): RegExp | null {
  const ignoreCase = ignoring(pattern.body)
  const source = translated(pattern.body, ignoreCase)
  return source === null ? null : new RegExp(source, ignoreCase ? 'dgiu' : 'dgu')
}

/** How a repetition can be matched in more than one way: not at all, in several places one after the other, or nested. */
export interface Ambiguity {
  /** A repetition that holds another repetition or a choice: time may double with every character. */
  readonly nested: boolean
  /** Repetitions of no fixed count: time may grow with the length to this power, and one more for the search. */
  readonly open: number
}

/** How many times a repetition may differ before it counts as open. */
const FEW = 8

export function ambiguity(node: Node, repeated = false): Ambiguity {
  const sum = (nodes: readonly Node[]): Ambiguity => {
    const all = nodes.map(part => ambiguity(part, repeated))
    return { nested: all.some(each => each.nested), open: all.reduce((total, each) => total + each.open, 0) }
  }
  switch (node.kind) {
    case 'sequence':
      return sum(node.parts)
    case 'choice': {
      const { nested, open } = sum(node.options)
      return { nested: nested || repeated, open }
    }
    case 'repeat': {
      const variable = node.max - node.min > 0
      const many = node.max > FEW
      const inner = ambiguity(node.body, repeated || many)
      return { nested: inner.nested || (repeated && variable), open: inner.open + (node.max - node.min > FEW ? 1 : 0) }
    }
    case 'group':
    case 'atomic':
    case 'look':
      return ambiguity(node.body, repeated)
    case 'conditional':
      return { nested: true, open: 1 }
    default:
      return { nested: false, open: 0 }
  }
}
