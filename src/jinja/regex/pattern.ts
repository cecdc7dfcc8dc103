import { Cache } from '../cache.ts'
import { failure } from '../errors.ts'
import { backtracker, type Effort } from './backtrack.ts'
import type { Flags, Pattern } from './nodes.ts'
import { readPattern } from './parse.ts'
import { ambiguity, toRegExp } from './translate.ts'

/** A match: offsets in UTF-16 units; a group that took no part is undefined. */
export interface Match {
  readonly start: number
  readonly end: number
  readonly groups: readonly (string | undefined)[]
}

/**
 * A compiled pattern. JavaScript's engine runs it when it cannot take long on this text; a matcher of our own that
 * counts its steps runs what repeats a repetition, what would take too many tries, and what JavaScript cannot say.
 */
export interface Compiled {
  readonly pattern: Pattern
  /** The first match at or after `from`; only at `from` when anchored. Searches that share an effort share its bound. */
  find(text: string, from?: number, anchored?: boolean, effort?: Effort): Match | null
}

/** Longest pattern, in characters, that JavaScript's engine is trusted with. */
const LONGEST_NATIVE = 5_000

/** Tries above which JavaScript's engine is not trusted: it cannot be stopped. */
const MOST_TRIES = 20_000_000
/** The same where at most one repetition is open: such a try is one step. */
const MOST_SIMPLE_TRIES = 1_000_000_000

const STEPS_OF_CHARACTER = 16

const compiled = new Cache<Compiled>(512, 256 * 1024)

function fromOffsets(text: string, offsets: Int32Array): Match {
  const groups: (string | undefined)[] = []
  for (let index = 0; index < offsets.length; index += 2) {
    const [start, end] = [offsets[index] ?? -1, offsets[index + 1] ?? -1]
    groups.push(end < 0 ? undefined : text.slice(start, end))
  }
  return { start: offsets[0] ?? 0, end: offsets[1] ?? 0, groups }
}

/** True between the two units of one character: V8 tries lookarounds there, where no match may begin. */
const splits = (text: string, at: number): boolean =>
  /[\udc00-\udfff]/.test(text[at] ?? '') && /[\ud800-\udbff]/.test(text[at - 1] ?? '')

function compile(source: string, flags: Flags): Compiled {
  const pattern = readPattern(source, flags)
  const { nested, open } = ambiguity(pattern.body)
  // V8 compiles a pattern when it is first used, and then may refuse it for its size
  const native = nested || source.length > LONGEST_NATIVE ? null : toRegExp(pattern)
  const sticky = native && new RegExp(native.source, native.flags.replace('g', 'y'))
  const counted = backtracker(pattern)
  const find = (text: string, from = 0, anchored = false, effort: Effort = { steps: 0 }): Match | null => {
    const engine = anchored ? sticky : native
    const tries = (text.length - from + 1) ** (open + (anchored ? 0 : 1))
    if (!engine || tries > (open > 1 ? MOST_TRIES : MOST_SIMPLE_TRIES)) {
      const offsets = counted(text, from, anchored, effort)
      return offsets && fromOffsets(text, offsets)
    }
    for (let start = from; ; start += 1) {
      engine.lastIndex = start
      const found = engine.exec(text)
      if (!found) return null
      start = found.index
      if (!splits(text, start)) return { start, end: start + found[0].length, groups: [...found] }
    }
  }
  return { pattern, find }
}

export interface FlagChoice {
  readonly ignoreCase?: boolean
  readonly multiline?: boolean
}

/** Compiles a Python regular expression; the last ones are remembered. */
export function compilePattern(source: string, choice: FlagChoice = {}): Compiled {
  if (source.length > 100_000) throw failure('the regular expression is too long', 'template-limit')
  const { ignoreCase = false, multiline = false } = choice
  const key = `${ignoreCase ? 'i' : ''}${multiline ? 'm' : ''}\0${source}`
  return compiled.get(key, () =>
    compile(source, { ignoreCase, multiline, dotAll: false, verbose: false, ascii: false }),
  )
}

/** Every match from left to right, as Python's finditer: none is empty at the place where an empty one ended. */
export function* findAll(regex: Compiled, text: string): Generator<Match> {
  // A long text may take its share of steps, whatever is found in it
  const effort: Effort = { steps: -STEPS_OF_CHARACTER * text.length }
  for (let at = 0; at <= text.length; ) {
    const match = regex.find(text, at, false, effort)
    if (!match) return
    yield match
    at = match.end > match.start ? match.end : match.end + (splits(text, match.end + 1) ? 2 : 1)
  }
}
