import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import * as assert from 'uvu/assert'
import archive from '../../src/modules/archive.ts'
import { brief, converge, planHere } from '../support/converge.ts'
import { debian } from '../support/host.ts'
import { SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'

const test = suite('modules/archive')
const dir = mkdtempSync(join(tmpdir(), 'regplay-archive-'))
test.after(() => rmSync(dir, { recursive: true, force: true }))

/** A new tree: `t/a`, `t/b b`, `t/d/x.log`, `t/d/y`, a link and an empty directory. */
function tree(): string {
  const root = mkdtempSync(join(dir, "r'"))
  mkdirSync(join(root, 't/d/empty'), { recursive: true })
  for (const name of ['a', 'b b', 'd/x.log', 'd/y']) writeFileSync(join(root, 't', name), `${name}\n`)
  symlinkSync('a', join(root, 't/l'))
  return root
}

const names = (path: string): string[] =>
  (path.endsWith('zip') ? execFileSync('unzip', ['-Z1', path]) : execFileSync('tar', ['-tf', path]))
    .toString()
    .split('\n')
    .filter(Boolean)
    .sort()

const WHOLE = ['t/a', 't/b b', 't/d/', 't/d/empty/', 't/d/x.log', 't/d/y', 't/l']
const ARCHIVES: Record<string, [wish: Record<string, unknown>, holds: string[]]> = {
  'a directory': [{ path: ['t'] }, WHOLE],
  'what is in a directory': [{ path: ['t/'] }, WHOLE.map(name => name.slice(2))],
  'what matches': [{ path: ['t/*'], exclude_path: ['t/d', 't/l'] }, ['a', 'b b']],
  'two of different places': [{ path: ['t/a', 't/d/y'] }, ['a', 'd/y']],
  'without some': [
    { path: ['t'], exclusion_patterns: ['*.log', 't/d/empty'] },
    WHOLE.filter(name => !/log|empty/.test(name)),
  ],
  'one file': [{ path: ['t/a'], force_archive: true }, ['a']],
  'by bzip2': [{ path: ['t'], format: 'bz2' }, WHOLE],
  'by xz': [{ path: ['t'], format: 'xz' }, WHOLE],
  'not compressed': [{ path: ['t/a'], format: 'tar' }, ['a']],
  'by zip': [{ path: ['t'], format: 'zip' }, WHOLE],
}

const has = (tool: string, shell: string): boolean => (shell === 'busybox' ? tool === 'gz' || tool === 'tar' : true)

for (const shell of SHELLS) {
  for (const [title, [wish, holds]] of Object.entries(ARCHIVES)) {
    if (!has(String(wish['format'] ?? 'gz'), shell[0])) continue
    test(`${shell[0]}: ${title} is packed, and packed again when it changes`, async () => {
      const root = tree()
      const at = (paths: unknown): string[] => (paths as string[]).map(path => `${root}/${path}`)
      const ending = wish['format'] === 'zip' ? 'zip' : 'tar'
      const given = {
        ...wish,
        path: at(wish['path']),
        exclude_path: at(wish['exclude_path'] ?? []),
        dest: join(root, `o.${ending}`),
        mode: '0640',
      }
      assert.equal((await converge(archive, given, debian, shell)).length, 1)
      assert.equal(names(given.dest), [...holds].sort())
      assert.is(statSync(given.dest).mode & 0o777, 0o640)
      writeFileSync(join(root, 't/a'), 'changed\n')
      assert.match((await converge(archive, given, debian, shell)).join(), `${given.dest}: otherwise -> `)
    }, 30_000)
  }

  test(`${shell[0]}: one file is compressed under its own name, and goes when it should`, async () => {
    const root = tree()
    const path = [join(root, 't/b b')]
    assert.equal(await converge(archive, { path }, debian, shell), [`${path}.gz: absent -> 1 of ${root}/t/`])
    assert.is(gunzipSync(readFileSync(`${path}.gz`)).toString(), 'b b\n')
    assert.equal(await converge(archive, { path, remove: true }, debian, shell), [`${path}: packed -> absent`])
    assert.equal([existsSync(`${path}`), existsSync(`${path}.gz`)], [false, true])
    const plan = await planHere(archive, { path, remove: true }, debian, shell)
    assert.equal(plan.kind === 'ok' && [plan.result['dest_state'], plan.result['missing']], ['compress', path])
  })

  test(`${shell[0]}: what cannot be is told`, async () => {
    const root = tree()
    const lines = async (wish: Record<string, unknown>) => brief(await planHere(archive, wish, debian, shell)).join()
    assert.match(await lines({ path: [join(root, 't')] }), /must specify "dest"/)
    assert.match(await lines({ path: [join(root, 'none*')], dest: '/x' }), /no source paths were found/)
    assert.match(
      await lines({ path: [join(root, 't')], dest: join(root, 't/o.tgz'), remove: true }),
      /can not be contained/,
    )
    assert.match(
      await lines({ path: [join(root, 't')], dest: join(root, 't/d/o.tgz') }),
      /in a directory that is packed/,
    )
    assert.match(await lines({ path: ['t'], dest: '/x' }), /must be absolute/)
    assert.match(await lines({ path: [join(root, 't')], dest: root }), /is a directory/)
    if (shell[0] === 'busybox')
      assert.match(await lines({ path: [join(root, 't')], dest: '/x', format: 'zip' }), /web1 has no zip/)
  })
}

test('an archive may be in what it packs', async () => {
  const [shell] = SHELLS
  const root = tree()
  if (shell)
    await converge(archive, { path: [join(root, 't/')], dest: join(root, 't/o.tar'), format: 'tar' }, debian, shell)
  assert.not(names(join(root, 't/o.tar')).includes('o.tar'))
  assert.is(spawnSync('tar', ['-tf', join(root, 't/o.tar')]).status, 0)
})

test.run()
