import type { Outcome, Populate } from '../kit/effect.ts'
import { VERIFIED } from '../questions/storage.ts'
import { ArchiveError } from '../registry/archive-error.ts'
import { type Picked, pickFromArchive } from '../registry/archive-pick.ts'
import { atEnd } from '../shell/at-end.ts'
import { raw, type Script, sh } from '../shell/script.ts'
import type { Place } from '../transport/place.ts'
import { failure } from './outcome.ts'
import { ofTheSystem, unreadable } from './pour.ts'
import { type Member, sendTar } from './tar-stream.ts'

/** A batch is what a broken connection may cost: so many bytes or so many files, whichever comes first. */
const BATCH_BYTES = 256 * 1024 * 1024
const BATCH_FILES = 256

interface Item {
  readonly path: string
  readonly size: number
}

/**
 * Brings missing blobs in batches. Each batch goes into a private staging directory, is counted and hashed there, and only
 * then moved into the storage, so that at no moment does a name stand over bytes that were not proven; a run that dies
 * loses one batch. Links follow when all blobs are there, tags last: whatever can be pulled is complete.
 */
export async function populate(effect: Populate, place: Place): Promise<Outcome> {
  const total = effect.blobs.reduce((sum, blob) => sum + blob.size, 0)
  let done = 0
  const count = (bytes: number): void => {
    done += bytes
    place.progress(effect.archive.file.path, done, total)
  }
  const wanted = new Set(effect.blobs.map(blob => blob.path))
  const picked = pickFromArchive(effect.archive, wanted, { signal: place.signal })
  try {
    for (const batch of batches(effect.blobs)) {
      const answer = await bring(batch, effect.storage, contents(batch, picked, count), place)
      if (answer !== undefined) return answer
    }
    for (const batch of batches(ordered(effect.links))) {
      const texts = new Map(effect.links.map(link => [link.path, link.content]))
      const answer = await bring(batch, effect.storage, textsOf(batch, texts), place)
      if (answer !== undefined) return answer
    }
  } catch (error) {
    if (error instanceof ArchiveError) return failure(error.message, error.remedy)
    if (ofTheSystem(error)) return unreadable(effect.archive.file.path, error)
    throw error
  } finally {
    await picked.return()
  }
  return { code: 0, stdout: '', stderr: '' }
}

function* batches(items: readonly Item[]): Iterable<Item[]> {
  let batch: Item[] = []
  let bytes = 0
  for (const item of items) {
    if (batch.length > 0 && (bytes + item.size > BATCH_BYTES || batch.length >= BATCH_FILES)) {
      yield batch
      batch = []
      bytes = 0
    }
    batch.push(item)
    bytes += item.size
  }
  if (batch.length > 0) yield batch
}

/** Tags after everything that they lead to. */
const ordered = (links: Populate['links']): Item[] => {
  const isTag = (path: string): boolean => path.includes('/_manifests/tags/')
  const items = links.map(link => ({ path: link.path, size: link.content.length }))
  return [...items.filter(item => !isTag(item.path)), ...items.filter(item => isTag(item.path))]
}

/** The archive's own bytes, in its own order. */
async function* contents(
  batch: readonly Item[],
  picked: AsyncGenerator<Picked, void>,
  count: (bytes: number) => void,
): AsyncIterable<Member> {
  for (let left = batch.length; left > 0; left--) {
    const next = await picked.next()
    if (next.done)
      throw new ArchiveError(
        'archive-changed',
        'the archive no longer holds what was read from it',
        'Leave the archive alone while a run uses it, and run again',
      )
    const { path, size, body } = next.value
    yield { path, size, body: counted(body, count) }
  }
}

async function* counted(body: AsyncIterable<Buffer>, count: (bytes: number) => void): AsyncIterable<Buffer> {
  for await (const chunk of body) {
    count(chunk.length)
    yield chunk
  }
}

async function* textsOf(batch: readonly Item[], texts: ReadonlyMap<string, string>): AsyncIterable<Member> {
  for (const { path, size } of batch) {
    yield { path, size, body: once(Buffer.from(texts.get(path) ?? '')) }
  }
}

async function* once(bytes: Buffer): AsyncIterable<Buffer> {
  yield bytes
}

/** Sends one batch; undefined when all of it is in its place. */
async function bring(
  batch: readonly Item[],
  storage: string,
  files: AsyncIterable<Member>,
  place: Place,
): Promise<Outcome | undefined> {
  const answer = await sendTar(settle(storage, batch.length), files, place)
  if (answer.code === 0) return undefined
  // tar has a line for every file that it could not write.
  const lines = answer.stderr.trim().split('\n')
  const said =
    lines.find(line => /no space left/i.test(line)) ?? (lines.slice(0, 3).join('; ') || `status ${answer.code}`)
  const remedy = /no space left/i.test(said)
    ? 'free some space there and run again: what arrived so far stays and is not sent twice'
    : 'run again: what arrived so far stays and is not sent twice'
  return failure(`the storage in ${storage} could not be filled: ${said}`, remedy, answer)
}

/** Receives a batch: into staging, counted, hashed, synced, then each file to its place by rename. */
const settle = (storage: string, files: number): Script =>
  sh`s=${storage}; n=${files}
${raw(`umask 022
g=$s/.regplay-staging
rm -rf -- "$g" && mkdir -m 0700 -- "$g" || exit 73
${atEnd(raw('rm -rf -- "$g"')).wire}
tar -xf - -C "$g" || exit 74
cd "$g" || exit 73
c=$(find . -type f | wc -l); c=$((c))
[ "$c" -eq "$n" ] || { printf 'only %s of %s files arrived\\n' "$c" "$n" >&2; exit 74; }
if [ -d blobs ]; then
  if command -v openssl >/dev/null 2>&1; then h='openssl dgst -sha256 -r'; else h=sha256sum; fi
  b=$(find blobs -type f -exec $h {} +)
  # Counted, not only searched for wrong ones: a tool that fails says nothing at all.
  r=$(printf '%s\\n' "$b" | grep -c '^\\([0-9a-f]\\{64\\}\\) [ *].*/\\1/data$')
  c=$(find blobs -type f | wc -l)
  [ "$((r))" -eq "$((c))" ] || { printf 'the bytes of %s blobs do not have the digest of their name\\n' "$((c - r))" >&2; exit 74; }
fi
find . -type f -exec sync {} + 2>/dev/null || sync
v=$s/docker/registry/v2
find . -type f | sort >"$g/.list" || exit 73
grep -v '^./.list$' "$g/.list" | while IFS= read -r f; do
  mkdir -p -- "$v/\${f%/*}" && mv -f -- "$f" "$v/$f" || exit 73
done || exit 73
grep '^./blobs/' "$g/.list" | sed 's|^./||' >>"$s/${VERIFIED}" || exit 73
sync "$s/${VERIFIED}" 2>/dev/null || sync`)}`
