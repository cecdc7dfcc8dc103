import type { Dice } from '../../jinja/fuzz/dice.ts'
import { PROJECT } from './project.ts'

/** What stands where it should not. */
const PIECES = [
  ...[
    '{{',
    '}}',
    '{%',
    '%}',
    '{#',
    '"',
    "'",
    '- ',
    ': ',
    ':',
    '\n',
    '\n  ',
    '\n- ',
    '[',
    ']',
    '{',
    '}',
    ',',
    '=',
    '\\',
  ],
  ...[
    '*env',
    '*m',
    '&a ',
    '&env ',
    '!x ',
    '!vault ',
    '!vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6162\n',
    '!unsafe ',
    '!!binary x',
  ],
  ...[
    '!!python/object:os.system ',
    '!!set ',
    '!<tag:x> ',
    '<<: ',
    '<<: *env',
    '? ',
    '~',
    '#',
    '\t',
    '|',
    '>',
    '|9',
    '%',
    '@',
    '`',
  ],
  ...[
    '---\n',
    '...\n',
    '%YAML 1.2\n---\n',
    '\0',
    '\u2028',
    '\ufeff',
    '\x85',
    '\r',
    '\x1b[31m',
    'é',
    '\ud83d',
    '😀',
    '0644',
    '1e999',
  ],
  ...[
    '__proto__: 1\n',
    'constructor: ',
    'toString',
    'when: ',
    'block: ',
    'copy: ',
    'import_tasks: site.yml',
    'import_playbook: site.yml',
  ],
  ...[
    'include_role: {name: r}',
    'roles: [r]',
    'hosts: ',
    'loop: ',
    'plugin: ',
    'plugin: constructed\n',
    '[a:children]',
    '[a:vars]',
    '[x:y:z]',
  ],
  ...[
    'h[1:9999999]',
    'h[a:zz]',
    'h[5:1]',
    'h[01:10:0]',
    '../../..',
    '/dev/null',
    'tasks/more.yml',
    "lookup('file', 'x')",
  ],
  ...[
    '9'.repeat(400),
    'x'.repeat(70_000),
    '['.repeat(3000),
    '{a: '.repeat(3000),
    '- '.repeat(2000),
    '"'.repeat(999),
    '{{ '.repeat(999),
  ],
] as const

/** Values of another type. */
const VALUES = [
  ...[
    '~',
    '[]',
    '{}',
    '""',
    '0',
    '-1',
    '1.5',
    '.nan',
    '.inf',
    'true',
    'no',
    '[[[]]]',
    '{a: {b: c}}',
    '[~, ~]',
    '{? [1] : 2}',
    '2001-01-01',
  ],
  ...[
    '!unsafe x',
    '!vault x',
    '*env',
    '"{{ x }}"',
    '"{{"',
    '"{% if %}"',
    '[1, {a: 1}, "x"]',
    '{__proto__: {a: 1}}',
    '|\n  text',
    '99999999999999999999',
  ],
] as const

/** Keys that mean something elsewhere. */
const KEYS = [
  ...[
    'hosts',
    'tasks',
    'block',
    'rescue',
    'when',
    'vars',
    'vars_files',
    'roles',
    'role',
    'name',
    'loop',
    'with_items',
    'with_nope',
    'args',
    'register',
  ],
  ...[
    'include_tasks',
    'import_tasks',
    'import_role',
    'import_playbook',
    'meta',
    'dependencies',
    'argument_specs',
    'options',
    'type',
    'notify',
    'listen',
  ],
  ...[
    'children',
    'plugin',
    'groups',
    'compose',
    'keyed_groups',
    'constructor',
    '__proto__',
    'toString',
    'copy',
    'community.general.nope',
    'a.b.c',
    '0',
    '<<',
  ],
] as const

type Change = (text: string, dice: Dice) => string

const linesOf = (text: string): string[] => text.split('\n')

/** One line of the text, changed. */
const line =
  (change: (line: string, dice: Dice) => string): Change =>
  (text, dice) => {
    const lines = linesOf(text)
    const at = dice.below(lines.length)
    lines[at] = change(lines[at] ?? '', dice)
    return lines.join('\n')
  }

const CHANGES: readonly Change[] = [
  // A piece put in, or put over something
  (text, dice) => {
    const at = dice.below(text.length + 1)
    return text.slice(0, at) + dice.pick(PIECES) + text.slice(at + (dice.once(2) ? 0 : dice.below(30)))
  },
  // Something cut, or doubled
  (text, dice) => {
    const [at, length] = [dice.below(text.length + 1), dice.below(60)]
    return text.slice(0, at) + text.slice(at, at + length).repeat(dice.below(3)) + text.slice(at + length)
  },
  // A line moved
  (text, dice) => {
    const lines = linesOf(text)
    const [moved = ''] = lines.splice(dice.below(lines.length), 1)
    lines.splice(dice.below(lines.length + 1), 0, moved)
    return lines.join('\n')
  },
  // A line further in or out
  line((text, dice) => (dice.once(2) ? ' '.repeat(1 + dice.below(8)) + text : text.slice(dice.below(4)))),
  // A key renamed
  (text, dice) => {
    const keys = [...text.matchAll(/[\w.]+(?=[:=])/g)]
    if (keys.length === 0) return text
    const { 0: key, index } = dice.pick(keys)
    return text.slice(0, index) + dice.pick(KEYS) + text.slice(index + key.length)
  },
  // A value of another type
  (text, dice) => {
    const values = [...text.matchAll(/(?<=[:=] ?)(?:"[^"\n]*"|\[[^\]\n]*\]|\{[^}\n]*\}|[^\s,\]}{["][^,\n}\]]*)/g)]
    if (values.length === 0) return text
    const { 0: value, index } = dice.pick(values)
    return text.slice(0, index) + dice.pick(VALUES) + text.slice(index + value.length)
  },
  // What stands below a key is gone, or is something else
  line((text, dice) => text.replace(/:.*$/, () => `: ${dice.pick(VALUES)}`)),
  // Another file's text
  (text, dice) => (dice.once(2) ? dice.pick(Object.values(PROJECT)) : text + dice.pick(Object.values(PROJECT))),
]

/** Bytes flipped: what comes out may be no UTF-8. */
function flipped(bytes: Buffer, dice: Dice): Buffer {
  for (let count = 1 + dice.below(4); count > 0 && bytes.length > 0; count--)
    bytes[dice.below(bytes.length)] = dice.once(2) ? dice.below(256) : dice.pick([0, 0xff, 0xc0, 0xed, 0xf4, 0x80])
  return bytes
}

/** The text of a file with one to four kinds of damage. */
export function damaged(text: string, dice: Dice): Buffer {
  let out = text
  for (let count = 1 + dice.below(4); count > 0; count--) out = dice.pick(CHANGES)(out, dice)
  const bytes = Buffer.from(out)
  return dice.once(6) ? flipped(bytes, dice) : bytes
}
