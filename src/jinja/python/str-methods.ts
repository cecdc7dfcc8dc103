import type { Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { LONGEST_TEXT } from '../limits.ts'
import { flagArgument, integer, integerArgument, optionalText, text, textArgument } from './arguments.ts'
import { allBlank } from './blanks.ts'
import { braceFormat } from './brace-format.ts'
import { type Bound, type Filters, native } from './callable.ts'
import { capitalised, swapCase, titled } from './case.ts'
import { characters, items, sliceIndices, textLength } from './iterate.ts'
import { Tuple } from './objects.ts'
import { sized } from './operators.ts'
import { splitLines, splitText, stripText } from './split.ts'
import { typeName } from './text.ts'

const str = (self: Value): string => (typeof self === 'string' ? self : '')

/** The part of the text between optional start and stop, and where it begins, in code points. */
function part(self: Value, args: Bound): { inner: string; from: number } {
  const [start, stop] = [args.value('start'), args.value('stop')]
  if (start === null && stop === null) return { inner: str(self), from: 0 }
  const letters = characters(str(self))
  const indices = sliceIndices({ start, stop, step: null }, letters.length)
  const from = indices[0] ?? (start === null ? 0 : Math.min(Math.max(0, integer(start)), letters.length))
  return { inner: indices.map(index => letters[index]).join(''), from }
}

/** A start past the end finds nothing, not even an empty text. */
const beyond = (self: Value, args: Bound): boolean =>
  args.value('start') !== null && integer(args.value('start')) > textLength(str(self))

const place = (whole: string, unit: number): number => (unit <= 0 ? unit : textLength(whole.slice(0, unit)))

const RANGE = 'sub, start=None, stop=None'

function find(self: Value, args: Bound, last: boolean): number {
  const { inner, from } = part(self, args)
  const wanted = textArgument(args, 'sub')
  if (beyond(self, args)) return -1
  const at = place(inner, last ? inner.lastIndexOf(wanted) : inner.indexOf(wanted))
  return at < 0 ? -1 : at + from
}

function found(at: number): number {
  if (at < 0) throw failure('substring not found')
  return at
}

function affix(self: Value, args: Bound, test: (inner: string, affix: string) => boolean): boolean {
  const { inner } = part(self, args)
  const wanted = args.value('sub')
  if (beyond(self, args)) return false
  if (wanted instanceof Tuple) return wanted.items.some(item => test(inner, text(item, 'tuple for startswith')))
  if (typeof wanted !== 'string') throw failure(`first arg must be str or a tuple of str, not ${typeName(wanted)}`)
  return test(inner, wanted)
}

function padded(self: Value, args: Bound, side: 'left' | 'right' | 'both'): string {
  const width = integerArgument(args, 'width')
  const fill = textArgument(args, 'fillchar')
  if (textLength(fill) !== 1) throw failure('The fill character must be exactly one character long')
  if (width > LONGEST_TEXT) throw failure('the width is too large', 'template-limit')
  const missing = width - textLength(str(self))
  if (missing <= 0) return str(self)
  if (side === 'right') return str(self) + fill.repeat(missing)
  if (side === 'left') return fill.repeat(missing) + str(self)
  const left = Math.floor(missing / 2) + (missing & width & 1)
  return fill.repeat(left) + str(self) + fill.repeat(missing - left)
}

const matches =
  (pattern: RegExp) =>
  (self: Value): boolean =>
    pattern.test(str(self))

const cased = (self: Value, cased: RegExp, other: RegExp): boolean => cased.test(str(self)) && !other.test(str(self))

function partition(self: Value, separator: string, last: boolean): Tuple {
  if (separator === '') throw failure('empty separator')
  const whole = str(self)
  const at = last ? whole.lastIndexOf(separator) : whole.indexOf(separator)
  if (at < 0) return new Tuple(last ? ['', '', whole] : [whole, '', ''])
  return new Tuple([whole.slice(0, at), separator, whole.slice(at + separator.length)])
}

/** Python's `str.replace`; refuses what would grow too long. */
export function replaced(whole: string, old: string, by: string, count: number): string {
  if (count === 0) return whole
  const pieces = old === '' ? ['', ...characters(whole), ''] : whole.split(old)
  const times = count < 0 ? pieces.length - 1 : Math.min(count, pieces.length - 1)
  if (times * (by.length - old.length) + whole.length > LONGEST_TEXT) sized(' '.repeat(LONGEST_TEXT + 1))
  return (
    pieces.slice(0, times + 1).join(by) +
    pieces
      .slice(times + 1)
      .map(piece => old + piece)
      .join('')
  )
}

function zeroFilled(self: Value, args: Bound): string {
  const [, sign = '', digits = ''] = /^([-+]?)([\s\S]*)$/.exec(str(self)) ?? []
  const width = integerArgument(args, 'width')
  if (width > LONGEST_TEXT) throw failure('the width is too large', 'template-limit')
  return sign + '0'.repeat(Math.max(0, width - sign.length - textLength(digits))) + digits
}

function joined(self: Value, args: Bound, run: Parameters<Filters[string]['body']>[2]): string {
  const parts = items(args.value('iterable'), run).map((item, index) => {
    if (typeof item === 'string') return item
    return text(item, `sequence item ${index}`)
  })
  return sized(parts.join(str(self)))
}

/** Each tab as the blanks that lead to the next column that `size` divides; a line begins anew. */
function tabsExpanded(text: string, size: number): string {
  let column = 0
  return text
    .split(/([\t\n\r])/)
    .map(part => {
      if (part === '\n' || part === '\r') column = 0
      else if (part !== '\t') column += textLength(part)
      else {
        const blanks = size > 0 ? size - (column % size) : 0
        column += blanks
        if (blanks > LONGEST_TEXT) throw failure('the size of tabs is too large', 'template-limit')
        return ' '.repeat(blanks)
      }
      return part
    })
    .join('')
}

/** Methods of str. */
export const STR_METHODS: Filters = {
  upper: native('', self => str(self).toUpperCase()),
  lower: native('', self => str(self).toLowerCase()),
  casefold: native('', self => str(self).replace(/[^ı]/gu, letter => letter.toUpperCase().toLowerCase())),
  capitalize: native('', self => capitalised(str(self))),
  title: native('', self => titled(str(self))),
  swapcase: native('', self => swapCase(str(self))),
  strip: native('chars=None', (self, args) => stripText(str(self), optionalText(args, 'chars'), 'both')),
  lstrip: native('chars=None', (self, args) => stripText(str(self), optionalText(args, 'chars'), 'left')),
  rstrip: native('chars=None', (self, args) => stripText(str(self), optionalText(args, 'chars'), 'right')),
  split: native('sep=None, maxsplit=-1', (self, args) =>
    splitText(str(self), optionalText(args, 'sep'), integerArgument(args, 'maxsplit'), false),
  ),
  rsplit: native('sep=None, maxsplit=-1', (self, args) =>
    splitText(str(self), optionalText(args, 'sep'), integerArgument(args, 'maxsplit'), true),
  ),
  splitlines: native('keepends=False', (self, args) => splitLines(str(self), flagArgument(args, 'keepends'))),
  partition: native('sep', (self, args) => partition(self, textArgument(args, 'sep'), false)),
  rpartition: native('sep', (self, args) => partition(self, textArgument(args, 'sep'), true)),
  join: native('iterable', joined),
  replace: native('old, new, count=-1', (self, args) =>
    replaced(str(self), textArgument(args, 'old'), textArgument(args, 'new'), integerArgument(args, 'count')),
  ),
  find: native(RANGE, (self, args) => find(self, args, false)),
  rfind: native(RANGE, (self, args) => find(self, args, true)),
  index: native(RANGE, (self, args) => found(find(self, args, false))),
  rindex: native(RANGE, (self, args) => found(find(self, args, true))),
  count: native(RANGE, (self, args) => {
    const { inner } = part(self, args)
    const wanted = textArgument(args, 'sub')
    if (beyond(self, args)) return 0
    return wanted === '' ? textLength(inner) + 1 : inner.split(wanted).length - 1
  }),
  startswith: native(RANGE, (self, args) => affix(self, args, (inner, wanted) => inner.startsWith(wanted))),
  endswith: native(RANGE, (self, args) => affix(self, args, (inner, wanted) => inner.endsWith(wanted))),
  removeprefix: native('prefix', (self, args) => {
    const prefix = textArgument(args, 'prefix')
    return str(self).startsWith(prefix) ? str(self).slice(prefix.length) : self
  }),
  removesuffix: native('suffix', (self, args) => {
    const suffix = textArgument(args, 'suffix')
    return suffix !== '' && str(self).endsWith(suffix) ? str(self).slice(0, -suffix.length) : self
  }),
  ljust: native("width, fillchar=' '", (self, args) => padded(self, args, 'right')),
  rjust: native("width, fillchar=' '", (self, args) => padded(self, args, 'left')),
  center: native("width, fillchar=' '", (self, args) => padded(self, args, 'both')),
  zfill: native('width', zeroFilled),
  expandtabs: native('tabsize=8', (self, args) => sized(tabsExpanded(str(self), integerArgument(args, 'tabsize')))),
  format: native('*args, **kwargs', (self, args) => sized(braceFormat(str(self), args.rest, args.named))),
  format_map: native('mapping', (self, args) => {
    const map = args.value('mapping')
    return sized(braceFormat(str(self), [], map instanceof Map ? (map as Map<string, Value>) : new Map()))
  }),
  isdigit: native(
    '',
    matches(
      /^[\p{Nd}²³¹\u1369-\u1371\u19da\u2070\u2074-\u2079\u2080-\u2089\u2460-\u2468\u2474-\u247c\u2488-\u2490]+$/u,
    ),
  ),
  isdecimal: native('', matches(/^\p{Nd}+$/u)),
  isnumeric: native('', matches(/^\p{N}+$/u)),
  isalpha: native('', matches(/^\p{L}+$/u)),
  isalnum: native('', matches(/^[\p{L}\p{N}]+$/u)),
  isspace: native('', self => allBlank(str(self))),
  isidentifier: native('', matches(/^[\p{ID_Start}_]\p{ID_Continue}*$/u)),
  isascii: native('', matches(/^[\0-\x7f]*$/)),
  isprintable: native('', self => !/[\p{C}\p{Zl}\p{Zp}]|[^\P{Zs} ]/u.test(str(self))),
  isupper: native('', self => cased(self, /\p{Lu}/u, /[\p{Ll}\p{Lt}]/u)),
  islower: native('', self => cased(self, /\p{Ll}/u, /[\p{Lu}\p{Lt}]/u)),
  istitle: native('', self => /\p{L}/u.test(str(self)) && titled(str(self)) === str(self)),
}
