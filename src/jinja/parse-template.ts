import type { BlockStmt, Body, Expr, Stmt, Target, Template } from './ast.ts'
import { SyntaxFault } from './errors.ts'
import { type LexerOptions, lexTemplate, type Token } from './lexer.ts'
import { parseExpression, parseFilterChain, parseTuple } from './parse-expression.ts'
import { parameters, parseParameters, parseSingleTarget, parseTarget } from './parse-target.ts'
import { Tokens } from './tokens.ts'

type Statement = (parser: Parser, at: number) => Stmt | readonly Stmt[]

/** Parses template text into statements. One object a template. */
class Parser {
  readonly tokens: Tokens
  readonly blocks = new Map<string, BlockStmt>()
  /** The tags that the open statements wait for, innermost last: for the message about a missing end. */
  readonly #waiting: { ends: readonly string[]; tag: string; at: number }[] = []
  loops = 0

  constructor(tokens: readonly Token[]) {
    this.tokens = new Tokens(tokens)
  }

  /** Statements up to one of the ending tags, whose name stays to be read; without ends, up to the end of the text. */
  body(ends: readonly string[] = [], tag = '', at = 0): Body {
    const out: Stmt[] = []
    if (ends.length > 0) this.#waiting.push({ ends, tag, at })
    for (;;) {
      const token = this.tokens.peek()
      if (token.kind === 'eof') {
        if (ends.length > 0) throw this.#missingEnd()
        return out
      }
      this.tokens.next()
      if (token.kind === 'data') out.push({ kind: 'text', at: token.at, text: token.text })
      else if (token.kind === 'variable_begin') {
        out.push({ kind: 'print', at: this.tokens.peek().at, value: parseTuple(this.tokens) })
        this.tokens.expect('variable_end')
      } else {
        const name = this.tokens.peek()
        if (name.kind === 'name' && ends.includes(name.text)) {
          this.#waiting.pop()
          return out
        }
        this.#statement(out)
      }
    }
  }

  #missingEnd(): SyntaxFault {
    const open = this.#waiting.at(-1) ?? { ends: [], tag: '', at: 0 }
    const ends = open.ends.map(end => `'${end}'`).join(' or ')
    return new SyntaxFault(`unexpected end of template: '${open.tag}' is not ended, expected ${ends}`, open.at)
  }

  #statement(out: Stmt[]): void {
    const { kind, text, at } = this.tokens.peek()
    if (kind !== 'name') throw new SyntaxFault('tag name expected', at)
    const statement = STATEMENTS.get(text)
    if (!statement) {
      const open = this.#waiting.at(-1)
      const wanted = open ? `; '${open.tag}' waits for ${open.ends.map(end => `'${end}'`).join(' or ')}` : ''
      throw new SyntaxFault(`encountered unknown tag '${text}'${wanted}`, at)
    }
    this.tokens.next()
    const parsed = this.tokens.deeper(() => statement(this, at))
    for (const each of Array.isArray(parsed) ? (parsed as readonly Stmt[]) : [parsed as Stmt]) out.push(each)
    this.tokens.expect('block_end')
  }

  /** The body of a statement whose opening tag ends here; takes the name of the ending tag and gives it. */
  inner(ends: readonly string[], tag: string, at: number): { body: Body; end: string } {
    this.tokens.skip('operator', ':')
    this.tokens.expect('block_end')
    const body = this.body(ends, tag, at)
    return { body, end: this.tokens.next().text }
  }
}

const STATEMENTS: ReadonlyMap<string, Statement> = new Map<string, Statement>([
  ['for', parseFor],
  ['if', parseIf],
  ['set', parseSet],
  ['with', parseWith],
  ['macro', parseMacro],
  ['call', parseCall],
  ['filter', parseFilterBlock],
  ['block', parseBlock],
  ['extends', (parser, at) => ({ kind: 'extends', at, template: parseExpression(parser.tokens) })],
  ['include', parseInclude],
  ['import', parseImport],
  ['from', parseFrom],
  ['do', (parser, at) => ({ kind: 'do', at, value: parseTuple(parser.tokens) })],
  ['print', parsePrint],
  ['break', parseLoopControl('break')],
  ['continue', parseLoopControl('continue')],
  ['autoescape', parseAutoescape],
])

function parseFor(parser: Parser, at: number): Stmt {
  const { tokens } = parser
  const target = parseTarget(tokens, 'in')
  tokens.expect('name', 'in')
  const over = parseTuple(tokens, { conditional: false, until: 'recursive' })
  const filter = tokens.skip('name', 'if') ? parseExpression(tokens) : null
  const recursive = tokens.skip('name', 'recursive')
  parser.loops += 1
  const { body, end } = parser.inner(['endfor', 'else'], 'for', at)
  parser.loops -= 1
  const otherwise = end === 'else' ? parser.inner(['endfor'], 'for', at).body : []
  return { kind: 'for', at, target, over, filter, body, otherwise, recursive }
}

function parseIf(parser: Parser, at: number): Stmt {
  const branches: { test: Expr; body: Body }[] = []
  for (;;) {
    const test = parseTuple(parser.tokens, { conditional: false })
    const { body, end } = parser.inner(['elif', 'else', 'endif'], 'if', at)
    branches.push({ test, body })
    if (end === 'elif') continue
    const otherwise = end === 'else' ? parser.inner(['endif'], 'if', at).body : []
    return { kind: 'if', at, branches, otherwise }
  }
}

function parseSet(parser: Parser, at: number): Stmt {
  const { tokens } = parser
  const target = parseTarget(tokens, undefined, true)
  if (tokens.skip('operator', '=')) return { kind: 'set', at, target, value: parseTuple(tokens) }
  const filter = tokens.skip('operator', '|') ? parseFilterChain(tokens) : null
  return { kind: 'capture', at, target, filter, body: parser.inner(['endset'], 'set', at).body }
}

function parseWith(parser: Parser, at: number): Stmt {
  const { tokens } = parser
  const bindings: { target: Target; value: Expr }[] = []
  while (!tokens.is('block_end')) {
    if (bindings.length > 0) tokens.expect('operator', ',')
    const target = parseSingleTarget(tokens, false)
    tokens.expect('operator', '=')
    bindings.push({ target, value: parseExpression(tokens) })
  }
  return { kind: 'with', at, bindings, body: parser.inner(['endwith'], 'with', at).body }
}

/** Loop controls do not reach through a macro, a call or a block. */
function closedBody(parser: Parser, ends: readonly string[], tag: string, at: number): Body {
  const { loops } = parser
  parser.loops = 0
  const { body } = parser.inner(ends, tag, at)
  parser.loops = loops
  return body
}

function parseMacro(parser: Parser, at: number): Stmt {
  const name = parser.tokens.expect('name').text
  const names = parseParameters(parser.tokens)
  const body = closedBody(parser, ['endmacro'], 'macro', at)
  return { kind: 'macro', at, name, parameters: parameters(names, body), body }
}

function parseCall(parser: Parser, at: number): Stmt {
  const names = parser.tokens.isOperator('(') ? parseParameters(parser.tokens) : []
  const call = parseExpression(parser.tokens)
  if (call.kind !== 'call') throw new SyntaxFault('expected call', call.at)
  const body = closedBody(parser, ['endcall'], 'call', at)
  return { kind: 'callblock', at, parameters: parameters(names, body), call, body }
}

function parseFilterBlock(parser: Parser, at: number): Stmt {
  const filter = parseFilterChain(parser.tokens)
  return { kind: 'filterblock', at, filter, body: parser.inner(['endfilter'], 'filter', at).body }
}

function parseBlock(parser: Parser, at: number): Stmt {
  const { tokens } = parser
  const name = tokens.expect('name').text
  if (parser.blocks.has(name)) throw new SyntaxFault(`block '${name}' defined twice`, at)
  const scoped = tokens.skip('name', 'scoped')
  const required = tokens.skip('name', 'required')
  const placeholder: BlockStmt = { kind: 'block', at, name, scoped, required, body: [] }
  parser.blocks.set(name, placeholder)
  const body = closedBody(parser, ['endblock'], 'block', at)
  if (tokens.is('name')) tokens.expect('name', name)
  if (required && body.some(part => part.kind !== 'text' || part.text.trim() !== '')) {
    throw new SyntaxFault('required blocks can only contain comments or whitespace', at)
  }
  const block: BlockStmt = { ...placeholder, body }
  parser.blocks.set(name, block)
  return block
}

function contextChoice(tokens: Tokens, fallback: boolean): boolean {
  const after = tokens.peek(1)
  if (!(tokens.isName('with') || tokens.isName('without')) || after.text !== 'context') return fallback
  const { text } = tokens.next()
  tokens.next()
  return text === 'with'
}

function parseInclude(parser: Parser, at: number): Stmt {
  const { tokens } = parser
  const template = parseExpression(tokens)
  const after = tokens.peek(1)
  const ignoreMissing = tokens.isName('ignore') && after.text === 'missing'
  if (ignoreMissing) {
    tokens.next()
    tokens.next()
  }
  return { kind: 'include', at, template, ignoreMissing, context: contextChoice(tokens, true) }
}

function parseImport(parser: Parser, at: number): Stmt {
  const template = parseExpression(parser.tokens)
  parser.tokens.expect('name', 'as')
  const as = parser.tokens.expect('name').text
  return { kind: 'import', at, template, as, context: contextChoice(parser.tokens, false) }
}

function parseFrom(parser: Parser, at: number): Stmt {
  const { tokens } = parser
  const template = parseExpression(tokens)
  tokens.expect('name', 'import')
  const names: { name: string; as: string }[] = []
  let context = false
  while (!tokens.is('block_end')) {
    if (names.length > 0 && !tokens.skip('operator', ',')) {
      context = contextChoice(tokens, false)
      break
    }
    if (tokens.is('block_end')) break
    if ((tokens.isName('with') || tokens.isName('without')) && tokens.peek(1).text === 'context') continue
    const name = tokens.expect('name')
    if (name.text.startsWith('_'))
      throw new SyntaxFault('names starting with an underline can not be imported', name.at)
    names.push({ name: name.text, as: tokens.skip('name', 'as') ? tokens.expect('name').text : name.text })
  }
  if (names.length === 0) throw tokens.unexpected('a name')
  return { kind: 'from', at, template, names, context }
}

function parsePrint(parser: Parser): readonly Stmt[] {
  const out: Stmt[] = []
  while (!parser.tokens.is('block_end')) {
    if (out.length > 0) parser.tokens.expect('operator', ',')
    out.push({ kind: 'print', at: parser.tokens.peek().at, value: parseExpression(parser.tokens) })
  }
  return out
}

function parseLoopControl(kind: 'break' | 'continue'): Statement {
  return (parser, at) => {
    if (parser.loops === 0) throw new SyntaxFault(`'${kind}' outside of a loop`, at)
    return { kind, at }
  }
}

function parseAutoescape(parser: Parser, at: number): Stmt {
  const enabled = parseExpression(parser.tokens)
  return { kind: 'autoescape', at, enabled, body: parser.inner(['endautoescape'], 'autoescape', at).body }
}

/** Parses a whole template; throws SyntaxFault. The source must have normalised line ends. */
export function parseTemplate(source: string, options: LexerOptions): Template {
  const parser = new Parser(lexTemplate(source, options))
  return { source, body: parser.body(), blocks: parser.blocks }
}
