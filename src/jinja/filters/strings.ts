import { Unsafe, type Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { LONGEST_TEXT } from '../limits.ts'
import { flagArgument, integerArgument, optionalText, soft, text } from '../python/arguments.ts'
import { type Bound, type Filters, native, type Runtime } from '../python/callable.ts'
import { capitalised } from '../python/case.ts'
import { characters, length as lengthOf, textLength } from '../python/iterate.ts'
import { Tuple, Undefined } from '../python/objects.ts'
import { sized } from '../python/operators.ts'
import { percentFormat } from '../python/percent-format.ts'
import { splitLines, stripText } from '../python/split.ts'
import { replaced } from '../python/str-methods.ts'
import { truthy } from '../python/text.ts'
import { comment } from './comment.ts'
import { escaped, stripTags, urlEncoded, xmlAttributes } from './markup.ts'
import { wrapped } from './wrap.ts'

const WORD_START = /([-\s({[<]+)/

/** Jinja2's `title`: the first letter of a word is upper, even where another form begins words. */
const titled = (text: string): string =>
  text
    .split(WORD_START)
    .map(([first = '', ...rest]) => first.toUpperCase() + rest.join('').toLowerCase())
    .join('')

function indent(value: Value, args: Bound): string {
  const width = args.value('width')
  const margin =
    typeof width === 'string' ? width : ' '.repeat(Math.min(LONGEST_TEXT, Math.max(0, integerArgument(args, 'width'))))
  const [head = '', ...rest] = splitLines(`${text(value, 'what is indented')}\n`, false)
  const blank = flagArgument(args, 'blank')
  const body = [head, ...rest.map(line => (line !== '' || blank ? sized(margin) + line : line))].join('\n')
  return sized(flagArgument(args, 'first') ? margin + body : body)
}

function truncate(value: Value, args: Bound): Value {
  const end = soft(args.value('end'))
  const length = integerArgument(args, 'length')
  const leeway = args.value('leeway') === null ? 5 : integerArgument(args, 'leeway')
  if (length < textLength(end)) throw failure(`expected length >= ${textLength(end)}, got ${length}`)
  if (leeway < 0) throw failure(`expected leeway >= 0, got ${leeway}`)
  if (lengthOf(value) <= length + leeway) return value
  const letters = characters(text(value, 'what is truncated'))
  const cut = letters.slice(0, length - textLength(end)).join('')
  if (flagArgument(args, 'killwords')) return cut + end
  const space = cut.lastIndexOf(' ')
  return (space < 0 ? cut : cut.slice(0, space)) + end
}

function center(value: Value, args: Bound): string {
  const text = soft(value)
  const width = integerArgument(args, 'width')
  if (width > LONGEST_TEXT) throw failure('the width is too large', 'template-limit')
  const missing = width - textLength(text)
  if (missing <= 0) return text
  const left = Math.floor(missing / 2) + (missing & width & 1)
  return ' '.repeat(left) + text + ' '.repeat(missing - left)
}

function wordWrap(value: Value, args: Bound, run: Runtime): string {
  const newline = optionalText(args, 'wrapstring') ?? '\n'
  const options = {
    width: integerArgument(args, 'width'),
    breakLong: flagArgument(args, 'break_long_words'),
    breakHyphens: flagArgument(args, 'break_on_hyphens'),
  }
  return splitLines(text(value, 'what is wrapped'), false)
    .map(line => wrapped(line, options, run).join(newline))
    .join(newline)
}

function format(value: Value, args: Bound): string {
  if (args.rest.length > 0 && args.named.size > 0)
    throw failure("can't handle positional and keyword arguments at the same time")
  const given = args.named.size > 0 ? new Map<Value, Value>(args.named) : new Tuple(args.rest)
  return sized(percentFormat(soft(value), given))
}

/** A word as the shell reads it back: Python's shlex.quote. */
export const shellQuoted = (text: string): string =>
  text === '' ? "''" : /[^\w@%+=:,./-]/.test(text) ? `'${text.replaceAll("'", `'"'"'`)}'` : text

const quote = (value: Value): string => shellQuoted(value === null ? '' : soft(value))

/** Python's str() of a value that an Undefined is refused for, also a marked one. */
const plain = (value: Value): Value => {
  if (value instanceof Undefined) throw value.error()
  return value instanceof Unsafe ? value.text : soft(value)
}

/** Text. */
export const STRING_FILTERS: Filters = {
  upper: native('', value => soft(value).toUpperCase()),
  lower: native('', value => soft(value).toLowerCase()),
  capitalize: native('', value => capitalised(soft(value))),
  title: native('', value => titled(soft(value))),
  trim: native('chars=None', (value, args) => stripText(soft(value), optionalText(args, 'chars'), 'both')),
  replace: native('old, new, count=None', (value, args) => {
    const count = args.value('count') === null ? -1 : integerArgument(args, 'count')
    return replaced(soft(value), soft(args.value('old')), soft(args.value('new')), count)
  }),
  indent: native('width=4, first=False, blank=False', indent),
  truncate: native("length=255, killwords=False, end='...', leeway=None", truncate),
  center: native('width=80', center),
  wordcount: native('', value => soft(value).match(/[\p{L}\p{N}_]+/gu)?.length ?? 0),
  wordwrap: native('width=79, break_long_words=True, wrapstring=None, break_on_hyphens=True', wordWrap),
  format: native('*args, **kwargs', format),
  escape: native('', value => escaped(soft(value))),
  e: native('', value => escaped(soft(value))),
  forceescape: native('', value => escaped(soft(value))),
  safe: native('', plain),
  striptags: native('', value => stripTags(soft(value))),
  urlencode: native('', (value, _args, run) => urlEncoded(value, run)),
  xmlattr: native('autospace=True', (value, args) => xmlAttributes(value, truthy(args.value('autospace')))),
  quote: native('', quote),
  comment: native("style='plain', **options", comment),
}
