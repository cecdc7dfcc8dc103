import type { Arguments, Expr } from './ast.ts'

const LOOKUPS: ReadonlySet<string> = new Set(['lookup', 'query', 'q'])
const OPENING = /\{[{%]/

/** Whether a string written in an expression holds a template. */
export const isEmbedded = (text: string): boolean => OPENING.test(text)

/** True for the callee of `lookup('name')`, `query` and `q`. */
export const isLookup = (callee: Expr): boolean => callee.kind === 'name' && LOOKUPS.has(callee.name)

/** The expression with the strings that are written in it read as templates; what it computes stays data. */
function opened(node: Expr): Expr {
  switch (node.kind) {
    case 'constant':
      return typeof node.value === 'string' && isEmbedded(node.value)
        ? { kind: 'embedded', at: node.at, source: node.value }
        : node
    case 'list':
    case 'tuple':
      return { ...node, items: node.items.map(opened) }
    case 'dict':
      return { ...node, pairs: node.pairs.map(({ key, value }) => ({ key, value: opened(value) })) }
    default:
      return node
  }
}

/** The arguments of a lookup: its terms may be templates themselves, as in Ansible; its name and options may not. */
export const lookupArguments = (args: Arguments): Arguments => ({
  ...args,
  positional: args.positional.map((term, index) => (index === 0 ? term : opened(term))),
})
