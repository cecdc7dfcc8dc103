import type { Value } from '../base/value.ts'
import type { Target } from './ast.ts'
import { failure } from './errors.ts'
import type { Frame } from './frame.ts'
import { setAttribute } from './python/attributes.ts'
import { items } from './python/iterate.ts'
import { typeName } from './python/text.ts'

/** Gives the target its value, taking it apart when the target is a tuple. */
export function assign(target: Target, value: Value, frame: Frame): void {
  if (target.kind === 'name') {
    frame.vars.set(target.name, value)
    return
  }
  frame.run.at = target.at
  if (target.kind === 'member') {
    setAttribute(frame.find(target.name) ?? null, target.member, value)
    return
  }
  if (value !== null && typeof value !== 'object' && typeof value !== 'string')
    throw failure(`cannot unpack non-iterable ${typeName(value)} object`)
  const parts = items(value, frame.run)
  if (parts.length !== target.items.length) {
    const what = parts.length > target.items.length ? 'too many' : 'not enough'
    throw failure(`${what} values to unpack (expected ${target.items.length}, got ${parts.length})`)
  }
  for (const [index, item] of target.items.entries()) assign(item, parts[index] ?? null, frame)
}
