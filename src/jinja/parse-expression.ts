import { float, type Value } from '../base/value.ts'
import type { Arguments, BinaryOperator, Comparison, Expr, FilterExpr } from './ast.ts'
import { SyntaxFault } from './errors.ts'
import { parseArguments, parseDict, parseList, parseSubscript } from './parse-brackets.ts'
import { isLookup, lookupArguments } from './parse-lookup.ts'
import { parseInteger } from './python/numbers.ts'
import type { Tokens } from './tokens.ts'

const NO_ARGUMENTS: Arguments = { positional: [], named: [], rest: null, namedRest: null }

const CONSTANTS = new Map<string, Value>([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
])

const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>='])
/** How tightly the arithmetic operators bind; all of them associate to the left, `**` too, as in Jinja2. */
const BINDING: Readonly<Record<string, number>> = { '+': 1, '-': 1, '~': 2, '*': 3, '/': 3, '//': 3, '%': 3, '**': 4 }
const TIGHTER_THAN_CONCAT = 3
/** Words that cannot be the argument of a test written without parentheses. */
const AFTER_TEST: ReadonlySet<string> = new Set(['else', 'or', 'and', 'if', 'in', 'not', 'recursive'])
const RESERVED: ReadonlySet<string> = new Set(['and', 'or', 'not', 'in', 'is', 'if', 'else'])
const TEST_ARGUMENT: ReadonlySet<string> = new Set(['name', 'string', 'integer', 'float'])

/** An expression with the conditional `a if b else c`. */
export function parseExpression(tokens: Tokens): Expr {
  return tokens.deeper(() => {
    let then = parseOr(tokens)
    while (tokens.isName('if')) {
      const { at } = tokens.next()
      const test = parseOr(tokens)
      const otherwise = tokens.skip('name', 'else') ? parseExpression(tokens) : null
      then = { kind: 'conditional', at, test, then, otherwise }
    }
    return then
  })
}

/** An expression without the conditional: what stands before a `for`'s `if`. */
export function parseOr(tokens: Tokens): Expr {
  let left = parseAnd(tokens)
  while (tokens.isName('or')) {
    const { at } = tokens.next()
    left = { kind: 'or', at, left, right: parseAnd(tokens) }
  }
  return left
}

function parseAnd(tokens: Tokens): Expr {
  let left = parseNot(tokens)
  while (tokens.isName('and')) {
    const { at } = tokens.next()
    left = { kind: 'and', at, left, right: parseNot(tokens) }
  }
  return left
}

function parseNot(tokens: Tokens): Expr {
  if (!tokens.isName('not')) return parseComparison(tokens)
  const { at } = tokens.next()
  return { kind: 'not', at, operand: tokens.deeper(() => parseNot(tokens)) }
}

function comparison(tokens: Tokens): Comparison | undefined {
  const token = tokens.peek()
  if (token.kind === 'operator' && COMPARISONS.has(token.text)) return tokens.next().text as Comparison
  if (tokens.skip('name', 'in')) return 'in'
  const after = tokens.peek(1)
  if (!tokens.isName('not') || after.kind !== 'name' || after.text !== 'in') return undefined
  tokens.next()
  tokens.next()
  return 'not in'
}

function parseComparison(tokens: Tokens): Expr {
  const first = parseBinary(tokens, 1)
  const rest: { operator: Comparison; value: Expr }[] = []
  const { at } = tokens.peek()
  for (let operator = comparison(tokens); operator; operator = comparison(tokens)) {
    rest.push({ operator, value: parseBinary(tokens, 1) })
  }
  return rest.length === 0 ? first : { kind: 'compare', at, first, rest }
}

function parseBinary(tokens: Tokens, tightest: number): Expr {
  let left = parseUnary(tokens, true)
  for (;;) {
    const { kind, text, at } = tokens.peek()
    const binding = kind === 'operator' ? BINDING[text] : undefined
    if (binding === undefined || binding < tightest) return left
    if (text === '~') {
      left = parseConcat(tokens, left)
      continue
    }
    tokens.next()
    const right = parseBinary(tokens, binding + 1)
    left = { kind: 'binary', at, operator: text as BinaryOperator, left, right }
  }
}

/** `a ~ b ~ c` is one node, however long. */
function parseConcat(tokens: Tokens, first: Expr): Expr {
  const { at } = tokens.peek()
  const parts = [first]
  while (tokens.skip('operator', '~')) parts.push(parseBinary(tokens, TIGHTER_THAN_CONCAT))
  return { kind: 'concat', at, parts }
}

function parseUnary(tokens: Tokens, withFilter: boolean): Expr {
  const token = tokens.peek()
  let node: Expr
  if (token.kind === 'operator' && (token.text === '-' || token.text === '+')) {
    tokens.next()
    const operand = tokens.deeper(() => parseUnary(tokens, false))
    node = { kind: token.text === '-' ? 'negative' : 'positive', at: token.at, operand }
  } else node = parsePrimary(tokens)
  node = parsePostfix(tokens, node)
  return withFilter ? parseFilters(tokens, node) : node
}

/** A literal, a name or something in brackets. */
export function parsePrimary(tokens: Tokens): Expr {
  const token = tokens.peek()
  const { at, text } = token
  if (token.kind === 'name') {
    if (RESERVED.has(text)) throw tokens.unexpected()
    tokens.next()
    const constant = CONSTANTS.get(text)
    return constant === undefined ? { kind: 'name', at, name: text } : { kind: 'constant', at, value: constant }
  }
  if (token.kind === 'string') {
    let value = ''
    while (tokens.is('string')) value += tokens.next().text
    return { kind: 'constant', at, value }
  }
  if (token.kind === 'integer' || token.kind === 'float') {
    tokens.next()
    const value = token.kind === 'integer' ? parseInteger(text, 0) : float(Number(text))
    if (value === undefined) throw new SyntaxFault(`'${text}' is not a number`, at)
    return { kind: 'constant', at, value }
  }
  if (tokens.isOperator('(')) {
    tokens.next()
    const inner = tokens.deeper(() => parseTuple(tokens, { parentheses: true }))
    tokens.expect('operator', ')')
    return inner
  }
  if (tokens.isOperator('[')) return tokens.deeper(() => parseList(tokens, parseExpression))
  if (tokens.isOperator('{')) return tokens.deeper(() => parseDict(tokens, parseExpression))
  throw tokens.unexpected()
}

interface TupleOptions {
  /** In parentheses an empty tuple is allowed. */
  readonly parentheses?: boolean
  /** False where an `if` belongs to the statement. */
  readonly conditional?: boolean
  /** A word that ends the tuple. */
  readonly until?: string
}

/** One expression, or several with commas between them, which are a tuple. */
export function parseTuple(tokens: Tokens, options: TupleOptions = {}): Expr {
  const { at } = tokens.peek()
  const items: Expr[] = []
  let tuple = false
  const ended = () =>
    tokens.is('variable_end') ||
    tokens.is('block_end') ||
    tokens.is('eof') ||
    tokens.isOperator(')') ||
    (options.until !== undefined && tokens.isName(options.until))
  while (!ended()) {
    items.push(options.conditional === false ? parseOr(tokens) : parseExpression(tokens))
    if (!tokens.skip('operator', ',')) break
    tuple = true
  }
  const [only] = items
  if (!tuple && only) return only
  if (items.length === 0 && !options.parentheses) throw tokens.unexpected('an expression')
  return { kind: 'tuple', at, items }
}

function parseCall(tokens: Tokens, callee: Expr): Expr {
  const args = parseArguments(tokens, parseExpression)
  return { kind: 'call', at: callee.at, callee, args: isLookup(callee) ? lookupArguments(args) : args }
}

/** `.name`, `[key]`, `(arguments)` after a value. */
function parsePostfix(tokens: Tokens, start: Expr): Expr {
  let node = start
  for (;;) {
    const { at } = tokens.peek()
    if (tokens.skip('operator', '.')) node = parseMember(tokens, node, at)
    else if (tokens.isOperator('[')) node = parseSubscript(tokens, node, parseExpression)
    else if (tokens.isOperator('(')) node = parseCall(tokens, node)
    else return node
  }
}

function parseMember(tokens: Tokens, object: Expr, at: number): Expr {
  const token = tokens.next()
  if (token.kind === 'name') return { kind: 'attribute', at, object, name: token.text }
  if (token.kind !== 'integer') throw new SyntaxFault(`expected name or number after '.'`, token.at)
  return { kind: 'item', at, object, key: { kind: 'constant', at: token.at, value: Number(token.text) } }
}

/** `name` or `collection.name`. */
function dottedName(tokens: Tokens): string {
  let name = tokens.expect('name').text
  while (tokens.isOperator('.')) {
    tokens.next()
    name += `.${tokens.expect('name').text}`
  }
  return name
}

const optionalArguments = (tokens: Tokens): Arguments =>
  tokens.isOperator('(') ? parseArguments(tokens, parseExpression) : NO_ARGUMENTS

/** `| filter`, `is test` and calls after a value. */
function parseFilters(tokens: Tokens, start: Expr): Expr {
  let node = start
  for (;;) {
    if (tokens.skip('operator', '|')) node = parseFilter(tokens, node)
    else if (tokens.isName('is')) node = parseTest(tokens, node)
    else if (tokens.isOperator('(')) node = parseCall(tokens, node)
    else return node
  }
}

function parseFilter(tokens: Tokens, input: Expr | null): FilterExpr {
  const { at } = tokens.peek()
  return { kind: 'filter', at, input, name: dottedName(tokens), args: optionalArguments(tokens) }
}

/** Filters without an input, as `{% filter a | b %}` and `{% set x | a %}` have them; the first `|` is taken already. */
export function parseFilterChain(tokens: Tokens): FilterExpr {
  let node = parseFilter(tokens, null)
  while (tokens.skip('operator', '|')) node = parseFilter(tokens, node)
  return node
}

function parseTest(tokens: Tokens, input: Expr): Expr {
  tokens.next()
  const negated = tokens.skip('name', 'not')
  const { at } = tokens.peek()
  const name = dottedName(tokens)
  return { kind: 'test', at, input, name, args: testArguments(tokens), negated }
}

function testArguments(tokens: Tokens): Arguments {
  if (tokens.isOperator('(')) return parseArguments(tokens, parseExpression)
  const token = tokens.peek()
  const starts = TEST_ARGUMENT.has(token.kind) || tokens.isOperator('[') || tokens.isOperator('{')
  if (!starts || (token.kind === 'name' && AFTER_TEST.has(token.text))) return NO_ARGUMENTS
  if (tokens.isName('is')) throw new SyntaxFault('you cannot chain multiple tests with is', token.at)
  return { ...NO_ARGUMENTS, positional: [parsePostfix(tokens, parsePrimary(tokens))] }
}
