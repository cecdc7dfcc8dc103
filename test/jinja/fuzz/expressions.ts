import type { Dice } from './dice.ts'

/** What an expression should mostly give; nothing forbids that it gives something else, or fails. */
type Kind = 'int' | 'float' | 'str' | 'bool' | 'list' | 'dict'

const KINDS: readonly Kind[] = ['int', 'float', 'str', 'bool', 'list', 'dict']

/** The variables of CONTEXT by kind. */
const NAMES: Readonly<Record<Kind, readonly string[]>> = {
  int: ['i', 'n', 'big', 'zero', 'neg', 'd.a', 'users[0].uid', 'nums[1]'],
  float: ['f', 'g', 'tiny', 'whole', 'd["f"]'],
  str: ['s', 't', 'uni', 'empty', 'multi', 'html', 'num', 'path', 'ver', 'd.s', 'users[1]["name"]', 'words[0]'],
  bool: ['yes', 'no', 'd.yes', 'users[0].admin'],
  list: ['nums', 'words', 'mixed', 'users', 'nested', 'none_list', 'floats', 'd.list', 'users[2].groups'],
  dict: ['d', 'users[0]', 'sub', 'empty_dict', 'd.sub', 'keys'],
}

/** What every generated expression can see; written as JSON so that floats keep their points. */
export const CONTEXT = `{
  "i": 7, "n": 42, "big": 12345678901234567890, "zero": 0, "neg": -3, "f": 2.5, "g": -0.125, "tiny": 1e-07, "whole": 3.0,
  "s": "hello", "t": "The quick brown fox", "uni": "héllo ☃ 😀", "empty": "", "multi": "a\\n b\\n\\nc\\n", "html": "<b>\\"&'</b>",
  "num": "42", "path": "/etc/nginx/conf.d/site.conf", "ver": "1.10.2", "yes": true, "no": false, "none_value": null,
  "nums": [3, 1, 2, 1], "words": ["b", "a", "C", "ab"], "mixed": [1, "1", 1.0, true, null], "floats": [1.5, 0.1, 2.0],
  "nested": [[1, 2], [3, [4, 5]], []], "none_list": [null, 0, "", false],
  "users": [{"name": "al", "uid": 1001, "groups": ["adm"], "admin": true},
            {"name": "bo", "uid": 1000, "groups": [], "admin": false},
            {"name": "Cy", "uid": 1002, "groups": ["adm", "dev"], "admin": true}],
  "d": {"a": 1, "s": "text", "f": 0.5, "yes": true, "list": [1, 2, 3], "sub": {"x": "deep", "y": null}},
  "sub": {"z": 26, "a": 1, "M": 13}, "empty_dict": {}, "keys": {"1": "one", "a b": 2, "items": 3}
}`

const LITERALS: Readonly<Record<Kind, readonly string[]>> = {
  int: [
    '0',
    '1',
    '2',
    '3',
    '7',
    '10',
    '42',
    '100',
    '255',
    '-1',
    '-5',
    '1_000',
    '0x1f',
    '0b101',
    '0o17',
    '9007199254740993',
  ],
  float: [
    '0.5',
    '1.0',
    '2.5',
    '-1.5',
    '1e3',
    '1e22',
    '1.5e-7',
    '3.14159',
    '100.0',
    '1e16',
    '0.1',
    '1_0.5',
    '123456789.125',
  ],
  str: [
    '"a"',
    "'b'",
    '""',
    '"abc"',
    '"a b  c"',
    "'x,y;z'",
    '"ÄöÜß"',
    '"😀x"',
    '"line\\nnext"',
    '"tab\\tq\\\\"',
    "'it\\'s'",
    '"42"',
    '" 3.5 "',
    '"True"',
    '"é\\u0301"',
    '"%s-%s"',
    '"{}"',
    '"ǅ ﬁ"',
  ],
  bool: ['true', 'false', 'True', 'False'],
  list: [
    '[]',
    '[1, 2, 3]',
    '["a", "b"]',
    '(1, 2)',
    '()',
    '("x",)',
    '[[1, 2], [3]]',
    '[none, 1]',
    '[1.0, "é"]',
    '[{"k": 1}, {"k": 2}]',
  ],
  dict: [
    '{}',
    '{"a": 1}',
    '{"a": 1, "b": [1, 2]}',
    '{1: "x", 2.5: "y"}',
    '{"k": none}',
    '{(1, 2): true}',
    '{"x": {"y": {"z": 1}}}',
    '{true: 1}',
  ],
}

const TESTS = [
  'defined',
  'undefined',
  'none',
  'string',
  'number',
  'integer',
  'float',
  'boolean',
  'mapping',
  'iterable',
  'sequence',
  'true',
  'false',
  'odd',
  'even',
  'callable',
  'upper',
  'lower',
  'truthy',
  'falsy',
] as const
const COMPARISONS = ['==', '!=', '<', '<=', '>', '>='] as const
const FORMATS = [
  '%s',
  '%d',
  '%5d',
  '%-5d|',
  '%05d',
  '%x',
  '%X',
  '%o',
  '%e',
  '%.2f',
  '%8.3f',
  '%g',
  '%r',
  '%%',
  '%+d',
  '%c',
  '%.3s',
  '%10s',
  '%-10s|',
  '%i',
  '%#x',
  '%.0f',
  '%G',
  '%a',
  '%s %s',
  '%(a)s',
  '%(s)10s',
  '%*d',
] as const
const SPECS = [
  '',
  ':>10',
  ':<10',
  ':^10',
  ':*^9',
  ':d',
  ':5d',
  ':05d',
  ':+d',
  ':,',
  ':_',
  ':x',
  ':#x',
  ':b',
  ':o',
  ':e',
  ':.2f',
  ':10.3f',
  ':g',
  ':%',
  ':.1%',
  ':s',
  ':.2s',
  '!r',
  '!s',
  '!r:>12',
  ':n',
  ':=+8',
  ':010.2f',
  ':,.2f',
  ':c',
  ':#b',
  ':G',
  ':.3g',
  ':.10g',
] as const
const DIRECTED = ['sum', 'min', 'max', 'first', 'last', 'length', 'count'] as const

/** Writes expressions of a depth; most of them mean something. */
export class Expressions {
  readonly #dice: Dice
  /** Names that the text around has bound: they may be anything. */
  bound: readonly string[] = []

  constructor(dice: Dice) {
    this.#dice = dice
  }

  /** Any expression. */
  any(depth: number): string {
    return this.of(this.#dice.pick(KINDS), depth)
  }

  of(kind: Kind, depth: number): string {
    const dice = this.#dice
    if (depth <= 0) return this.#leaf(kind)
    if (dice.once(40)) return this.any(depth - 1)
    if (dice.once(12)) return this.#common(kind, depth - 1)
    const text = this.#made(kind, depth - 1)
    return dice.once(3) ? `(${text})` : text
  }

  #leaf(kind: Kind): string {
    const dice = this.#dice
    if (dice.once(60)) return dice.pick(['none', 'none_value', 'missing', 'd.missing', 'range(3)', 'd.items()'])
    if (this.bound.length > 0 && dice.once(3)) return dice.pick(this.bound)
    return dice.once(2) ? dice.pick(NAMES[kind]) : dice.pick(LITERALS[kind])
  }

  /** What any kind can be made by. */
  #common(kind: Kind, depth: number): string {
    const dice = this.#dice
    const a = this.of(kind, depth)
    switch (dice.below(8)) {
      case 0:
        return `${a} if ${this.of('bool', depth)} else ${this.of(kind, depth)}`
      case 1:
        return `${a} or ${this.of(kind, depth)}`
      case 2:
        return `${a} and ${this.of(kind, depth)}`
      case 3:
        return `missing | default(${a})`
      case 4:
        return `(${this.of('bool', depth)}) | ternary(${a}, ${this.of(kind, depth)})`
      case 5:
        return `[${a}, ${this.any(depth)}][${dice.pick(['0', '-2', '0 - 2', 'zero'])}]`
      case 6:
        return `{"k": ${a}}${dice.pick(['.k', '["k"]', '.get("k")', '.get("q", none_value)'])}`
      default:
        return `d.nope.deeper | d(${a})`
    }
  }

  #made(kind: Kind, depth: number): string {
    const dice = this.#dice
    switch (kind) {
      case 'int':
        return dice.pick(this.#ints(depth))()
      case 'float':
        return dice.pick(this.#floats(depth))()
      case 'str':
        return dice.once(3) ? dice.pick(this.#methods(depth))() : dice.pick(this.#strings(depth))()
      case 'bool':
        return dice.pick(this.#bools(depth))()
      case 'list':
        return dice.pick(this.#lists(depth))()
      case 'dict':
        return dice.pick(this.#dicts(depth))()
    }
  }

  #small(): string {
    return this.#dice.pick(['0', '1', '2', '3', '-1', '-2', '5', 'i', 'zero', 'none'])
  }

  #slice(): string {
    const dice = this.#dice
    const part = () => (dice.once(2) ? '' : this.#small())
    return dice.once(3) ? `[${part()}:${part()}:${dice.pick(['', '1', '2', '-1', '-2'])}]` : `[${part()}:${part()}]`
  }

  #ints(depth: number): (() => string)[] {
    const dice = this.#dice
    const int = () => this.of('int', depth)
    const [list, str, float] = [
      () => this.of('list', depth),
      () => this.of('str', depth),
      () => this.of('float', depth),
    ]
    return [
      () => `${int()} ${dice.pick(['+', '-', '*', '//', '%'])} ${int()}`,
      () => `${int()} ${dice.pick(['+', '-'])} ${int()} ${dice.pick(['*', '//', '%'])} ${int()}`,
      () => `${int()} ** ${dice.pick(['0', '1', '2', '3', '5', '13'])}`,
      () => `-${int()}`,
      () => `${list()} | ${dice.pick(DIRECTED)}`,
      () => `${str()} | length`,
      () =>
        `(${str()}).${dice.pick(['find', 'rfind', 'count', 'index', 'rindex'])}(${dice.pick(['"a"', '"o"', '"l", 2', '"", 1', '"e", 0, -1', '"é"'])})`,
      () => `(${list()}).${dice.pick(['count', 'index'])}(${dice.pick(['1', '"a"', 'none', 'true', '2.0'])})`,
      () => `${str()} | int${dice.pick(['', '(5)', '(-1, 16)', '(base=8)', '(0, 2)', '(default=none)'])}`,
      () => `${float()} | int`,
      () => `${float()} | round | int`,
      () =>
        `${int()} | ${dice.pick(['abs', 'int', 'round', 'round(-1)', "round(0, 'floor')", 'bool', 'string | int'])}`,
      () => `[${int()}, ${int()}, ${int()}] | ${dice.pick(['min', 'max', 'sum', 'sum(start=10)', 'first', 'last'])}`,
      () => `users | sum(attribute="uid")`,
      () => `users | map(attribute="uid") | ${dice.pick(['max', 'min', 'sum', 'list | length', 'first'])}`,
      () => `${this.of('bool', depth)} + ${int()}`,
    ]
  }

  #floats(depth: number): (() => string)[] {
    const dice = this.#dice
    const [int, float, str] = [() => this.of('int', depth), () => this.of('float', depth), () => this.of('str', depth)]
    return [
      () => `${int()} / ${int()}`,
      () => `${float()} ${dice.pick(['+', '-', '*', '/', '//', '%'])} ${dice.once(2) ? float() : int()}`,
      () =>
        `${int()} ${dice.pick(['+', '-', '*', '/', '//', '%', '**'])} ${dice.pick(['0.5', '2.0', '-1', '1.5', '-0.25'])}`,
      () =>
        `${float()} | round${dice.pick(['', '(1)', '(2)', '(-1)', "(1, 'ceil')", "(2, 'floor')", "(method='ceil')", '(3)'])}`,
      () => `${dice.once(2) ? int() : str()} | float${dice.pick(['', '(1.5)', '(default=0.25)'])}`,
      () => `-${float()}`,
      () => `${float()} | abs`,
      () => `[${float()}, ${int()}, ${float()}] | ${dice.pick(['min', 'max', 'sum'])}`,
    ]
  }

  #strings(depth: number): (() => string)[] {
    const dice = this.#dice
    const [str, any, int] = [() => this.of('str', depth), () => this.any(depth), () => this.of('int', depth)]
    const filter = (text: string) => () => `${str()} | ${text}`
    return [
      () => `${str()} ~ ${any()}`,
      () => `${str()} + ${str()}`,
      () => `${str()} * ${dice.pick(['0', '1', '2', '3', '-1', 'i', 'true'])}`,
      () => `${any()} | string`,
      () => `(${any()}, ${any()}) | string`,
      () => `${any()} | pprint`,
      // Escaped text is a kind of its own in Python; joined it is text again.
      () => `[${str()} | ${dice.pick(['e', 'escape', 'forceescape', 'safe', 'tojson', 'e | upper'])}] | join`,
      () =>
        `[${this.of('dict', depth)} | ${dice.pick(['xmlattr', 'xmlattr(false)', 'tojson', 'tojson(indent=2)'])}] | join`,
      () => `${any()} | type_debug`,
      () => `(${str()})${this.#slice()}`,
      () => `(${str()})[${this.#small()}]`,
      () => `"${dice.pick(FORMATS)}" ${dice.pick(['%', '| format'])} (${any()})`,
      () => `"${dice.pick(FORMATS)} ${dice.pick(FORMATS)}" % (${any()}, ${any()})`,
      () => `"${dice.pick(FORMATS)}" % ${this.of(dice.pick(['int', 'float', 'dict', 'str'] as const), depth)}`,
      () => `"{${dice.pick(SPECS)}}".format(${this.of(dice.pick(['int', 'float', 'str', 'bool'] as const), depth)})`,
      () => `"{0${dice.pick(SPECS)}}|{x${dice.pick(SPECS)}}|{0}".format(${any()}, x=${int()})`,
      () => `"{0[a]} {0[s]}".format(${this.of('dict', depth)})`,
      () => `${this.of('list', depth)} | join${dice.pick(['', '("-")', "(', ')", '(d=" ")'])}`,
      () => `users | map(attribute="name") | join(${dice.pick(['""', '"+"', 'attribute=0'])})`,
      () => `users | join(",", attribute="name")`,
      ...[
        'upper',
        'lower',
        'title',
        'capitalize',
        'trim',
        'trim("ab")',
        'reverse',
        'first',
        'last',
        'urlencode',
        'striptags',
        'string',
        'length | string',
        'list | string',
        'wordcount | string',
        'to_json',
        'b64encode',
        'md5',
        'sha1',
        'quote',
        'regex_escape',
        'basename',
        'dirname',
        'to_uuid',
        'hash("sha256")',
        'comment',
        'hash',
      ].map(filter),
      () => `${str()} | replace(${str()}, ${str()}${dice.pick(['', ', 1', ', 2', ', count=0'])})`,
      () =>
        `${str()} | truncate(${dice.pick(['5', '3, true', '8, false, "..", 2', '10, true, ""', '4, leeway=0', 'length=6, end="…"'])})`,
      () =>
        `${str()} | wordwrap(${dice.pick(['5', '3, false', '8, true, "|"', '4, wrapstring="/"', '10, break_on_hyphens=false'])})`,
      () =>
        `${str()} | indent(${dice.pick(['', '2', '2, true', '"> "', '3, false, true', 'width=1, first=true, blank=true'])})`,
      () => `${str()} | center(${dice.pick(['10', '3', 'width=21', '8'])})`,
      () =>
        `${str()} | regex_replace(${dice.pick(["'l+', 'L'", "'(\\w)(\\w)', '\\\\2\\\\1'", "'^', '>'", "'(?P<x>[aeiou])', '<\\\\g<x>>'", "'a|b', ''", "'\\s+', '_'", "'$', '!'", "'', '-'", "'\\b', '|'", "'(?i)H', 'J'", "'o', '0', ignorecase=true"])})`,
      () =>
        `${any()} | ${dice.pick(['to_json', 'to_nice_json', 'to_yaml', 'to_nice_yaml', 'to_nice_yaml(indent=2)', 'to_json(sort_keys=true)', 'to_nice_json(indent=2)', 'to_json(ensure_ascii=false)'])}`,
      () =>
        `${dice.once(2) ? int() : this.of('float', depth)} | ${dice.pick(['filesizeformat', 'filesizeformat(true)', 'string', 'human_readable', 'human_readable(isbits=true)', 'human_readable(unit="M")'])}`,
      () => `${this.of('dict', depth)} | ${dice.pick(['urlencode', 'string', 'dictsort | string'])}`,
    ]
  }

  #methods(depth: number): (() => string)[] {
    const dice = this.#dice
    const str = () => this.of('str', depth)
    const call = (text: string) => () => `${dice.once(2) ? `(${str()})` : dice.pick(NAMES.str)}.${text}`
    return [
      ...[
        'upper()',
        'lower()',
        'title()',
        'capitalize()',
        'swapcase()',
        'casefold()',
        'strip()',
        'lstrip()',
        'rstrip()',
        'strip("ab<")',
        'lstrip("/h")',
        'rstrip("of\\n")',
        'center(11)',
        'center(12, "*")',
        'ljust(10, ".")',
        'rjust(10)',
        'zfill(8)',
        'expandtabs()',
        'expandtabs(4)',
        'removeprefix("he")',
        'removesuffix("lo")',
        'partition("l") | string',
        'rpartition(" ") | string',
        'split() | string',
        'split("l") | string',
        'split(" ", 1) | string',
        'rsplit("/", 1) | string',
        'split(sep="o") | string',
        'splitlines() | string',
        'splitlines(true) | string',
        'replace("l", "L")',
        'replace("", "-")',
        'replace("o", "0", 1)',
        'format(1, a=2)',
        'join(words)',
        'join(["x", "y"])',
      ].map(call),
    ]
  }

  #bools(depth: number): (() => string)[] {
    const dice = this.#dice
    const [any, int, bool, str] = [
      () => this.any(depth),
      () => this.of('int', depth),
      () => this.of('bool', depth),
      () => this.of('str', depth),
    ]
    const same = () => {
      const kind = dice.pick(KINDS)
      return `${this.of(kind, depth)} ${dice.pick(COMPARISONS)} ${this.of(kind, depth)}`
    }
    return [
      same,
      same,
      () => `${any()} ${dice.pick(['==', '!='])} ${any()}`,
      () => `${int()} ${dice.pick(COMPARISONS)} ${int()} ${dice.pick(COMPARISONS)} ${this.of('float', depth)}`,
      () => `${any()} ${dice.pick(['in', 'not in'])} ${this.of('list', depth)}`,
      () => `${str()} ${dice.pick(['in', 'not in'])} ${str()}`,
      () => `${str()} in ${this.of('dict', depth)}`,
      () => `not ${bool()}`,
      () => `${bool()} ${dice.pick(['and', 'or'])} ${bool()}`,
      () => `(${any()} is ${dice.pick(['', 'not '])}${dice.pick(TESTS)})`,
      () =>
        `(${int()} is ${dice.pick(['divisibleby 3', 'divisibleby(2)', 'eq 7', 'gt 3', 'lessthan(10)', 'sameas 7', 'in [7, 42]', 'ne(1)', 'ge 2.5'])})`,
      () =>
        `(${str()} is ${dice.pick(["match('h.*')", "search('l{2}')", "regex('^.\\S+$')", "search('(?i)FOX')", "match('[^a-z]')", "search('é')", "match('')", "regex('\\d+')", 'in "hello world"', 'filter', 'test'])})`,
      () =>
        `(${str()}).${dice.pick(['startswith("h")', 'endswith("o")', 'startswith(("a", "h"))', 'isdigit()', 'isalpha()', 'isalnum()', 'isspace()', 'isupper()', 'islower()', 'istitle()', 'isnumeric()', 'isidentifier()', 'isdecimal()', 'isprintable()', 'isascii()', 'startswith("e", 1)', 'endswith("l", 0, 3)'])}`,
      () => `${any()} | bool`,
      () =>
        `(${this.of('list', depth)} is ${dice.pick(['subset([1, 2, 3])', 'superset([1])', 'contains(1)', 'any', 'all', 'contains("a")'])})`,
      () =>
        `ver is version("${dice.pick(['1.9', '1.10', '1.10.2', '2.0'])}", "${dice.pick(['<', '>=', '==', 'gt', 'ne'])}")`,
    ]
  }

  #lists(depth: number): (() => string)[] {
    const dice = this.#dice
    const [list, any, str] = [() => this.of('list', depth), () => this.any(depth), () => this.of('str', depth)]
    const filter = (text: string) => () => `${list()} | ${text}`
    return [
      () => `[${dice.some(0, 4, any).join(', ')}]`,
      () => `(${dice.some(2, 3, any).join(', ')})`,
      () => `${list()} + ${list()}`,
      () => `${list()} * ${dice.pick(['0', '1', '2', '-1'])}`,
      () => `(${list()})${this.#slice()}`,
      () => `${str()} | list`,
      () =>
        `range(${dice.pick(['3', '1, 4', '5, 0, -2', '0', '2, 10, 3', '-2, 2'])})${dice.pick([' | list', '', '[1:]', ' | map("string") | list'])}`,
      () => `(${str()}).split(${dice.pick(['', '" "', '"l", 1', 'none, 1', '"/"'])})`,
      () => `${str()} | split${dice.pick(['', '(",")', '("l")'])}`,
      () =>
        `(${this.of('dict', depth)})${dice.pick([' | list', ' | dictsort', ' | dictsort(true)', ' | dictsort(by="value")', '.keys() | list', '.values() | list', '.items() | list', ' | items | list', ' | dict2items', ' | dictsort(reverse=true)', '.items() | map("first") | list'])}`,
      () =>
        `users | ${dice.pick(['map(attribute="name")', 'map(attribute="groups.0", default="x")', 'selectattr("admin")', 'rejectattr("admin")', 'selectattr("uid", "gt", 1000)', 'selectattr("name", "equalto", "al")', 'sort(attribute="name")', 'sort(attribute="uid", reverse=true)', 'groupby("admin")', 'groupby("name") | map("list")', 'unique(attribute="admin")', 'map(attribute="groups") | flatten', 'selectattr("groups")', 'rejectattr("groups", "contains", "dev")', 'map("length")', 'map("dict2items")', 'sort(attribute="admin,name")', 'subelements("groups")', 'items2dict(key_name="name", value_name="uid")', 'map("combine", {"z": 1})', 'groupby("groups.0", default="none")', 'selectattr("nope", "defined")', 'selectattr("uid", "in", [1001, 5])', 'map(attribute="nope") | select("defined")', 'min(attribute="uid")', 'max(attribute="name")'])} | list`,
      ...[
        'sort',
        'sort(true)',
        'sort(case_sensitive=true)',
        'unique',
        'unique(true)',
        'reverse | list',
        'list',
        'map("string") | list',
        'map("upper") | list',
        'select | list',
        'reject | list',
        'select("number") | list',
        'reject("none") | list',
        'select("gt", 1) | list',
        'map("int") | list',
        'batch(2) | list',
        'batch(3, 0) | list',
        'slice(2) | list',
        'slice(3, "x") | list',
        'flatten',
        'flatten(1)',
        'flatten(levels=1, skip_nulls=false)',
        'map("default", "x") | list',
        'map("abs") | list',
        'map("replace", "a", "b") | list',
        'select("in", [1, "a"]) | list',
        'map("length") | list',
        'zip([1, 2]) | list',
        'zip_longest("ab", fillvalue=0) | list',
        'list | union([1, 9])',
        'list | intersect([1, 2])',
        'list | difference([1])',
        'list | symmetric_difference([1, 8])',
        'min',
        'max',
        'first',
        'permutations(2) | list',
        'combinations(2) | list',
        'product([0, 1]) | list',
        'map("type_debug") | list',
        'shuffle(seed="x")',
        'map("bool") | list',
        'select("string") | map("regex_replace", "^", "x") | list',
        'map("to_json") | list',
        'join | list',
        'groupby(0)',
        'from_json',
        'map("first") | list',
        'select("mapping") | map(attribute="name") | list',
        'random(seed="q")',
        'sort | map("string") | join',
      ].map(filter),
      () =>
        `${str()} | regex_findall(${dice.pick(["'[a-z]+'", "'(\\w)(\\w)'", "'(l)'", "'.'", "'x?'", "'\\b\\w', ignorecase=true"])})`,
      () =>
        `${str()} | regex_search(${dice.pick(["'l+'", "'(h)(.)', '\\\\1', '\\\\2'", "'(?P<n>o)', '\\\\g<n>'", "'q'"])})`,
    ]
  }

  #dicts(depth: number): (() => string)[] {
    const dice = this.#dice
    const [dict, any] = [() => this.of('dict', depth), () => this.any(depth)]
    const key = () => dice.pick(['"a"', '"b"', '"é"', '1', 'none', '2.5', 'true', 's', '(1, "x")'])
    return [
      () => `{${dice.some(0, 3, () => `${key()}: ${any()}`).join(', ')}}`,
      () => `dict(${dice.some(0, 2, () => `${dice.pick(['a', 'b', 'c'])}${dice.below(100)}=${any()}`).join(', ')})`,
      () => `dict([["k", ${any()}], ("l", 2)])`,
      () => `dict(${dict()}, z=1)`,
      () =>
        `${dict()} | combine(${dict()}${dice.pick(['', ', recursive=true', ', list_merge="append"', ', recursive=true, list_merge="prepend_rp"', ', {"q": 1}'])})`,
      () => `${dict()} | dict2items | items2dict`,
      () => `${dict()} | dictsort | items2dict`,
      () => `(${dict()}).copy()`,
      () => `${dict()} | to_json | from_json`,
      () => `${dict()} | to_yaml | from_yaml`,
      () => `users[${dice.pick(['0', '1', '-1'])}]`,
      () => `dict(users | map(attribute="name") | zip(users | map(attribute="uid")))`,
      () => `path | urlsplit`,
    ]
  }
}
