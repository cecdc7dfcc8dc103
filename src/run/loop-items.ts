import { at } from '../base/span.ts'
import { dict, jsonLine, type Value } from '../base/value.ts'
import { isVariableName } from '../base/variable-name.ts'
import { evaluate, isTemplate } from '../jinja/engine.ts'
import { TemplateError } from '../jinja/errors.ts'
import { toText } from '../jinja/python/text.ts'
import type { Loop } from '../playbook/ast.ts'
import { type Node, scalar } from '../source/node.ts'
import { renderNode } from '../vars/render.ts'
import { boolOf, type Speech } from './language.ts'

/** The variables of each turn of a loop: the item, its index, and `ansible_loop` when it was asked for. */
export function itemsOf(loop: Loop, speech: Speech): Map<string, Value>[] {
  const items = listOf(loop, speech)
  const extended = boolOf(loop.extended, speech) ?? false
  const all = boolOf(loop.extendedAllItems, speech) ?? true
  const variable = nameOf(loop.variable, loop, speech)
  if (speech.scope.has(variable))
    speech.scope.options.warn?.(
      `${at(loop.span)}: the loop variable '${variable}' is in use already; give this loop another with loop_control: loop_var`,
    )
  const counter = loop.indexVariable === undefined ? undefined : nameOf(loop.indexVariable, loop, speech)
  return items.map((item, index) => {
    const locals = new Map<string, Value>([
      [variable, item],
      ['ansible_loop_var', variable],
    ])
    if (counter !== undefined) locals.set(counter, index).set('ansible_index_var', counter)
    if (extended) locals.set('ansible_loop', loopDict(items, index, all))
    return locals
  })
}

/** The item of a turn, by the name that it has there. */
export const itemOf = (locals: ReadonlyMap<string, Value>): Value | undefined =>
  locals.get(toText(locals.get('ansible_loop_var') ?? null))

/** A name of a variable, rendered. */
function nameOf(written: string, { span }: Loop, { scope, options }: Speech): string {
  if (!isTemplate(written)) return written
  const name = toText(renderNode(scalar(written, span), scope, options))
  if (isVariableName(name)) return name
  throw new TemplateError('template-runtime', `Invalid variable name in 'loop_control': ${JSON.stringify(name)}`, {
    span,
  })
}

/** `loop` takes a list as it is; `with_X` asks the lookup X, whose name the parser has checked. */
function listOf(loop: Loop, speech: Speech): readonly Value[] {
  const given =
    loop.by === 'first_found' ? defined(loop.over, speech) : renderNode(loop.over, speech.scope, speech.options)
  const options = { ...speech.options, span: loop.span }
  if (loop.by !== 'loop') {
    const terms = Array.isArray(given) ? given : [given]
    const scope = {
      get: (name: string) => (name === '__regplay_terms' ? terms : speech.scope.get(name)),
      names: () => speech.scope.names(),
      options: speech.scope.options,
    }
    const call =
      loop.by === 'dict' ? 'query("dict", __regplay_terms[0])' : `query(${JSON.stringify(loop.by)}, *__regplay_terms)`
    const found = evaluate(call, scope, options)
    return Array.isArray(found) ? found : [found]
  }
  if (!Array.isArray(given)) {
    throw new TemplateError(
      'template-runtime',
      `loop needs a list, and got ${given === null ? 'nothing' : typeof given === 'object' ? 'a dict' : jsonLine(given)}; a dict becomes a list with | dict2items`,
      { span: loop.span },
    )
  }
  return given
}

/**
 * The value without the texts that name what is undefined: `with_first_found` tries the next file. A variable that holds a list is
 * looked into, each but once.
 */
function defined(node: Node, speech: Speech, within: ReadonlySet<string> = new Set()): Value {
  const { scope, options } = speech
  if (node.kind === 'mapping')
    return new Map(node.entries.map(({ key, value }) => [key.value, defined(value, speech, within)]))
  if (node.kind === 'scalar') {
    const name = typeof node.value === 'string' ? /^\{\{\s*(\w+)\s*\}\}$/.exec(node.value)?.[1] : undefined
    const held = name === undefined || within.has(name) ? undefined : scope.written(name)
    if (name === undefined || held === undefined || held.kind === 'scalar') return renderNode(node, scope, options)
    return defined(held, speech, new Set([...within, name]))
  }
  return node.items.flatMap(item => {
    try {
      return [defined(item, speech, within)]
    } catch (error) {
      if (error instanceof TemplateError && error.code === 'undefined-variable') return []
      throw error
    }
  })
}

const loopDict = (items: readonly Value[], index: number, all: boolean): Value =>
  dict({
    ...(all ? { allitems: [...items] } : {}),
    index: index + 1,
    index0: index,
    revindex: items.length - index,
    revindex0: items.length - index - 1,
    first: index === 0,
    last: index === items.length - 1,
    length: items.length,
    ...(index > 0 ? { previtem: items[index - 1] } : {}),
    ...(index < items.length - 1 ? { nextitem: items[index + 1] } : {}),
  })
