import assert from 'node:assert/strict'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { populate } from '../../src/effects/populate.ts'
import type { Populate } from '../../src/kit/effect.ts'
import type { Plan } from '../../src/kit/plan.ts'
import fill from '../../src/modules/registry_populate.ts'
import { room, storage } from '../../src/questions/storage.ts'
import { indexStorageArchive } from '../../src/registry/storage-archive.ts'
import type { Place } from '../../src/transport/place.ts'
import { storageOf, tarGzOf, under } from '../registry/archives.ts'
import { brief, planWith } from '../support/converge.ts'
import { debian } from '../support/host.ts'
import { onSmallDisk } from '../support/small-disk.ts'
import { suite } from '../support/suite.ts'
import { withBroken } from './broken-tools.ts'
import { onThisMachine } from './place.ts'

const test = suite('effects/populate')
const dir = mkdtempSync(join(tmpdir(), 'regplay-populate-'))
test.after(() => rmSync(dir, { recursive: true, force: true }))

const big = 'a layer of some length '.repeat(100_000)
const archive = join(dir, 'storage.tar.gz')
writeFileSync(
  archive,
  await tarGzOf(
    under('storage/docker/registry/v2/', [...storageOf('app/web', ['1.0', 'latest'], big), ...storageOf('db', ['9'])]),
  ),
)
const index = await indexStorageArchive(archive)

/** The module's plan for a directory as it is now. */
async function planNow(to: string, place: Place, verify: 'new' | 'all' = 'new'): Promise<Plan> {
  const ask = async <A>(question: {
    script: Parameters<typeof place.shell.trip>[0][0]['script']
    read(answer: never): A
  }) => {
    const [answer] = await place.shell.trip([{ script: question.script }], { signal: place.signal })
    return question.read(answer as never)
  }
  const answers = { judged: { index }, now: await ask(storage(to, verify)), free: await ask(room(to)) }
  return planWith(fill, { archive, storage: to, verify }, answers, debian)
}

const effectOf = (plan: Plan): Populate => {
  assert.equal(plan.kind, 'change')
  const by = plan.kind === 'change' ? plan.edits[0]?.by : undefined
  assert.equal(by?.kind, 'populate')
  return by as Populate
}

const target = () => {
  const to = join(mkdtempSync(join(dir, 'to-')), "storage's place")
  mkdirSync(to)
  return to
}

test('an empty storage is filled, and then nothing is left to do', () =>
  onThisMachine(async (place, told) => {
    const to = target()
    const plan = await planNow(to, place)
    assert.match(brief(plan).join('\n'), /blobs: empty -> 6 \(\d+ bytes to bring\)\n.*links: 0 of \d+ -> \d+/)
    const outcome = await populate(effectOf(plan), place)
    assert.deepEqual([outcome.failed, outcome.code], [undefined, 0])
    assert.deepEqual(brief(await planNow(to, place)), [])
    assert.deepEqual(brief(await planNow(to, place, 'all')), [])
    for (const { path, size } of index.blobs) assert.equal(statSync(join(to, 'docker/registry/v2', path)).size, size)
    for (const { path, content } of index.links)
      assert.equal(readFileSync(join(to, 'docker/registry/v2', path), 'utf8'), content)
    assert.equal(existsSync(join(to, '.regplay-staging')), false)
    const sum = index.blobs.reduce((bytes, { size }) => bytes + size, 0)
    assert.deepEqual(told.at(-1), [sum, sum])
  }))

test('what is damaged or lost is brought again, and only that', () =>
  onThisMachine(async place => {
    const to = target()
    await populate(effectOf(await planNow(to, place)), place)
    const at = (path = '') => join(to, 'docker/registry/v2', path)
    const [one, two, three] = index.blobs
    truncateSync(at(one?.path), 1)
    rmSync(at(two?.path))
    const short = await planNow(to, place)
    assert.deepEqual(
      effectOf(short).blobs.map(({ path }) => path),
      [one?.path, two?.path],
    )
    assert.match(brief(short)[0] ?? '', /4 of 6, 1 damaged/)
    await populate(effectOf(short), place)
    assert.deepEqual(brief(await planNow(to, place)), [])
    // The same length with other bytes shows only when everything is hashed again.
    const bytes = readFileSync(at(three?.path))
    bytes[0] = (bytes[0] ?? 0) ^ 1
    writeFileSync(at(three?.path), bytes)
    assert.deepEqual(brief(await planNow(to, place)), [])
    const all = await planNow(to, place, 'all')
    assert.deepEqual(
      effectOf(all).blobs.map(({ path }) => path),
      [three?.path],
    )
    await populate(effectOf(all), place)
    assert.deepEqual(brief(await planNow(to, place, 'all')), [])
  }))

test('blobs that somebody else brought are hashed before they are believed', () =>
  onThisMachine(async place => {
    const to = target()
    const [one] = index.blobs
    const path = join(to, 'docker/registry/v2', one?.path ?? '')
    mkdirSync(join(path, '..'), { recursive: true })
    writeFileSync(path, Buffer.alloc(one?.size ?? 0))
    assert.equal(effectOf(await planNow(to, place)).blobs.length, 6)
  }))

test('a run that dies leaves nothing that looks whole, and the next one finishes', () =>
  onThisMachine(async outer => {
    const to = target()
    const stop = new AbortController()
    await onThisMachine(async place => {
      const dying: Place = { ...place, progress: () => stop.abort(new Error('killed')) }
      await assert.rejects(populate(effectOf(await planNow(to, outer)), dying))
    }, stop.signal)
    const tags = join(to, 'docker/registry/v2/repositories')
    assert.equal(existsSync(tags), false)
    const plan = await planNow(to, outer)
    assert.equal((await populate(effectOf(plan), outer)).failed, undefined)
    assert.deepEqual(brief(await planNow(to, outer, 'all')), [])
    assert.deepEqual(readdirSync(to).sort(), ['.regplay-verified', 'docker'])
  }))

test('blobs whose digests cannot be made are not believed', () =>
  onThisMachine(async outer => {
    const to = target()
    const plan = await planNow(to, outer)
    await withBroken(dir, ['openssl', 'sha256sum'], () =>
      onThisMachine(async place => {
        const outcome = await populate(effectOf(plan), place)
        assert.match(outcome.failed ?? '', /the bytes of 6 blobs do not have the digest of their name/)
      }),
    )
    assert.deepEqual(readdirSync(to), [])
  }))

test('an archive that was changed after it was judged is refused', () =>
  onThisMachine(async place => {
    const to = target()
    const effect = effectOf(await planNow(to, place))
    const other = join(dir, 'other.tar.gz')
    writeFileSync(other, await tarGzOf(under('storage/docker/registry/v2/', storageOf('other', ['1']))))
    const outcome = await populate(
      { ...effect, archive: { ...effect.archive, file: { ...effect.archive.file, path: other } } },
      place,
    )
    assert.match(outcome.failed ?? '', /changed|no longer/)
    // The staging directory goes when the script has heard of its end, which may be a moment later.
    assert.equal(existsSync(join(to, 'docker')), false)
  }))

onSmallDisk(test, 'a full disk ends it with a reason, and nothing that looks whole', '1m', disk =>
  onThisMachine(async place => {
    const refused = await planNow(disk, place)
    assert.match(brief(refused)[0] ?? '', /regplay-disk-\w+ has \d+ bytes free, and \d+ are needed/)
    // A disk that fills up after the look.
    const outcome = await populate({ ...effectOf(await planNow(target(), place)), storage: disk }, place)
    assert.match(outcome.failed ?? '', /could not be filled: .*no space left/i)
    assert.match(outcome.remedy ?? '', /free some space/)
    assert.equal(existsSync(join(disk, '.regplay-staging')), false)
    assert.equal(existsSync(join(disk, 'docker/registry/v2/repositories')), false)
  }),
)

test.run()
