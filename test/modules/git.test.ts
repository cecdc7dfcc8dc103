import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import git from '../../src/modules/git.ts'
import { brief, converge, planHere } from '../support/converge.ts'
import { debian } from '../support/host.ts'
import { SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'

const test = suite('modules/git')
const able = spawnSync('git', ['--version']).status === 0
const dir = mkdtempSync(join(tmpdir(), 'regplay-git-'))
test.after(() => rmSync(dir, { recursive: true, force: true }))

const AS = [
  '-c',
  'user.name=a',
  '-c',
  'user.email=a@b',
  '-c',
  'init.defaultBranch=main',
  '-c',
  'protocol.file.allow=always',
]
const g = (at: string, ...words: string[]): string =>
  execFileSync('git', ['-C', at, ...AS, ...words], { encoding: 'utf8', stdio: 'pipe' }).trim()

/** A repository with two branches, a tag on each kind of commit, and a way to add to it. */
function origin(): { path: string; add: (name: string) => string } {
  const path = mkdtempSync(join(dir, "o'"))
  const add = (name: string): string => {
    writeFileSync(join(path, name), `${name}\n`)
    g(path, 'add', '.')
    g(path, 'commit', '-q', '-m', name)
    return g(path, 'rev-parse', 'HEAD')
  }
  g(path, 'init', '-q')
  add('one')
  g(path, 'tag', 'light')
  g(path, 'tag', '-a', '-m', 'x', 'heavy')
  g(path, 'checkout', '-q', '-b', 'side')
  add('side')
  g(path, 'checkout', '-q', 'main')
  add('two')
  return { path, add }
}

const VERSIONS: Record<string, [wish: Record<string, unknown>, file: string, not: string]> = {
  HEAD: [{}, 'two', 'side'],
  'a branch': [{ version: 'side' }, 'side', 'two'],
  'a tag': [{ version: 'light' }, 'one', 'two'],
  'a tag with a message': [{ version: 'heavy' }, 'one', 'two'],
  'few commits': [{ depth: 1, version: 'side' }, 'side', 'two'],
  'one branch': [{ single_branch: true, version: 'main', remote: 'up' }, 'two', 'side'],
  'a repository apart': [{ separate_git_dir: 'APART' }, 'two', 'side'],
}

if (!able) test.skip('versions', 'git is not installed')
for (const shell of able ? SHELLS.filter(([name]) => name !== 'busybox') : []) {
  for (const [title, [wish, file, not]] of Object.entries(VERSIONS))
    test(`${shell[0]}: ${title} is checked out, and stays as it is`, async () => {
      const { path } = origin()
      const dest = join(mkdtempSync(join(dir, 'd-')), 'a b', 'c')
      const more = wish['separate_git_dir'] === undefined ? wish : { separate_git_dir: `${dest}.git` }
      const lines = await converge(git, { repo: path, dest, ...more }, debian, shell)
      assert.is(lines.length, 1)
      assert.equal([existsSync(join(dest, file)), existsSync(join(dest, not))], [true, false])
    }, 30_000)

  test(`${shell[0]}: a repository that moves away from its work tree tells where it was and is`, async () => {
    const { path } = origin()
    const dest = join(mkdtempSync(join(dir, 'd-')), 'x')
    await converge(git, { repo: path, dest }, debian, shell)
    const plan = await planHere(git, { repo: path, dest, separate_git_dir: `${dest}.git` }, debian, shell)
    assert.equal(brief(plan), [`repository: ${dest}/.git -> ${dest}.git`])
    const { git_dir_before, git_dir_now } = plan.kind === 'change' ? plan.deed : {}
    assert.equal([git_dir_before, git_dir_now], [`${dest}/.git`, `${dest}.git`])
  }, 30_000)

  test(`${shell[0]}: what is new comes, and nothing that was made here is lost unasked`, async () => {
    const { path, add } = origin()
    const dest = join(mkdtempSync(join(dir, 'd-')), 'x')
    const given = { repo: path, dest, version: 'main' }
    await converge(git, given, debian, shell)
    const commit = add('three')
    const lines = async (wish: Record<string, unknown> = {}) =>
      brief(await planHere(git, { ...given, ...wish }, debian, shell)).join('\n')
    assert.equal(await lines({ update: false }), '')
    await converge(git, given, debian, shell)
    assert.is(g(dest, 'rev-parse', 'HEAD'), commit)
    writeFileSync(join(dest, 'own'), 'own')
    assert.is(await lines(), '')
    writeFileSync(join(dest, 'one'), 'changed')
    assert.match(await lines(), /^refuse: Local modifications exist in the destination/)
    assert.equal(await converge(git, { ...given, force: true }, debian, shell), ['work tree: modified -> as committed'])
    assert.is(readFileSync(join(dest, 'one'), 'utf8'), 'one\n')
    const first = g(path, 'rev-parse', 'light')
    assert.match((await converge(git, { ...given, version: first }, debian, shell)).join(), `${commit} -> ${first}`)
    assert.match((await converge(git, { ...given, version: 'side' }, debian, shell)).join(), /branch: {2}-> side/)
    const other = origin().path
    assert.match(
      (await converge(git, { ...given, repo: other, version: 'side', force: true }, debian, shell)).join(),
      'remote: ',
    )
    assert.is(g(dest, 'config', 'remote.origin.url'), `file://${other}`)
  }, 60_000)

  test(`${shell[0]}: bare ones, archives, and what cannot be`, async () => {
    const { path, add } = origin()
    const base = mkdtempSync(join(dir, 'd-'))
    const bare = { repo: path, dest: join(base, 'b'), bare: true, version: 'main' }
    await converge(git, bare, debian, shell)
    const commit = add('three')
    await converge(git, bare, debian, shell)
    assert.is(g(bare.dest, 'rev-parse', 'main'), commit)
    const given = { repo: path, dest: join(base, 'w') }
    const packed = { ...given, archive: join(base, 'x.tar.gz'), archive_prefix: 'p/' }
    assert.equal((await converge(git, packed, debian, shell)).length, 2)
    assert.match(execFileSync('tar', ['-tzf', packed.archive], { encoding: 'utf8' }), /^p\/three$/m)
    writeFileSync(packed.archive, 'old')
    assert.equal(await converge(git, packed, debian, shell), [`${packed.archive}: of another version -> HEAD`])
    const lines = async (wish: Record<string, unknown>) =>
      brief(await planHere(git, { ...given, ...wish }, debian, shell)).join()
    assert.match(await lines({ version: 'none' }), /Could not determine remote revision for none/)
    assert.match(await lines({ dest: base }), /already exists and is not an empty directory/)
    assert.match(await lines({ dest: undefined }), /must be specified/)
    assert.match(await lines({ archive: '/x.rar' }), /Unable to get file extension/)
    assert.match(await lines({ verify_commit: true }), /Failed to verify GPG signature/)
    assert.match(await lines({ executable: '/none/git' }), /refuse: web1 has no \/none\/git/)
    let why = ''
    await planHere(git, { ...given, repo: join(base, 'none') }, debian, shell).catch(error => {
      why = String(error)
    })
    assert.match(why, /git cannot be asked about .*none/)
  }, 60_000)

  test(`${shell[0]}: submodules come along`, async () => {
    const [inner, outer] = [origin(), origin()]
    g(outer.path, 'submodule', 'add', '-q', inner.path, 'sub')
    g(outer.path, 'commit', '-q', '-m', 'sub')
    const dest = join(mkdtempSync(join(dir, 'd-')), 'x')
    const given = { repo: outer.path, dest }
    // Git takes no submodule from a path unless it is told to.
    const home = mkdtempSync(join(dir, 'h-'))
    writeFileSync(join(home, 'gitconfig'), '[protocol "file"]\n\tallow = always\n')
    const by = async (wish: Record<string, unknown>) =>
      converge(git, { ...given, executable: wrapper(home), ...wish }, debian, shell)
    await by({ recursive: false })
    assert.not(existsSync(join(dest, 'sub/two')))
    assert.match((await by({})).join(), /^submodule: /)
    assert.ok(existsSync(join(dest, 'sub/two')))
    inner.add('three')
    assert.equal(brief(await planHere(git, { ...given, executable: wrapper(home) }, debian, shell)), [])
    assert.match((await by({ track_submodules: true })).join(), /^submodule: /)
    assert.ok(existsSync(join(dest, 'sub/three')))
  }, 60_000)
}

/** Tests have an environment of their own, so git gets its configuration from a program. */
function wrapper(home: string): string {
  const path = join(home, 'git')
  writeFileSync(path, `#!/bin/sh\nGIT_CONFIG_GLOBAL=${home}/gitconfig exec git "$@"\n`, { mode: 0o755 })
  return path
}

for (const shell of SHELLS.filter(([name]) => name === 'busybox'))
  test('busybox: a host without git is told so', async () =>
    assert.equal(brief(await planHere(git, { repo: '/x', dest: '/none/x' }, debian, shell)), [
      'refuse: web1 has no git',
    ]))

test.run()
