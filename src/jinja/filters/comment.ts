import type { Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { integer, soft, text } from '../python/arguments.ts'
import type { Bound } from '../python/callable.ts'
import { sized } from '../python/operators.ts'

interface Style {
  readonly beginning?: string
  readonly decoration: string
  readonly end?: string
}

const STYLES: Readonly<Record<string, Style>> = {
  plain: { decoration: '# ' },
  erlang: { decoration: '% ' },
  c: { decoration: '// ' },
  cblock: { beginning: '/*', decoration: ' * ', end: ' */' },
  xml: { beginning: '<!--', decoration: ' - ', end: '-->' },
}

const OPTIONS = ['newline', 'beginning', 'prefix', 'prefix_count', 'decoration', 'postfix', 'postfix_count', 'end']

/** Ansible's `comment`: text as a comment in one of five styles, each part of which can be set. */
export function comment(value: Value, args: Bound): string {
  const name = text(args.value('style'))
  const style = Object.hasOwn(STYLES, name) ? STYLES[name] : undefined
  if (!style) throw failure(`Invalid style '${name}'; there are ${Object.keys(STYLES).join(', ')}`)
  for (const key of args.named.keys()) if (!OPTIONS.includes(key)) throw failure(`comment() has no option '${key}'`)
  const option = (key: string, fallback: string): string => {
    const given = args.named.get(key)
    return given === undefined ? fallback : soft(given)
  }
  const count = (key: string): number => Math.min(1000, integer(args.named.get(key) ?? 1, key))
  const newline = option('newline', '\n')
  const decoration = option('decoration', style.decoration)
  const edge = decoration.trimEnd()
  const [beginning, end] = [option('beginning', style.beginning ?? ''), option('end', style.end ?? '')]
  const [prefix, postfix] = [option('prefix', edge), option('postfix', edge)]
  const line = prefix === newline ? newline : prefix + newline
  const body = (decoration + text(value, 'a comment').replaceAll(newline, newline + decoration)).replaceAll(
    decoration + newline,
    edge + newline,
  )
  return sized(
    (beginning === '' ? '' : beginning + newline) +
      (prefix === '' ? '' : line.repeat(count('prefix_count'))) +
      body +
      (newline + postfix).repeat(count('postfix_count')) +
      (end === '' ? '' : newline + end),
  )
}
