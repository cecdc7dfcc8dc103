import type { Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { mapping, soft } from '../python/arguments.ts'
import { own, type Runtime } from '../python/callable.ts'
import { items } from '../python/iterate.ts'
import { DictView, Range, Tuple, Undefined } from '../python/objects.ts'
import { typeName } from '../python/text.ts'

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  "'": '&#39;',
  '"': '&#34;',
}
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' }

/** Text safe in HTML. */
export const escaped = (text: string): string => text.replace(/[&<>'"]/g, letter => ENTITIES[letter] ?? letter)

/** Text without what stands between `<` and `>`, and between `<!--` and `-->`; what is not closed stays. */
function withoutTags(text: string): string {
  let out = ''
  let at = 0
  const lastComment = text.lastIndexOf('-->')
  for (;;) {
    const open = text.indexOf('<', at)
    const end = open < 0 ? '' : text.startsWith('<!--', open) && open <= lastComment ? '-->' : '>'
    const close = end === '' ? -1 : text.indexOf(end, open)
    if (close < 0) return out + text.slice(at)
    out += text.slice(at, open)
    at = close + end.length
  }
}

/** Text without tags and comments, entities decoded, blanks as one space. */
export const stripTags = (text: string): string =>
  withoutTags(text)
    .replace(
      /&(?:#(\d{1,6})|#x([\da-f]{1,6})|(\w{2,8}));/gi,
      (whole, decimal?: string, hex?: string, name?: string) => {
        if (name !== undefined) return own(NAMED, name) ?? whole
        const code = decimal === undefined ? Number.parseInt(hex ?? '0', 16) : Number(decimal)
        return code > 0x10ffff ? whole : String.fromCodePoint(code)
      },
    )
    .split(/\s+/)
    .filter(word => word !== '')
    .join(' ')

/** Percent-encodes all but letters, digits and `_.-~`, and `keep`. */
export function percentEncoded(text: string, keep = ''): string {
  let out = ''
  for (const byte of new TextEncoder().encode(text)) {
    const letter = String.fromCharCode(byte)
    out +=
      /[\w.~-]/.test(letter) || (byte < 0x80 && keep.includes(letter))
        ? letter
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return out
}

const formPart = (value: Value): string => percentEncoded(soft(value)).replaceAll('%20', '+')

/** A text for a URL path, or pairs for a query. */
export function urlEncoded(value: Value, run: Runtime): string {
  const pairs = value instanceof Map ? Array.from(value.entries(), pair => new Tuple(pair)) : undefined
  if (
    !pairs &&
    !Array.isArray(value) &&
    !(value instanceof Tuple) &&
    !(value instanceof DictView) &&
    !(value instanceof Range)
  )
    return percentEncoded(soft(value), '/')
  return (pairs ?? items(value, run))
    .map(pair => {
      const [key, item, ...rest] = items(pair, run)
      if (key === undefined || item === undefined || rest.length > 0)
        throw failure('urlencode() wants pairs of key and value')
      return `${formPart(key)}=${formPart(item)}`
    })
    .join('&')
}

/** ` key="value"` for every entry that is neither None nor undefined. */
export function xmlAttributes(value: Value, space: boolean): string {
  const parts: string[] = []
  for (const [key, item] of mapping(value, 'xmlattr').entries()) {
    if (item === null || item instanceof Undefined) continue
    if (typeof key !== 'string') throw failure(`the name of an attribute must be str, not ${typeName(key)}`)
    if (/\s/.test(soft(key))) throw failure(`Spaces are not allowed in attributes: '${soft(key)}'`)
    parts.push(`${escaped(soft(key))}="${escaped(soft(item))}"`)
  }
  const all = parts.join(' ')
  return space && all !== '' ? ` ${all}` : all
}
