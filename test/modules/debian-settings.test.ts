import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { Secret } from '../../src/base/secret.ts'
import acl from '../../src/modules/acl.ts'
import alternatives from '../../src/modules/alternatives.ts'
import debconf from '../../src/modules/debconf.ts'
import dpkgSelections from '../../src/modules/dpkg_selections.ts'
import localeGen from '../../src/modules/locale_gen.ts'
import { alternatives as questionOf } from '../../src/questions/alternatives.ts'
import { Answer } from '../../src/shell/answer.ts'
import { brief, converge, planHere, planWith } from '../support/converge.ts'
import { busybox, debian } from '../support/host.ts'
import { SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'

const test = suite('modules/settings of Debian, and access lists')
const dir = mkdtempSync(join(tmpdir(), 'regplay-debian-'))
test.after(() => rmSync(dir, { recursive: true, force: true }))

const SELECTIONS: Record<string, [seen: string | undefined, wanted: string[]]> = {
  'as it is': ['hold', []],
  'held back': ['install', ['tzdata: install -> hold']],
  'of a package that nobody knows': [
    undefined,
    ["refuse: Failed to find package 'tzdata' to perform selection 'hold'."],
  ],
  'without dpkg': ['none', ['refuse: dpkg_selections is for Debian and its kin, web1 is debian']],
}
for (const [title, [seen, wanted]] of Object.entries(SELECTIONS))
  test(`dpkg_selections: ${title}`, () =>
    assert.equal(brief(planWith(dpkgSelections, { name: 'tzdata', selection: 'hold' }, { seen }, debian)), wanted))

const KNOWN = new Map([
  ['p/text', 'old'],
  ['p/flag', 'true'],
  ['p/word', ''],
])
const ANSWERS: Record<string, [wish: Record<string, unknown>, wanted: string[]]> = {
  'is there': [{ question: 'p/text', vtype: 'string', value: 'old' }, []],
  'is another': [{ question: 'p/text', vtype: 'string', value: 'new' }, ['p/text: old -> new']],
  'is of yes and no': [{ question: 'p/flag', vtype: 'boolean', value: 'True' }, []],
  'is no': [{ question: 'p/flag', vtype: 'boolean', value: 'False' }, ['p/flag: true -> false']],
  'is new': [{ question: 'p/x', vtype: 'string', value: 'y' }, ['p/x: absent -> y']],
  'has two lines': [{ question: 'p/x', vtype: 'string', value: 'a\nb c d e' }, ['refuse: an answer is one line']],
  'is a password': [
    { question: 'p/word', vtype: 'password', value: 'new' },
    ['p/word: (password omitted) -> (password omitted)'],
  ],
  'is the same password': [{ question: 'p/word', vtype: 'password', value: 'old' }, []],
  'is only looked at': [{}, []],
}
for (const [title, [wish, wanted]] of Object.entries(ANSWERS))
  test(`debconf: an answer ${title}`, () => {
    const plan = planWith(debconf, { name: 'p', ...wish }, { seen: KNOWN, kept: new Secret('old', 'p/word') }, debian)
    assert.equal(brief(plan), wanted)
    assert.not.match(JSON.stringify(plan), wish['vtype'] === 'password' ? /new/ : /never/)
  })

test('debconf is for Debian', () =>
  assert.match(brief(planWith(debconf, { name: 'p' }, { seen: undefined }, busybox)).join(), /Debian and its kin/))

const LOCALES = '# de_CH ISO-8859-1\n# de_CH.UTF-8 UTF-8\nen_US.UTF-8 UTF-8\n'
const MADE = { list: LOCALES, all: undefined, own: undefined, ubuntu: false, made: ['C', 'en_US.utf8'] }
const NAMES: Record<string, [wish: Record<string, unknown>, seen: Record<string, unknown>, wanted: string[]]> = {
  'is there, however it is written': [{ name: ['en_US.UTF-8'] }, {}, []],
  'is made': [
    { name: ['de_CH.UTF-8'] },
    {},
    ['/etc/locale.gen: other locales -> de_CH.UTF-8', 'de_CH.UTF-8: absent -> present'],
  ],
  'stands in the list already': [{ name: ['de_CH'] }, { list: 'de_CH ISO-8859-1\n' }, ['de_CH: absent -> present']],
  goes: [
    { name: ['en_US.UTF-8'], state: 'absent' },
    {},
    ['/etc/locale.gen: other locales -> en_US.UTF-8', 'en_US.UTF-8: present -> absent'],
  ],
  'is not offered': [{ name: ['xx_XX'] }, {}, ["refuse: The locale you've entered is not available on your system."]],
  'is made on Ubuntu': [
    { name: ['de_CH.UTF-8'] },
    { ubuntu: true, all: 'de_CH.UTF-8 UTF-8\n', own: '' },
    ['de_CH.UTF-8: absent -> present'],
  ],
  'goes on Ubuntu': [
    { name: ['en_US.UTF-8'], state: 'absent' },
    { ubuntu: true, all: 'en_US.UTF-8 UTF-8\n', own: 'en_US.UTF-8 UTF-8\n' },
    ['/var/lib/locales/supported.d/local: other locales -> en_US.UTF-8', 'en_US.UTF-8: present -> absent'],
  ],
  'where there are none': [
    { name: ['de_CH'] },
    { list: undefined },
    ['refuse: /etc/locale.gen and /var/lib/locales/supported.d/local are missing. Is the package "locales" installed?'],
  ],
}
for (const [title, [wish, seen, wanted]] of Object.entries(NAMES))
  test(`locale_gen: a locale ${title}`, () =>
    assert.equal(brief(planWith(localeGen, wish, { ...MADE, ...seen, made: ['C', 'en_US.utf8'] }, debian)), wanted))

const SAID = `no
editor - manual mode
  link best version is /bin/b
  link currently points to /bin/a
  link editor is /usr/bin/editor
  slave editor.1.gz is /man/editor.1.gz
/bin/a - priority 10
  slave editor.1.gz: /man/a.1.gz
/bin/b - family x priority 50
`
const seen = questionOf('editor', '/bin/a').read(new Answer(0, SAID))
const CHOICES: Record<string, [wish: Record<string, unknown>, wanted: string[]]> = {
  'that leads there': [{ path: '/bin/a' }, []],
  'that leads elsewhere': [{ path: '/bin/b' }, ['editor: /bin/a -> /bin/b']],
  'of another priority': [
    { path: '/bin/a', priority: 9, state: 'present' },
    ['refuse: Specified path /bin/a does not exist'],
  ],
  'by itself again': [{ path: '/bin/a', state: 'auto' }, ['editor: manual -> auto']],
  'that goes': [{ path: '/bin/a', state: 'absent' }, ['/bin/a: of editor -> absent']],
  'that is gone': [{ path: '/bin/x', state: 'absent' }, []],
}
for (const [title, [wish, wanted]] of Object.entries(CHOICES))
  test(`alternatives: a choice ${title}`, () =>
    assert.equal(brief(planWith(alternatives, { name: 'editor', ...wish }, { seen }, debian)), wanted))

test('alternatives: a choice is put there with what goes along', () => {
  assert.equal(seen.choices.get('/bin/a'), {
    priority: 10,
    subcommands: [{ name: 'editor.1.gz', path: '/man/a.1.gz', link: '/man/editor.1.gz' }],
  })
  const plan = planWith(
    alternatives,
    { name: 'editor', path: '/bin/a', priority: 9 },
    { seen: { ...seen, there: true } },
    debian,
  )
  const [by] = plan.kind === 'change' ? plan.edits.map(one => one.by) : []
  assert.is(
    by?.kind === 'run' && by.script.shown,
    'update-alternatives --install /usr/bin/editor editor /bin/a 9 --slave /man/editor.1.gz editor.1.gz /man/a.1.gz',
  )
  assert.match(
    brief(planWith(alternatives, { name: 'e', path: '/b' }, { seen: { ...seen, missing: true } }, busybox)).join(),
    /box has no/,
  )
})

for (const shell of SHELLS) {
  test(`${shell[0]}: tools that are there are asked, and those that are not are missed`, async () => {
    const lines = async (module: Parameters<typeof planHere>[0], wish: Record<string, unknown>) =>
      brief(await planHere(module, wish, debian, shell)).join()
    assert.match(
      await lines(alternatives, { name: 'regplay-none', path: '/bin/sh', state: 'absent' }),
      /^$|has no update-alternatives/,
    )
    assert.match(
      await lines(dpkgSelections, { name: 'regplay-none', selection: 'hold' }),
      /Failed to find|Debian and its kin/,
    )
    assert.match(
      await lines(debconf, { name: 'regplay-none', question: 'q/q', vtype: 'string', value: 'x' }),
      /^q\/q: absent -> x$|Debian and its kin/,
    )
    assert.match(await lines(localeGen, { name: ['xx_XX.none'] }), /not available|are missing/)
  })

  const wish = { etype: 'user', entity: 'bin', permissions: 'rX' }
  const able = shell[0] !== 'busybox' && spawnSync('setfacl', ['-m', 'u:bin:r', dir]).status === 0
  if (able)
    test(`${shell[0]}: acl: entries come and go, with links followed and default ones beside them`, async () => {
      const path = mkdtempSync(join(dir, "a'"))
      writeFileSync(join(path, 'f'), '')
      const change = (entry: string, state: string) => [`${path}: other entries -> ${entry} is ${state}`]
      assert.equal(
        await converge(acl, { path, state: 'present', ...wish }, debian, shell),
        change('user:bin:rX', 'present'),
      )
      assert.equal(
        await converge(acl, { path, state: 'present', entry: 'd:u:bin:rx' }, debian, shell),
        change('user:bin:rx', 'present'),
      )
      assert.equal(
        await converge(acl, { path, state: 'present', recursive: true, ...wish }, debian, shell),
        change('user:bin:rX', 'present'),
      )
      assert.equal(
        await converge(acl, { path, state: 'absent', entry: 'user:bin' }, debian, shell),
        change('user:bin', 'absent'),
      )
      const plan = await planHere(acl, { path }, debian, shell)
      const shown = plan.kind === 'ok' ? plan.result['acl'] : []
      assert.ok(
        Array.isArray(shown) && shown.includes('default:user:bin:r-x') && !shown.includes('user:bin:r-x'),
        String(shown),
      )
      assert.match(
        brief(
          await planHere(
            acl,
            { path, state: 'present', etype: 'user', entity: 'no-such', permissions: 'r' },
            debian,
            shell,
          ),
        ).join(),
        /refuse: setfacl/,
      )
    })
  else
    test(`${shell[0]}: acl: who cannot know says so`, async () => {
      const lines = brief(await planHere(acl, { path: dir, state: 'present', ...wish }, debian, shell)).join()
      assert.match(lines, shell[0] === 'busybox' ? /has no getfacl and setfacl/ : /has no getfacl|not supported/)
    })
}

const CONTRADICTIONS: Record<string, [wish: Record<string, unknown>, why: RegExp]> = {
  nobody: [{ state: 'absent', etype: 'user' }, /'entity' MUST be set/],
  'no kind': [{ state: 'present', entity: 'bin' }, /'etype' MUST be set/],
  'a query of all below': [{ recursive: true }, /'recursive' MUST NOT/],
  'permissions that go': [
    { state: 'absent', etype: 'user', entity: 'bin', permissions: 'r' },
    /'permissions' MUST NOT/,
  ],
  'both ways to say it': [{ state: 'present', entry: 'u:bin:r', entity: 'bin' }, /'entry' MUST NOT be set when/],
  'half an entry': [{ state: 'present', entry: 'u:bin' }, /3 or 4 sections/],
  'other lists': [{ use_nfsv4_acls: true }, /no NFSv4/],
}
for (const [title, [wish, why]] of Object.entries(CONTRADICTIONS))
  test(`acl: refused: ${title}`, () =>
    assert.match(
      brief(planWith(acl, { path: '/x', ...wish }, { seen: { lines: [], changes: false } }, debian)).join(),
      why,
    ))

test.run()
