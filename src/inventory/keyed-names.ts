import type { Value } from '../base/value.ts'
import { toText, truthy } from '../jinja/python/text.ts'
import { field, type Mapping } from '../source/node.ts'

/**
 * The groups that an entry of `keyed_groups` makes of a value: one of a text, one for each item of a list or dict, with `prefix`
 * and `separator` before it. Undefined when there is no value to name a group by.
 * @param leading false: no separator where there is no prefix
 */
export function keyedNames(value: Value, keyed: Mapping, leading: boolean): readonly string[] | undefined {
  const option = (name: string): string | undefined => {
    const node = field(keyed, name)
    return node?.kind === 'scalar' && node.value !== null ? node.text : undefined
  }
  const instead = option('default_value')
  if (!truthy(value) && !(value === '' && instead !== undefined)) return undefined
  const prefix = option('prefix') ?? ''
  const separator = option('separator') ?? '_'
  const trailing = field(keyed, 'trailing_separator')
  const bare = trailing?.kind === 'scalar' && trailing.value === false
  const orElse = (text: string): string => (text === '' && instead !== undefined ? instead : text)
  const pair = (key: Value, item: Value): string => {
    const after = orElse(toText(item))
    return after === '' && bare ? toText(key) : `${toText(key)}${separator}${after}`
  }
  const names = Array.isArray(value)
    ? value.map(item => orElse(toText(item)))
    : value instanceof Map
      ? Array.from(value, ([key, item]) => pair(key, item))
      : [orElse(toText(value))]
  const begin = prefix === '' && !leading ? '' : `${prefix}${separator}`
  return names.map(name => begin + name)
}
