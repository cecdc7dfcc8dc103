import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import type { Plan } from '../../src/kit/plan.ts'
import apt from '../../src/modules/apt.ts'
import { aptGet, NOT_UPDATED, PLAIN } from '../../src/modules/shared/apt.ts'
import { timed as timedCall } from '../../src/modules/shared/apt-lists.ts'
import { imperative } from '../../src/modules/shared/apt-plans.ts'
import { debianOrder } from '../../src/modules/shared/debian-version.ts'
import { packageLists } from '../../src/questions/package-lists.ts'
import { NO_PACKAGES, type Packages, packages } from '../../src/questions/packages.ts'
import { raw, sh } from '../../src/shell/script.ts'
import { brief, planWith, withDefaults } from '../support/converge.ts'
import { debian } from '../support/host.ts'
import { run, SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'

const test = suite('modules/apt')

const found: Packages = {
  ...NO_PACKAGES,
  known: new Map([
    ['curl', { version: '7.88.1-10', state: 'installed' }],
    ['half', { version: '1.0', state: 'broken' }],
    ['left', { version: '2.0', state: 'config-files' }],
    ['held', { version: '1.0', state: 'installed', hold: true }],
    ['libz', { version: '1.2', state: 'installed' }],
  ]),
  automatic: new Set(['libz']),
  matched: ['curl', 'nginx', 'nginx-doc'],
  versions: new Map([
    ['curl', ['8.0-1', '7.90-2', '7.88.1-10', '7.80-1']],
    ['nginx', ['1.22', '1.20']],
  ]),
  provided: new Set(['awk']),
  candidates: new Map([
    ['curl', '8.0-1'],
    ['nginx', '1.22'],
    ['nginx-doc', '1.22'],
    ['awk', 'none'],
    ['editor', 'none'],
    ['half', '1.0'],
    ['left', '2.1'],
    ['held', '2.0'],
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
  'a version pattern that something newer matches': [{ name: ['curl=7.*'] }, false, ['curl: 7.88.1-10 -> 7.90-2']],
  'another version': [{ name: ['curl=7.90-2'] }, false, ['curl: 7.88.1-10 -> 7.90-2']],
  'a version that nobody has': [
    { name: ['curl=7.91'] },
    false,
    ['refuse: no available installation candidate for curl=7.91'],
  ],
  'a version that is older': [
    { name: ['curl=7.80-1'] },
    false,
    ['refuse: A later version is already installed: curl 7.88.1-10'],
  ],
  'a version that is older, allowed': [
    { name: ['curl=7.80-1'], allow_downgrade: true },
    false,
    ['curl: 7.88.1-10 -> 7.80-1'],
  ],
  'what is held': [{ name: ['held'], state: 'latest' }, false, ['refuse: held is held at 1.0']],
  'what is held, and may go on': [
    { name: ['held'], state: 'latest', allow_change_held_packages: true },
    false,
    ['held: 1.0 -> 2.0'],
  ],
  'a version that may be newer': [{ name: ['curl>=7.88', 'nginx>=1.20'] }, false, ['nginx: absent -> 1.22']],
  'a version that must be newer': [{ name: ['curl>=7.89'] }, false, ['curl: 7.88.1-10 -> 8.0-1']],
  'what others brought along is asked for': [{ name: ['libz'] }, false, ['act: apt-mark manual libz']],
  'what others brought along goes': [{ name: ['libz'], state: 'absent' }, false, ['libz: 1.2 -> absent']],
  'another version goes': [{ name: ['curl=7.80-1'], state: 'absent' }, false, []],
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
  'patterns of names': [{ name: ['[cn]*'] }, false, ['nginx: absent -> 1.22', 'nginx-doc: absent -> 1.22']],
  'patterns of names that go': [{ name: ['?u*', 'n*'], state: 'absent' }, false, ['curl: 7.88.1-10 -> absent']],
  'a pattern that matches nothing': [{ name: ['x*'] }, false, ["refuse: No package(s) matching 'x*' available"]],
  'a pattern with a slash in it': [{ name: ['x*;/'] }, false, ['refuse: x*;/: this is not a pattern of package names']],
  'options are no names': [{ name: ['-o=x'] }, false, ['refuse: -o=x: this is not a package name']],
  'lists only, by age': [{ update_cache: true, cache_valid_time: 60 }, true, ['package lists: stale -> fresh']],
  'lists only, fresh': [{ update_cache: true, cache_valid_time: 60 }, false, []],
  'lists only, always': [{ update_cache: true }, true, ['act: apt-get update']],
  'an upgrade of everything': [{ upgrade: 'dist' }, false, ['libc6: 2.36-9 -> 2.36-10']],
  'what a build needs': [{ name: ['x'], state: 'build-dep' }, false, ['libc6: 2.36-9 -> 2.36-10']],
  'what apt broke is mended': [{ state: 'fixed' }, false, ['dpkg: broken -> fixed']],
}

for (const [name, [wish, stale, wanted]] of Object.entries(CASES))
  test(name, () => {
    const steps =
      wish['upgrade'] === undefined && wish['state'] !== 'build-dep'
        ? []
        : [{ name: 'libc6', from: '2.36-9', to: '2.36-10' }]
    const plan = planWith(apt, wish, { lists: { stale, time: 100 }, found, steps, deb: [] }, debian)
    assert.equal(brief(plan), wanted)
    if (plan.kind === 'change') assert.is(new Set(plan.edits.map(edit => edit.by)).size, 1)
  })

test('what others hold is waited for, and who still holds it is named', () => {
  const held = { lock: '/var/lib/dpkg/lock-frontend', pid: '47', program: 'unattended-upgr' }
  const answers = { lists: { stale: false, time: 100 }, steps: [], deb: [] }
  const wish = { name: ['nginx'], lock_timeout: 5 }
  assert.equal(brief(planWith(apt, wish, { ...answers, found: { ...found, held } }, debian)), [
    'refuse: unattended-upgr (process 47) holds /var/lib/dpkg/lock-frontend, and did not let go of it within 5 s',
  ])
  assert.is(planWith(apt, { name: ['curl'] }, { ...answers, found: { ...found, held } }, debian).kind, 'ok')
  const waited = planWith(apt, wish, { ...answers, found: { ...found, waits: ['waited 3 s for x'] } }, debian)
  assert.equal(waited.kind === 'change' && waited.result['warnings'], ['waited 3 s for x'])
})

for (const [left, sign, right] of [
  ['1.0', '=', '1.0'],
  ['1.0', '=', '1.0-0'],
  ['1.0', '=', '0:1.0'],
  ['1:0.1', '>', '9.0'],
  ['1.0~rc1', '<', '1.0'],
  ['1.0~rc1', '<', '1.0~rc1+b1'],
  ['1.10', '>', '1.9'],
  ['1.0a', '<', '1.0+'],
  ['1.0-1', '<', '1.0-1+deb12u1'],
  ['2.36-9+deb12u10', '>', '2.36-9+deb12u9'],
  ['1.0-a-2', '>', '1.0-a-1'],
] as const)
  test(`the order of versions: ${left} ${sign} ${right}`, () => {
    const signs = [Math.sign(debianOrder(left, right)), -Math.sign(debianOrder(right, left))]
    assert.equal(signs, Array(2).fill('<=>'.indexOf(sign) - 1))
    const dpkg = spawnSync('dpkg', ['--compare-versions', left, sign, right])
    if (!dpkg.error) assert.is(dpkg.status, 0, 'dpkg says otherwise')
  })

test('other families are refused', () => {
  const plan = planWith(
    apt,
    { name: ['x'] },
    { lists: { stale: false, time: 100 }, found, steps: [], deb: [] },
    { ...debian, family: 'alpine', id: 'alpine' },
  )
  assert.is(plan.kind, 'refuse')
})

const DONE = '1 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n'
const NONE = '0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n'
for (const [operation, code, stdout, wanted] of [
  ['upgrade', 0, DONE, [true, undefined]],
  ['upgrade', 0, NONE, [false, undefined]],
  ['upgrade', 100, '', [false, 'E: locked']],
  ['clean', 0, '', [false, undefined]],
  ['autoclean', 0, 'Reading package lists...\n', [false, undefined]],
  ['autoclean', 0, 'Del x 1.0 [5 kB]\n', [true, undefined]],
] as const)
  test(`apt-get ${operation} that ended with ${code} and said ${JSON.stringify(stdout)}`, () => {
    const by = { kind: 'run', script: sh`true` } as const
    const stderr = code === 0 ? '' : 'E: locked\n'
    const report = reported(imperative([operation], by), code, stdout, stderr)
    assert.equal([report.changed, report.failed, report.result['stdout']], [...wanted, stdout])
    assert.not('cache_updated' in report.result)
    const timed = reported(imperative([operation], by, { stale: true, time: 100 }), code, `${stdout}\n200\n`, stderr)
    assert.equal([timed.changed, timed.failed], wanted)
    const { cache_updated, cache_update_time, stdout: said } = timed.result
    assert.equal([said, cache_updated, cache_update_time], [stdout, true, 200])
  })

const reported = (plan: Plan, code: number, stdout: string, stderr: string) => {
  if (plan.kind !== 'act') throw new Error('no act')
  return plan.report({ code, stdout, stderr })
}

/** Which questions go to the target; without any, an act is made without a look before. */
const ASKED: Record<string, [wish: Record<string, unknown>, questions: string[]]> = {
  'lists alone': [{ update_cache: true }, []],
  'files that are kept': [{ clean: true }, []],
  'a file of a server': [{ deb: 'http://h/x.deb' }, []],
  'what goes': [{ name: ['curl'], state: 'absent', update_cache: true }, ['found']],
  'something new': [{ name: ['nginx'] }, ['lists', 'found']],
  'lists by age': [{ cache_valid_time: 60 }, ['lists']],
}
for (const [title, [wish, questions]] of Object.entries(ASKED))
  test(`asked of the target for ${title}`, () => {
    const asked = Object.entries(apt.probe(withDefaults(apt, wish), debian))
    assert.equal(
      asked.flatMap(([name, { of }]) => (of === 'target' ? [name] : [])),
      questions,
    )
  })

const FRESH = { cache_updated: false, cache_update_time: 100 }
const FETCHED = { cache_updated: true, cache_update_time: 100 }
/** What is told of the lists before anything is done, or with a refusal. */
const TOLD: Record<string, [wish: Record<string, unknown>, told: Record<string, unknown>]> = {
  'something new': [{ name: ['nginx'] }, FRESH],
  'something new, with fetched lists': [{ name: ['nginx'], update_cache: true }, FETCHED],
  'what is there, for which nothing is fetched': [{ name: ['curl'], update_cache: true }, FRESH],
  latest: [{ name: ['curl'], state: 'latest', update_cache: true }, FETCHED],
  'what others brought along': [{ name: ['libz'] }, FRESH],
  'what a build needs': [{ name: ['x'], state: 'build-dep' }, FRESH],
  'a version that nobody has': [{ name: ['curl=7.91'] }, FRESH],
  'a version that is older': [{ name: ['curl=7.80-1'] }, FRESH],
  'what is held': [{ name: ['held'], state: 'latest' }, FRESH],
  'an unknown name': [{ name: ['nonesuch'] }, {}],
  'no names': [{ name: [] }, FRESH],
  'lists by age': [{ cache_valid_time: 60 }, FETCHED],
  'lists and orphans': [{ autoremove: true, cache_valid_time: 60 }, FETCHED],
  orphans: [{ autoremove: true }, {}],
  'what goes': [{ name: ['curl'], state: 'absent', update_cache: true }, {}],
  'an upgrade': [{ upgrade: 'dist', update_cache: true }, {}],
  'an upgrade by age': [{ upgrade: 'dist', cache_valid_time: 60 }, {}],
  'everything is the latest': [{ name: ['*'], state: 'latest' }, {}],
  'a file': [{ deb: '/x.deb', update_cache: true }, {}],
  'files that are kept': [{ clean: true }, FRESH],
  'files that are kept, and lists': [{ clean: true, update_cache: true }, FETCHED],
  'old files that are kept': [{ autoclean: true }, {}],
  'old files that are kept, and lists': [{ autoclean: true, update_cache: true }, FETCHED],
}
for (const [title, [wish, told]] of Object.entries(TOLD))
  test(`told of the lists with ${title}`, () => {
    const stale = wish['update_cache'] === true || wish['cache_valid_time'] !== undefined
    const steps = [{ name: 'libc6', from: '2.36-9', to: '2.36-10' }]
    const plan = planWith(apt, wish, { lists: { stale, time: 100 }, found, steps, deb: [] }, debian)
    const fields =
      plan.kind === 'change'
        ? { ...plan.result, ...plan.deed }
        : plan.kind !== 'act'
          ? plan.result
          : plan.dry === 'pretend' && plan.trial === undefined
            ? plan.would
            : plan.report({ code: 0, stdout: '\n100\n', stderr: '' }).result
    assert.equal(Object.fromEntries(Object.entries(fields).filter(([name]) => name.startsWith('cache_'))), told)
  })

for (const [title, code, stdout, stderr, wanted] of [
  ['could be fetched', 0, 'Hit:1\n\n200\n', '', { cache_updated: true, cache_update_time: 200 }],
  ['could not be fetched', 100, 'Err:1\n\n100\n', `${NOT_UPDATED}E: gone\n`, {}],
] as const)
  test(`lists alone that ${title}`, () => {
    const answers = { lists: { stale: true, time: 0 }, found, steps: [], deb: [] }
    const { changed, failed, result } = reported(
      planWith(apt, { update_cache: true }, answers, debian),
      code,
      stdout,
      stderr,
    )
    assert.equal([changed, failed !== undefined, result], [code === 0, code !== 0, wanted])
  })

for (const shell of SHELLS)
  for (const [before, title] of [
    ['#!/bin/sh\nexit 5\n', 'comes back'],
    [undefined, 'is gone'],
  ] as const)
    test(`${shell[0]}: while apt-get works services are kept by policy_rc_d, and what stood there ${title}`, () => {
      const dir = mkdtempSync(join(tmpdir(), 'regplay-policy-'))
      const policy = join(dir, 'policy-rc.d')
      try {
        if (before !== undefined) writeFileSync(policy, before, { mode: 0o755 })
        writeFileSync(join(dir, 'apt-get'), `#!/bin/sh\n${policy}\necho "policy says $?"\nexit 9\n`, { mode: 0o755 })
        const wish = { ...PLAIN, lock_timeout: 60, policy_rc_d: 101 }
        const { wire } = aptGet(wish, [['install', 'x']], 'trying').script
        const script = raw(wire.replaceAll('/usr/sbin/policy-rc.d', policy))
        const answer = run(script, shell, { env: { PATH: `${dir}:${process.env['PATH']}` } })
        assert.equal([answer.code, answer.stdout], [9, 'policy says 101\n'])
        assert.is(existsSync(policy) ? readFileSync(policy, 'utf8') : undefined, before)
        assert.equal(readdirSync(dir).sort(), ['apt-get', ...(before === undefined ? [] : ['policy-rc.d'])])
      } finally {
        rmSync(dir, { recursive: true, force: true })
      }
    }, 90_000)

for (const shell of SHELLS)
  test(`${shell[0]}: when lists were fetched, by the note of a hook or by their directory, and whether that is long ago`, () => {
    const dir = mkdtempSync(join(tmpdir(), 'regplay-lists-'))
    const [lists, stamp] = [join(dir, 'lists'), join(dir, 'periodic/update-success-stamp')]
    const local = (text: string) => raw(text.replaceAll('/var/lib/apt', dir))
    const asked = (limit: number | boolean) => {
      const question = packageLists(limit)
      return question.read(run(local(question.script.wire), shell))
    }
    try {
      assert.equal([asked(true), asked(60)], Array(2).fill({ stale: true, time: 0 }))
      mkdirSync(lists)
      writeFileSync(join(lists, 'x_Packages'), '')
      const now = Math.floor(Date.now() / 1000)
      utimesSync(lists, now - 100, now - 100)
      assert.equal(
        [asked(60), asked(3600), asked(false)],
        [true, false, false].map(stale => ({ stale, time: now - 100 })),
      )
      const { script } = timedCall({ kind: 'run', script: sh`echo said; exit 3` })
      assert.equal(
        [run(local(script.wire), shell)].map(({ code, stdout }) => [code, stdout]),
        [[3, `said\n\n${now - 100}\n`]],
      )
      mkdirSync(join(dir, 'periodic'))
      writeFileSync(stamp, '')
      utimesSync(stamp, now - 9, now - 9)
      assert.equal(asked(60), { stale: false, time: now - 9 })
      rmSync(join(lists, 'x_Packages'))
      assert.equal(asked(60), { stale: true, time: now - 9 })
    } finally {
      rmSync(dir, { recursive: true, force: true })
    }
  })

const here = spawnSync('dpkg-query', ['-W', '-f', '$' + '{Version}', 'dpkg'], { encoding: 'utf8' })
for (const shell of SHELLS) {
  if (here.error || here.status !== 0) {
    test.skip(`${shell[0]}: what dpkg and apt say`, 'this machine has no dpkg')
    continue
  }
  test(`${shell[0]}: what dpkg and apt say`, () => {
    const question = packages({
      names: ['dpkg', 'awk', 'no-such-package', 'libc6:amd64'],
      patterns: ['dpk[g]', 'no-such-*'],
      all: false,
      patience: 5,
    })
    const seen = question.read(run(question.script, shell, { env: { PATH: process.env['PATH'] ?? '' } }))
    assert.equal(seen.known.get('dpkg'), { version: here.stdout, state: 'installed' })
    assert.is(seen.provided.has('awk'), true)
    assert.is(seen.known.has('no-such-package'), false)
    assert.is(seen.candidates.has('no-such-package'), false)
    assert.is(seen.candidates.get('awk'), 'none')
    assert.equal(seen.matched, ['dpkg'])
  }, 30_000)
}

test.run()
