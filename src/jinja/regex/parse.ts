import { failure } from '../errors.ts'
import { classEscape, literal, readClass } from './class.ts'
import type { Assertion, Flags, Node, Pattern } from './nodes.ts'

const DEEPEST = 100
const FLAG: Readonly<Record<string, keyof Flags>> = {
  i: 'ignoreCase',
  m: 'multiline',
  s: 'dotAll',
  x: 'verbose',
  a: 'ascii',
}
const EMPTY: Node = { kind: 'sequence', parts: [] }

/** Reads Python's syntax of regular expressions. */
class Reader {
  readonly #text: string
  #at = 0
  #flags: Flags
  #depth = 0
  groups = 0
  readonly names = new Map<string, number>()

  constructor(text: string, flags: Flags) {
    this.#text = text
    this.#flags = flags
  }

  read(): Node {
    const body = this.#choice()
    if (this.#at < this.#text.length) throw this.#fault('unbalanced parenthesis')
    return body
  }

  #fault(what: string): Error {
    return failure(`the regular expression '${this.#text}' is wrong: ${what} at position ${this.#at}`)
  }

  #take(word: string): boolean {
    if (!this.#text.startsWith(word, this.#at)) return false
    this.#at += word.length
    return true
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)
    if (found) this.#at += found[0].length
    return found
  }

  #choice(): Node {
    this.#depth += 1
    if (this.#depth > DEEPEST) throw this.#fault('nested too deeply')
    const options = [this.#sequence()]
    while (this.#take('|')) options.push(this.#sequence())
    this.#depth -= 1
    const [only = EMPTY] = options
    return options.length === 1 ? only : { kind: 'choice', options }
  }

  #sequence(): Node {
    const parts: Node[] = []
    for (;;) {
      if (this.#flags.verbose) this.#match(/(?:\s+|#[^\n]*)+/y)
      const letter = this.#text[this.#at]
      if (letter === undefined || letter === '|' || letter === ')') return { kind: 'sequence', parts }
      const atom = this.#atom()
      if (atom) parts.push(this.#repeated(atom))
    }
  }

  #repeated(atom: Node): Node {
    if (this.#flags.verbose) this.#match(/(?:\s+|#[^\n]*)+/y)
    const found = this.#match(/(?:[*+?]|\{(?=\d|,\d)(\d*)(?:(,)(\d*))?\})([?+])?/y)
    if (!found) return atom
    if (atom.kind === 'assert') throw this.#fault('nothing to repeat')
    const [sign = '', low, comma, high, mode] = found
    let [min, max] = [sign.startsWith('+') ? 1 : 0, sign.startsWith('?') ? 1 : Number.POSITIVE_INFINITY]
    if (low !== undefined) {
      min = Number(low)
      max = comma === undefined ? min : high === '' ? Number.POSITIVE_INFINITY : Number(high)
    }
    if (min > max) throw this.#fault('min repeat greater than max repeat')
    if (this.#match(/[*+?]|\{(?=\d|,\d)\d*(?:,\d*)?\}/y)) throw this.#fault('multiple repeat')
    const repeat: Node = { kind: 'repeat', min, max, greedy: mode !== '?', body: atom }
    return mode === '+' ? { kind: 'atomic', body: repeat } : repeat
  }

  /** One thing that can be repeated; null for a comment or a flag setting. */
  #atom(): Node | null {
    const letter = this.#text[this.#at] ?? ''
    if (letter === '(') return this.#group()
    if (letter === '[') return this.#class()
    if (letter === '\\') return this.#escape()
    const code = String.fromCodePoint(this.#text.codePointAt(this.#at) ?? 0)
    if ('*+?'.includes(letter)) throw this.#fault('nothing to repeat')
    this.#at += code.length
    if (letter === '.') return this.#set(this.#flags.dotAll ? '[\\s\\S]' : '[^\\n]')
    if (letter === '^') return this.#assert(this.#flags.multiline ? 'lineStart' : 'start')
    if (letter === '$') return this.#assert(this.#flags.multiline ? 'lineEnd' : 'last')
    return this.#set(literal(code))
  }

  #set(source: string): Node {
    return { kind: 'set', source, ignoreCase: this.#flags.ignoreCase }
  }

  #assert(what: Assertion): Node {
    return { kind: 'assert', what, word: this.#flags.ascii ? '[A-Za-z0-9_]' : '[\\p{L}\\p{N}_]' }
  }

  #class(): Node {
    const { source, end, fault } = readClass(this.#text, this.#at, this.#flags.ascii)
    if (fault !== undefined) throw this.#fault(fault)
    this.#at = end
    return this.#set(source)
  }

  #escape(): Node {
    const back = this.#match(/\\([1-9]\d?)(?!\d)/y)
    if (back) return this.#back(Number(back[1]))
    const assertion = this.#match(/\\([AZbB])/y)
    if (assertion) {
      const [, letter = ''] = assertion
      return this.#assert(
        letter === 'A' ? 'start' : letter === 'Z' ? 'end' : letter === 'b' ? 'boundary' : 'notBoundary',
      )
    }
    const escaped = classEscape(this.#text, this.#at, this.#flags.ascii)
    if ('fault' in escaped) throw this.#fault(escaped.fault)
    this.#at = escaped.end
    return this.#set(escaped.source)
  }

  #back(index: number): Node {
    if (index > this.groups) throw this.#fault(`invalid group reference ${index}`)
    return { kind: 'back', index, ignoreCase: this.#flags.ignoreCase }
  }

  #close(): void {
    if (!this.#take(')')) throw this.#fault('missing ), unterminated subpattern')
  }

  /** What stands in parentheses up to the closing one; flags set inside end there. */
  #inside(flags: Flags = this.#flags): Node {
    const outer = this.#flags
    this.#flags = flags
    const body = this.#choice()
    this.#flags = outer
    this.#close()
    return body
  }

  #capture(name?: string): Node {
    this.groups += 1
    const index = this.groups
    if (name !== undefined) {
      if (this.names.has(name)) throw this.#fault(`redefinition of group name '${name}'`)
      this.names.set(name, index)
    }
    return { kind: 'group', index, body: this.#inside() }
  }

  #group(): Node | null {
    this.#at += 1
    if (!this.#take('?')) return this.#capture()
    if (this.#match(/#[^)]*\)/y)) return null
    const name = this.#match(/P<([\p{ID_Start}_]\p{ID_Continue}*)>/uy)
    if (name) return this.#capture(name[1])
    const reference = this.#match(/P=([^)]+)\)/y)
    if (reference) return this.#back(this.#named(reference[1] ?? ''))
    if (this.#take(':')) return this.#inside()
    if (this.#take('>')) return { kind: 'atomic', body: this.#inside() }
    const look = this.#match(/(<?)([=!])/y)
    if (look) return { kind: 'look', behind: look[1] === '<', negated: look[2] === '!', body: this.#inside() }
    const condition = this.#match(/\(([^)]+)\)/y)
    if (condition) return this.#conditional(condition[1] ?? '')
    return this.#flagGroup()
  }

  #named(name: string): number {
    const index = /^\d+$/.test(name) ? Number(name) : this.names.get(name)
    if (index === undefined) throw this.#fault(`unknown group name '${name}'`)
    return index
  }

  #conditional(name: string): Node {
    const index = this.#named(name)
    const body = this.#inside()
    const [yes = EMPTY, no = EMPTY, ...rest] = body.kind === 'choice' ? body.options : [body]
    if (rest.length > 0) throw this.#fault('conditional backref with more than two branches')
    return { kind: 'conditional', index, yes, no }
  }

  #flagGroup(): Node | null {
    const found = this.#match(/([aiLmsux]*)(?:-([imsx]+))?([:)])/y)
    if (!found) throw this.#fault('unknown extension after (?')
    const [, on = '', off = '', end] = found
    const flags: Record<keyof Flags, boolean> = { ...this.#flags }
    for (const letter of on) if (FLAG[letter]) flags[FLAG[letter]] = true
    for (const letter of off) if (FLAG[letter]) flags[FLAG[letter]] = false
    if (end === ':') return this.#inside(flags)
    if (this.#at !== found[0].length + 2) throw this.#fault('global flags not at the start of the expression')
    this.#flags = flags
    return null
  }
}

/** Reads a pattern; throws what Python would complain about. */
export function readPattern(source: string, flags: Flags): Pattern {
  const reader = new Reader(source, flags)
  const body = reader.read()
  return { source, body, groups: reader.groups, names: reader.names }
}
