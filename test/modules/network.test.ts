import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { Secret } from '../../src/base/secret.ts'
import { dict, type Value } from '../../src/base/value.ts'
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
const nothing = { directory: false, entry: undefined, sha256: undefined, before: undefined }
const url = 'https://example.org/a/file%20x.tar?q=1'

for (const [name, wish, answers, wanted] of [
  ['is fetched', {}, { there: nothing }, ['/d/f: absent -> https://example.org/a/file%20x.tar?q=1']],
  [
    'goes into a directory',
    {},
    { there: { ...nothing, directory: true } },
    ['/d/f/file%20x.tar: absent -> https://example.org/a/file%20x.tar?q=1'],
  ],
  ['is there', {}, {}, []],
  ['is there with another mode', { mode: '0600' }, {}, ['mode: 0644 -> 0600']],
  ['has its checksum', { checksum: `sha256:${sum}` }, { self: sum, wanted: sum }, []],
  [
    'has another checksum',
    { checksum: 'sha256:ff' },
    { self: sum, wanted: 'ff' },
    [`/d/f: sha256:${sum.slice(0, 12)} -> ${url}`],
  ],
  ['is fetched again', { force: true }, {}, [`act: fetch ${url}`]],
] as const)
  test(`get_url: ${name}`, () => {
    const seen = {
      there,
      self: undefined,
      inside: undefined,
      wanted: undefined,
      ids: { uid: undefined, gid: undefined },
      ...answers,
    }
    assert.equal(brief(planWith(get_url, { url, dest: '/d/f', ...wish }, seen, debian)), wanted)
  })

test('published checksums', () => {
  const a = 'a'.repeat(64)
  const list = `${a}  ./x.tar\n${'b'.repeat(64)} *dir/y.tar\nSHA256 (z.tar) = ${'c'.repeat(64)}\n`
  assert.equal(
    ['x.tar', 'y.tar', 'z.tar'].map(name => checksumOf(list, name, 'u')[0]),
    ['a', 'b', 'c'],
  )
  assert.is(checksumOf(`${a}\n`, 'any', 'u'), a)
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
    const plan = planWith(get_url, { url, dest: '/d/' }, { there: nothing, ids: {} }, debian)
    return plan.kind === 'change' ? plan.edits[0]?.what : plan.kind
  }
  assert.equal(['http://h/a/100%.tar', 'http://h/..%2f..%2fetc%2fpasswd', 'http://h/', 'http://h/a?b=/c'].map(path), [
    '/d/100%.tar',
    '/d/..%2f..%2fetc%2fpasswd',
    '/d/index.html',
    '/d/a',
  ])
})

test('uri writes bodies', () => {
  for (const [args, body, type] of [
    [{ body: { a: [1] }, body_format: 'json' }, '{"a":[1]}', 'application/json'],
    [
      { body: { a: 'x y', b: [1, 2] }, body_format: 'form-urlencoded' },
      'a=x+y&b=1&b=2',
      'application/x-www-form-urlencoded',
    ],
    [{ body: 'as it is' }, 'as it is', undefined],
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
      [plan.by.body, plan.by.headers['Content-Type'], plan.by.method, plan.by.auth?.user],
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
    { path: '/x', search_regex: 'a' },
    { path: '/x', state: 'present', search: 'a' },
  ],
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

test('wait_for refuses what grep reads otherwise', () => {
  const kind = (search_regex: string) => planWith(wait_for, { path: '/x', search_regex }, {}, debian).kind
  assert.equal(['up \\d+', '(?i)up', 'a.*?b', 'up [0-9]+', '^a{2,3}(b|c)$', 'a\\.b'].map(kind), [
    'refuse',
    'refuse',
    'refuse',
    'act',
    'act',
    'act',
  ])
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
    const strip = { src: join(root, 'x.tgz'), extra_opts: ['--strip-components=1'], dest: join(root, 'out/in') }
    assert.is((await planHere(unarchive, strip, debian, shell)).kind, 'ok')
    const sly = { ...wishes[0], dest: join(root, 'out'), include: ['--to-command=id'] }
    assert.equal(brief(await planHere(unarchive, sly, debian, shell)), [
      'refuse: --to-command=id in include would be an option of tar',
    ])
    writeFileSync(join(root, 'out/in/empty'), 'no more')
    assert.is((await planHere(unarchive, { ...wishes[0], dest: join(root, 'out') }, debian, shell)).kind, 'change')
    assert.is((await planHere(unarchive, { ...wishes[0], dest: join(root, 'none') }, debian, shell)).kind, 'refuse')
    assert.is(
      (await planHere(unarchive, { ...wishes[0], dest: join(root, 'out'), creates: join(root, 'out') }, debian, shell))
        .kind,
      'ok',
    )
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
