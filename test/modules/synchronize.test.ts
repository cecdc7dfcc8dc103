// limit: 300
import {
  chmodSync,
  existsSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, type Readable } from 'node:stream'
import * as assert from 'uvu/assert'
import { mirror } from '../../src/effects/mirror.ts'
import type { Mirror } from '../../src/kit/effect.ts'
import type { Plan } from '../../src/kit/plan.ts'
import { optionFault } from '../../src/modules/shared/sync-options.ts'
import synchronize from '../../src/modules/synchronize.ts'
import { type Item, parseSide, type Side, STAGE } from '../../src/questions/sides.ts'
import type { Place } from '../../src/transport/place.ts'
import { TransportError } from '../../src/transport/session.ts'
import { brief, planHere, planWith } from '../support/converge.ts'
import { debian } from '../support/host.ts'
import { placeOf } from '../support/place.ts'
import { SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'

const test = suite('modules/synchronize')
const dir = mkdtempSync(join(tmpdir(), 'regplay-synchronize-'))
test.after(() => rmSync(dir, { recursive: true, force: true }))

/** Ends by hand: `path: type`, with what else is said of it. */
type Said = Readonly<Record<string, Partial<Item>>>
const side = (said: Said, more: Partial<Side> = {}): Side => {
  const items = new Map(
    Object.entries(said).map(([path, item]) => {
      const usual = { type: 'file', mode: item.type === 'directory' ? 0o755 : 0o644, uid: 0, gid: 0, size: 1, mtime: 9 }
      return [path, { path, ...usual, ...item } as Item]
    }),
  )
  const root: Item = { path: '', type: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0, mtime: 9 }
  const who = { uid: 0, gids: [0], umask: 0o22, users: new Map([[0, 'root']]), groups: new Map([[0, 'root']]) }
  return { items, root, ...who, ...more }
}
const D = { type: 'directory' } as const
const TOP = { '': D }
const planned = (wish: Record<string, unknown>, from: Side, to: Side): Plan =>
  planWith(
    synchronize,
    { src: '/s/', dest: '/d', ...wish },
    { from, to, patterns: new Map([['/p', ['# none', 'a', '+ b', '']]]) },
    debian,
  )

const CASES: Record<string, [wish: Record<string, unknown>, from: Said, to: Said, wanted: string[]]> = {
  'nothing to do': [{}, { ...TOP, a: {} }, { ...TOP, a: {} }, []],
  'a file that is missing': [{}, { ...TOP, a: { size: 3 } }, TOP, ['/d/a: absent -> file of 3 bytes']],
  'another size': [{}, { ...TOP, a: { size: 3 } }, { ...TOP, a: {} }, ['/d/a: file of 1 bytes -> file of 3 bytes']],
  'another time': [
    {},
    { ...TOP, a: {} },
    { ...TOP, a: { mtime: 8 } },
    ['/d/a: written 1970-01-01T00:00:08Z -> written 1970-01-01T00:00:09Z'],
  ],
  'another time, and nobody keeps times': [{ times: false }, { ...TOP, a: {} }, { ...TOP, a: { mtime: 8 } }, []],
  'other bytes, by their digests': [
    { checksum: true },
    { ...TOP, a: { sum: 'aa' } },
    { ...TOP, a: { sum: 'bb' } },
    ['/d/a: sha256:bb -> sha256:aa'],
  ],
  'modes and owners': [
    {},
    { ...TOP, a: { mode: 0o4755, uid: 7 } },
    { ...TOP, a: {} },
    ['/d/a: mode 0644, uid 0 -> mode 04755, uid 7'],
  ],
  'modes that nobody keeps': [
    { perms: false, owner: false },
    { ...TOP, a: { mode: 0o600, uid: 7 } },
    { ...TOP, a: {} },
    [],
  ],
  'another kind': [{}, { ...TOP, a: D }, { ...TOP, a: { type: 'link', target: 'b' } }, ['/d/a: absent -> directory']],
  'a link that leads elsewhere': [
    {},
    { ...TOP, a: { type: 'link', target: 'x' } },
    { ...TOP, a: { type: 'link', target: 'y' } },
    ['/d/a: link to y -> link to x'],
  ],
  'a full directory in the way': [
    {},
    { ...TOP, a: {} },
    { ...TOP, a: D, 'a/b': {} },
    ['refuse: could not make way for a: a directory that is not empty stands there'],
  ],
  'what is too much stays': [{}, TOP, { ...TOP, x: {} }, []],
  'what is too much goes': [
    { delete: true },
    { ...TOP, a: D },
    { ...TOP, a: D, 'a/x': {}, y: D, 'y/z': {} },
    ['/d/y/z: present -> absent', '/d/y: directory -> absent', '/d/a/x: present -> absent'],
  ],
  'but for what a rule keeps': [
    { delete: true, rsync_opts: ['--exclude=*.log'] },
    { ...TOP, 'b.log': {} },
    { ...TOP, y: D, 'y/z.log': {}, x: {} },
    ['/d/x: present -> absent'],
  ],
  'what a filter file of the goal keeps, and the file with it': [
    { delete: true },
    { ...TOP, s: D },
    {
      ...{ ...TOP, '.rsync-filter': { filter: ['P keep'] }, keep: {}, s: D, 's/keep': {}, 's/x': {} },
      ...{ gone: D, 'gone/.rsync-filter': { filter: ['- *.o'] } },
    },
    ['/d/gone/.rsync-filter: present -> absent', '/d/gone: directory -> absent', '/d/s/x: present -> absent'],
  ],
  'a rule keeps something in a directory that is in the way': [
    { delete: true, rsync_opts: ['--exclude=*.db'] },
    { ...TOP, a: {} },
    { ...TOP, a: D, 'a/x.db': {} },
    ['refuse: could not make way for a: a rule keeps something in the directory that stands there'],
  ],
  'whatever exists stays, of another kind, too': [
    { rsync_opts: ['--ignore-existing'], delete: true },
    { ...TOP, a: {}, b: D },
    { ...TOP, a: D, 'a/x': {}, b: {} },
    [],
  ],
  'what exists and stays has no room for what is new': [
    { rsync_opts: ['--ignore-existing'] },
    { ...TOP, b: D, 'b/x': {} },
    { ...TOP, b: {} },
    ['refuse: b is a directory, and a file that is to stay stands there'],
  ],
  'only what exists, of another kind, too': [
    { existing_only: true },
    { ...TOP, a: {}, b: {} },
    { ...TOP, b: { type: 'link', target: 'x' } },
    ['/d/b: absent -> file of 1 bytes'],
  ],
  'an owner that is given is kept where others are not': [
    { owner: false, group: false, rsync_opts: ['--chown=:root'] },
    { ...TOP, a: { uid: 7 } },
    { ...TOP, a: { gid: 7 } },
    ['/d/a: gid 7 -> gid 0'],
  ],
  'and not even that': [
    { rsync_opts: ['--exclude=*.log', '--delete-excluded'] },
    TOP,
    { ...TOP, 'z.log': {} },
    ['/d/z.log: present -> absent'],
  ],
  'delete without recursive': [
    { delete: true, recursive: false, dirs: true },
    TOP,
    TOP,
    ['refuse: delete does not work without recursive'],
  ],
  'rules of a file': [
    { rsync_opts: ['--exclude-from=/p'] },
    { ...TOP, a: {}, b: {} },
    TOP,
    ['/d/b: absent -> file of 1 bytes'],
  ],
  'rules of a filter file': [
    {},
    { ...TOP, d: D, 'd/.rsync-filter': { filter: ['- /x'] }, 'd/x': {}, x: {} },
    { ...TOP, d: D, 'd/.rsync-filter': {} },
    ['/d/x: absent -> file of 1 bytes'],
  ],
  'a rule that is not known': [
    {},
    { ...TOP, '.rsync-filter': { filter: [': other'] } },
    TOP,
    ['refuse: the rule : other (in .rsync-filter) is not supported'],
  ],
  'a link that leads nowhere is to be followed': [
    { copy_links: true },
    { ...TOP, l: { type: 'link', target: 'none' } },
    TOP,
    ['refuse: symlink has no referent: l'],
  ],
  'an option that is not known': [
    { rsync_opts: ['-aH'] },
    TOP,
    TOP,
    ["refuse: the option '-H' in rsync_opts is not supported"],
  ],
  'a word that is no option': [{ rsync_opts: ['x'] }, TOP, TOP, ["refuse: rsync_opts has 'x', which is no option"]],
  'a user that is not there': [
    { rsync_opts: ['--chown=ann'] },
    { ...TOP, a: {} },
    TOP,
    ["refuse: there is no user 'ann' for --chown"],
  ],
  'a link that leads nowhere, in a directory that is not to be made': [
    { copy_links: true, existing_only: true },
    { ...TOP, d: D, 'd/l': { type: 'link', target: 'none' } },
    TOP,
    ['refuse: symlink has no referent: d/l'],
  ],
  'a user named twice': [
    { rsync_opts: ['--chown=root', '--chown=root:root'] },
    { ...TOP, a: {} },
    TOP,
    ['refuse: --chown names a user twice'],
  ],
  'a directory that is not empty in the way, without recursion': [
    { dirs: true, recursive: false },
    { ...TOP, a: {} },
    { ...TOP, a: D, 'a/b': {} },
    ['refuse: could not make way for a: a directory that is not empty stands there'],
  ],
  'no source': [{}, {}, TOP, ['refuse: there is no /s/ on the controller']],
  'a file with a slash': [{}, { '': {} }, TOP, ['refuse: /s/ is no directory on the controller']],
  'a daemon of rsync': [{ dest: 'rsync://h/m' }, TOP, TOP, ['refuse: rsync://h/m is served by a daemon of rsync']],
  'another host': [
    { delegated: 'elsewhere' },
    TOP,
    TOP,
    ['refuse: delegate_to names another host than the one that the task is for'],
  ],
}
for (const [title, [wish, from, to, wanted]] of Object.entries(CASES))
  test(title, () => assert.equal(brief(planned(wish, side(from), side(to))), wanted))

const WORDS: Record<string, [words: unknown[], wanted: string | undefined]> = {
  'an option that was meant otherwise': [['-a', '--exlude=x'], "1: .*'--exlude=x' .*did you mean '--exclude'"],
  'what follows an option is its value': [['--exclude', '-x'], undefined],
  'what a template may be the option of': [['--exclude=x', undefined, '-H'], undefined],
  'what stands before a template': [['-H', undefined], "0: .*'-H'"],
  'a quotation that is open': [["--exclude='x"], '0: .*No closing quotation'],
}
for (const [title, [words, wanted]] of Object.entries(WORDS))
  test(`read beforehand: ${title}`, () => {
    const found = optionFault(words)
    assert.match(String(found && `${found.index}: ${found.why}`), new RegExp(wanted ?? '^undefined$'))
  })

test('owners have numbers of their own at the goal, by their names', () => {
  const from = side({ ...TOP, a: { uid: 7, gid: 8 } }, { users: new Map([[7, 'ann']]), groups: new Map([[8, 'web']]) })
  const to = (uid: number): Side =>
    side(TOP, { uid, gids: [70], users: new Map([[17, 'ann']]), groups: new Map([[70, 'web']]) })
  const file = (wish: Record<string, unknown>, uid: number) => mirrorOf(planned(wish, from, to(uid))).files[0]
  assert.equal([file({}, 0)?.uid, file({}, 0)?.gid], [17, 70])
  assert.equal(
    [file({ rsync_opts: ['--numeric-ids'] }, 0)?.uid, file({}, 5)?.uid, file({}, 5)?.gid],
    [7, undefined, 70],
  )
})

const mirrorOf = (plan: Plan): Mirror => {
  const by = plan.kind === 'change' ? plan.edits[0]?.by : undefined
  if (by?.kind !== 'mirror') throw new Error(`no mirror: ${JSON.stringify(plan)}`)
  return by
}

const MEANT: Record<string, string> = {
  'leads out': '//e 41ed 0 0 1 1 .\n//e 81a4 0 0 1 1 ./../x',
  'leads to the root': '//e 41ed 0 0 1 1 .\n//e 81a4 0 0 1 1 .//etc/x',
  'leads through a link': '//e 41ed 0 0 1 1 .\n//e a1ff 0 0 1 1 ./a\n//t ./a\n//= /etc.\n//e 81a4 0 0 1 1 ./a/x',
  'stands in nothing': '//e 41ed 0 0 1 1 .\n//e 81a4 0 0 1 1 ./a/x',
}
for (const [title, said] of Object.entries(MEANT))
  test(`a name of the host that ${title} is not believed`, () =>
    assert.throws(() => parseSide(said, ''), /which is no name in a tree/))

const bytes = (path: string, name: string): Buffer =>
  Buffer.concat([Buffer.from(`${path}/`), Buffer.from(name, 'latin1')])
const NAMES = ['-rf', 'it\'s "$(touch x)" `y` \\ *', 'two\nlines\n', '\xff\xfe', '\xc3\xa9', 'b\xff\n', ' ', '#', '~']

/** A tree with every kind of name and attribute, of which nothing can be told by its size alone. */
function treeIn(root: string): void {
  mkdirSync(join(root, 'deep/er/-x'), { recursive: true })
  mkdirSync(join(root, 'closed'))
  for (const [i, name] of NAMES.entries()) {
    writeFileSync(bytes(root, name), `${i}`)
    symlinkSync(Buffer.from(name, 'latin1'), bytes(root, `deep/l${name}`))
    writeFileSync(bytes(root, `deep/er/-x/${name}`), Buffer.alloc(i * 1000, i))
    chmodSync(bytes(root, name), 0o600 + i)
  }
  writeFileSync(join(root, 'deep/setuid'), 'x')
  chmodSync(join(root, 'deep/setuid'), 0o4711)
  writeFileSync(join(root, 'old'), 'older than time')
  lutimesSync(join(root, 'old'), new Date('1955-11-05T06:00:00Z'), new Date('1955-11-05T06:00:00Z'))
  lutimesSync(bytes(root, 'deep/l '), 1e9, 1e9)
  lutimesSync(join(root, 'deep/er'), 2 ** 32, 2 ** 32)
  chmodSync(join(root, 'closed'), 0o500)
}

/** Everything in a tree as lines. */
function linesOf(root: string, below = ''): string[] {
  return readdirSync(bytes(root, below), { encoding: 'latin1' })
    .sort()
    .flatMap(name => {
      const path = below === '' ? name : `${below}/${name}`
      const at = bytes(root, path)
      const seen = lstatSync(at)
      const content = seen.isFile()
        ? readFileSync(at, 'latin1')
        : seen.isSymbolicLink()
          ? readlinkSync(at, 'latin1')
          : ''
      const line = [path, seen.mode.toString(8), seen.uid, seen.gid, Math.floor(seen.mtimeMs / 1000), content].join(' ')
      return [line, ...(seen.isDirectory() ? linesOf(root, path) : [])]
    })
}

const WAYS: Record<Mirror['way'], Record<string, unknown>> = {
  push: {},
  pull: { mode: 'pull' },
  within: { delegated: 'itself' },
}
for (const shell of SHELLS)
  for (const [way, wish] of Object.entries(WAYS)) {
    test(`${shell[0]}: ${way}: any tree arrives byte by byte, and is there then`, async () => {
      const root = mkdtempSync(join(dir, "it's "))
      const [src, dest] = [join(root, 'src'), join(root, 'dest')]
      treeIn(src)
      const place = placeOf(shell)
      const sync = async (more: Record<string, unknown> = {}): Promise<string[]> => {
        const plan = await planHere(synchronize, { src: `${src}/`, dest, ...wish, ...more }, debian, shell)
        if (plan.kind !== 'change') return brief(plan)
        const { failed } = await mirror(mirrorOf(plan), place)
        assert.is(failed, undefined)
        return brief(plan)
      }
      assert.ok((await sync()).length > 3 * NAMES.length)
      assert.equal(linesOf(dest), linesOf(src))
      assert.equal(await sync(), [])
      assert.equal(await sync({ checksum: true }), [])
      // Other bytes of the same size and time, what is too much, and kinds that changed.
      for (const name of NAMES) {
        writeFileSync(bytes(dest, `deep/${name}`), 'too much')
        rmSync(bytes(dest, name))
        mkdirSync(bytes(dest, name))
      }
      writeFileSync(join(dest, 'old'), 'older than tide')
      lutimesSync(join(dest, 'old'), new Date('1955-11-05T06:00:00Z'), new Date('1955-11-05T06:00:00Z'))
      await sync({ checksum: true, delete: true })
      assert.equal(linesOf(dest), linesOf(src))
      assert.equal(await sync({ checksum: true, delete: true }), [])
      assert.not(existsSync(join(dest, STAGE)))
    }, 60_000)

    test(`${shell[0]}: ${way}: what changes while it is read changes nothing at the goal`, async () => {
      const root = mkdtempSync(join(dir, 'moving-'))
      const [src, dest] = [join(root, 'src'), join(root, 'dest')]
      for (const path of [src, dest]) mkdirSync(path)
      for (const name of ['a', 'b']) writeFileSync(join(src, name), 'as it was planned')
      writeFileSync(join(dest, 'a'), 'old')
      const plan = await planHere(synchronize, { src: `${src}/`, dest, ...wish }, debian, shell)
      rmSync(join(src, 'b'))
      const outcome = await mirror(mirrorOf(plan), placeOf(shell)).catch(error => ({ failed: String(error) }))
      assert.match(outcome.failed ?? '', /b/)
      assert.equal(readdirSync(dest), ['a'])
      assert.is(readFileSync(join(dest, 'a'), 'utf8'), 'old')
    })
  }

test('pull: a stream that breaks while nobody reads it is a failure', async () => {
  const root = mkdtempSync(join(dir, 'broken-'))
  mkdirSync(join(root, 'src'))
  writeFileSync(join(root, 'src/a'), 'a')
  const [shell] = SHELLS
  if (!shell) throw new Error('there is no shell')
  const wish = { mode: 'pull', src: `${root}/src/`, dest: `${root}/dest` }
  const plan = await planHere(synchronize, wish, debian, shell)
  const place = placeOf(shell)
  const receive = async (): Promise<Readable> => {
    const stream = new PassThrough()
    queueMicrotask(() => stream.destroy(new TransportError('protocol', 'a cable broke')))
    return stream
  }
  const broken = { ...place, session: { ...place.session, receive } as unknown as Place['session'] }
  assert.match((await mirror(mirrorOf(plan), broken)).failed ?? '', /a cable broke/)
  assert.equal(readdirSync(`${root}/dest`), [])
})

test.run()
