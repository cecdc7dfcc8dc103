import * as assert from 'uvu/assert'
import apk from '../../src/modules/apk.ts'
import dnf from '../../src/modules/dnf.ts'
import packageModule from '../../src/modules/package.ts'
import pacman from '../../src/modules/pacman.ts'
import zypper from '../../src/modules/zypper.ts'
import { read } from '../../src/questions/apk.ts'
import { stepsIn } from '../../src/questions/dnf.ts'
import { read as pacmanRead } from '../../src/questions/pacman.ts'
import { NOTHING, type Rehearsed } from '../../src/questions/transactions.ts'
import { stepsIn as zypperSteps } from '../../src/questions/zypper.ts'
import { brief, planHere, planWith } from '../support/converge.ts'
import { debian } from '../support/host.ts'
import { SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'

const test = suite('modules/package-managers')

// What dnf 4.14 said of packages made for it, and what dnf5 says.
const DNF4 = `Dependencies resolved.
==============================================================================================
 Package                                                            Arch    Version
                                                                                  Repo    Size
==============================================================================================
Installing:
 rp-a-very-long-name-of-a-package-that-does-not-fit-in-any-column   noarch  1.0-1 local  6.2 k
 rp-another-very-long-name-of-a-package-that-does-not-fit-in-any-column
                                                                    noarch  1.0-1 local  6.2 k
Upgrading:
 rp-a                                                               noarch  2.0-1 local  5.9 k
Installing dependencies:
 rp-c                                                               noarch  1.0-1 local  5.9 k
Removing dependent packages:
 rp-d                                                               noarch  1:3.0-1 @System  5

Transaction Summary
==============================================================================================
Install  3 Packages
`
const DNF5 = `Package   Arch   Version   Repository      Size
Upgrading:
 rp-a     noarch 0:2.0-1   local        4.0   B
   replacing rp-a noarch 0:1.0-1 @System 4.0   B
Removing:
 rp-c     noarch 0:1.0-1   @System      4.0   B

Transaction Summary:
 Upgrading:         1 package
`
const HAS = new Map([['rp-a.noarch', '1.0-1']])

const TABLES: Record<string, [text: string, steps: string[]]> = {
  'dnf 4': [
    DNF4,
    [
      'rp-a-very-long-name-of-a-package-that-does-not-fit-in-any-column absent 1.0-1 false',
      'rp-another-very-long-name-of-a-package-that-does-not-fit-in-any-column absent 1.0-1 false',
      'rp-a 1.0-1 2.0-1 false',
      'rp-c absent 1.0-1 true',
      'rp-d 1:3.0-1 absent true',
    ],
  ],
  'dnf 5': [DNF5, ['rp-a 1.0-1 2.0-1 false', 'rp-c 1.0-1 absent false']],
  nothing: ['Dependencies resolved.\nNothing to do.\nComplete!\n', []],
}

for (const [title, [text, steps]] of Object.entries(TABLES))
  test(`the table of ${title}`, () =>
    assert.equal(
      stepsIn(text, HAS).map(({ name, from, to, aside }) => `${name} ${from} ${to} ${aside}`),
      steps,
    ))

// As apk's documentation and source have it: apk is in no archive of Debian's.
const APK: Record<string, [reply: string, steps: string[], fault: string]> = {
  'packages come': [
    '#lacks foo\n#said add 0\n(1/2) Installing libfoo (1.2-r0)\n(2/2) Installing foo@edge (1.2-r0)\nOK: 8 MiB in 20 packages\n#end\n',
    ['libfoo: absent -> 1.2-r0', 'foo: absent -> 1.2-r0'],
    '',
  ],
  'a package becomes newer': [
    '#said add 0\n(1/1) Upgrading foo (1.1-r0 -> 1.2-r0)\nOK: 8 MiB in 20 packages\n#end\n',
    ['foo: 1.1-r0 -> 1.2-r0'],
    '',
  ],
  'a package goes': [
    '#lacks foo\n#said del 0\n(1/1) Purging foo (1.1-r0)\nOK: 8 MiB in 19 packages\n#end\n',
    ['foo: 1.1-r0 -> absent'],
    '',
  ],
  'a dependency is asked for by name': [
    '#lacks foo>1\n#said add 0\nOK: 8 MiB in 20 packages\n#end\n',
    ['foo>1: not asked for by name -> asked for by name'],
    '',
  ],
  'nothing is to be done': ['#said upgrade 0\nOK: 8 MiB in 20 packages\n#end\n', [], ''],
  'nobody has it': [
    '#lacks foo\n#said add 1\nERROR: unable to select packages:\n  foo (no such package):\n    required by: world[foo]\n#end\n',
    ['foo: not asked for by name -> asked for by name'],
    'ERROR: unable to select packages:\n  foo (no such package):\n    required by: world[foo]',
  ],
  'others need it': [
    '#lacks foo\n#said del 0\nWorld updated, but the following packages are not removed due to:\n  foo: bar\n\nOK: 8 MiB in 20 packages\n#end\n',
    [],
    'World updated, but the following packages are not removed due to:\n  foo: bar',
  ],
}

for (const [title, [reply, steps, fault]] of Object.entries(APK))
  test(`apk: ${title}`, () => {
    const seen = read(reply)
    assert.equal(
      seen.steps.map(({ name, from, to }) => `${name}: ${from} -> ${to}`),
      steps,
    )
    assert.is(seen.fault, fault)
  })

test("zypper's summary", () => {
  const xml = `<install-summary packages-to-change="3">
<to-upgrade>
<solvable type="package" name="rp-a" edition="2.0-1" arch="noarch" edition-old="1.0-1" arch-old="noarch" summary="a &lt; b">
<description>x</description></solvable>
</to-upgrade>
<to-install>
<solvable type="package" name="rp-b" edition="1.0-1" arch="noarch" summary="b">
</solvable>
</to-install>
<to-remove>
<solvable type="package" name="rp-c" edition="1.0-1" arch="noarch" summary="c">
</solvable>
</to-remove>
</install-summary>`
  assert.equal(
    zypperSteps(xml).map(({ name, from, to }) => `${name}: ${from} -> ${to}`),
    ['rp-a: 1.0-1 -> 2.0-1', 'rp-b: absent -> 1.0-1', 'rp-c: 1.0-1 -> absent'],
  )
})

test("pacman's lists", () => {
  const reply =
    '#lacks rp-a\n#file /x.pkg.tar\n#said sync 0\n#step rp-a 2.0-1\n#end\n#said file 1\nerror: x\n#end\n#has rp-a 1.0-1\n#has rp-b 1.0-1\n#explicit rp-b\n'
  const seen = pacmanRead(reply)
  assert.equal(seen.steps, [{ name: 'rp-a', from: '1.0-1', to: '2.0-1' }])
  assert.equal([seen.lacking, seen.files, seen.fault], [['rp-a'], ['/x.pkg.tar'], 'error: x'])
  assert.equal(
    [...seen.explicit],
    [
      ['rp-a', false],
      ['rp-b', true],
    ],
  )
})

const one: Rehearsed = {
  ...NOTHING,
  steps: [{ name: 'foo', arch: 'noarch', from: '1.0-1', to: '2.0-1' }],
  lacking: ['bar'],
}

const PLANS: Record<string, [plan: ReturnType<typeof planWith>, lines: string[], words: RegExp]> = {
  'dnf: a list is one call': [
    planWith(dnf, { name: ['foo, bar'], state: 'latest' }, { would: one }, debian),
    ['foo: 1.0-1 -> 2.0-1'],
    /"\$d" -y .* install -- bar foo-2\.0-1\.noarch;/,
  ],
  'dnf: settings': [
    planWith(
      dnf,
      { name: ['bar'], enablerepo: ['a,b', 'c'], disable_gpg_check: true, nobest: true },
      { would: one },
      debian,
    ),
    ['foo: 1.0-1 -> 2.0-1'],
    /-y --nogpgcheck --setopt=best=0 --setopt=clean_requirements_on_remove=0 --enablerepo=a,b,c install -- bar;/,
  ],
  'dnf: fetched only': [
    planWith(dnf, { name: ['bar'], download_only: true }, { would: one }, { ...debian, uid: 1000 }),
    ['act: dnf: fetch 1 packages'],
    /--downloadonly/,
  ],
  'dnf: not root': [
    planWith(dnf, { name: ['bar'] }, { would: one }, { ...debian, uid: 1000 }),
    ['refuse: This command has to be run under the root user.'],
    /^/,
  ],
  'dnf: a fault': [
    planWith(dnf, { name: ['x'] }, { would: { ...NOTHING, fault: 'Error: x' } }, debian),
    ['refuse: Failed to install some of the specified packages: Error: x'],
    /^/,
  ],
  'apk: lists first': [
    planWith(apk, { name: ['bar'], update_cache: true, repository: ['/r'] }, { would: one }, debian),
    ['foo: 1.0-1 -> 2.0-1'],
    /apk --wait 300 --repository \/r --repositories-file \/dev\/null update && apk .* add bar;/,
  ],
  'apk: lists only': [
    planWith(apk, { update_cache: true }, { would: NOTHING }, debian),
    ['act: apk: refresh'],
    /apk --wait 300 update/,
  ],
  'zypper: one call, with what only an install takes': [
    planWith(
      zypper,
      { name: ['bar>=1'], disable_gpg_check: true, extra_args: '--download in-advance' },
      { would: one },
      debian,
    ),
    ['foo: 1.0-1 -> 2.0-1'],
    /zypper --quiet --non-interactive --no-gpg-checks install --type package --auto-agree-with-licenses --no-recommends --oldpackage --download in-advance -- bar;/,
  ],
  'zypper: a plus among what is to go': [
    planWith(zypper, { name: ['+bar'], state: 'absent' }, { would: one }, debian),
    ["refuse: Can not combine '+' prefix with state=remove/absent."],
    /^/,
  ],
  'pacman: packages, files and reasons': [
    planWith(
      pacman,
      { name: ['bar', '/x'], reason: 'dependency', update_cache: true, extra_args: '--overwrite "a b"' },
      { would: { ...one, files: ['/x'], named: ['bar', 'foo'], explicit: new Map() } },
      debian,
    ),
    ['foo: 1.0-1 -> 2.0-1'],
    /--sync --refresh +&& pacman .* --overwrite 'a b' --sync -- bar && .* --upgrade -- \/x && pacman --noconfirm --database --asdeps -- bar foo;/,
  ],
  'apk: options are no names': [
    planWith(apk, { name: ['--root=/x'] }, { would: NOTHING }, debian),
    ['refuse: --root=/x: this is not a package name'],
    /^/,
  ],
}

for (const [title, [plan, lines, words]] of Object.entries(PLANS))
  test(title, () => {
    assert.equal(brief(plan), lines)
    const by = plan.kind === 'change' ? plan.edits[0]?.by : plan.kind === 'act' ? plan.by : undefined
    assert.match(by?.kind === 'run' ? by.script.shown : '', words)
  })

for (const module of [dnf, apk, zypper, pacman])
  for (const shell of SHELLS)
    test(`${shell[0]}: ${module.name} says that this machine has no ${module.name}`, async () => {
      const plan = await planHere(module, { name: ['foo'] }, debian, shell)
      assert.equal(brief(plan), [`refuse: web1 has no ${module.name}`])
    })

test('package takes what the host has, or what a task names', () => {
  const alpine = { ...debian, family: 'alpine', id: 'alpine' } as const
  const strange = { ...debian, family: 'unknown', id: 'x', tools: new Set(['dnf']) } as const
  const args = { name: ['foo'] }
  assert.match(
    brief(planWith(packageModule, args, { would: { ...NOTHING, missing: true } }, alpine))[0] ?? '',
    /no apk/,
  )
  assert.match(
    brief(planWith(packageModule, args, { would: { ...NOTHING, missing: true } }, strange))[0] ?? '',
    /no dnf/,
  )
  const named = planWith(packageModule, { ...args, use: 'yum' }, { would: { ...NOTHING, missing: true } }, debian)
  assert.match(brief(named)[0] ?? '', /no dnf/)
  assert.match(
    brief(planWith(packageModule, { ...args, use: 'ports' }, {}, debian))[0] ?? '',
    /no package manager 'ports'/,
  )
})

test.run()
