import { spawnSync } from 'node:child_process'
import * as assert from 'uvu/assert'
import apt from '../../src/modules/apt.ts'
import { imperative } from '../../src/modules/shared/apt-plans.ts'
import { type Packages, packages } from '../../src/questions/packages.ts'
import { sh } from '../../src/shell/script.ts'
import { brief, planWith } from '../support/converge.ts'
import { debian } from '../support/host.ts'
import { run, SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'

const test = suite('modules/apt')

const found: Packages = {
  known: new Map([
    ['curl', { version: '7.88.1-10', state: 'installed' }],
    ['half', { version: '1.0', state: 'broken' }],
    ['left', { version: '2.0', state: 'config-files' }],
  ]),
  provided: new Set(['awk']),
  candidates: new Map([
    ['curl', '8.0-1'],
    ['nginx', '1.22'],
    ['awk', 'none'],
    ['editor', 'none'],
    ['half', '1.0'],
    ['left', '2.1'],
  ]),
  broken: true,
}

const CASES: Record<string, [wish: Record<string, unknown>, stale: boolean, wanted: string[]]> = {
  'an installed package is left alone': [{ name: ['curl'] }, false, []],
  'stale lists are not refreshed for what is installed': [
    { name: ['curl'], update_cache: true, cache_valid_time: 60 },
    true,
    [],
  ],
  'a list is one transaction': [
    { name: ['nginx', 'curl', 'half'] },
    false,
    ['nginx: absent -> 1.22', 'half: 1.0 (not configured) -> 1.0'],
  ],
  'names may be separated by commas': [{ name: ['nginx, curl'] }, false, ['nginx: absent -> 1.22']],
  'a virtual package that something provides': [{ name: ['awk'] }, false, []],
  'a virtual package that nothing provides': [
    { name: ['editor'] },
    false,
    ['editor: absent -> a package that provides it'],
  ],
  'configuration that was left is no package': [{ name: ['left'] }, false, ['left: absent -> 2.1']],
  'an exact version': [{ name: ['curl=7.88.1-10'] }, false, []],
  'a version pattern': [{ name: ['curl=7.88*'] }, false, []],
  'another version': [{ name: ['curl=7.90'] }, false, ['curl: 7.88.1-10 -> 7.90']],
  latest: [{ name: ['curl', 'nginx'], state: 'latest' }, false, ['curl: 7.88.1-10 -> 8.0-1', 'nginx: absent -> 1.22']],
  'only_upgrade installs nothing': [
    { name: ['nginx', 'curl'], state: 'latest', only_upgrade: true },
    false,
    ['curl: 7.88.1-10 -> 8.0-1'],
  ],
  'latest with stale lists': [
    { name: ['curl'], state: 'latest', update_cache: true, cache_valid_time: 60 },
    true,
    ['package lists: stale -> fresh', 'curl: 7.88.1-10 -> 8.0-1'],
  ],
  absent: [{ name: ['curl', 'nginx', 'left'], state: 'absent' }, false, ['curl: 7.88.1-10 -> absent']],
  purged: [{ name: ['left'], state: 'absent', purge: true }, false, ['left: 2.0 -> absent']],
  'an unknown name': [{ name: ['nonesuch'] }, false, ["refuse: No package matching 'nonesuch' is available"]],
  'an unknown name before the lists are refreshed': [
    { name: ['nonesuch'], update_cache: true },
    true,
    ['nonesuch: absent -> present'],
  ],
  'patterns of names': [{ name: ['python3-*'] }, false, ['refuse: python3-*: patterns of names are not understood']],
  'options are no names': [{ name: ['-o=x'] }, false, ['refuse: -o=x: this is not a package name']],
  'lists only, by age': [{ update_cache: true, cache_valid_time: 60 }, true, ['package lists: stale -> fresh']],
  'lists only, fresh': [{ update_cache: true, cache_valid_time: 60 }, false, []],
  'lists only, always': [{ update_cache: true }, true, ['act: apt-get update']],
  'an upgrade of everything': [{ upgrade: 'dist' }, false, ['libc6: 2.36-9 -> 2.36-10']],
  'what apt broke is mended': [{ state: 'fixed' }, false, ['dpkg: broken -> fixed']],
}

for (const [name, [wish, stale, wanted]] of Object.entries(CASES))
  test(name, () => {
    const steps = wish['upgrade'] === undefined ? [] : [{ name: 'libc6', from: '2.36-9', to: '2.36-10' }]
    const plan = planWith(apt, wish, { stale, found, steps, deb: undefined }, debian)
    assert.equal(brief(plan), wanted)
    if (plan.kind === 'change') assert.is(new Set(plan.edits.map(edit => edit.by)).size, 1)
  })

test('other families are refused', () => {
  const plan = planWith(
    apt,
    { name: ['x'] },
    { stale: false, found, steps: [], deb: undefined },
    { ...debian, family: 'alpine', id: 'alpine' },
  )
  assert.is(plan.kind, 'refuse')
})

const DONE = '1 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n'
const NONE = '0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n'
for (const [operation, code, stdout, wanted] of [
  ['upgrade', 0, DONE, [true, undefined, true]],
  ['upgrade', 0, NONE, [false, undefined, true]],
  ['upgrade', 100, '', [false, 'E: locked', false]],
  ['clean', 0, '', [true, undefined, true]],
  ['autoclean', 0, 'Reading package lists...\n', [false, undefined, true]],
  ['autoclean', 0, 'Del x 1.0 [5 kB]\n', [true, undefined, true]],
] as const)
  test(`apt-get ${operation} that ended with ${code} and said ${JSON.stringify(stdout)}`, () => {
    const by = { kind: 'run', script: sh`true` } as const
    const plan = imperative([operation], by, { refreshes: true })
    if (plan.kind !== 'act') throw new Error('no act')
    const report = plan.report({ code, stdout, stderr: code === 0 ? '' : 'E: locked\n' })
    assert.equal([report.changed, report.failed, report.result['cache_updated']], wanted)
  })

const here = spawnSync('dpkg-query', ['-W', '-f', '$' + '{Version}', 'dpkg'], { encoding: 'utf8' })
for (const shell of SHELLS) {
  if (here.error || here.status !== 0) {
    test.skip(`${shell[0]}: what dpkg and apt say`, 'this machine has no dpkg')
    continue
  }
  test(`${shell[0]}: what dpkg and apt say`, () => {
    const question = packages(['dpkg', 'awk', 'no-such-package', 'libc6:amd64'], false)
    const seen = question.read(run(question.script, shell, { env: { PATH: process.env['PATH'] ?? '' } }))
    assert.equal(seen.known.get('dpkg'), { version: here.stdout, state: 'installed' })
    assert.is(seen.provided.has('awk'), true)
    assert.is(seen.known.has('no-such-package'), false)
    assert.is(seen.candidates.has('no-such-package'), false)
    assert.is(seen.candidates.get('awk'), 'none')
  }, 30_000)
}

test.run()
