import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import aptRepository from '../../src/modules/apt_repository.ts'
import deb822 from '../../src/modules/deb822_repository.ts'
import { fileFor, sourceIn } from '../../src/modules/shared/apt-sources.ts'
import { brief, planHere, planWith } from '../support/converge.ts'
import { busybox, debian } from '../support/host.ts'
import { SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'

const test = suite('modules/repositories')

const LIST = '/etc/apt/sources.list'
const PARTS = '/etc/apt/sources.list.d'
const LINE = 'deb [arch=amd64] https://u:p@example.org/debian bookworm main'

const lists = (files: Record<string, string>) => ({ lists: new Map(Object.entries(files)) })

const CASES: Record<string, [wish: Record<string, unknown>, seen: Record<string, string>, wanted: string[]]> = {
  'a new source gets a file of its own': [
    { repo: LINE },
    { [LIST]: '' },
    [`${PARTS}/example_org_debian.list: absent -> file`, 'package lists: stale -> fresh'],
  ],
  'a file may be named, and the lists may stay': [
    { repo: LINE, filename: 'x', update_cache: false },
    {},
    [`${PARTS}/x.list: absent -> file`],
  ],
  'what stands somewhere stays there, other spacing and comments notwithstanding': [
    { repo: LINE },
    { [LIST]: '# first\ndeb  [arch=amd64]\thttps://u:p@example.org/debian bookworm   main # mine\n' },
    [],
  ],
  'what is off is switched on': [
    { repo: LINE, update_cache: false },
    { [LIST]: `# ${LINE}\n` },
    [`${LIST}: file -> file`],
  ],
  'a source goes, and its file when nothing else is in it': [
    { repo: LINE, state: 'absent' },
    { [`${PARTS}/x.list`]: `${LINE}\n`, [LIST]: `a\n${LINE}\n` },
    [`${PARTS}/x.list: file -> absent`, `${LIST}: file -> file`, 'package lists: stale -> fresh'],
  ],
  'what is off is as good as absent': [{ repo: LINE, state: 'absent' }, { [LIST]: `#${LINE}\n` }, []],
  'a line that names no source is refused': [
    { repo: 'http://example.org' },
    {},
    ['refuse: Invalid repository string: http://example.org'],
  ],
  'a PPA is refused': [{ repo: 'ppa:a/b' }, {}, ['refuse: PPAs are not looked up']],
}

for (const [title, [wish, seen, wanted]] of Object.entries(CASES))
  test(`apt_repository: ${title}`, () =>
    assert.equal(brief(planWith(aptRepository, wish, lists(seen), debian)), wanted))

test('the text that a source comes into keeps all else', () => {
  const seen = lists({ [`${PARTS}/x.list`]: 'deb http://a b c' })
  const plan = planWith(aptRepository, { repo: ` ${LINE}  `, filename: 'x' }, seen, debian)
  assert.is(plan.kind === 'change' && plan.edits[0]?.texts?.after, `deb http://a b c\n${LINE}\n`)
  assert.equal(plan.kind === 'change' && plan.result['sources_added'], [])
})

test('files are named after addresses', () => {
  assert.is(fileFor('deb http://archive.canonical.com/ubuntu hardy partner'), 'archive_canonical_com_ubuntu')
  assert.is(fileFor('deb-src [a=b c=d] cdrom:[x] /'), 'cdrom')
  assert.equal(sourceIn('  #deb http://a  b'), { enabled: false, source: 'deb http://a b' })
  assert.is(sourceIn('# only words'), undefined)
})

for (const shell of SHELLS)
  test(`${shell[0]}: the lists of this machine are read, and one more`, async () => {
    const dir = mkdtempSync(join(tmpdir(), 'regplay-sources-'))
    try {
      writeFileSync(join(dir, 'x.list'), `${LINE}\n`)
      const wish = { repo: LINE, filename: join(dir, 'x'), update_cache: false }
      assert.equal(brief(await planHere(aptRepository, wish, debian, shell)), [])
      const other = { ...wish, repo: 'deb http://example.org/none x y', filename: join(dir, 'y') }
      assert.equal(brief(await planHere(aptRepository, other, debian, shell)), [
        `${join(dir, 'y')}.list: absent -> file`,
      ])
    } finally {
      rmSync(dir, { recursive: true })
    }
  })

const NONE = { entry: undefined, bytes: undefined, armoured: undefined, binary: undefined, key: undefined }
const ENTRY = { type: 'file', mode: 0o644, uid: 0, gid: 0, owner: 'root', group: 'root', size: 1, identity: '1:1' }
const SOURCE = {
  name: 'My Docker_repo!',
  uris: ['https://example.org/debian'],
  suites: ['bookworm', 'sid'],
  components: ['stable'],
  allow_insecure: false,
}
const TEXT = `Allow-Insecure: no
Components: stable
X-Repolib-Name: My Docker_repo!
Signed-By: /etc/apt/keyrings/my-docker-repo.asc
Suites: bookworm sid
Types: deb
URIs: https://example.org/debian
`
const KEY = Buffer.from('-----BEGIN PGP PUBLIC KEY BLOCK-----\n')
const FILE = `${PARTS}/my-docker-repo.sources`
const ASC = '/etc/apt/keyrings/my-docker-repo.asc'

test('deb822_repository: fields by the names of their parameters, and a key that was fetched', () => {
  const wish = { ...SOURCE, signed_by: 'https://example.org/gpg' }
  const plan = planWith(deb822, wish, { ...NONE, key: KEY }, debian)
  assert.equal(
    brief(plan).map(line => line.replace(/sha256:\w+/, 'SHA')),
    [`${ASC}: absent -> SHA`, `${FILE}: absent -> SHA`],
  )
  assert.is(plan.kind === 'change' && plan.result['repo'], TEXT)
  const there = { ...NONE, entry: ENTRY, bytes: Buffer.from(TEXT), armoured: KEY, key: KEY }
  assert.equal(brief(planWith(deb822, wish, there, debian)), [])
  assert.is(brief(planWith(deb822, wish, { ...there, armoured: Buffer.from('old') }, debian)).length, 1)
})

test('deb822_repository: a binary key, a path, and a key in the file itself', () => {
  const repo = (signed_by: string, key?: Buffer): unknown => {
    const plan = planWith(deb822, { name: 'x', signed_by }, { ...NONE, key }, debian)
    return plan.kind === 'change' && plan.result['repo']
  }
  assert.match(String(repo('https://a/gpg', Buffer.from([0x99, 1]))), /^Signed-By: \/etc\/apt\/keyrings\/x\.gpg$/m)
  assert.match(String(repo('/usr/share/keyrings/a.gpg')), /^Signed-By: \/usr\/share\/keyrings\/a\.gpg$/m)
  assert.match(String(repo('-----BEGIN\n\nabc\n')), /^Signed-By: \n -----BEGIN\n \.\n abc$/m)
})

test('deb822_repository: what goes takes its keys along', () => {
  const seen = { ...NONE, entry: ENTRY, armoured: KEY }
  const gone = brief(planWith(deb822, { name: 'my docker repo', state: 'absent' }, seen, debian))
  assert.equal(gone, [`${FILE}: file -> absent`, `${ASC}: file -> absent`])
  assert.match(brief(planWith(deb822, { name: 'x' }, NONE, busybox)).join(), /is for Debian/)
})

test.run()
