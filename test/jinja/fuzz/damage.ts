import type { Dice } from './dice.ts'

const PIECES = [
  ...[
    '{{',
    '}}',
    '{%',
    '%}',
    '{#',
    '#}',
    '{%-',
    '-%}',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    '|',
    '.',
    ',',
    ':',
    '~',
    '**',
    '//',
    '%',
  ],
  ...[
    'if ',
    ' else ',
    'for ',
    ' in ',
    'endfor',
    'endif',
    'is ',
    'not ',
    'and ',
    'set ',
    'block ',
    'macro ',
    'raw',
    'endraw',
  ],
  ...[
    'include ',
    'extends ',
    'import ',
    'call ',
    'filter ',
    'recursive',
    'self',
    'super()',
    'loop',
    'caller()',
    'namespace(',
  ],
  ...[
    '"',
    "'",
    '\\',
    '\\x',
    '\\N{',
    '\n',
    '\r',
    '\0',
    '\u2028',
    '\ud800',
    'é',
    '😀',
    '0x',
    '1e',
    '9'.repeat(400),
    '__class__',
    '_x',
  ],
  ...[
    'constructor',
    '__proto__',
    'toString',
    '.format(',
    '%s',
    '{0.__class__}',
    'range(10 ** 12)',
    "'a' * 10 ** 9",
    '[[]] * 10 ** 7',
  ],
  ...[
    'lookup(',
    "lookup('vars', 'x')",
    "| map('",
    "| select('",
    '| regex_replace(',
    "'(a+)+$'",
    "'(?P<a>'",
    "'[z-a]'",
    '| batch(0)',
  ],
  ...[
    '| json_query(',
    "'a[?'",
    '| from_yaml',
    '| from_json',
    "'&a [*a]'",
    '| to_nice_yaml',
    '| pprint',
    '| combine(',
    '| random',
  ],
] as const

/** What a name or a number may become: large, deep, circular, of another type. */
const VALUES = [
  ...[
    '(10 ** 9)',
    '-1',
    '(2 ** 60)',
    '(2 ** 100000)',
    '1e308',
    '-0.0',
    "'inf' | float",
    "'nan' | float",
    'none',
    'true',
  ],
  ...[
    'missing',
    'd',
    'users',
    '[]',
    '{}',
    "''",
    '[[[[[]]]]]',
    'range(10 ** 9)',
    "('a' * 100000)",
    "('a' * 10 ** 7)",
    '(1,) * 10000',
  ],
  ...[
    '[nums.append(nums), nums]',
    '[d.update({"d": d}), d]',
    '(users * 100000)',
    'd.items()',
    'range',
    'lookup',
    'd.get',
    'loop',
    'self',
  ],
  ...[
    '"\\ud800"',
    '"\\u0000"',
    '"😀" * 5',
    "'%s' * 1000",
    "'{' * 1000",
    "'(' * 1000",
    "'a?' * 30",
    'namespace(a=1)',
    'cycler(1)',
    'joiner()',
  ],
] as const

/** One name, number or text of the source becomes something else. */
function swapped(source: string, dice: Dice): string {
  const words = [...source.matchAll(/"[^"]*"|'[^']*'|\b\w+\b/g)]
  if (words.length === 0) return source
  const { 0: word, index } = dice.pick(words)
  return source.slice(0, index) + dice.pick(VALUES) + source.slice(index + word.length)
}

/** A text with some of it cut, doubled, swapped or replaced by what hurts. */
export function damaged(source: string, dice: Dice): string {
  if (!dice.once(3)) return swapped(dice.once(3) ? swapped(source, dice) : source, dice)
  let text = source
  for (let count = 1 + dice.below(4); count > 0; count--) {
    const [from, length] = [dice.below(text.length + 1), dice.below(12)]
    const [head, middle, tail] = [text.slice(0, from), text.slice(from, from + length), text.slice(from + length)]
    text = dice.pick([
      () => head + tail,
      () => head + middle + middle + tail,
      () => tail + middle + head,
      () => head + dice.pick(PIECES) + tail,
      () => head + dice.pick(PIECES) + middle + dice.pick(PIECES) + tail,
      () => head + dice.pick(PIECES).repeat(1 + dice.below(3000)) + tail,
      () => head + dice.some(1, 12, () => dice.pick(PIECES)).join('') + tail,
    ])()
  }
  return text
}
