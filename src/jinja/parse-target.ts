import type { Body, Expr, Parameters, Target } from './ast.ts'
import { SyntaxFault } from './errors.ts'
import { namesIn } from './names.ts'
import { parseExpression } from './parse-expression.ts'
import type { Tokens } from './tokens.ts'

/** Names that stand for values and can not be given others. */
const FIXED: ReadonlySet<string> = new Set(['true', 'false', 'none', 'True', 'False', 'None'])

/** A name, names with commas between, or (where allowed) `namespace.name`. */
export function parseTarget(tokens: Tokens, until?: string, member = false): Target {
  const { at } = tokens.peek()
  const items: Target[] = []
  let tuple = false
  while (tokens.is('name') || tokens.isOperator('(')) {
    if (until !== undefined && tokens.isName(until)) break
    items.push(parseSingleTarget(tokens, member))
    if (!tokens.skip('operator', ',')) break
    tuple = true
  }
  const [only] = items
  if (!only) throw tokens.unexpected('a name')
  return tuple ? { kind: 'tuple', at, items } : only
}

/** A name, or targets in parentheses. */
export function parseSingleTarget(tokens: Tokens, member: boolean): Target {
  const { at } = tokens.peek()
  if (tokens.skip('operator', '(')) {
    const inner = tokens.deeper(() => parseTarget(tokens))
    tokens.expect('operator', ')')
    return inner
  }
  const name = tokens.expect('name').text
  if (FIXED.has(name)) throw new SyntaxFault(`can't assign to '${name}'`, at)
  if (!member || !tokens.skip('operator', '.')) return { kind: 'name', at, name }
  return { kind: 'member', at, name, member: tokens.expect('name').text }
}

/** `(a, b=1)` of a macro or a call. */
export function parseParameters(tokens: Tokens): { name: string; fallback: Expr | null }[] {
  const names: { name: string; fallback: Expr | null }[] = []
  tokens.expect('operator', '(')
  while (!tokens.isOperator(')')) {
    if (names.length > 0) tokens.expect('operator', ',')
    const { text, at } = tokens.expect('name')
    if (FIXED.has(text)) throw new SyntaxFault(`can't assign to '${text}'`, at)
    const fallback = tokens.skip('operator', '=') ? parseExpression(tokens) : null
    if (!fallback && names.at(-1)?.fallback) throw new SyntaxFault('non-default argument follows default argument', at)
    names.push({ name: text, fallback })
  }
  tokens.expect('operator', ')')
  return names
}

/** A macro takes `varargs`, `kwargs` and `caller` only when its body speaks of them. */
export function parameters(names: Parameters['names'], body: Body): Parameters {
  const used = namesIn(body)
  return { names, varargs: used.has('varargs'), kwargs: used.has('kwargs'), caller: used.has('caller') }
}
