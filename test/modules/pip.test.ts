import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import pip from '../../src/modules/pip.ts'
import { requirementsIn } from '../../src/modules/shared/pip.ts'
import { satisfies } from '../../src/modules/shared/python-version.ts'
import { brief, converge, make, planHere, planWith } from '../support/converge.ts'
import { debian } from '../support/host.ts'
import { SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'

const test = suite('modules/pip')

/** Of each version: what it fits, and what it does not. */
const VERSIONS: Record<string, [fits: string[], not: string[]]> = {
  '1.2.3': [
    ['==1.2.3', '==1.2.*', '>=1.2,<2', '~=1.2', '~=1.2.1', '!=1.2', '==01.2.3', '===1.2.3'],
    ['~=1.3', '<1.2.3', '==1.3.*', '>1.2.3', '>=1,!=1.2.*'],
  ],
  '1.0': [
    ['==1', '==1.0.0', '>1.0rc1', '>1.0.dev3', '<1.0.post1', '>=1.0b2'],
    ['>1', '<1.0', '===1'],
  ],
  '2.0rc1': [
    ['<2.1', '>2.0b9', '>=2.0.dev1', '>1.9'],
    ['>=2', '<2'],
  ],
  '1!0.1': [['>9'], ['<9']],
  '3.0.post2': [
    ['>3.0.post1', '>=3.0.post1'],
    ['<=3.0', '>3.0'],
  ],
}
for (const [version, [fits, not]] of Object.entries(VERSIONS))
  test(`${version} is one of those that are meant, or is not`, () => {
    for (const specifier of fits) assert.is(satisfies(version, specifier), true, specifier)
    for (const specifier of not) assert.is(satisfies(version, specifier), false, specifier)
  })
test('what is no version is not guessed', () => assert.is(satisfies('x.y', '>1'), undefined))

test('what a list names', () =>
  assert.equal(
    requirementsIn(['a', 'B_c[x] >= 1.0', '<2', 'git+https://h/x', './p', 'd==1; python_version > "3"']).map(
      ({ name, specifier }) => [name, specifier],
    ),
    [
      ['a', ''],
      ['B_c', '>= 1.0,<2'],
      [undefined, ''],
      [undefined, ''],
      [undefined, ''],
    ],
  ))

const SEEN = {
  pip: ['pip3'],
  environment: true,
  creatable: true,
  installed: new Map([
    ['six', '1.16.0'],
    ['my-pkg', '2.0'],
  ]),
}
const CASES: Record<string, [wish: Record<string, unknown>, seen: Record<string, unknown>, wanted: string[]]> = {
  'it is there, however it is written': [{ name: ['Six', 'my_PKG>=1'] }, {}, []],
  'it is too old': [{ name: ['six>=1.17', 'x'] }, {}, ['six: 1.16.0 -> >=1.17', 'x: absent -> installed']],
  'one version': [{ name: ['six'], version: '1.15' }, {}, ['six: 1.16.0 -> ==1.15']],
  'it goes': [{ name: ['six', 'x'], state: 'absent' }, {}, ['six: 1.16.0 -> absent']],
  'an environment stands where its whole path says': [
    { name: ['x'], virtualenv: '/v', chdir: '/srv' },
    { environment: false, installed: new Map() },
    ['/v: absent -> environment', 'x: absent -> installed'],
  ],
  'an environment stands below the folder': [
    { name: ['x'], virtualenv: 'v', chdir: '/srv' },
    { environment: false, installed: new Map() },
    ['/srv/v: absent -> environment', 'x: absent -> installed'],
  ],
  'an environment comes first': [
    { name: ['x'], virtualenv: '/v' },
    { environment: false, pip: [], installed: new Map() },
    ['/v: absent -> environment', 'x: absent -> installed'],
  ],
  'the newest': [{ name: ['six'], state: 'latest' }, {}, ['act: pip latest']],
  'a file that lists them': [{ requirements: 'r.txt' }, {}, ['act: pip present']],
  'no pip': [{ name: ['six'] }, { pip: [] }, ['refuse: web1 has no pip']],
  'nothing that makes environments': [
    { name: ['x'], virtualenv: '/v' },
    { environment: false, creatable: false },
    ['refuse: web1 has no virtualenv'],
  ],
  'the newest of a version': [
    { name: ['x'], version: '1', state: 'latest' },
    {},
    ['refuse: version is incompatible with state=latest'],
  ],
  'a version of two': [
    { name: ['x', 'y'], version: '1' },
    {},
    ["refuse: 'version' argument is ambiguous when installing multiple package distributions."],
  ],
}
for (const [title, [wish, seen, wanted]] of Object.entries(CASES))
  test(title, () => assert.equal(brief(planWith(pip, wish, { seen: { ...SEEN, ...seen } }, debian)), wanted))

const dir = mkdtempSync(join(tmpdir(), 'regplay-pip-'))
test.after(() => rmSync(dir, { recursive: true, force: true }))

/** A package that needs nothing from anywhere: a wheel, which is a zip of two kinds of files. */
function wheel(version: string): void {
  const info = `regplay_test-${version}.dist-info`
  const at = mkdtempSync(join(dir, 'w-'))
  mkdirSync(join(at, info))
  writeFileSync(join(at, 'regplay_test.py'), '')
  writeFileSync(join(at, info, 'METADATA'), `Metadata-Version: 2.1\nName: regplay-test\nVersion: ${version}\n`)
  writeFileSync(join(at, info, 'WHEEL'), 'Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n')
  writeFileSync(join(at, info, 'RECORD'), `regplay_test.py,,\n${info}/METADATA,,\n${info}/WHEEL,,\n${info}/RECORD,,\n`)
  spawnSync('zip', ['-qr', join(dir, `regplay_test-${version}-py3-none-any.whl`), '.'], { cwd: at })
}

const venv = spawnSync('python3', ['-m', 'venv', join(dir, 'try')]).status === 0 && existsSync(join(dir, 'try/bin/pip'))
if (!venv) test.skip('packages come and go', 'python3 -m venv makes nothing with pip here')
else {
  test.before(() => {
    for (const version of ['1.0', '2.0']) wheel(version)
  })
  // Once: pip takes its time. That its text works in every shell is asked below.
  for (const shell of SHELLS.slice(0, 1))
    test(`${shell[0]}: packages come and go`, async () => {
      const virtualenv = join(mkdtempSync(join(dir, "v'")), 'e')
      const given = {
        virtualenv,
        virtualenv_command: 'python3 -m venv',
        extra_args: `--no-index --find-links ${dir}`,
        name: ['regplay_test'],
      }
      const lines = async (wish: Record<string, unknown>) => converge(pip, { ...given, ...wish }, debian, shell)
      assert.equal(await lines({ version: '1.0' }), [
        `${virtualenv}: absent -> environment`,
        'regplay_test: absent -> ==1.0',
      ])
      assert.equal(await lines({}), [])
      assert.equal(await lines({ name: ['regplay-test>1'] }), ['regplay-test: 1.0 -> >1'])
      const newest = await planHere(pip, { ...given, state: 'latest' }, debian, shell)
      if (newest.kind !== 'act') throw new Error(newest.kind)
      const [outcome] = make(newest, shell)
      assert.is(outcome && newest.report(outcome).changed, false)
      assert.equal(await lines({ state: 'absent', extra_args: undefined }), ['regplay_test: 2.0 -> absent'])
    }, 120_000)
}

for (const shell of SHELLS)
  test(`${shell[0]}: a host without pip is told so`, async () => {
    const lines = brief(await planHere(pip, { name: ['x'], executable: '/none/pip' }, debian, shell))
    assert.equal(lines, ['refuse: web1 has no /none/pip'])
  })

test.run()
