import * as assert from 'uvu/assert'
import type { Edit } from '../../src/kit/plan.ts'
import apk from '../../src/modules/apk.ts'
import apt from '../../src/modules/apt.ts'
import dnf from '../../src/modules/dnf.ts'
import packageModule from '../../src/modules/package.ts'
import pacman from '../../src/modules/pacman.ts'
import pip from '../../src/modules/pip.ts'
import yum from '../../src/modules/yum.ts'
import zypper from '../../src/modules/zypper.ts'
import { NO_PACKAGES } from '../../src/questions/packages.ts'
import { NOTHING } from '../../src/questions/transactions.ts'
import { sh } from '../../src/shell/script.ts'
import { brief, planWith, withDefaults } from '../support/converge.ts'
import { debian } from '../support/host.ts'
import { suite } from '../support/suite.ts'

const test = suite('modules/joined')

type Wish = Record<string, unknown>

/** What the turns of a loop ask of a module, and the names that they ask for as one; none where they do not go as one. */
const JOINS: Record<string, [module: typeof dnf, wishes: Wish[], names?: string[]]> = {
  dnf: [dnf, [{ name: ['a', 'b'] }, { name: ['b', 'c-1.0'] }], ['a', 'b', 'c-1.0']],
  yum: [yum, [{ name: ['a'] }, { name: ['b'] }], ['a', 'b']],
  apk: [apk, [{ name: ['a'] }, { name: ['b>1'] }], ['a', 'b>1']],
  zypper: [zypper, [{ name: ['a'] }, { name: ['-b'] }], ['a', '-b']],
  pacman: [pacman, [{ name: ['a'] }, { name: ['/b.pkg.tar'] }], ['a', '/b.pkg.tar']],
  package: [packageModule, [{ name: ['a'] }, { name: ['b'] }], ['a', 'b']],
  pip: [pip, [{ name: ['a>=1', '<2'] }, { name: ['b'] }], ['a>=1', '<2', 'b']],
  'pip: versions stand behind the names': [
    pip,
    [{ name: ['a'], version: '1' }, { name: ['b'] }, { name: ['c'], version: '2' }],
    ['a==1', 'b', 'c==2'],
  ],
  'other states': [dnf, [{ name: ['a'] }, { name: ['b'], state: 'absent' }]],
  'other repositories': [dnf, [{ name: ['a'] }, { name: ['b'], enablerepo: ['x'] }]],
  everything: [
    dnf,
    [
      { name: ['a'], state: 'latest' },
      { name: ['*'], state: 'latest' },
    ],
  ],
  'no names': [
    dnf,
    [
      { name: ['a'], autoremove: true },
      { autoremove: true, name: undefined },
    ],
  ],
  'a version, which lets zypper go back': [zypper, [{ name: ['a'] }, { name: ['b=1'] }]],
  'reasons of pacman': [
    pacman,
    [
      { name: ['a'], reason: 'explicit' },
      { name: ['b'], reason: 'explicit' },
    ],
  ],
  'package, where zypper takes a version': [
    packageModule,
    [
      { name: ['a'], use: 'zypper' },
      { name: ['b=1'], use: 'zypper' },
    ],
  ],
}
for (const [title, [module, wishes, names]] of Object.entries(JOINS))
  test(`${title}: turns ${names ? 'are one transaction' : 'go alone'}`, () => {
    const joined = module.join?.(
      wishes.map(wish => withDefaults(module, wish)),
      debian,
    ) as { name: string[] } | undefined
    assert.equal(joined?.name, names)
  })

const by = { kind: 'run', script: sh`true` } as const
const came = (what: string, to = '1.0-1', from = 'absent'): Edit => ({ what, from, to, by })
const steps = (...names: string[]) => names.map(name => ({ name, arch: 'noarch', from: 'absent', to: '1.0-1' }))
const would = { ...NOTHING, lacking: ['b'], steps: steps('b', 'c') }
const pacmanWould = { ...would, files: [], named: ['b'], explicit: new Map() }
const found = { ...NO_PACKAGES, candidates: new Map([['b', '1.0']]) }
const apts = { lists: { stale: false, time: 100 }, found, steps: [], deb: [] }
const pips = { seen: { pip: ['pip'], environment: false, creatable: true, installed: new Map([['b', '1.0']]) } }

/** A turn that wants `b`, by what it saw and what turns before it changed: what is left for it to do; `asked anew` where nobody can say. */
const LEFT: Record<string, [module: typeof dnf, wish: Wish, answers: Wish, edits: Edit[], left: string[]]> = {
  'dnf: something else came': [dnf, {}, { would }, [came('a')], ['b: absent -> 1.0-1', 'c: absent -> 1.0-1']],
  'dnf: what it needs came': [dnf, {}, { would }, [came('a'), came('c')], ['b: absent -> 1.0-1']],
  'dnf: it came along': [dnf, {}, { would }, [came('b'), came('c')], []],
  'yum: it came along': [yum, {}, { would }, [came('b'), came('c')], []],
  'package: it came along': [packageModule, { use: 'dnf' }, { would }, [came('b'), came('c')], []],
  'dnf: another version came': [dnf, {}, { would }, [came('c', '2.0-1')], ['asked anew']],
  'zypper: what it needs came': [zypper, {}, { would }, [came('c')], ['b: absent -> 1.0-1']],
  'pacman: it came along': [pacman, {}, { would: pacmanWould }, [came('b'), came('c')], []],
  'apk: it came along, and is to stay for itself': [
    apk,
    {},
    { would },
    [came('b'), came('c')],
    ['b: not asked for by name -> asked for by name'],
  ],
  'apk: it went along': [
    apk,
    { state: 'absent' },
    { would: { ...would, steps: [{ name: 'b', from: '1.0', to: 'absent' }] } },
    [came('b', 'absent', '1.0')],
    [],
  ],
  'apt: the same once more': [apt, {}, apts, [came('b', '1.0')], []],
  'apt: something else': [apt, {}, apts, [came('a')], ['b: absent -> 1.0']],
  'apt: it is gone': [
    apt,
    { state: 'absent' },
    { ...apts, found: { ...found, known: new Map([['b', { version: '1', state: 'installed' }]]) } },
    [came('b', 'absent', '1.0')],
    [],
  ],
  'pip: the environment is made once': [
    pip,
    { virtualenv: '/v', name: ['d'] },
    pips,
    [came('/v', 'environment'), came('a', 'installed')],
    ['d: absent -> installed'],
  ],
  'pip: the same in another version': [pip, { name: ['b>1'] }, pips, [came('B', '==2')], ['asked anew']],
}
for (const [title, [module, wish, answers, edits, left]] of Object.entries(LEFT))
  test(title, () => {
    const args = withDefaults(module, { name: ['b'], ...wish })
    const then = module.afterwards?.(args, answers, edits, debian)
    assert.equal(then === undefined ? ['asked anew'] : brief(planWith(module, args, then, debian)), left)
  })

for (const [title, args, stale] of [
  ['lists are fetched once', { cache_valid_time: 60 }, false],
  ['lists are fetched each time', { update_cache: true }, true],
  ['lists are fetched for a name that nobody knows', { cache_valid_time: 60, name: ['x'] }, true],
] as const)
  test(`apt: ${title}`, () => {
    const wish = withDefaults(apt, { name: ['b'], ...args })
    const then = apt.afterwards?.(wish, { ...apts, lists: { stale: true, time: 100 } }, [came('a')], debian)
    assert.equal(then?.['lists'], { stale, time: 100 })
  })

test.run()
