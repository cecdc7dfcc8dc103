import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import * as assert from 'uvu/assert'
import { fromJson, toJson } from '../../src/base/value.ts'
import { evaluate } from '../../src/jinja/engine.ts'
import { NotNow, TemplateError } from '../../src/jinja/errors.ts'
import type { RenderOptions } from '../../src/jinja/options.ts'
import { suite } from '../support/suite.ts'

const test = suite('jinja: lookups')
const dir = mkdtempSync(join(tmpdir(), 'regplay-test-'))
test.after(() => rmSync(dir, { recursive: true }))

const put = (name: string, text: string): void => {
  mkdirSync(dirname(join(dir, name)), { recursive: true })
  writeFileSync(join(dir, name), text)
}
put(
  'files/a.ini',
  '; note\n[global]\nplain = 1\nwide = one\n  two\n[db]\nUser: root\nhost1=a\nhost2 = b\nnone=\n[DEFAULT]\n',
)
put('files/twice.ini', '[s]\na=1\nA=2\n')
put('files/inter.ini', '[DEFAULT]\ntopic = cats\nn=5\n[t]\none = 1 %(topic)s %(n)s%%\n[s]\nbad=5%\n')
put('files/p.properties', 'user.name = al\nuser.id: 7\n')
put('files/t.csv', 'name,age,note\nal,30,"x, y"\nbo,40,"say ""hi"""\n')
put('files/t.tsv', 'Li\t3\t6.94\nBe\t4\t9.01\n')
put('kept', 'uMoXxUOeGjBA:cUSUzYh salt=WlpoLdg1zgWtRJas\n')
put('files/one.txt', ' text \n')
put('tree/etc/app.conf', 'x')
put('tree/empty/.keep', '')
chmodSync(join(dir, 'tree/etc/app.conf'), 0o640)
symlinkSync('app.conf', join(dir, 'tree/etc/link'))

const data = {
  users: [
    { name: 'al', keys: ['k1', 'k2'] },
    { name: 'bo', keys: [] },
  ],
  partial: [{ name: 'al', keys: ['k'] }, { name: 'bo' }],
  app_a: { x: 1, deep: { a: 1 } },
  app_b: { y: 2, deep: { b: 2 } },
  list_1: [1],
  list_2: [2, 3],
  groups: { web: ['h1', 'h2'] },
  hostvars: { h1: { app_h: { one: 1 } }, h2: { app_h: { two: 2 } } },
}
const values = new Map(Object.entries(data).map(([name, value]) => [name, fromJson(value)]))
const OPTIONS: RenderOptions = {
  span: { file: join(dir, 'tasks.yml'), line: 1, col: 1 },
  loader: (name, _from, folder) => {
    for (const file of [resolve(dir, folder ?? '.', name), resolve(dir, name)]) {
      try {
        return { text: readFileSync(file, 'utf8'), file }
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      }
    }
    return null
  },
  hosts: pattern => (pattern === 'all:!h1' ? ['h2', 'h3'] : []),
  setting: name => (name === 'DEFAULT_FORKS' ? 5 : undefined),
}
const ask = (expression: string, options: RenderOptions = {}): unknown =>
  toJson(
    evaluate(expression, { get: name => values.get(name), names: () => values.keys() }, { ...OPTIONS, ...options }),
  )
const fault = (expression: string, options: RenderOptions = {}): string => {
  try {
    return `gave ${JSON.stringify(ask(expression, options))}`
  } catch (error) {
    if (error instanceof TemplateError || error instanceof NotNow) return error.message
    throw error
  }
}

const ANSWERS: Record<string, unknown> = {
  "lookup('ini', 'plain', file='a.ini')": '1',
  "lookup('ini', 'wide file=a.ini')": 'one\ntwo',
  "lookup('ini', 'user section=db file=a.ini')": 'root',
  "lookup('ini', 'User', section='db', file='a.ini', case_sensitive=true)": 'root',
  "lookup('ini', 'none', section='db', file='a.ini')": '',
  "lookup('ini', 'one', section='t', file='inter.ini')": '1 cats 5%',
  "lookup('ini', 'one', section='t', file='inter.ini', interpolation=false)": '1 %(topic)s %(n)s%%',
  'none | bool': false,
  'none | from_yaml_all': [],
  "lookup('ini', 'nope', section='db', file='a.ini', default='d')": 'd',
  "query('ini', 'host\\\\d', section='db', file='a.ini', re=true)": ['a', 'b'],
  "lookup('ini', 'user.name', type='properties', file='p.properties')": 'al',
  "lookup('csvfile', 'al file=t.csv delimiter=, col=2')": 'x, y',
  "lookup('csvfile', 'bo', file='t.csv', delimiter=',', col=2)": 'say "hi"',
  "lookup('csvfile', 'Li', file='t.tsv', col=2)": '6.94',
  "lookup('csvfile', '40', file='t.csv', delimiter=',', col=0, keycol=1)": 'bo',
  "lookup('csvfile', 'zz', file='t.csv', delimiter=',', default='d')": 'd',
  "lookup('lines', 'printf \"a\\nb\\n\"')": 'a,b',
  "query('lines', 'printf \"a\\nb\\n\"')": ['a', 'b'],
  "lookup('pipe', 'printf \" a \\n\\n\"')": ' a',
  "query('inventory_hostnames', 'all:!h1')": ['h2', 'h3'],
  "query('inventory_hostnames', 'none')": [],
  "lookup('config', 'DEFAULT_FORKS')": 5,
  "query('config', 'NOPE', on_missing='skip')": [],
  "query('subelements', users, 'keys') | map('last') | list": ['k1', 'k2'],
  "query('subelements', partial, 'keys', {'skip_missing': true}) | length": 1,
  "query('subelements', users, 'keys') | map('first') | unique | list": [{ name: 'al' }],
  "query('subelements', {'a': users[0], 'skipped': true}, 'keys')": [],
  "query('varnames', '^list_', '^app_a')": ['list_1', 'list_2', 'app_a'],
  "query('first_found', [{'files': 'no;t.csv', 'paths': '/nope:files'}]) | map('basename') | list": ['t.csv'],
  "lookup('fileglob', '/nothing*')": [],
  "query('list', 'a {{ list_1 }}', ['{{ 1 }}'], {'k': '{{ list_2 | length }}'})": ['a [1]', [1], { k: 2 }],
  "query('list', 'a' ~ '{{ 1 }}')": ['a{{ 1 }}'],
  '[8 | log(2), 100 | log(10), 2 | pow(4), 9 | root, 9 | root(1)]': [3, 2, 16, 3, 9],
  "[{'n': 'a', 'v': 1}, {'n': 'b'}] | rekey_on_member('n')": { a: { n: 'a', v: 1 }, b: { n: 'b' } },
  "[{'n': 'a'}, {'n': 'a', 'v': 2}] | rekey_on_member('n', duplicates='overwrite')": { a: { n: 'a', v: 2 } },
  "{'l': [1, 1, 2, 3]} | combine({'l': [3, 4, 4]}, list_merge='append_rp')": { l: [1, 1, 2, 3, 4, 4] },
  "['http://h/x' is url, 'x' is url, 'file:///x' is url, 'urn:a:b' is urn, 'ftp://h' is uri(['http'])]": [
    true,
    false,
    true,
    true,
    false,
  ],
  "[{'changed': false} is finished, {'finished': 0} is finished, {} is started]": [true, false, true],
  "('nan' | float) is isnan and ('nan' | float) is nan and 1 is not nan and 'x' is not nan": true,
  "'/nothing/*' | fileglob": [],
  "query('first_found', [{'files': [], 'paths': ['files']}], skip=true)": [],
  "lookup('password', '/dev/null length=5 seed=foo')": '6JUEs',
  "lookup('password', '/dev/null', length=5, seed='foo')": '6JUEs',
  "lookup('password', '/dev/null chars=digits seed=4')": '29419968255094133805',
  [`lookup('password', '${dir}/kept encrypt=sha256_crypt')`]:
    '$5$rounds=535000$WlpoLdg1zgWtRJas$9VkjtdsMH1BZi7/kC1Bco7GFoIFwjAxiOOPebqbU/c.',
  [`lookup('password', '${dir}/kept encrypt=')`]: 'uMoXxUOeGjBA:cUSUzYh',
  [`lookup('password', '${dir}/pw encrypt=sha512_crypt') == lookup('password', '${dir}/pw encrypt=sha512_crypt')`]: true,
  [`lookup('file', '${dir}/pw') is match('[A-Za-z0-9.,:_-]{20} salt=[A-Za-z0-9./]{16}$')`]: true,
  "query('cartesian', [1, 2], ['a'])": [
    [1, 'a'],
    [2, 'a'],
  ],
  "query('random_choice', [7]) | first": 7,
  "query('random_choice')": [],
  "lookup('community.general.random_string', length=12, special=false) is match('^[A-Za-z0-9]{12}$')": true,
  "lookup('random_string', length=4, upper=false, lower=false, special=false) is match('^[0-9]{4}$')": true,
  "lookup('random_string', length=6, override_all='ab') is match('^[ab]{6}$')": true,
  "lookup('random_string', length=5, min_numeric=5) is match('^[0-9]{5}$')": true,
  "lookup('random_string', seed='s') == lookup('random_string', seed='s')": true,
  "lookup('random_string', length=3, base64=true) | b64decode | length": 3,
  "lookup('community.general.merge_variables', '^app_')": { x: 1, deep: { a: 1, b: 2 }, y: 2 },
  "lookup('merge_variables', 'list_', pattern_type='prefix')": [1, 2, 3],
  "lookup('merge_variables', '_b', pattern_type='suffix', initial_value={'z': 0})": { z: 0, y: 2, deep: { b: 2 } },
  "lookup('merge_variables', '^app_h$', groups=['web'])": { one: 1, two: 2 },
  "lookup('merge_variables', '^nothing_')": {},
  "query('varnames', '^app_(?P<which>a|b)$')": ['app_a', 'app_b'],
  // a key that stands twice
  '\'{a: 1, "b c": 2, a: 3}\' | from_yaml': { a: 3, 'b c': 2 },
  "'a: 1\na: 2\n---\nb: 3' | from_yaml_all": [{ a: 2 }, { b: 3 }],
  "'x: &x {a: 1, b: 2}\ny: {<<: *x, a: 3}' | from_yaml | dict2items | last": { key: 'y', value: { a: 3, b: 2 } },
  "lookup('file', 'one.txt')": ' text',
  "lookup('file', 'nope', errors='ignore')": null,
  "query('file', 'nope', errors='ignore')": [],
  "lookup('file', 'nope', errors='ignore') | default('d', true)": 'd',
  "lookup('env', 'REGPLAY_NOT_SET', default='d')": 'd',
  "q('file', 'one.txt')": [' text'],
  "lookup('file', 'one.txt', wantlist=true)": [' text'],
  "lookup('ansible.builtin.file', 'one.txt')": ' text',
}

for (const [expression, wanted] of Object.entries(ANSWERS))
  test(expression, () => assert.equal(ask(expression), wanted))

const FAULTS: Record<string, RegExp> = {
  "lookup('ini', 'x', section='nope', file='a.ini')": /No section 'nope' in .*there are global, db/,
  "lookup('password', '/dev/null encrypt=nix')": /nix/,
  "lookup('password', '/proc/regplay-nowhere/deep')": /cannot keep a password in \/proc\/regplay-nowhere\/deep: ENOENT/,
  "lookup('password', '/')": /cannot keep a password in \/: EISDIR/,
  "lookup('ini', 'a', section='s', file='twice.ini')": /Duplicate option in line 3 of the INI file: 'a' in section 's'/,
  "lookup('ini', 'bad', section='s', file='inter.ini')": /must be followed by/,
  'True | path_join': /path_join expects string or sequence, got bool/,
  "'/a/b' | commonpath": /commonpath expects sequence, got str/,
  '[true] | items2dict': /items2dict requires a list of dictionaries/,
  'true | subelements("a")': /obj must be a list of dicts or a nested dict/,
  '{} | subelements(17)': /subelements must be a list or a string/,
  'users | subelements([])': /subelements is empty/,
  'users | subelements("name")': /the key 'name' should point to a list, got 'str'/,
  'users | subelements(["keys", "x"])': /the key 'x' should point to a dictionary, got 'list'/,
  'none | random': /random can only be used on/,
  'nothing | mandatory': /Mandatory variable 'nothing' not defined/,
  "'x' | comment('y')": /Invalid style 'y'/,
  "'x' | to_uuid(22)": /Invalid value '22'/,
  "'a=b=c' | regex_replace('=', ':', mandatory_count=1)": /should match 1 times, but matches 2 times/,
  "lookup('ini', 'file=a.ini')": /No key to lookup was provided/,
  "lookup('ini', 'x fiel=a.ini')": /'ini': fiel is not a valid option; there are type, file/,
  "lookup('csvfile', 'al fiel=t.csv')": /'csvfile': fiel is not a valid option; there are col/,
  "query('first_found', [17])": /wants names of files, not 'int'/,
  "lookup('ini', 'x', file='t.csv')": /line 1 of the INI file/,
  "lookup('csvfile', 'al', file='t.csv', delimiter=',', col=9)": /no column 9/,
  "lookup('csvfile', '', file='t.csv')": /Search key is required/,
  "lookup('lines', 'echo no >&2; exit 3')": /ended with 3: no/,
  "lookup('config', 'NOPE')": /Unable to find setting 'NOPE'/,
  "lookup('config', 1337)": /Invalid setting identifier, "1337"/,
  "lookup('config', 'NOPE', on_missing='boo')": /valid values are/,
  "lookup('subelements', partial, 'keys')": /could not find 'keys' key in iterated item/,
  "lookup('subelements', users, 'name.first')": /the key name should point to a dictionary, got 'al'/,
  "lookup('subelements', users, 'name')": /the key name should point to a list, got 'al'/,
  "lookup('subelements', [5], 'name')": /expects a dictionary, got 5/,
  "lookup('subelements', users)": /expects a list of two or three items, got 1/,
  "lookup('subelements', users, 1)": /first a dict or a list, second a string/,
  "lookup('subelements', users, 'keys', 'x')": /optional third item must be a dict/,
  "'x' | log": /log\(\) can only be used on numbers/,
  '0 | log': /math domain error/,
  '-1 | root': /math domain error/,
  "[{'n': 1}, {'n': 1}] | rekey_on_member('n')": /Key 1 is not unique/,
  "[{'n': 1}] | rekey_on_member('m')": /Key m was not found/,
  "'' is version('1', '>')": /version value cannot be empty/,
  "'1' is version('', '>')": /to compare against cannot be empty/,
  "lookup('together')": /at least one element/,
  "lookup('indexed_items', {'a': 1})": /expects a list/,
  "lookup('vars', 'users', 'absent')": /No variable found with this name: absent/,
  "lookup('vars', 1)": /Invalid setting identifier, "1" is not a string/,
  "lookup('varnames', '*')": /Unable to use "\*" as a search parameter: .*nothing to repeat/,
  "lookup('sequence', 'start=1 junk=2')": /unrecognized arguments to with_sequence: \['junk'\]/,
  "lookup('sequence', '1-4/C')": /can't parse stride=C as integer/,
  "lookup('sequence', 'start=1')": /must specify count or end/,
  "lookup('sequence', 'start=1 end=4 count=2')": /can't specify both count and end/,
  "lookup('sequence', '1-4:d')": /bad formatting string: d$/,
  "lookup('merge_variables', '^list_1$|^app_a$')": /a dict and a list cannot be merged/,
  "lookup('random_string', length=-1)": /length must be/,
  "lookup('url', 'file:///etc/passwd')": /wants http or https/,
  "lookup('url', 'http://127.0.0.1:1/')": /could not get http:\/\/127.0.0.1:1\/: .*ECONNREFUSED/,
  "lookup('file', 'nope')": /found no file 'nope'/,
  "query('dig', 'localhost', 'flat=0')":
    /the lookup 'dig' takes no flat=0 here: it knows qtype, timeout, fail_on_error/,
  "query('dig', 'localhost', tcp=true)": /the lookup 'dig' takes no tcp=True here/,
  "query('first_found', {'paths': ['/etc/hosts']})": /found none of/,
  "lookup('file', 'nope', errors='maybe')": /errors must be strict, warn or ignore/,
  "lookup('flie', 'x')": /no lookup named 'flie'; did you mean 'file'/,
}

for (const [expression, wanted] of Object.entries(FAULTS))
  test(`${expression} is wrong`, () => assert.match(fault(expression), wanted), 30_000)

test('fileglob warns of a directory that is not there', () => {
  const said: string[] = []
  const warn = (message: string): void => void said.push(message)
  assert.equal(ask("query('fileglob', '/nothing/*', 'nodir/*.txt', '*.nothing', '/etc/host*s')", { warn }), [
    '/etc/hosts',
  ])
  assert.equal(said, [
    "the lookup 'fileglob' found no directory '/nothing'",
    "the lookup 'fileglob' found no directory 'nodir'",
  ])
})

test("errors='warn' warns", () => {
  const said: string[] = []
  assert.is(ask("lookup('file', 'nope', errors='warn')", { warn: message => said.push(message) }), null)
  assert.equal(said, ["the lookup 'file' found no file 'nope': No such file or directory"])
})

test('what may answer otherwise next time waits for the run', () => {
  for (const name of [
    'random_choice',
    'random_string',
    'url',
    'dig',
    'lines',
    'ini',
    'filetree',
    'inventory_hostnames',
  ])
    assert.match(fault(`lookup('${name}', 'x')`, { pure: true }), 'can be known only while running')
})

test('filetree tells of directories, files and links', () => {
  const found = ask(`query('community.general.filetree', '${dir}/tree')`) as Record<string, unknown>[]
  assert.equal(
    found.map(({ path, state, mode }) => [path, state, state === 'file' ? mode : '']),
    [
      ['empty', 'directory', ''],
      ['empty/.keep', 'file', '0644'],
      ['etc', 'directory', ''],
      ['etc/app.conf', 'file', '0640'],
      ['etc/link', 'link', ''],
    ],
  )
  assert.is(found[3]?.['src'], join(dir, 'tree/etc/app.conf'))
  assert.is(found[4]?.['src'], 'app.conf')
})

test.run()
