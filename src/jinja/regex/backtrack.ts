import { failure } from '../errors.ts'
import type { Assertion, Node, Pattern } from './nodes.ts'

/** Steps that one search, or all searches that share an effort, may take; about half a second. */
const MOST_STEPS = 4_000_000

/** How many steps searches took that belong together. */
export interface Effort {
  steps: number
}

/** Where the search stands. Groups hold start and end in turn; -1 is unset. */
interface State {
  readonly text: string
  readonly groups: Int32Array
  readonly effort: Effort
}

/** Matches from a position and gives the end of the whole match, or -1. */
type Matcher = (at: number, state: State) => number
type Test = (character: string) => boolean

function step({ effort }: State): void {
  effort.steps += 1
  if (effort.steps > MOST_STEPS) {
    throw failure('the regular expression takes too long on this text (it repeats a repetition)', 'template-limit')
  }
}

/** A set as a test of one character, with a memory for ASCII. */
function testOf(source: string, ignoreCase: boolean): Test {
  const pattern = new RegExp(`^${source}$`, ignoreCase ? 'iu' : 'u')
  const known = new Map<string, boolean>()
  return character => {
    let answer = known.get(character)
    if (answer === undefined) {
      answer = pattern.test(character)
      if (known.size < 512) known.set(character, answer)
    }
    return answer
  }
}

const characterAt = (text: string, at: number): string => {
  const code = text.codePointAt(at)
  return code === undefined ? '' : String.fromCodePoint(code)
}

const before = (text: string, at: number): string => {
  const low = text.charCodeAt(at - 1)
  return at >= 2 && low >= 0xdc00 && low <= 0xdfff ? text.slice(at - 2, at) : text.slice(Math.max(0, at - 1), at)
}

function asserts(what: Assertion, isWord: Test): (at: number, text: string) => boolean {
  const word = (character: string): boolean => character !== '' && isWord(character)
  const boundary = (at: number, text: string): boolean => word(before(text, at)) !== word(characterAt(text, at))
  const checks: Readonly<Record<Assertion, (at: number, text: string) => boolean>> = {
    start: at => at === 0,
    end: (at, text) => at === text.length,
    last: (at, text) => at === text.length || (at === text.length - 1 && text[at] === '\n'),
    lineStart: (at, text) => at === 0 || text[at - 1] === '\n',
    lineEnd: (at, text) => at === text.length || text[at] === '\n',
    boundary,
    notBoundary: (at, text) => !boundary(at, text),
  }
  return checks[what]
}

/** Compiles a node in front of what follows it. */
function compile(node: Node, next: Matcher): Matcher {
  switch (node.kind) {
    case 'set': {
      const test = testOf(node.source, node.ignoreCase)
      return (at, state) => {
        step(state)
        const character = characterAt(state.text, at)
        return character !== '' && test(character) ? next(at + character.length, state) : -1
      }
    }
    case 'sequence':
      return node.parts.reduceRight<Matcher>((after, part) => compile(part, after), next)
    case 'choice': {
      const options = node.options.map(option => compile(option, next))
      return (at, state) => {
        step(state)
        for (const option of options) {
          const end = option(at, state)
          if (end >= 0) return end
        }
        return -1
      }
    }
    case 'group':
      return compileGroup(node.index, node.body, next)
    case 'repeat':
      return node.body.kind === 'set'
        ? compileRun(node, testOf(node.body.source, node.body.ignoreCase), next)
        : compileRepeat(node, next)
    case 'assert': {
      const check = asserts(node.what, testOf(node.word, false))
      return (at, state) => (check(at, state.text) ? next(at, state) : -1)
    }
    case 'atomic': {
      const body = compile(node.body, at => at)
      return (at, state) => {
        const end = body(at, state)
        return end < 0 ? -1 : next(end, state)
      }
    }
    case 'look':
      return compileLook(node, next)
    case 'back':
      return compileBack(node.index, node.ignoreCase, next)
    default: {
      const [yes, no] = [compile(node.yes, next), compile(node.no, next)]
      return (at, state) => ((state.groups[node.index * 2 + 1] ?? -1) >= 0 ? yes : no)(at, state)
    }
  }
}

function compileGroup(index: number, body: Node, next: Matcher): Matcher {
  const slot = index * 2
  const starts: number[] = []
  const inner = compile(body, (at, state) => {
    const [start, end] = [state.groups[slot] ?? -1, state.groups[slot + 1] ?? -1]
    const mine = starts.pop() ?? at
    state.groups[slot] = mine
    state.groups[slot + 1] = at
    const result = next(at, state)
    if (result < 0) {
      state.groups[slot] = start
      state.groups[slot + 1] = end
    }
    starts.push(mine)
    return result
  })
  return (at, state) => {
    starts.push(at)
    const result = inner(at, state)
    starts.pop()
    return result
  }
}

type Repeat = Extract<Node, { kind: 'repeat' }>

/** A repeated set: no recursion, one position after the other. */
function compileRun({ min, max, greedy }: Repeat, test: Test, next: Matcher): Matcher {
  return (start, state) => {
    const ends = [start]
    const more = (): boolean => {
      const at = ends.at(-1) ?? start
      const character = characterAt(state.text, at)
      step(state)
      if (ends.length > max || character === '' || !test(character)) return false
      ends.push(at + character.length)
      return true
    }
    if (greedy) {
      while (more());
      for (let count = ends.length - 1; count >= min; count--) {
        const end = next(ends[count] ?? start, state)
        if (end >= 0) return end
      }
      return -1
    }
    for (let count = 0; ; count++) {
      if (count >= min) {
        const end = next(ends[count] ?? start, state)
        if (end >= 0) return end
      }
      if (!more()) return -1
    }
  }
}

function compileRepeat({ min, max, greedy, body }: Repeat, next: Matcher): Matcher {
  const counts: { count: number; from: number }[] = []
  const again: Matcher = (at, state) => {
    step(state)
    const here = counts.at(-1) ?? { count: 0, from: -1 }
    const leave = (): number => {
      counts.pop()
      const end = next(at, state)
      counts.push(here)
      return end
    }
    const repeat = (): number => {
      if (here.count >= max || (here.count >= min && here.from === at)) return -1
      counts[counts.length - 1] = { count: here.count + 1, from: at }
      const end = once(at, state)
      counts[counts.length - 1] = here
      return end
    }
    if (here.count < min) return repeat()
    const first = greedy ? repeat() : leave()
    if (first >= 0) return first
    return greedy ? leave() : repeat()
  }
  const once = compile(body, again)
  return (at, state) => {
    counts.push({ count: 0, from: -1 })
    const end = again(at, state)
    counts.pop()
    return end
  }
}

function compileLook({ behind, negated, body }: Extract<Node, { kind: 'look' }>, next: Matcher): Matcher {
  const ahead = compile(body, at => at)
  let target = -1
  const upTo = compile(body, at => (at === target ? at : -1))
  const found = (at: number, state: State): boolean => {
    if (!behind) return ahead(at, state) >= 0
    for (let from = at; from >= 0; from--) {
      step(state)
      target = at
      if (upTo(from, state) >= 0) return true
    }
    return false
  }
  return (at, state) => (found(at, state) !== negated ? next(at, state) : -1)
}

function compileBack(index: number, ignoreCase: boolean, next: Matcher): Matcher {
  const fold = (text: string): string => (ignoreCase ? text.toLowerCase() : text)
  return (at, state) => {
    step(state)
    const [start, end] = [state.groups[index * 2] ?? -1, state.groups[index * 2 + 1] ?? -1]
    if (end < 0) return -1
    const wanted = state.text.slice(start, end)
    return fold(state.text.slice(at, at + wanted.length)) === fold(wanted) ? next(at + wanted.length, state) : -1
  }
}

/** A matcher that counts its steps: it gives start and end of every group, group 0 first; null without a match. */
export function backtracker(
  pattern: Pattern,
): (text: string, from: number, anchored: boolean, effort: Effort) => Int32Array | null {
  const matcher = compile(pattern.body, at => at)
  return (text, from, anchored, effort) => {
    const state: State = { text, groups: new Int32Array((pattern.groups + 1) * 2).fill(-1), effort }
    for (let at = from; at <= text.length; at += characterAt(text, at).length || 1) {
      const end = matcher(at, state)
      if (end >= 0) {
        state.groups[0] = at
        state.groups[1] = end
        return state.groups
      }
      if (anchored) return null
      state.groups.fill(-1)
    }
    return null
  }
}
