import { didYouMean } from '../base/nearest.ts'
import { LOOKUPS } from '../jinja/lookups/all.ts'
import { field, type Mapping } from '../source/node.ts'
import type { Loop } from './ast.ts'
import type { Env } from './context.ts'
import { LOOP_CONTROL } from './keywords.ts'
import { checkShape, identifierOrTemplate, itemsOf } from './values.ts'

/** The loop of a task: `loop` or one `with_X`, and its `loop_control`. */
export function loopOf(task: Mapping, env: Env): Loop | undefined {
  const loops = task.entries.filter(({ key }) => key.text === 'loop' || key.text.startsWith('with_'))
  const [first, second] = loops
  if (second)
    env.faults.add(
      'task-loops',
      `'${first?.key.text}' and '${second.key.text}' stand in one task`,
      second.key.span,
      'use one loop',
    )
  if (!first) return undefined
  const { key, value } = first
  const by = key.text === 'loop' ? 'loop' : key.text.slice('with_'.length).replace(/^.*\./, '')
  const known = [...Object.keys(LOOKUPS), ...(env.ctx.loops ?? [])]
  if (by !== 'loop' && !known.includes(by)) {
    const hint = didYouMean(
      key.text,
      known.map(name => `with_${name}`),
    )
    env.faults.add(
      'loop-unknown',
      `unknown loop '${key.text}'${hint}`,
      key.span,
      "use 'loop' with a filter or a lookup",
    )
  }
  return { by, over: value, span: key.span, ...controlOf(field(task, 'loop_control'), env) }
}

type Control = Omit<Loop, 'by' | 'over' | 'span'>

function controlOf(node: Mapping | ReturnType<typeof field>, env: Env): Control {
  if (node?.kind !== 'mapping') return { variable: 'item', breakWhen: [] }
  for (const { key, value } of node.entries) {
    const shape = Object.hasOwn(LOOP_CONTROL, key.text) ? LOOP_CONTROL[key.text] : undefined
    if (shape) checkShape(value, key.text, shape, env.faults)
    else {
      const known = Object.keys(LOOP_CONTROL)
      env.faults.add(
        'playbook-key',
        `unknown key '${key.text}' in loop_control${didYouMean(key.text, known)}`,
        key.span,
        `known: ${known.join(', ')}`,
      )
    }
  }
  const variable = field(node, 'loop_var')
  const index = field(node, 'index_var')
  const indexVariable = index && identifierOrTemplate(index, 'index_var', env.faults)
  const label = field(node, 'label')
  const pause = field(node, 'pause')
  const extended = field(node, 'extended')
  const extendedAllItems = field(node, 'extended_allitems')
  return {
    variable: (variable && identifierOrTemplate(variable, 'loop_var', env.faults)) ?? 'item',
    breakWhen: itemsOf(field(node, 'break_when')),
    ...(indexVariable === undefined ? {} : { indexVariable }),
    ...(label ? { label } : {}),
    ...(pause ? { pause } : {}),
    ...(extended ? { extended } : {}),
    ...(extendedAllItems ? { extendedAllItems } : {}),
  }
}
