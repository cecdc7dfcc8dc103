import type { Arguments, Expr } from './ast.ts'
import { SyntaxFault } from './errors.ts'
import type { Tokens } from './tokens.ts'

/** Reads one expression. What stands in brackets holds expressions, which hold brackets: so the reader is handed in. */
type Expression = (tokens: Tokens) => Expr

/** `[a, b]`. */
export function parseList(tokens: Tokens, expression: Expression): Expr {
  const { at } = tokens.next()
  const items: Expr[] = []
  while (!tokens.isOperator(']')) {
    if (items.length > 0) tokens.expect('operator', ',')
    if (tokens.isOperator(']')) break
    items.push(expression(tokens))
  }
  tokens.expect('operator', ']')
  return { kind: 'list', at, items }
}

/** `{a: b}`. */
export function parseDict(tokens: Tokens, expression: Expression): Expr {
  const { at } = tokens.next()
  const pairs: { key: Expr; value: Expr }[] = []
  while (!tokens.isOperator('}')) {
    if (pairs.length > 0) tokens.expect('operator', ',')
    if (tokens.isOperator('}')) break
    const key = expression(tokens)
    tokens.expect('operator', ':')
    pairs.push({ key, value: expression(tokens) })
  }
  tokens.expect('operator', '}')
  return { kind: 'dict', at, pairs }
}

/** `[key]` or `[start:stop:step]` after a value. */
export function parseSubscript(tokens: Tokens, object: Expr, expression: Expression): Expr {
  const { at } = tokens.next()
  const keys: Expr[] = []
  while (!tokens.isOperator(']')) {
    if (keys.length > 0) tokens.expect('operator', ',')
    keys.push(tokens.deeper(() => parseSlice(tokens, expression)))
  }
  tokens.expect('operator', ']')
  const [only] = keys
  if (!only) throw new SyntaxFault('expected subscript expression', at)
  return { kind: 'item', at, object, key: keys.length === 1 ? only : { kind: 'tuple', at, items: keys } }
}

function parseSlice(tokens: Tokens, expression: Expression): Expr {
  const { at } = tokens.peek()
  const parts: (Expr | null)[] = [null]
  for (;;) {
    if (tokens.skip('operator', ':')) parts.push(null)
    else if (tokens.isOperator(']') || tokens.isOperator(',')) break
    else {
      if (parts.at(-1)) throw tokens.unexpected(']')
      parts[parts.length - 1] = expression(tokens)
    }
    if (parts.length > 3) throw tokens.unexpected(']')
  }
  const [start = null, stop = null, step = null] = parts
  if (parts.length === 1) {
    if (!start) throw tokens.unexpected('an expression')
    return start
  }
  return { kind: 'slice', at, start, stop, step }
}

/** Arguments in parentheses. */
export function parseArguments(tokens: Tokens, expression: Expression): Arguments {
  return tokens.deeper(() => {
    tokens.expect('operator', '(')
    const positional: Expr[] = []
    const named: { name: string; value: Expr }[] = []
    const given = new Set<string>()
    let rest: Expr | null = null
    let namedRest: Expr | null = null
    for (let first = true; !tokens.isOperator(')'); first = false) {
      if (!first) tokens.expect('operator', ',')
      if (tokens.isOperator(')')) break
      const { at, kind, text } = tokens.peek()
      const after = tokens.peek(1)
      if (tokens.isOperator('**')) {
        if (namedRest) throw tokens.unexpected()
        tokens.next()
        namedRest = expression(tokens)
      } else if (namedRest) throw new SyntaxFault('invalid syntax for function call expression', at)
      else if (tokens.isOperator('*')) {
        if (rest) throw tokens.unexpected()
        tokens.next()
        rest = expression(tokens)
      } else if (kind === 'name' && after.kind === 'operator' && after.text === '=') {
        tokens.next()
        tokens.next()
        if (given.has(text)) throw new SyntaxFault(`the argument '${text}' is given twice`, at)
        given.add(text)
        named.push({ name: text, value: expression(tokens) })
      } else if (named.length > 0 || rest) throw new SyntaxFault('a positional argument stands after a named one', at)
      else positional.push(expression(tokens))
    }
    tokens.expect('operator', ')')
    return { positional, named, rest, namedRest }
  })
}
