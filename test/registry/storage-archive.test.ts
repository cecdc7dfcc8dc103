import assert from 'node:assert/strict'
import {
  appendFileSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { execa } from 'execa'
import { InputError } from '../../src/base/diagnostic.ts'
import { remembered } from '../../src/registry/archive-cache.ts'
import { ArchiveError } from '../../src/registry/archive-error.ts'
import { pickFromArchive } from '../../src/registry/archive-pick.ts'
import { type ArchiveIndex, indexStorageArchive, type Limits } from '../../src/registry/storage-archive.ts'
import { suite } from '../support/suite.ts'
import { blob, type Entry, sha256, storageOf, tarGzOf, tarOf, under, writeLargeTar } from './archives.ts'

const test = suite('registry/storage-archive')
const dir = mkdtempSync(join(tmpdir(), 'regplay-archive-'))
test.after(() => rmSync(dir, { recursive: true, force: true }))

let count = 0
const file = (bytes: Buffer, name = 'storage.tar.gz'): string => {
  count += 1
  const path = join(dir, `${count}-${name}`)
  writeFileSync(path, bytes)
  return path
}
const V2 = 'storage/docker/registry/v2/'
const app = storageOf('app/web', ['1.0', 'latest'])
const codes = async (bytes: Buffer, limits: Limits = {}): Promise<string[]> => {
  try {
    await indexStorageArchive(file(bytes), limits)
    return []
  } catch (cause) {
    assert.ok(cause instanceof InputError, String(cause))
    for (const { remedy, code } of cause.faults) assert.ok(remedy || code === 'more-faults', `${code} has no remedy`)
    return [...new Set(cause.faults.map(({ code }) => code))]
  }
}

test('a good archive is indexed: catalog, blobs, links, sizes', async () => {
  const path = file(await tarGzOf(under(V2, app)))
  let last = 0
  const index = await indexStorageArchive(path, {
    progress: done => {
      last = done
    },
  })
  assert.equal(last, statSync(path).size)
  assert.deepEqual(index.repositories, ['app/web'])
  assert.deepEqual(Object.keys(index.tags['app/web'] ?? {}), ['1.0', 'latest'])
  assert.equal(index.blobs.length, 3)
  assert.equal(index.links.length, 7)
  assert.equal(index.root, V2)
  assert.equal(index.files, 10)
  assert.equal(
    index.totalBytes,
    app.reduce((sum, { content }) => sum + Buffer.byteLength(content ?? ''), 0),
  )
  assert.deepEqual(index.warnings, [])
  assert.equal(Object.values(index.manifests)[0]?.kind, 'image')
  assert.deepEqual(JSON.parse(JSON.stringify(index)), index)
})

for (const [root, warned] of [
  [V2, false],
  [`./${V2}`, false],
  ['docker/registry/v2/', true],
  ['./docker/registry/v2/', true],
  ['registry/v2/', true],
  ['', true],
  [`storage/${V2}`, true],
  [`srv/docker-registry/${V2}`, true],
] as const)
  test(`the storage under '${root}' is found${warned ? ', and said to be off' : ''}`, async () => {
    const dirs: Entry[] = root.includes('/') ? [{ name: root, type: 'directory' }] : []
    const index = await indexStorageArchive(
      file(await tarGzOf([...dirs, ...under(root, [{ name: 'repositories/', type: 'directory' }, ...app])])),
    )
    assert.deepEqual(index.repositories, ['app/web'])
    assert.deepEqual(
      index.warnings.map(({ code }) => code),
      warned ? ['archive-root-shifted'] : [],
    )
    assert.ok(index.blobs.every(({ path }) => path.startsWith('blobs/sha256/')))
  })

const plainFile: Entry = { name: `${V2}repositories/x/_layers`, content: '' }
const changed = (match: RegExp, change: (entry: Entry) => Entry[]): Entry[] =>
  under(V2, app).flatMap(entry => (match.test(entry.name) ? change(entry) : [entry]))
const without = (match: RegExp) => changed(match, () => [])
const named = (name: string): Entry[] => [...under(V2, app), { name, content: 'x' }]

const HOSTILE: readonly (readonly [string, readonly Entry[], string])[] = [
  ['../ in front', named('../x'), 'archive-member'],
  ['a/../../x', named('a/../../x'), 'archive-member'],
  ['an absolute path', named('/abs'), 'archive-member'],
  ['a symlink', [...under(V2, app), { name: 'storage/y', type: 'symlink', linkname: '/etc' }], 'archive-member'],
  [
    'a relative symlink for a blob directory',
    [{ name: `${V2}blobs`, type: 'symlink', linkname: '../../..' }, ...under(V2, app)],
    'archive-member',
  ],
  ['a hard link', [...under(V2, app), { name: `${V2}z`, type: 'link', linkname: '/etc/passwd' }], 'archive-member'],
  ['a block device', [...under(V2, app), { name: 'storage/sda', type: 'block-device', devmajor: 8 }], 'archive-member'],
  ['a character device', [...under(V2, app), { name: 'storage/tty', type: 'character-device' }], 'archive-member'],
  ['a fifo', [...under(V2, app), { name: 'storage/p', type: 'fifo' }], 'archive-member'],
  ['a member twice', [...under(V2, app), ...under(V2, app.slice(0, 1))], 'archive-member'],
  [
    'a directory where data belongs',
    [...under(V2, app), { name: `${V2}${blob(Buffer.from('q')).name}/`, type: 'directory' }],
    'archive-member',
  ],
  ['a newline in a name', named(`${V2}a\nb`), 'archive-member'],
  ['an escape sequence in a name', named('\x1b[31mx'), 'archive-member'],
  ['an overlong name', named(`${V2}${'a/'.repeat(800)}x`), 'archive-member'],
  ['a foreign file in the layout', [...under(V2, app), plainFile], 'storage-layout'],
  [
    'a tag that is none',
    [...under(V2, app), { name: `${V2}repositories/app/web/_manifests/tags/-x/current/link`, content: 'x' }],
    'storage-layout',
  ],
  [
    'an upper-case repository',
    [...under(V2, app), { name: `${V2}repositories/App/_layers/sha256/${'a'.repeat(64)}/link`, content: 'x' }],
    'storage-layout',
  ],
  [
    'a blob in another directory than its digest',
    [...under(V2, app), { name: `${V2}blobs/sha256/00/${'a'.repeat(64)}/data`, content: 'x' }],
    'storage-layout',
  ],
  ['a blob with other bytes', changed(/blobs/, entry => [{ ...entry, content: 'other' }]), 'storage-blob-damaged'],
  ['an empty blob', changed(/blobs/, entry => [{ ...entry, content: '' }]), 'storage-blob-damaged'],
  ['a layer that is missing', without(new RegExp(sha256('layer of app/web'))), 'storage-blob-missing'],
  [
    'a blob directory without data',
    [...under(V2, app), { name: `${V2}blobs/sha256/aa/${'a'.repeat(64)}/`, type: 'directory' }],
    'storage-blob-missing',
  ],
  [
    'a link with a line end',
    changed(/current\/link/, entry => [{ ...entry, content: `${entry.content}\n` }]),
    'storage-link',
  ],
  [
    'a link that names nothing',
    changed(/current\/link/, entry => [{ ...entry, content: 'sha256:zz' }]),
    'storage-link',
  ],
  [
    'a link of another digest than its path',
    changed(/revisions.*link/, entry => [{ ...entry, content: `sha256:${'a'.repeat(64)}` }]),
    'storage-link',
  ],
  ['an overlong link', changed(/current\/link/, entry => [{ ...entry, content: 'x'.repeat(10_000) }]), 'storage-link'],
  ['a tag without revision', without(/revisions/), 'storage-tag'],
  ['two storages', [...under(V2, app), ...under(`old/${V2}`, app)], 'archive-two-roots'],
  ['no storage', [{ name: 'README', content: 'hello' }], 'archive-no-storage'],
  ['nothing at all', [], 'archive-no-storage'],
  ['docker save', [{ name: 'manifest.json', content: '[]' }], 'archive-is-image'],
  ['an OCI layout', [{ name: 'oci-layout', content: '{}' }], 'archive-is-image'],
  [
    'docker export',
    [
      { name: '.dockerenv', content: '' },
      { name: 'etc/passwd', content: '' },
    ],
    'archive-is-rootfs',
  ],
]
for (const [name, entries, code] of HOSTILE)
  test(`refused: ${name}`, async () => {
    assert.ok((await codes(await tarGzOf(entries))).includes(code), `${name}: ${await codes(await tarGzOf(entries))}`)
  })

test('a manifest with both layers and manifests is refused', async () => {
  const digest = `sha256:${'a'.repeat(64)}`
  const entry = { digest, size: 1, mediaType: 'x' }
  const odd = blob(
    Buffer.from(JSON.stringify({ schemaVersion: 2, config: entry, layers: [entry], manifests: [entry] })),
  )
  assert.deepEqual(await codes(await tarGzOf(under(V2, [...app, odd]))), ['storage-manifest'])
})

test('faults beyond twenty are counted', async () => {
  const many = Array.from({ length: 50 }, (_x, i) => ({ name: `${V2}junk${i}`, content: 'x' }))
  const path = file(await tarGzOf([...under(V2, app), ...many]))
  const cause = await indexStorageArchive(path).catch((error: unknown) => error)
  assert.ok(cause instanceof InputError)
  assert.equal(cause.faults.length, 21)
  assert.match(cause.faults.at(-1)?.message ?? '', /and 30 more.*storage-layout 50/)
})

test('litter, uploads and files outside of the storage are left out, and said', async () => {
  const extra: Entry[] = [
    { name: 'storage/lost+found/', type: 'directory' },
    { name: 'storage/notes.txt', content: 'x' },
    { name: `${V2}blobs/._sha256`, content: 'x' },
    { name: `${V2}repositories/app/web/_uploads/b2/startedat`, content: 'x' },
  ]
  const index = await indexStorageArchive(file(await tarGzOf([...under(V2, app), ...extra])))
  assert.deepEqual(
    index.warnings.map(({ code }) => code),
    ['archive-left-out', 'storage-uploads'],
  )
  assert.equal(index.files, 10)
})

test('a link that garbage collection left behind is a warning', async () => {
  const hex = 'a'.repeat(64)
  const index = await indexStorageArchive(
    file(
      await tarGzOf(
        under(V2, [...app, { name: `repositories/app/web/_layers/sha256/${hex}/link`, content: `sha256:${hex}` }]),
      ),
    ),
  )
  assert.deepEqual(
    index.warnings.map(({ code }) => code),
    ['storage-link-dangling'],
  )
})

const whole = under(V2, [...app, blob(Buffer.from(Array.from({ length: 200_000 }, (_x, i) => (i * 7919) % 251)))])
const BYTES: readonly (readonly [string, (tar: Buffer, gz: Buffer) => Buffer, string | undefined])[] = [
  ['plain tar', tar => tar, undefined],
  [
    'two gzip members',
    tar => Buffer.concat([gzipSync(tar.subarray(0, 5000)), gzipSync(tar.subarray(5000))]),
    undefined,
  ],
  ['zeros behind the gzip', (_tar, gz) => Buffer.concat([gz, Buffer.alloc(5000)]), undefined],
  ['a gzip cut by 10 bytes', (_tar, gz) => gz.subarray(0, -10), 'archive-truncated'],
  ['half a gzip', (_tar, gz) => gz.subarray(0, gz.length >> 1), 'archive-truncated'],
  ['half a tar', tar => tar.subarray(0, tar.length >> 1), 'archive-truncated'],
  ['a tar cut at the border of a member', tar => gzipSync(tar.subarray(0, -1024)), 'archive-truncated'],
  ['a wrong CRC', (_tar, gz) => flip(gz, gz.length - 6), 'archive-corrupt'],
  ['a flipped byte in the middle', (_tar, gz) => flip(gz, gz.length >> 1), 'archive-corrupt'],
  ['garbage behind the gzip', (_tar, gz) => Buffer.concat([gz, Buffer.from('garbage')]), 'archive-corrupt'],
  [
    'zeros and garbage behind the gzip',
    (_tar, gz) => Buffer.concat([gz, Buffer.alloc(300_000), Buffer.from('x')]),
    'archive-corrupt',
  ],
  ['gzip in gzip', (_tar, gz) => gzipSync(gz), 'archive-twice'],
  ['an empty file', () => Buffer.alloc(0), 'archive-format'],
  ['text', () => Buffer.from('hello\n'), 'archive-format'],
  ['an HTML page', () => Buffer.from('<!DOCTYPE html><html>404</html>'), 'archive-format'],
  ['zip', () => Buffer.from('504b0304140000000800', 'hex'), 'archive-format'],
  ['7z', () => Buffer.from('377abcaf271c0004', 'hex'), 'archive-format'],
  ['text in gzip', () => gzipSync('hello '.repeat(500)), 'archive-corrupt'],
]
const flip = (bytes: Buffer, at: number): Buffer => {
  const copy = Buffer.from(bytes)
  copy[at] = (copy[at] ?? 0) ^ 0xff
  return copy
}
for (const [name, make, code] of BYTES)
  test(`bytes: ${name}: ${code ?? 'as it is'}`, async () => {
    const tar = await tarOf(whole)
    const found = await codes(make(tar, gzipSync(tar, { level: 1 })))
    if (code === undefined) assert.deepEqual(found, [])
    else assert.ok(found.includes(code), String(found))
  })

for (const tool of ['xz', 'zstd', 'bzip2']) {
  const { exitCode } = await execa(tool, ['--version'], { reject: false, stdin: 'ignore' })
  if (exitCode !== 0) {
    test.skip(`${tool} archives`, `${tool} is not on this machine`)
    continue
  }
  test(`${tool}: read by the tool of this machine; half of it is refused`, async () => {
    const { stdout } = await execa(tool, ['-c'], { input: await tarOf(whole), encoding: 'buffer' })
    const bytes = Buffer.from(stdout)
    assert.deepEqual(await codes(bytes), [])
    const [code] = await codes(bytes.subarray(0, bytes.length >> 1))
    assert.ok(code === 'archive-truncated' || code === 'archive-corrupt', code)
  })
}

test('what would unpack to far more than it is, is refused before it is read', async () => {
  const zeros = under(V2, [blob(Buffer.alloc(3_000_000))])
  assert.deepEqual(await codes(await tarGzOf(zeros), { maxBytes: 1_000_000 }), ['archive-too-big'])
  assert.deepEqual(await codes(await tarGzOf(under(V2, app)), { maxMembers: 3 }), ['archive-too-big'])
})

test('a file that is not there is said so, with exit 66', async () => {
  const cause = await indexStorageArchive(join(dir, 'nowhere.tar.gz')).catch((error: unknown) => error)
  assert.ok(cause instanceof InputError && cause.exit === 66, String(cause))
})

const good = sha256(await tarGzOf(under(V2, app)))
for (const [name, text, code] of [
  ['right', (path: string) => `${good}  ${path}\n`, undefined],
  ['upper case, CRLF', (path: string) => `${good.toUpperCase()} *${path}\r\n`, undefined],
  ['bare', () => good, undefined],
  ['BSD style', (path: string) => `SHA256 (${path}) = ${good}\n`, undefined],
  ['wrong', (path: string) => `${'0'.repeat(64)}  ${path}\n`, 'archive-checksum'],
  ['of another file', () => `${good}  other.tar.gz\n`, 'archive-checksum'],
  ['no checksum', () => 'hello', 'archive-checksum'],
] as const)
  test(`the .sha256 file beside it: ${name}`, async () => {
    const path = file(await tarGzOf(under(V2, app)))
    writeFileSync(`${path}.sha256`, text(path))
    const cause = await indexStorageArchive(path).catch((error: unknown) => error)
    if (code === undefined) assert.ok(!(cause instanceof Error), String(cause))
    else assert.equal(cause instanceof InputError ? cause.faults[0]?.code : '', code)
  })

const pickAll = async (index: ArchiveIndex, wanted: ReadonlySet<string>) => {
  const found = new Map<string, string>()
  for await (const { path, size, body } of pickFromArchive(index, wanted)) {
    const chunks: Buffer[] = []
    for await (const chunk of body) chunks.push(chunk)
    assert.equal(Buffer.concat(chunks).length, size)
    found.set(path, Buffer.concat(chunks).toString())
  }
  return found
}

test('wanted files are picked in the order of the archive, whatever its root', async () => {
  for (const root of [V2, `./x/${V2}`, '']) {
    const index = await indexStorageArchive(file(await tarGzOf(under(root, app))))
    const wanted = new Set(app.filter((_entry, i) => i % 2 === 0).map(({ name }) => name))
    const found = await pickAll(index, wanted)
    assert.deepEqual([...found.keys()], [...wanted])
    for (const { name, content } of app) if (wanted.has(name)) assert.equal(found.get(name), content?.toString())
  }
})

test('bodies that nobody reads are skipped', async () => {
  const index = await indexStorageArchive(file(await tarGzOf(whole)))
  const paths: string[] = []
  for await (const { path } of pickFromArchive(index, new Set(index.blobs.map(({ path }) => path)))) paths.push(path)
  assert.equal(paths.length, index.blobs.length)
})

for (const [name, change] of [
  ['grown', (path: string) => appendFileSync(path, 'x')],
  ['cut', (path: string) => truncateSync(path, 100)],
  ['touched', (path: string) => utimesSync(path, 1, 1)],
  ['gone', (path: string) => renameSync(path, `${path}.old`)],
] as const) {
  test(`an archive that was ${name} after it was judged is not picked from`, async () => {
    const path = file(await tarGzOf(under(V2, app)))
    const index = await indexStorageArchive(path)
    change(path)
    await assert.rejects(
      pickAll(index, new Set([app[0]?.name ?? ''])),
      (cause: unknown) => cause instanceof ArchiveError && cause.code === 'archive-changed',
    )
  })
}

test('an archive that changes while it is picked from is noticed', async () => {
  const path = file(await tarOf(whole))
  const index = await indexStorageArchive(path)
  const picking = async () => {
    for await (const { body } of pickFromArchive(
      index,
      new Set([...index.blobs, ...index.links].map(({ path }) => path)),
    )) {
      appendFileSync(path, 'x')
      for await (const _chunk of body);
    }
  }
  await assert.rejects(picking(), (cause: unknown) => cause instanceof ArchiveError && cause.code === 'archive-changed')
})

test('an index is remembered until the file changes', async () => {
  const path = file(await tarGzOf(under(V2, app)))
  const cache = join(dir, 'cache')
  let reads = 0
  const read = () =>
    remembered(
      'storage',
      1,
      path,
      () => {
        reads += 1
        return indexStorageArchive(path)
      },
      cache,
    )
  const first = await read()
  assert.deepEqual(await read(), first)
  assert.equal(reads, 1)
  utimesSync(path, 5, 5)
  await read()
  assert.equal(reads, 2)
  assert.equal(statSync(cache).mode & 0o777, 0o700)
  writeFileSync(`${path}.sha256`, '0'.repeat(64))
  await assert.rejects(read(), /archive-checksum/)
})

test('a signal stops the reading', async () => {
  const path = file(await tarGzOf(whole))
  const abort = new AbortController()
  const reading = indexStorageArchive(path, {
    signal: abort.signal,
    progress: () => abort.abort(new Error('stopped by the test')),
  })
  await assert.rejects(reading, /stopped by the test/)
})

test('any damage ends in a diagnostic, never in another error', async () => {
  const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000)
  let state = seed
  const random = (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) & 0x7fffffff
    return Math.floor((state / 0x80000000) * below)
  }
  const tar = await tarOf(under(V2, app))
  for (let round = 0; round < 150; round += 1) {
    const bytes = random(3) === 0 ? gzipSync(tar) : Buffer.from(tar)
    for (let left = random(8) + 1; left > 0; left -= 1) bytes[random(bytes.length)] = random(256)
    const path = file(random(6) === 0 ? bytes.subarray(0, random(bytes.length)) : bytes)
    const cause = await indexStorageArchive(path).catch((error: unknown) => error)
    assert.ok(!(cause instanceof Error) || cause instanceof InputError, `SEED=${seed} round ${round}: ${cause}`)
    rmSync(path)
  }
}, 30_000)

test('memory stays flat for a large archive', async () => {
  const path = join(dir, 'large.tar')
  const hex = await writeLargeTar(path, name => `${V2}blobs/sha256/${name.slice(0, 2)}/${name}/data`, 300 * 1024 * 1024)
  const before = process.memoryUsage().rss
  let peak = 0
  const progress = () => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }
  const index = await indexStorageArchive(path, { progress })
  for await (const { body } of pickFromArchive(index, new Set(index.blobs.map(({ path }) => path)), { progress }))
    for await (const _chunk of body);
  assert.equal(index.blobs[0]?.digest, `sha256:${hex}`)
  assert.ok(peak - before < 100 * 1024 * 1024, `grew by ${(peak - before) >> 20} MiB`)
}, 60_000)

test.run()
