import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { execa } from 'execa'
import { InputError } from '../../src/base/diagnostic.ts'
import { type ImageArchive, indexImageArchive, platformFault, selectImage } from '../../src/registry/image-archive.ts'
import { suite } from '../support/suite.ts'
import { type Entry, sha256, storageOf, tarOf, under } from './archives.ts'
import { missing, savedImage } from './real-registry.ts'

const test = suite('registry/image-archive')
const dir = mkdtempSync(join(tmpdir(), 'regplay-image-'))
test.after(() => rmSync(dir, { recursive: true, force: true }))
let count = 0
const file = (bytes: Buffer): string => {
  const path = join(dir, `${++count}.tar`)
  writeFileSync(path, bytes)
  return path
}
const codes = async (entries: readonly Entry[]): Promise<string[]> => {
  const cause = await indexImageArchive(file(await tarOf(entries))).catch((error: unknown) => error)
  if (!(cause instanceof Error)) return []
  assert.ok(cause instanceof InputError, String(cause))
  return [...new Set(cause.faults.map(({ code }) => code))]
}

const saved = await savedImage(['registry:2'])

test('docker save, plain and gzipped', async () => {
  const tar = await tarOf(saved)
  for (const bytes of [tar, gzipSync(tar)]) {
    const { format, images, warnings } = await indexImageArchive(file(bytes))
    assert.equal(format, 'docker')
    assert.deepEqual(warnings, [])
    const [image] = images
    assert.ok(image)
    assert.deepEqual(image.tags, ['registry:2'])
    assert.equal(image.configDigest, `sha256:${saved[0]?.name.slice(0, 64)}`)
    assert.equal(image.layers.length, 1)
    assert.deepEqual([image.os, image.architecture], ['linux', 'amd64'])
    assert.deepEqual(image.entrypoint, ['/entrypoint.sh'])
    assert.deepEqual(image.cmd, ['/etc/docker/registry/config.yml'])
    assert.deepEqual(image.volumes, ['/var/lib/registry'])
    assert.deepEqual(image.ports, ['5000/tcp'])
  }
})

const layer = saved[1]
const manifestOf = (change: (item: Record<string, unknown>) => void): Entry => {
  const items = JSON.parse(String(saved[2]?.content)) as Record<string, unknown>[]
  for (const item of items) change(item)
  return { name: 'manifest.json', content: JSON.stringify(items) }
}
assert.ok(layer && saved[0] && saved[2])
const [config, , manifest] = saved as [Entry, Entry, Entry]
for (const [name, entries, code] of [
  [
    'docker export',
    [{ name: '.dockerenv' }, { name: 'etc/hosts', content: 'x' }, { name: 'bin/sh', content: 'x' }],
    'archive-is-rootfs',
  ],
  ['docker export without .dockerenv', [{ name: 'bin/', type: 'directory' }], 'archive-is-rootfs'],
  ['registry storage', under('storage/docker/registry/v2/', storageOf('a', ['1'])), 'archive-is-storage'],
  ['no image', [{ name: 'x', content: 'y' }], 'image-none'],
  ['an empty manifest.json', [{ name: 'manifest.json', content: '[]' }], 'image-none'],
  ['a layer that is missing', [config, manifest], 'image-layer-missing'],
  ['a configuration that is missing', [layer, manifest], 'image-config-missing'],
  ['a damaged layer', [config, { ...layer, content: 'x' }, manifest], 'image-damaged'],
  ['a damaged configuration', [{ ...config, content: '{"architecture":"amd64"}' }, layer, manifest], 'image-damaged'],
  [
    'one layer too many',
    [
      config,
      layer,
      manifestOf(item => {
        item['Layers'] = [layer.name, layer.name]
      }),
    ],
    'image-damaged',
  ],
  ['a path that leads out', [...saved, { name: '../x', content: 'x' }], 'archive-member'],
  ['a device', [...saved, { name: 'sda', type: 'block-device' as const }], 'archive-member'],
  [
    'a link to nowhere',
    [config, { name: layer.name, type: 'symlink' as const, linkname: '../x/layer.tar' }, manifest],
    'image-layer-missing',
  ],
] as const)
  test(`refused: ${name}`, async () => assert.ok((await codes(entries)).includes(code), String(await codes(entries))))

test('JSON without end is not held', async () => {
  const text = `[${' '.repeat(4_000_000)}]`
  const many = Array.from({ length: 20 }, (_, i) => ({ name: `${i}.json`, content: text }))
  assert.deepEqual(await codes(many), ['archive-too-big'])
})

test('a layer that is there twice may be a link', async () => {
  const place = `${'b'.repeat(64)}/layer.tar`
  assert.deepEqual(
    await codes([
      config,
      { ...layer, name: place },
      { name: layer.name, type: 'symlink', linkname: `../${place}` },
      manifest,
    ]),
    [],
  )
})

test('the wanted image is found by any spelling of its name, and what is there instead is said', async () => {
  const archive = async (tags: readonly string[]): Promise<ImageArchive> =>
    indexImageArchive(file(await tarOf(await savedImage(tags))))
  for (const [tags, wanted, found] of [
    [['registry:2'], 'registry:2', true],
    [['docker.io/library/registry:2'], 'registry:2', true],
    [['registry:2'], 'docker.io/library/registry:2', true],
    [['registry:latest'], 'registry', true],
    [['registry:2.8'], 'registry:2', false],
    [['other/registry:2'], 'registry:2', false],
    [[], 'registry:2', false],
  ] as const) {
    const image = selectImage(await archive(tags), wanted)
    assert.equal('configDigest' in image, found, `${tags} ${wanted}`)
    if (!('configDigest' in image))
      assert.match(image.message, tags.length > 0 ? new RegExp(tags[0] ?? '') : /no names/)
  }
})

test('an image for another machine is refused', async () => {
  const { images } = await indexImageArchive(file(await tarOf(await savedImage(['a:1'], { architecture: 'arm64' }))))
  const [image] = images
  assert.ok(image)
  assert.equal(platformFault(image, 'aarch64'), undefined)
  assert.match(platformFault(image, 'x86_64')?.message ?? '', /linux\/arm64, the host is x86_64/)
})

if (missing !== undefined) test.skip('archives by skopeo', missing)
else {
  test('an OCI layout by skopeo: read, with a warning for old Docker', async () => {
    const source = file(await tarOf(saved))
    const target = join(dir, 'oci.tar')
    await execa(
      'skopeo',
      ['--insecure-policy', 'copy', '-q', `docker-archive:${source}`, `oci-archive:${target}:registry:2`],
      { env: { TMPDIR: dir } },
    )
    const archive = await indexImageArchive(target)
    assert.equal(archive.format, 'oci')
    assert.deepEqual(
      archive.warnings.map(({ code }) => code),
      ['image-oci-only'],
    )
    assert.deepEqual(archive.images[0]?.tags, ['registry:2'])
    assert.equal(archive.images[0]?.layers.length, 1)
    assert.ok('configDigest' in selectImage(archive, 'registry:2'))
  })

  test('docker-archive by skopeo', async () => {
    const source = file(await tarOf(saved))
    const target = join(dir, 'docker.tar')
    await execa(
      'skopeo',
      ['--insecure-policy', 'copy', '-q', `docker-archive:${source}`, `docker-archive:${target}:registry:2`],
      { env: { TMPDIR: dir } },
    )
    const { images, format } = await indexImageArchive(target)
    assert.equal(format, 'docker')
    assert.equal(images[0]?.configDigest, `sha256:${sha256(String(config.content))}`)
  })
}

test.run()
