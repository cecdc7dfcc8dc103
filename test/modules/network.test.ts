import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { Secret } from '../../src/base/secret.ts'
import { dict, toJson, type Value } from '../../src/base/value.ts'
import find from '../../src/modules/find.ts'
import get_url from '../../src/modules/get_url.ts'
import script from '../../src/modules/script.ts'
import slurp from '../../src/modules/slurp.ts'
import unarchive from '../../src/modules/unarchive.ts'
import uri from '../../src/modules/uri.ts'
import wait_for from '../../src/modules/wait_for.ts'
import { checksumOf } from '../../src/questions/checksum-list.ts'
import { hash } from '../../src/questions/controller.ts'
import { brief, make, planHere, planWith } from '../support/converge.ts'
import { debian } from '../support/host.ts'
import { SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'

const test = suite('modules that fetch, unpack, wait and search')
const sum = hash('sha256', 'old')
const there = {
  directory: false,
  entry: { type: 'file', mode: 0o644, uid: 0, gid: 0, owner: 'root', group: 'root', size: 3, identity: '' },
  sha256: sum,
  before: undefined,
}
const folder = { ...there.entry, type: 'directory' }
const nothing = { directory: false, entry: undefined, sha256: undefined, before: undefined }
const url = 'https://example.org/a/file%20x.tar?q=1'

const fetch = `act: fetch ${url}`
const ff = 'f'.repeat(64)

for (const [name, wish, answers, wanted] of [
  ['is fetched', {}, { there: nothing }, [fetch]],
  [
    'goes into a directory',
    { checksum: `sha256:${ff}` },
    { there: { ...nothing, directory: true }, wanted: ff },
    [`/d/f/file%20x.tar: absent -> ${url}`],
  ],
  ['may be newer', {}, {}, [fetch]],
  ['has its checksum', { checksum: `sha256:${sum}` }, { self: sum, wanted: sum }, []],
  [
    'has its checksum and another mode',
    { checksum: `sha256:${sum}`, mode: '0600' },
    { self: sum, wanted: sum },
    ['mode: 0644 -> 0600'],
  ],
  [
    'has another checksum',
    { checksum: `sha256:${ff}` },
    { self: sum, wanted: ff },
    [`/d/f: sha256:${sum.slice(0, 12)} -> ${url}`],
  ],
  [
    'is wanted with a checksum that is none',
    { checksum: 'sha256:xyz' },
    { wanted: 'xyz' },
    ['refuse: The checksum format is invalid'],
  ],
  ['has no directory', {}, { there: nothing, parent: undefined }, ['refuse: Destination /d does not exist']],
  ['is fetched again', { force: true }, {}, [fetch]],
] as const)
  test(`get_url: ${name}`, () => {
    const seen = {
      there,
      parent: folder,
      self: undefined,
      inside: undefined,
      wanted: undefined,
      ids: { uid: undefined, gid: undefined },
      ...answers,
    }
    assert.equal(brief(planWith(get_url, { url, dest: '/d/f', ...wish }, seen, debian)), wanted)
  })

test('get_url: what came decides, and a try of it writes nothing', () => {
  const seen = { there, parent: folder, self: undefined, inside: undefined, wanted: undefined, ids: {} }
  const plan = planWith(get_url, { url, dest: '/d/f', mode: '0600' }, seen, debian)
  if (plan.kind !== 'act' || plan.by.kind !== 'put' || plan.trial?.kind !== 'put') throw new Error('no act')
  assert.equal(
    [plan.by, plan.trial].map(
      ({ content }) => 'url' in content && [content.only, content.kept !== undefined, content.trial],
    ),
    [
      ['newer', true, undefined],
      ['newer', false, true],
    ],
  )
  const plain = planWith(get_url, { url, dest: '/d/f' }, seen, debian)
  if (plain.kind !== 'act') throw new Error('no act')
  const changed = (fields: Record<string, Value>) =>
    plain.report({ code: 0, stdout: '', stderr: '', fields: dict(fields) }).changed
  assert.equal(
    [
      { status_code: 304 },
      { status_code: 200, checksum_src: 'a', checksum_dest: 'a' },
      { status_code: 200, checksum_src: 'a', checksum_dest: 'b' },
      { status_code: 200, checksum_src: 'a', checksum_dest: null },
      { status_code: 200 },
    ].map(changed),
    [false, false, true, true, true],
  )
})

test('published checksums', () => {
  const a = 'a'.repeat(64)
  const list = `${a}  ./x.tar\n${'b'.repeat(64)} *dir/y.tar\nSHA256 (z.tar) = ${'c'.repeat(64)}\n`
  assert.equal(
    ['x.tar', 'y.tar', 'z.tar'].map(name => checksumOf(list, name, 'u')[0]),
    ['a', 'b', 'c'],
  )
  assert.is(checksumOf(`${a}\n`, 'any', 'u'), a)
  assert.is(checksumOf(`${a}.  ./any\n${a.replaceAll('a', 'b')}  other\n`, 'any', 'u'), a)
  assert.throws(() => checksumOf(list, 'none', 'u'), /no checksum of none/)
})

for (const [name, args, status, failed, field] of [
  ['is content', {}, 200, undefined, undefined],
  ['is not content', {}, 404, 'Status code was 404 and not [200]: 404 x', undefined],
  ['may be told otherwise', { status_code: [404] }, 404, undefined, undefined],
  ['reads JSON', {}, 200, undefined, 1],
] as const)
  test(`uri ${name}`, () => {
    const plan = planWith(
      uri,
      { url: 'http://h/', ...args },
      { created: false, removable: true, ca: undefined },
      debian,
    )
    if (plan.kind !== 'act') throw new Error('no act')
    const fields = dict({ status, msg: `${status} x`, content_type: 'application/json' })
    const report = plan.report({ code: 0, stdout: '{"a":1}', stderr: '', fields })
    assert.equal([report.failed, report.changed], [failed, false])
    const json = report.result['json']
    if (field !== undefined) assert.is(json instanceof Map && json.get('a'), field)
  })

test('uri tells cookies, and nothing that it did not see', () => {
  const plan = planWith(uri, { url: 'http://h/' }, { created: false, removable: true, ca: undefined }, debian)
  if (plan.kind !== 'act') throw new Error('no act')
  const told = (fields: Record<string, Value>) =>
    plan.report({ code: 0, stdout: '', stderr: '', fields: dict({ status: 200, ...fields }) }).result
  const set_cookie = 'a=1; Expires=Wed, 21 Oct 2015 07:28:00 GMT; Path=/, b=x=y; HttpOnly'
  const { cookies, cookies_string, elapsed } = told({ set_cookie, elapsed: 3 })
  assert.equal([cookies, cookies_string, elapsed], [dict({ a: '1', b: 'x=y' }), 'a=1; b=x=y', 3])
  assert.equal([told({})['cookies'], told({})['elapsed']], [new Map(), undefined])
})

test('a URL names its file as it is written', () => {
  const path = (url: string) => {
    const plan = planWith(get_url, { url, dest: '/d/' }, { there: nothing, parent: folder, ids: {} }, debian)
    return plan.kind === 'act' && plan.by.kind === 'put' ? plan.by.path : plan.kind
  }
  assert.equal(['http://h/a/100%.tar', 'http://h/..%2f..%2fetc%2fpasswd', 'http://h/', 'http://h/a?b=/c'].map(path), [
    '/d/100%.tar',
    '/d/..%2f..%2fetc%2fpasswd',
    '/d/index.html',
    '/d/a',
  ])
})

test('uri refuses a form whose entries are no pairs', () => {
  const seen = { created: false, removable: true, ca: undefined }
  for (const body of [['foo', { bar: 'baz' }], [['a']], [1]]) {
    const plan = planWith(uri, { url: 'http://h/', method: 'POST', body, body_format: 'form-urlencoded' }, seen, debian)
    assert.match(plan.kind === 'refuse' ? plan.reason : plan.kind, /failed to parse body as form_urlencoded/)
  }
})

test('uri writes bodies', () => {
  for (const [args, body, type] of [
    [{ body: { a: [1] }, body_format: 'json' }, '{"a": [1]}', 'application/json'],
    [
      { body: { a: 'x y', b: [1, 2] }, body_format: 'form-urlencoded' },
      'a=x+y&b=1&b=2',
      'application/x-www-form-urlencoded',
    ],
    [{ body: 'as it is' }, 'as it is', 'application/x-www-form-urlencoded'],
  ] as const) {
    const plan = planWith(
      uri,
      {
        url: 'http://h/',
        method: 'post',
        url_username: 'u',
        url_password: new Secret('p4ssword', 'url_password'),
        ...args,
      },
      { created: false, removable: true, ca: undefined },
      debian,
    )
    if (plan.kind !== 'act' || plan.by.kind !== 'http') throw new Error('no request')
    assert.equal(
      [plan.by.body, plan.by.headers?.['Content-Type'], plan.by.method, plan.by.auth?.user],
      [body, type, 'POST', 'u'],
    )
    assert.ok(plan.by.auth?.password instanceof Secret)
    assert.not.match(JSON.stringify(plan), 'p4ssword')
  }
})

for (const [args, until] of [
  [{ port: 80 }, { port: 80, host: '127.0.0.1', state: 'started' }],
  [
    { port: 80, state: 'absent' },
    { port: 80, host: '127.0.0.1', state: 'stopped' },
  ],
  [{ path: '/x' }, { path: '/x', state: 'present' }],
  [
    { path: '/x', state: 'absent' },
    { path: '/x', state: 'absent' },
  ],
  [{ timeout: 3 }, { nothing: true }],
] as const)
  test(`wait_for ${JSON.stringify(args)}`, () => {
    const plan = planWith(wait_for, args, {}, debian)
    assert.equal(plan.kind === 'act' && plan.by.kind === 'wait' && plan.by.until, until)
  })

test('wait_for reads expressions as Python does, and tells what groups took', () => {
  const found = (search_regex: string, text: string): unknown => {
    const plan = planWith(wait_for, { path: '/x', search_regex }, {}, debian)
    const until = plan.kind === 'act' && plan.by.kind === 'wait' ? plan.by.until : undefined
    const fields = until && 'path' in until ? until.search?.find(text) : undefined
    return fields && toJson(new Map(Object.entries(fields)) as never)
  }
  assert.equal(found('^up (?P<what>\\w+) (\\d+)(x)?$', 'no\nup web 80\n'), {
    match_groups: ['web', '80', null],
    match_groupdict: { what: 'web' },
  })
  assert.equal(found('(?i)UP', 'up'), { match_groups: [], match_groupdict: {} })
  assert.is(found('^up$', 'upper'), null)
})

for (const shell of SHELLS) {
  test(`${shell[0]}: unarchive sees what is unpacked already`, async () => {
    const root = mkdtempSync(join(tmpdir(), 'unarchive-'))
    mkdirSync(join(root, 'in/a b'), { recursive: true })
    writeFileSync(join(root, 'in/a b/f'), 'text')
    writeFileSync(join(root, 'in/empty'), '')
    mkdirSync(join(root, 'out'))
    spawnSync('tar', ['-czf', join(root, 'x.tgz'), '-C', root, 'in'])
    const wishes = [{ src: join(root, 'x.tgz') }, { src: join(root, 'x.tgz'), remote_src: true }]
    for (const wish of wishes)
      assert.is((await planHere(unarchive, { ...wish, dest: join(root, 'out') }, debian, shell)).kind, 'change')
    spawnSync('tar', ['-xzf', join(root, 'x.tgz'), '-C', join(root, 'out')])
    for (const wish of wishes)
      assert.is((await planHere(unarchive, { ...wish, dest: join(root, 'out') }, debian, shell)).kind, 'ok')
    for (const wish of wishes) {
      const closed = { ...wish, dest: join(root, 'out'), mode: 'u=rwX,go=' }
      spawnSync('chmod', ['-R', 'u=rwX,go=rX', join(root, 'out')])
      assert.equal(brief(await planHere(unarchive, closed, debian, shell)), [
        `${join(root, 'out')}: some of its files another owner or mode -> content of ${wish.src}`,
      ])
      spawnSync('chmod', ['-R', 'u=rwX,go=', join(root, 'out')])
      assert.is((await planHere(unarchive, closed, debian, shell)).kind, 'ok')
    }
    const strip = { src: join(root, 'x.tgz'), extra_opts: ['--strip-components=1'], dest: join(root, 'out/in') }
    assert.is((await planHere(unarchive, strip, debian, shell)).kind, 'ok')
    const sly = { ...wishes[0], dest: join(root, 'out'), include: ['--to-command=id'] }
    assert.equal(brief(await planHere(unarchive, sly, debian, shell)), [
      'refuse: --to-command=id would be an option of tar',
    ])
    const PARTS: [more: Record<string, unknown>, kind: string][] = [
      [{ exclude: ['a b'] }, 'ok'],
      [{ include: ['in/empty'] }, 'ok'],
      [{ include: ['empty'] }, 'refuse'],
      [{ include: ['in/a*'] }, 'refuse'],
    ]
    for (const [more, kind] of PARTS)
      assert.is(
        (await planHere(unarchive, { ...wishes[0], dest: join(root, 'out'), ...more }, debian, shell)).kind,
        kind,
      )
    spawnSync('tar', ['-czf', join(root, 'dot.tgz'), '-C', root, './in'])
    const two = { src: join(root, 'dot.tgz'), dest: join(root, 'out'), extra_opts: ['--strip-components=2'] }
    assert.is((await planHere(unarchive, two, debian, shell)).kind, 'change', 'the dot counts')
    for (const extra_opts of [['-d/etc'], ['-C', '/etc']]) {
      const away = {
        src: join(root, extra_opts.length > 1 ? 'x.tgz' : 'x.zip'),
        dest: join(root, 'out'),
        remote_src: true,
      }
      const [said] = brief(await planHere(unarchive, { ...away, extra_opts }, debian, shell))
      assert.match(said ?? '', /^refuse: the option -[dC]\S* is not passed to (tar|unzip)$/)
    }
    writeFileSync(join(root, 'out/in/empty'), 'no more')
    assert.is(
      (await planHere(unarchive, { ...wishes[0], dest: join(root, 'out'), exclude: ['empty'] }, debian, shell)).kind,
      'ok',
    )
    assert.is((await planHere(unarchive, { ...wishes[0], dest: join(root, 'out') }, debian, shell)).kind, 'change')
    assert.is((await planHere(unarchive, { ...wishes[0], dest: join(root, 'none') }, debian, shell)).kind, 'refuse')
    assert.is(
      (await planHere(unarchive, { ...wishes[0], dest: join(root, 'out'), creates: join(root, 'out') }, debian, shell))
        .kind,
      'ok',
    )
    const of = { src: join(root, 'x.tgz'), dest: join(root, 'out'), remote_src: true }
    const fresh = { ...of, dest: join(root, 'fresh') }
    mkdirSync(fresh.dest)
    spawnSync('tar', ['-xzf', of.src, '-C', fresh.dest])
    const kindOf = async (more: Record<string, unknown>) =>
      (await planHere(unarchive, { ...fresh, ...more }, debian, shell)).kind
    assert.is(await kindOf({ mode: 'u+rw', owner: 'root' }), 'ok', 'as it is asked for')
    assert.is(await kindOf({ mode: 'o-r' }), 'change', 'another mode')
    assert.is(await kindOf({ group: 'daemon' }), 'change', 'another group')
    renameSync(of.src, join(root, 'x.tar'))
    const named = await planHere(unarchive, { ...fresh, src: join(root, 'x.tar'), list_files: true }, debian, shell)
    const members = 'result' in named ? named.result['files'] : undefined
    assert.equal(Array.isArray(members) && members.toSorted(), ['in/', 'in/a b/', 'in/a b/f', 'in/empty'])
    rmSync(root, { recursive: true })
  })

  test(`${shell[0]}: find, slurp and script`, async () => {
    const root = mkdtempSync(join(tmpdir(), 'find-'))
    mkdirSync(join(root, 'd/e'), { recursive: true })
    for (const name of ['a.conf', "it's.conf", '.hidden.conf', 'd/b.conf', 'd/e/c.txt'])
      writeFileSync(join(root, name), 'x'.repeat(name.length))
    const names = async (args: Record<string, unknown>): Promise<string[]> => {
      const plan = await planHere(find, { paths: [root], ...args }, debian, shell)
      const files = 'result' in plan ? plan.result['files'] : undefined
      return Array.isArray(files)
        ? files.map(file => String(file instanceof Map && file.get('path')).slice(root.length + 1)).sort()
        : ['no files']
    }
    assert.equal(await names({ patterns: ['*.conf'] }), ['a.conf', "it's.conf"])
    assert.equal(await names({ patterns: ['*.conf'], hidden: true, excludes: ['a*'] }), ['.hidden.conf', "it's.conf"])
    assert.equal(await names({ recurse: true, patterns: ['^[bc]'], use_regex: true }), ['d/b.conf', 'd/e/c.txt'])
    assert.equal(await names({ recurse: true, file_type: 'directory' }), ['d', 'd/e'])
    assert.equal(await names({ file_type: 'directory', size: '1g' }), ['d'])
    symlinkSync('d', join(root, 'l'))
    symlinkSync('a.conf', join(root, 'b.conf'))
    const through = { follow: true, recurse: true, get_checksum: true }
    assert.equal(await names({ ...through, patterns: ['[ab].conf'] }), ['a.conf', 'd/b.conf', 'l/b.conf'])
    assert.equal(await names({ ...through, file_type: 'link' }), ['b.conf', 'l'])
    rmSync(join(root, 'l'))
    rmSync(join(root, 'b.conf'))
    assert.equal(await names({ file_type: 'any', size: '8', patterns: ['[!i]*'] }), ['d'])
    assert.equal(await names({ recurse: true, depth: 2, size: '8b' }), ['d/b.conf', "it's.conf"])
    assert.equal(await names({ age: '1d' }), [])
    assert.equal(await names({ age: '-1d', get_checksum: true }), ['a.conf', "it's.conf"])
    const slurped = await planHere(slurp, { src: join(root, "it's.conf") }, debian, shell)
    assert.is('result' in slurped && slurped.result['content'], Buffer.from('x'.repeat(9)).toString('base64'))
    writeFileSync(join(root, 'latin'), Buffer.from('#!/bin/sh\necho \xe9\n', 'latin1'))
    assert.equal(brief(await planHere(script, { cmd: join(root, 'latin') }, debian, shell)), [
      `refuse: ${join(root, 'latin')} is no UTF-8 text`,
    ])
    writeFileSync(join(root, 's.sh'), '#!/bin/sh\necho "ran $0" | wc -l; exit 4\n')
    const plan = await planHere(script, { cmd: join(root, 's.sh') }, debian, shell)
    if (plan.kind !== 'act') throw new Error('no act')
    const [outcome] = make(plan, shell)
    assert.equal([outcome?.code, outcome?.stdout.trim()], [4, '1'])
    rmSync(root, { recursive: true })
  })
}

test.run()
