// limit: 120
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  lchownSync,
  linkSync,
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
import { mirror } from '../../src/effects/mirror.ts'
import synchronize from '../../src/modules/synchronize.ts'
import { brief, planHere } from '../support/converge.ts'
import { debian } from '../support/host.ts'
import { placeOf } from '../support/place.ts'
import { SEED } from '../support/seed.ts'
import { SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'
import { has } from '../transport/sshd.ts'

/**
 * Trees and options by chance: what stands at the goal afterwards is what rsync leaves there. REGPLAY_SEED repeats a run,
 * REGPLAY_TREES says how many trees.
 */
const test = suite('modules/synchronize-random')
const count = Number(process.env['REGPLAY_TREES'] ?? 16)
const dir = mkdtempSync(join(tmpdir(), 'regplay-random-'))
test.after(() => rmSync(dir, { recursive: true, force: true }))

type Next = (below: number) => number
/** A small generator (mulberry32), so that a failure can be repeated. */
function generator(start: number): Next {
  let state = start * 0x9e3779b1
  return below => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}
const one = <T>(next: Next, of: readonly T[]): T => of[next(of.length)] as T
const maybe = (next: Next, of: number): boolean => next(of) === 0

const NAMES = [
  'a',
  'b',
  'c.log',
  'd',
  'one.o',
  '-rf',
  'two\nlines',
  '\xff\xfe',
  '\xc3\xa9',
  ' ',
  "it's",
  'b\\n',
  '*',
  '[x]',
]
const TIMES = [1_000_000_000, 1_000_000_000.25, 1_000_000_001, 1_577_836_800.999, 1_600_000_000, -5]
const LEADS = ['a', '../a', '/etc/passwd', 'nowhere', '..', 'd', '-rf', '\xff', 'two\nlines']
const MODES = [0o644, 0o600, 0o755, 0o4755, 0o2644, 0o444, 0o666]
const FOLDERS = [0o755, 0o700, 0o2775, 0o1777, 0o500]
const RULES = ['- *.o\n', '- /d\n+ a\n', '# none\n\n- b\n', 'protect a\n', '- d/\n', '+ c.log\n- *.log\n']

const at = (root: string, path: string): Buffer => Buffer.concat([Buffer.from(`${root}/`), Buffer.from(path, 'latin1')])

/** What is told of a thing by chance: mode, owner, time. */
function dress(next: Next, path: Buffer, modes: readonly number[]): void {
  const owner = maybe(next, 3) ? one(next, [1, 2, 65534, 4242]) : 0
  lchownSync(path, owner, maybe(next, 3) ? one(next, [1, 65534, 4343]) : 0)
  if (!lstatSync(path).isSymbolicLink()) chmodSync(path, one(next, modes))
  const time = new Date(one(next, TIMES) * 1000)
  lutimesSync(path, time, time)
}

function grow(next: Next, root: string, below: string, depth: number): void {
  const files: string[] = []
  for (let i = next(6); i > 0; i--) {
    const name = one(next, NAMES)
    const path = below === '' ? name : `${below}/${name}`
    if (lstatSync(at(root, path), { throwIfNoEntry: false })) continue
    const kind = next(12)
    // Of the name of a directory rsync makes a pattern for the rules of its filter file.
    const folder = kind < 3 && depth < 3 && !/[*[\\]/.test(name)
    if (folder) {
      mkdirSync(at(root, path))
      grow(next, root, path, depth + 1)
    } else if (kind < 5) symlinkSync(Buffer.from(one(next, LEADS), 'latin1'), at(root, path))
    else if (kind < 6 && files.length > 0) linkSync(at(root, one(next, files)), at(root, path))
    else if (kind < 7 && !root.endsWith('src') && maybe(next, 4))
      spawnSync('mkfifo', ['--', at(root, path).toString('latin1')])
    else {
      writeFileSync(
        at(root, path),
        one(next, ['', 'x', 'y', 'three', 'a longer text of some bytes', '\0'.repeat(70_000)]),
      )
      files.push(path)
    }
    if (lstatSync(at(root, path), { throwIfNoEntry: false })) dress(next, at(root, path), folder ? FOLDERS : MODES)
  }
  if (maybe(next, 8))
    writeFileSync(at(root, below === '' ? '.rsync-filter' : `${below}/.rsync-filter`), one(next, RULES))
}

const SWITCHES = ['archive', 'checksum', 'copy_links', 'delete', 'dirs', 'existing_only', 'delay_updates']
const KINDS = ['recursive', 'links', 'perms', 'times', 'owner', 'group']
const OPTIONS = [
  ...[
    '--exclude=*.o',
    '--exclude=/d',
    '--include=a',
    '--exclude=d/',
    '--exclude=*',
    '--delete-excluded',
    '--delete',
    '-F',
    '--ignore-existing',
  ],
  ...[
    '-u',
    '--size-only',
    '--omit-dir-times',
    '-J',
    '--numeric-ids',
    '--chmod=D755,F640',
    '--chmod=go-rwx',
    '--chown=daemon:bin',
  ],
  ...[
    '--force',
    '--no-perms',
    '--no-times',
    '--filter=protect_a',
    "--filter='- b'",
    '--existing',
    '--exclude=[a-c]*',
    '--exclude=d/**',
  ],
  ...[
    '--exclude=?',
    '--exclude=/a/b',
    '--mkpath',
    '--no-g',
    '-c',
    '--exclude=**/d',
    '--include=*/',
    '-FF',
    '--filter=-_/a',
  ],
]

function wishOf(next: Next): Record<string, unknown> {
  const wish: Record<string, unknown> = {}
  if (maybe(next, 2)) wish['delete'] = true
  if (maybe(next, 3)) wish[one(next, SWITCHES)] = maybe(next, 2)
  if (maybe(next, 3)) wish[one(next, KINDS)] = maybe(next, 2)
  if (maybe(next, 2)) wish['rsync_opts'] = Array.from({ length: 1 + next(3) }, () => one(next, OPTIONS))
  return wish
}

/** Everything in a tree as lines. What has to be of a time is told by it. */
function linesOf(root: string, stamped: boolean, below = ''): string[] {
  const seen = lstatSync(at(root, below), { throwIfNoEntry: false })
  if (!seen) return []
  const kind = seen.isFile()
    ? readFileSync(at(root, below), 'latin1').slice(0, 40)
    : seen.isSymbolicLink()
      ? readlinkSync(at(root, below), 'latin1')
      : ''
  // Times that nobody set are those of this minute.
  const time = Math.floor(seen.mtimeMs / 1000)
  const stamp = stamped && time < 1_700_000_000 ? time : 'now'
  const line = [
    JSON.stringify(below),
    seen.mode.toString(8),
    seen.uid,
    seen.gid,
    seen.isDirectory() ? '' : seen.size,
    stamp,
    JSON.stringify(kind),
  ].join(' ')
  if (!seen.isDirectory()) return [line]
  return [
    line,
    ...readdirSync(at(root, below), { encoding: 'latin1' })
      .sort()
      .flatMap(name => linesOf(root, stamped, below === '' ? name : `${below}/${name}`)),
  ]
}

const copied = (from: string, to: string): void => {
  const { status, stderr } = spawnSync('cp', ['-a', '--', from, to])
  if (status !== 0) throw new Error(String(stderr))
}

/** Ours and rsync do the same to the same trees. Throws what differs. */
async function tried(each: number): Promise<void> {
  const next = generator(each)
  const root = join(dir, String(each))
  const theirs = `${root}-theirs`
  mkdirSync(join(root, 'src'), { recursive: true })
  grow(next, join(root, 'src'), '', 0)
  if (maybe(next, 3)) copied(join(root, 'src'), join(root, 'dest'))
  else if (!maybe(next, 5)) mkdirSync(join(root, 'dest'))
  if (lstatSync(join(root, 'dest'), { throwIfNoEntry: false })) grow(next, join(root, 'dest'), '', 0)
  copied(root, theirs)
  const wish = wishOf(next)
  const shell = one(next, SHELLS)
  const way = one(next, [{}, { mode: 'pull' }, { delegated: 'itself' }])
  const src = one(next, ['src/', 'src/', 'src'])
  const args = { ...wish, ...way, src: `${root}/${src}`, dest: `${root}/dest` }
  const about = `REGPLAY_SEED=${each} REGPLAY_TREES=1: ${JSON.stringify({ ...wish, ...way, src, shell: shell[0] })}`

  const plan = await planHere(synchronize, args, debian, shell).catch((error: Error) => error)
  // A link into its own tree is followed until something breaks, here and there.
  if (plan instanceof Error && wish['copy_links'] && /more than|File system loop|Too many levels/.test(plan.message))
    return
  if (plan instanceof Error || plan.kind === 'act') throw new Error(`${about}\nno plan`, { cause: plan })
  const line = String(plan.result?.['cmd']).split(' ').slice(0, -2).join(' ')
  const rsync = (): { status: number | null; stderr: string } =>
    spawnSync('sh', ['-c', `${line} "$1" "$2"`, '-', `${theirs}/${src}`, `${theirs}/dest`], { encoding: 'latin1' })
  const { status, stderr } = rsync()
  // The one rsync does through the link; for the other it looks into one directory only.
  const unlike = /that is to stay stands there|delete does not work without/
  if (status === 0 && plan.kind === 'refuse' && unlike.test(brief(plan).join())) return
  if ((status === 0) === (plan.kind === 'refuse'))
    throw new Error(`${about}\n${line}\nrsync: ${status} ${stderr}\nours: ${brief(plan).join('\n')}`)
  if (plan.kind === 'refuse') return
  // It deletes by the filter files that stood there before, and the next time by those that came.
  if (/--delete(?: |$)/.test(line)) rsync()
  const by = plan.kind === 'change' ? plan.edits[0]?.by : undefined
  if (by?.kind === 'mirror') {
    const { failed } = await mirror(by, placeOf(shell))
    if (failed !== undefined) throw new Error(`${about}\n${failed}`)
  }
  const again = await planHere(synchronize, args, debian, shell)
  if (brief(again).length > 0) throw new Error(`${about}\nagain: ${brief(again).join('\n')}`)
  const differences = compared(root, theirs, line)
  if (differences.length > 0) throw new Error(`${about}\n${line}\n${differences.join('\n')}`)
  for (const path of [root, theirs]) rmSync(path, { recursive: true, force: true })
}

/** The path that a line of `linesOf` begins with. */
const pathOf = (line: string): string => JSON.parse(/^"(?:[^"\\]|\\.)*"/.exec(line)?.[0] ?? '""')

/** What stands at one goal and not at the other, but for what is meant to differ. */
function compared(root: string, theirs: string, line: string): string[] {
  const looks = (stamped: boolean): [string[], string[]] => [
    linesOf(join(root, 'dest'), stamped),
    linesOf(join(theirs, 'dest'), stamped),
  ]
  const [here, there] = looks(true)
  // rsync gives the name of a goal that is not there to an empty directory, and puts it below that the next time.
  if (there.length < 2 && here.length === 2 && here[1]?.startsWith('"src"')) return []
  // Of a directory by its name, rsync makes the goal and nothing in it, though it is to make nothing new.
  if (here.length === 0 && there.length === 1 && line.includes('--existing')) return []
  // Of an empty source, rsync makes no goal where nothing new is to be made.
  if (there.length === 0 && here.length === 1 && line.includes('--existing')) return []
  // A filter file that keeps something stays with it: rsync takes it away, and what it kept the next time, and where all that stood.
  const filter = (found: string): boolean => /\.rsync-filter"/.test(found)
  const homes = (/delete/.test(line) ? here.filter(found => filter(found) && !there.includes(found)) : []).map(found =>
    pathOf(found).replace(/\/?\.rsync-filter$/, ''),
  )
  const stays = homes.length > 0
  const kept = (path: string): boolean =>
    homes.some(home => home === '' || `${path}/`.startsWith(`${home}/`) || `${home}/`.startsWith(`${path}/`))
  // Without times rsync sends everything each time, and what is there looks like new.
  const [ours, wanted] = looks(!stays && !/--no-times/.test(line))
  return [
    ...wanted.filter(found => !ours.includes(found)).map(found => `of rsync: ${found}`),
    ...ours.filter(found => !wanted.includes(found) && !kept(pathOf(found))).map(found => `of ours: ${found}`),
  ]
}

const trees = async (): Promise<void> => {
  const faults: unknown[] = []
  for (let each = SEED; each < SEED + count; each++) await tried(each).catch(error => void faults.push(error))
  if (faults.length > 0) throw new AggregateError(faults, faults.map(fault => String(fault)).join('\n\n'))
}

if (has('rsync') && process.getuid?.() === 0) test(`${count} trees from seed ${SEED}`, trees, 100_000 + count * 2000)
else test.skip('trees', 'it wants root and rsync, which judges')

test.run()
