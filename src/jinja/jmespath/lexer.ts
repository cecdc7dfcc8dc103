import type { Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { readJson } from '../formats/json-read.ts'

/** `sign` tokens are named by their text; the others carry what they mean. */
export interface Token {
  readonly kind: 'sign' | 'name' | 'quoted' | 'number' | 'literal' | 'end'
  readonly text: string
  readonly value: Value
  readonly at: number
}

const BLANK = /[ \t\n\r]*/y
const NAME = /[A-Za-z_]\w*/y
const NUMBER = /-?\d+/y
const QUOTED = /"(?:[^"\\]|\\[\s\S])*"/y
const RAW = /'(?:[^'\\]|\\[\s\S])*'/y
const LITERAL = /`(?:[^`\\]|\\[\s\S])*`/y
const SIGN = /\[\?|\[\]|&&|\|\||[=!<>]=|[.*[\],:(){}!<>|&@]/y

/** A literal is JSON; text that is none is taken as a str, as older writing had it. */
function literal(text: string): Value {
  const inner = text.slice(1, -1).replaceAll('\\`', '`').trimStart()
  try {
    return readJson(inner)
  } catch {
    return readJson(`"${inner.trimEnd()}"`)
  }
}

/** The tokens of a JMESPath expression, the last of which is the end. */
export function tokensOf(source: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    return pattern.exec(source)?.[0]
  }
  const read = (): Omit<Token, 'at'> => {
    const rules: readonly (readonly [Token['kind'], RegExp, (text: string) => Value])[] = [
      ['name', NAME, text => text],
      ['number', NUMBER, text => Number(text)],
      ['quoted', QUOTED, text => readJson(text)],
      ['literal', RAW, text => text.slice(1, -1).replaceAll("\\'", "'")],
      ['literal', LITERAL, literal],
      ['sign', SIGN, () => null],
    ]
    for (const [kind, pattern, value] of rules) {
      const text = take(pattern)
      if (text !== undefined) return { kind, text, value: value(text) }
    }
    throw failure(`json_query: unexpected '${source[at] ?? ''}' at column ${at + 1} of '${source}'`)
  }
  for (;;) {
    at += take(BLANK)?.length ?? 0
    if (at >= source.length) break
    const token = read()
    tokens.push({ ...token, at })
    at += token.text.length
  }
  return [...tokens, { kind: 'end', text: 'the end', value: null, at }]
}
