import { spawnSync } from 'node:child_process'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import file from '../../src/modules/file.ts'
import { TOUCH_FORMAT, timesOf } from '../../src/modules/shared/times.ts'
import type { Entry } from '../../src/questions/files.ts'
import { brief, converge, planHere, planWith } from '../support/converge.ts'
import { debian } from '../support/host.ts'
import { SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'

const test = suite('modules/file')

const entry = (type: Entry['type'], mode: number, more: Partial<Entry> = {}): Entry => ({
  type,
  mode,
  uid: 0,
  gid: 0,
  owner: 'root',
  group: 'root',
  size: 0,
  identity: '1:1',
  ...more,
})
const nobody = { uid: undefined, gid: undefined }
const seen = (self: Entry | undefined, more = {}) => ({
  self,
  real: self,
  source: undefined,
  ids: nobody,
  below: [],
  flags: [],
  ...more,
})

const CASES: Record<string, [wish: Record<string, unknown>, seen: object, wanted: string[]]> = {
  'makes what is missing': [
    { path: '/opt/reg', state: 'directory', mode: '0750' },
    seen(undefined),
    ['/opt/reg: absent -> directory', 'mode:  -> 0750'],
  ],
  'mends only what differs': [
    { path: '/x', state: 'directory', mode: '0750' },
    seen(entry('directory', 0o755)),
    ['mode: 0755 -> 0750'],
  ],
  'leaves well alone': [{ path: '/x', state: 'directory', mode: '0750' }, seen(entry('directory', 0o750)), []],
  'symbolic modes are counted from what is there': [
    { path: '/x', mode: 'g+w,o=' },
    seen(entry('file', 0o644)),
    ['mode: 0644 -> 0660'],
  ],
  'X is for directories and what is executable': [
    { path: '/x', mode: 'u=rwX,g=rX,o=' },
    seen(entry('directory', 0o700)),
    ['mode: 0700 -> 0750'],
  ],
  'owners by name are compared by number': [
    { path: '/x', owner: 'toor' },
    seen(entry('file', 0o644), { ids: { uid: 0, gid: undefined } }),
    [],
  ],
  'owners that the host does not know yet are compared by name': [
    { path: '/x', owner: 'ann' },
    seen(entry('file', 0o644)),
    ['owner: root -> ann'],
  ],
  'a file is not made': [
    { path: '/x', state: 'file' },
    seen(undefined),
    ['refuse: file (/x) is absent, cannot continue'],
  ],
  'a file is not a directory': [
    { path: '/x', state: 'directory' },
    seen(entry('file', 0o644)),
    ['refuse: /x already exists as a file'],
  ],
  'what is absent stays absent': [{ path: '/x', state: 'absent' }, seen(undefined), []],
  'a tree goes': [{ path: '/x', state: 'absent' }, seen(entry('directory', 0o755)), ['/x: directory -> absent']],
  'a link needs its source': [
    { path: '/x', state: 'link', src: '/none' },
    seen(undefined),
    ['refuse: src file does not exist, use "force=yes" if you really want to create the link: /none'],
  ],
  'a link that is right': [
    { path: '/x', state: 'link', src: '/a' },
    seen(entry('link', 0o777, { target: '/a' }), { source: entry('file', 0o644) }),
    [],
  ],
  'a link that leads elsewhere': [
    { path: '/x', state: 'link', src: '/a' },
    seen(entry('link', 0o777, { target: '/b' }), { source: entry('file', 0o644) }),
    ['/x: link to /b -> link to /a'],
  ],
  'a file is not turned into a link unless forced': [
    { path: '/x', state: 'link', src: '/a' },
    seen(entry('file', 0o644), { source: entry('file', 0o644) }),
    ['refuse: refusing to convert from file to symlink for /x'],
  ],
  'recurse is for directories': [
    { path: '/x', state: 'file', recurse: true },
    seen(entry('file', 0o644)),
    ["refuse: recurse option requires state to be 'directory'"],
  ],
}

for (const [name, [wish, answers, wanted]] of Object.entries(CASES))
  test(name, () => assert.equal(brief(planWith(file, wish, { ...answers }, debian)), wanted))

for (const [wish, words] of [
  [{}, / && touch -- \/x \|\| \{/],
  [{ access_time: 'preserve' }, / && touch -m -- \/x \|\| \{/],
  [{ access_time: '202001010000.5' }, / && touch -a -t 202001010000\.05 -- \/x && touch -m -- \/x \|\| \{/],
] as const)
  test(`times are set as one where both are now: ${JSON.stringify(wish)}`, () => {
    const answers = { ...seen(entry('file', 0o666)), stamps: {} }
    const plan = planWith(file, { path: '/x', state: 'touch', ...wish }, answers, debian)
    assert.match(plan.kind === 'act' && plan.by.kind === 'run' ? plan.by.script.wire : '', words)
  })

test('what is touched and cannot be given away goes again, and what was there stays', () => {
  const dir = mkdtempSync(join(tmpdir(), 'touch-'))
  try {
    for (const there of [false, true]) {
      const path = join(dir, `there-${there}`)
      if (there) writeFileSync(path, 'x')
      const answers = { ...seen(there ? entry('file', 0o666) : undefined), stamps: {} }
      const wish = { path, state: 'touch', owner: 'nobody-of-this-name' }
      const plan = planWith(file, wish, answers, debian)
      const script = plan.kind === 'act' && plan.by.kind === 'run' ? plan.by.script.wire : 'exit 0'
      assert.is.not(spawnSync('sh', ['-c', script]).status, 0)
      assert.is(existsSync(path), there)
    }
  } finally {
    rmSync(dir, { recursive: true })
  }
})

test('a time may be asked for without touch', () => {
  const wish = { path: '/x', state: 'file', modification_time: '202001010000' }
  const plan = (mtime: boolean) => planWith(file, wish, { ...seen(entry('file', 0o666)), stamps: { mtime } }, debian)
  assert.equal(brief(plan(true)), [])
  const act = plan(false)
  assert.match(
    act.kind === 'act' && act.by.kind === 'run' ? act.by.script.wire : '',
    / && touch -m -t 202001010000 -- \/x /,
  )
})

const TIMES: Record<string, [given: Record<string, string>, wanted: Record<string, string> | RegExp]> = {
  "in touch's own words": [{ modification_time: '202101020304.5' }, { modification_time: '202101020304.05' }],
  'without seconds': [{ access_time: '202101020304' }, { access_time: '202101020304' }],
  'words stay': [
    { access_time: 'now', modification_time: 'preserve', access_time_format: '%Y' },
    { access_time: 'now', modification_time: 'preserve' },
  ],
  'a day': [{ access_time: '2021-02-28', access_time_format: '%Y-%m-%d' }, { access_time: '202102280000.00' }],
  'a year': [{ modification_time: '69', modification_time_format: '%y' }, { modification_time: '196901010000.00' }],
  'no such day': [
    { access_time: '2021-02-30', access_time_format: '%Y-%m-%d' },
    /time 2021-02-30 using format %Y-%m-%d: .*day/,
  ],
  'another form': [{ access_time: 'yesterday' }, /using format %Y%m%d%H%M.%S: .*does not match/],
}
for (const [title, [given, wanted]] of Object.entries(TIMES))
  test(`a time that is given: ${title}`, () => {
    const times = timesOf({ modification_time_format: TOUCH_FORMAT, access_time_format: TOUCH_FORMAT, ...given })
    if (wanted instanceof RegExp) assert.match('wrong' in times ? times.wrong : '', wanted)
    else assert.equal(times, wanted)
  })

test('results are what Ansible returns', () => {
  const plan = planWith(file, { path: '/x', state: 'directory' }, seen(entry('directory', 0o1777)), debian)
  assert.equal('result' in plan && plan.result, {
    path: '/x',
    state: 'directory',
    mode: '01777',
    uid: 0,
    gid: 0,
    size: 0,
    owner: 'root',
    group: 'root',
  })
})

for (const shell of SHELLS) {
  test(`${shell[0]}: on a real directory, with names that hurt`, async () => {
    const root = mkdtempSync(join(tmpdir(), 'file-'))
    for (const odd of ['plain', "it's $(id)", 'new\nline', '-rf', 'ü"`']) {
      const path = join(root, odd, 'b', odd)
      const wish = { path, state: 'directory', mode: '0710', owner: '12', group: '34' }
      assert.is((await converge(file, wish, debian, shell)).length, 4, odd)
      assert.equal([statSync(path).mode & 0o777, statSync(path).uid, statSync(path).gid], [0o710, 12, 34])
      assert.is(statSync(join(root, odd)).uid, 12, 'parents get the same owner')
      const link = join(root, odd, 'link')
      assert.is((await converge(file, { path: link, state: 'link', src: path }, debian, shell)).length, 1)
      assert.is(readlinkSync(link), path)
      await converge(file, { path: link, state: 'link', src: 'b' }, debian, shell)
      assert.is(readlinkSync(link), 'b')
      const touched = join(root, odd, `t${odd}`)
      await converge(file, { path: touched, state: 'touch', mode: '0600' }, debian, shell)
      assert.is(statSync(touched).mode & 0o777, 0o600)
      await converge(file, { path: `${touched}2`, state: 'hard', src: touched }, debian, shell)
      assert.is(statSync(`${touched}2`).nlink, 2)
      await converge(
        file,
        { path: join(root, odd), state: 'directory', recurse: true, mode: 'u=rwX,g=rX,o=', owner: 'root' },
        debian,
        shell,
      )
      assert.equal([statSync(path).mode & 0o777, statSync(touched).mode & 0o777, statSync(path).uid], [0o750, 0o640, 0])
      await converge(file, { path: join(root, odd), state: 'absent' }, debian, shell)
      assert.is(existsSync(join(root, odd)), false)
    }
    rmSync(root, { recursive: true })
  })

  test(`${shell[0]}: a link that leads below itself leads to nothing, and nothing is made behind it`, async () => {
    const root = mkdtempSync(join(tmpdir(), 'file-'))
    for (const name of ['below', 'itself']) {
      const path = join(root, name)
      symlinkSync(name === 'below' ? 'below/it' : name, path)
      const plan = async (wish: object) => brief(await planHere(file, { path, ...wish }, debian, shell))
      const refused = `refuse: cannot make anything at ${path}: the links on the way there lead in a circle or below themselves`
      assert.equal(await plan({ state: 'directory' }), [refused])
      assert.equal(await plan({ state: 'touch', follow: false }), [refused])
      assert.equal(await plan({ path: join(path, 'x'), state: 'directory' }), [refused.replace(path, join(path, 'x'))])
      assert.equal(await plan({ path: join(path, 'x'), state: 'absent' }), [])
      assert.equal(await plan({ path: join(path, 'x') }), [
        `refuse: file (${join(path, 'x')}) is absent, cannot continue`,
      ])
      assert.equal(await plan({ owner: 'bin' }), [])
      const away = await converge(file, { path, state: 'absent' }, debian, shell)
      assert.equal(away, [`${path}: link -> absent`])
    }
    rmSync(root, { recursive: true })
  })

  test(`${shell[0]}: a link is followed or not`, async () => {
    const root = mkdtempSync(join(tmpdir(), 'file-'))
    mkdirSync(join(root, 'real'), { mode: 0o755 })
    symlinkSync('real', join(root, 'link'))
    writeFileSync(join(root, 'x'), 'kept')
    const path = join(root, 'link')
    assert.equal(brief(await planHere(file, { path, state: 'directory' }, debian, shell)), [])
    assert.equal(await converge(file, { path, state: 'directory', mode: '0700' }, debian, shell), [
      'mode: 0755 -> 0700',
    ])
    assert.equal(brief(await planHere(file, { path, state: 'directory', follow: false }, debian, shell)), [
      `refuse: ${path} already exists as a link`,
    ])
    assert.equal(await converge(file, { path, state: 'absent' }, debian, shell), [`${path}: link -> absent`])
    assert.ok(lstatSync(join(root, 'real')).isDirectory())
    assert.equal(
      await converge(file, { path: join(root, 'x'), state: 'link', src: 'real', force: true }, debian, shell),
      [`${join(root, 'x')}: file -> link to real`],
    )
    rmSync(root, { recursive: true })
  })
}

test.run()
