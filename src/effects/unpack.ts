import { createGunzip } from 'node:zlib'
import type { Outcome, Unpack } from '../kit/effect.ts'
import type { Answer } from '../shell/answer.ts'
import { nothing } from '../shell/script.ts'
import type { Place } from '../transport/place.ts'
import { failure } from './outcome.ts'
import { bytesSource, fileSource, type Poured, pour, sizeOf } from './pour.ts'
import { FILTERS, opening, owned, piped, tar, told } from './unpack-script.ts'
import { unpackWeb } from './unpack-web.ts'

/** Unpacks an archive, streamed: the packed bytes never stand on the target's disk. gzip is opened here, where zlib is faster. */
export async function unpack(effect: Unpack, place: Place): Promise<Outcome> {
  if ('web' in effect.source) return unpackWeb(effect, effect.source.web, place)
  if (effect.format === 'zip' && !('remote' in effect.source))
    return failure('a zip archive cannot be streamed', 'copy it to the host first and use remote_src')
  const poured =
    'remote' in effect.source
      ? { answer: await fromTarget(effect, effect.source.remote, place) }
      : await fromController(effect, effect.source, place)
  if ('broken' in poured) return poured.broken
  return told(effect, poured.answer)
}

async function fromTarget(effect: Unpack, path: string, place: Place): Promise<Answer> {
  const [answer] = await place.shell.trip([{ script: owned(effect, opening(effect, path)) }], { signal: place.signal })
  if (!answer) throw new Error('a trip of one fragment came back empty')
  return answer
}

async function fromController(
  effect: Unpack,
  from: Exclude<Unpack['source'], { remote: string } | { web: unknown }>,
  place: Place,
): Promise<Poured> {
  const size = 'bytes' in from ? from.bytes.length : await sizeOf(from.file)
  if (typeof size !== 'number') return { broken: size }
  const source = 'bytes' in from ? bytesSource(from.bytes) : fileSource(from.file)
  const gzip = effect.format === 'tar.gz'
  const filter = effect.format === 'zip' || gzip ? nothing : FILTERS[effect.format]
  const script = filter.wire === '' ? tar(effect) : piped(filter, effect)
  const through = gzip ? { through: createGunzip() } : {}
  return pour(owned(effect, script), { what: 'of' in from ? from.of : from.file, size, source, ...through }, place)
}
