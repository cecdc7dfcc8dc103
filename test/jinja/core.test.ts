import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { toJson, type Value, Vaulted } from '../../src/base/value.ts'
import { evaluate } from '../../src/jinja/engine.ts'
import { TemplateError } from '../../src/jinja/errors.ts'
import type { RenderOptions } from '../../src/jinja/options.ts'
import type { Node } from '../../src/source/node.ts'
import { suite } from '../support/suite.ts'

const test = suite('jinja: filters and tests as newer versions of Ansible have them')

const span = { file: 'x.yml', line: 1, col: 1 }
const [SEALED, PLAIN] = ['$ANSIBLE_VAULT;1.1;AES256\n3030', 'plain']
const scalar = (value: string | Vaulted): Node => ({ kind: 'scalar', value, text: '', plain: true, span })
const text = (word: string) => ({ kind: 'scalar', value: word, text: word, plain: true, span }) as const
/** Variables as people wrote them: one vaulted, one not, and a dict with both. */
const WRITTEN: Readonly<Record<string, Node>> = {
  sealed: scalar(new Vaulted(SEALED)),
  plain: scalar(PLAIN),
  both: {
    kind: 'mapping',
    entries: [
      { key: text('in'), value: scalar(new Vaulted(SEALED)) },
      { key: text('out'), value: scalar(PLAIN) },
    ],
    span,
  },
}
const scope = {
  get: (name: string): Value | undefined =>
    name === 'both' ? new Map([['out', PLAIN]]) : name === 'plain' ? PLAIN : undefined,
  names: () => Object.keys(WRITTEN),
  written: (name: string): Node | undefined => WRITTEN[name],
}
const ask = (expression: string, options: RenderOptions = {}): unknown => toJson(evaluate(expression, scope, options))

const ANSWERS: Readonly<Record<string, unknown>> = {
  // PyYAML with libyaml
  "'word' | to_yaml(default_style='|')": '|-\n  word\n',
  "[1, 'a'] | to_yaml(default_style='\"')": '- ! "1"\n- "a"\n',
  "{'k': 'a\\nb\\n'} | to_yaml(default_style='|')": '"k": |\n  a\n  b\n',
  "'a\\n\\n' | to_yaml(default_style='|')": '|+\n  a\n\n...\n',
  "'a\\nb\\n' | to_yaml(default_style='>')": '>\n  a\n\n  b\n',
  "'word' | to_yaml(canonical=true)": '---\n!!str "word"\n',
  "{'k': [1, none]} | to_yaml(canonical=true)":
    '---\n!!map {\n  ? !!str "k"\n  : !!seq [\n    !!int "1",\n    !!null "null",\n  ],\n}\n',
  "{'k': 1} | to_yaml(explicit_start=true, explicit_end=true)": '--- {k: 1}\n...\n',
  "{'k': 1} | to_nice_yaml(explicit_start=true)": '---\nk: 1\n',
  // time
  "'%:z %z' | strftime(0, utc=true)": '+00:00 +0000',
  // base64 of file names and URLs
  "'\u{fb}\u{ff}?' | b64encode(encoding='latin-1', urlsafe=true)": '-_8_',
  "'-_8_' | b64decode(encoding='latin-1', urlsafe=true)": '\u{fb}\u{ff}?',
  // lists and dicts
  "[{'a': 1}, {'a': 1}] | unique": [{ a: 1 }],
  "[{'a': 'x'}, {'a': 'X'}] | unique(attribute='a')": [{ a: 'x' }],
  "[{'a': 1}] | combine({'b': 2})": { a: 1, b: 2 },
  "'x' | vault('pw', salt='salt') | unvault('pw')": 'x',
  "'x' | vault('pw', salt='salt', vault_id='dev') | split | first": '$ANSIBLE_VAULT;1.2;AES256;dev',
  // What ansible-core 2.14 answers
  "'secret' | vault('test', salt='grain')":
    '$ANSIBLE_VAULT;1.2;AES256;filter_default\n363737323631363936650a3961656532326264326263646638663835366130346137303864663536\n' +
    '34643237386261656630356534373866343566633766343165383766303332303134620a62303636\n' +
    '66636436643135303262653561653034393965383865303263663039\n',
  "'no vault' | unvault('pw')": 'no vault',
  // what is undefined stays so through filters
  "nothing | upper | default('x')": 'x',
  "nothing | map('upper') is undefined": true,
  "(nothing | from_json).a.b | default('x')": 'x',
  "[nothing] | map('upper') | first is undefined": true,
  "'x' | vault('pw', salt=7) == 'x' | vault('pw', salt='7')": true,
  // vaults
  'sealed is vault_encrypted': true,
  'plain is vault_encrypted': false,
  'both.in is vault_encrypted': true,
  'both["in"] is ansible.builtin.vault_encrypted': true,
  'both.out is vault_encrypted': false,
}

for (const [expression, wanted] of Object.entries(ANSWERS))
  test(expression, () => assert.equal(ask(expression), wanted))

const FAULTS: Readonly<Record<string, RegExp>> = {
  "'x' | regex_escape('perl')": /Invalid regex type \(perl\)/,
  "'x' | regex_escape('posix_extended')": /not yet implemented/,
  "[{}] | selectattr('a', 'nonesuch ')": /No test named 'nonesuch '/,
  "[{'k': 1}, {'k': 1}] | rekey_on_member('k')": /Key 1 is not unique, cannot convert to dict/,
  "[{'a': 1}] | unique(case_sensitive=false)": /cannot fall back/,
  "[{'a': []}] | unique(attribute='a')": /cannot fall back/,
  "[{'a': 1}, [{}]] | combine({'b': 2})": /expected dicts but got a 'dict' and a 'list'/,
  "{'a': 1} | combine(nonsense=true)": /only valid keyword arguments/,
  "'x' | password_hash(salt_size=[1])": /salt_size must be an integer/,
  "'x' | password_hash('rot13')": /rot13 is not in the list of supported/,
  "'x' | to_yaml(default_style='?')": /default_style/,
  "nothing | upper ~ '!'": /'nothing' is undefined/,
  "'x' ~ (nothing | int)": /'nothing' is undefined/,
  'nothing | bool or true': /'nothing' is undefined/,
  "'x' is regex('x', match_type='no')": /Invalid match_type specified/,
  "'x' | vault(1)": /required to be a string/,
  "1 | vault('pw')": /Can only vault strings/,
  "sealed | unvault('pw')": /cannot read the vaulted text/,
  "'x' | vault('one', salt='s') | unvault('two')": /another password/,
  '[1] | dict2items': /dict2items requires a dictionary/,
  "lookup('dict', 1)": /lookup plugin expects a dictionary/,
  "'/nowhere/at/all' is vaulted_file": /cannot test whether/,
}

for (const [expression, fault] of Object.entries(FAULTS))
  test(`${expression} is refused`, () =>
    assert.throws(
      () => ask(expression),
      (error: unknown) => error instanceof TemplateError && fault.test(error.message),
    ))

test('vaulted files are known by how they begin', () => {
  const dir = mkdtempSync(join(tmpdir(), 'regplay-test-'))
  try {
    writeFileSync(join(dir, 'sealed'), `${SEALED}\n`)
    writeFileSync(join(dir, 'plain'), PLAIN)
    assert.is(ask(`'${dir}/sealed' is vaulted_file`), true)
    assert.is(ask(`'${dir}/plain' is ansible.builtin.vaulted_file`), false)
  } finally {
    rmSync(dir, { recursive: true })
  }
})

test('the lookups ini and csvfile read what is not UTF-8', () => {
  const files: Readonly<Record<string, Buffer>> = {
    'a.ini': Buffer.from([...Buffer.from('[s]\nprice = 5 '), 0xa4, 0x0a]),
    'w.ini': Buffer.from([...Buffer.from('[s]\nprice = 5 '), 0x80, 0x9f, 0x0a]),
    'bare.ini': Buffer.from('[s]\nbare\n'),
    'a.csv': Buffer.from([...Buffer.from('key,'), 0xe9, 0x0a]),
  }
  const loader: NonNullable<RenderOptions['loader']> = (name, _from, _folder, decode) => {
    const bytes = files[name]
    return bytes ? { text: decode ? decode(bytes) : bytes.toString('utf8'), file: name } : null
  }
  assert.is(ask("lookup('ini', 'price', section='s', file='a.ini', encoding='iso-8859-15')", { loader }), '5 \u20ac')
  assert.is(ask("lookup('ini', 'price section=s file=a.ini encoding=latin-1')", { loader }), '5 \u00a4')
  assert.is(ask("lookup('ini', 'price section=s file=w.ini encoding=cp1252')", { loader }), '5 \u20ac\u0178')
  assert.is(ask("lookup('csvfile', 'key file=a.csv delimiter=, encoding=latin-1')", { loader }), '\u00e9')
  assert.equal(ask("query('ini', 'bare', section='s', file='bare.ini', allow_no_value=true)", { loader }), [])
  assert.throws(() => ask("lookup('ini', 'price section=s file=a.ini encoding=klingon')", { loader }), /is not known/)
  assert.throws(() => ask("lookup('ini', 'price section=s file=a.ini encoding=euc-jp')", { loader }), /no euc-jp text/)
})

test.run()
