import type { Arguments, Expr, Parameters, Stmt, Target } from './ast.ts'
import { isLookup } from './parse-lookup.ts'

/** What of a template is looked at: an expression or a statement. */
type Part = Expr | Stmt

/** The calls of filters, tests and functions by name that a walk meets. */
export interface Mention {
  readonly kind: 'filter' | 'test' | 'lookup'
  readonly name: string
  readonly at: number
}

/** Walks everything below these parts, without recursion, so that no depth of nesting can overflow the stack. */
export function* walk(parts: Iterable<Part>): Generator<Part> {
  const stack: Part[] = [...parts].reverse()
  for (let part = stack.pop(); part; part = stack.pop()) {
    yield part
    for (const child of children(part).reverse()) stack.push(child)
  }
}

const argumentParts = (args: Arguments): Expr[] => [
  ...args.positional,
  ...args.named.map(argument => argument.value),
  ...(args.rest ? [args.rest] : []),
  ...(args.namedRest ? [args.namedRest] : []),
]

const some = (...parts: (Part | null)[]): Part[] => parts.filter(part => part !== null)
const fallbacks = (parameters: Parameters): Part[] => some(...parameters.names.map(name => name.fallback))

/** The direct parts of an expression or statement, in the order in which they stand. */
function children(part: Part): Part[] {
  switch (part.kind) {
    case 'list':
    case 'tuple':
      return [...part.items]
    case 'dict':
      return part.pairs.flatMap(pair => [pair.key, pair.value])
    case 'attribute':
      return [part.object]
    case 'item':
      return [part.object, part.key]
    case 'slice':
      return some(part.start, part.stop, part.step)
    case 'call':
      return [part.callee, ...argumentParts(part.args)]
    case 'filter':
    case 'test':
      return [...some(part.input), ...argumentParts(part.args)]
    case 'not':
    case 'negative':
    case 'positive':
      return [part.operand]
    case 'binary':
    case 'and':
    case 'or':
      return [part.left, part.right]
    case 'concat':
      return [...part.parts]
    case 'compare':
      return [part.first, ...part.rest.map(operand => operand.value)]
    case 'conditional':
      return some(part.test, part.then, part.otherwise)
    case 'print':
    case 'set':
    case 'do':
      return [part.value]
    case 'for':
      return [...some(part.over, part.filter), ...part.body, ...part.otherwise]
    case 'if':
      return [...part.branches.flatMap(branch => [branch.test, ...branch.body]), ...part.otherwise]
    case 'capture':
      return [...some(part.filter), ...part.body]
    case 'with':
      return [...part.bindings.map(binding => binding.value), ...part.body]
    case 'macro':
      return [...fallbacks(part.parameters), ...part.body]
    case 'callblock':
      return [...fallbacks(part.parameters), part.call, ...part.body]
    case 'filterblock':
      return [part.filter, ...part.body]
    case 'block':
      return [...part.body]
    case 'extends':
    case 'include':
    case 'import':
    case 'from':
      return [part.template]
    case 'autoescape':
      return [part.enabled, ...part.body]
    default:
      return []
  }
}

/** Every name that is read anywhere below, bound or not. */
export function namesIn(parts: Iterable<Part>): Set<string> {
  const out = new Set<string>()
  for (const part of walk(parts)) if (part.kind === 'name') out.add(part.name)
  return out
}

function targetNames(target: Target): string[] {
  if (target.kind === 'name') return [target.name]
  return target.kind === 'tuple' ? target.items.flatMap(targetNames) : []
}

/** The names that a template gives itself: loop variables, `set`, macros, imports, parameters. */
export function boundNames(parts: Iterable<Part>): Set<string> {
  const out = new Set<string>()
  const add = (names: readonly string[]) => {
    for (const name of names) out.add(name)
  }
  for (const part of walk(parts)) {
    if (part.kind === 'for') add([...targetNames(part.target), 'loop'])
    else if (part.kind === 'set' || part.kind === 'capture') add(targetNames(part.target))
    else if (part.kind === 'with') add(part.bindings.flatMap(binding => targetNames(binding.target)))
    else if (part.kind === 'macro' || part.kind === 'callblock') {
      add([...part.parameters.names.map(parameter => parameter.name), 'varargs', 'kwargs', 'caller'])
      if (part.kind === 'macro') add([part.name])
    } else if (part.kind === 'import') add([part.as])
    else if (part.kind === 'from') add(part.names.map(name => name.as))
    else if (part.kind === 'block') add(['super', 'self'])
  }
  return out
}

/** The filters, tests and lookups that are called by a name written in the text. */
export function mentions(parts: Iterable<Part>): Mention[] {
  const out: Mention[] = []
  for (const part of walk(parts)) {
    if (part.kind === 'filter' || part.kind === 'test') out.push({ kind: part.kind, name: part.name, at: part.at })
    else if (part.kind === 'call' && isLookup(part.callee)) {
      const [first] = part.args.positional
      if (first?.kind === 'constant' && typeof first.value === 'string') {
        out.push({ kind: 'lookup', name: first.value, at: first.at })
      }
    }
  }
  return out
}
