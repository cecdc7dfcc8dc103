import { stat } from 'node:fs/promises'
import { createGunzip } from 'node:zlib'
import type { Outcome, Unpack } from '../kit/effect.ts'
import { join, nothing, raw, type Script, sh } from '../shell/script.ts'
import type { Place } from '../transport/place.ts'
import { failure, outcomeOf } from './outcome.ts'
import { fileSource, type Poured, pour, reading } from './pour.ts'

/** Which tool of the target opens a format, and how it is named to tar. */
const FILTERS = {
  tar: nothing,
  'tar.gz': raw('gzip -dc'),
  'tar.xz': raw('xz -dc'),
  'tar.zst': raw('zstd -dc'),
  'tar.bz2': raw('bzip2 -dc'),
} as const

/** Unpacks an archive, streamed: the packed bytes never stand on the target's disk. gzip is opened here, where zlib is faster. */
export async function unpack(effect: Unpack, place: Place): Promise<Outcome> {
  if (effect.format === 'zip' && !('remote' in effect.source))
    return failure('a zip archive cannot be streamed', 'copy it to the host first and use remote_src')
  const poured =
    'remote' in effect.source
      ? { answer: await fromTarget(effect, effect.source.remote, place) }
      : await fromController(effect, effect.source.file, place)
  if ('broken' in poured) return poured.broken
  const { answer } = poured
  const outcome = outcomeOf(answer)
  if (answer.code === 0) return outcome
  const remedy = /no space left/i.test(answer.stderr)
    ? 'free some space there; what was unpacked so far stays'
    : undefined
  return {
    ...outcome,
    failed: `the archive could not be unpacked into ${effect.into}: ${answer.stderr.trim() || `status ${answer.code}`}`,
    ...(remedy === undefined ? {} : { remedy }),
  }
}

async function fromTarget(effect: Unpack, path: string, place: Place) {
  const filter = effect.format === 'zip' ? null : FILTERS[effect.format]
  const open =
    filter === null
      ? sh`unzip -oq ${path} -d ${effect.into}`
      : filter.wire === ''
        ? join([tar(effect), sh`<${path}`], ' ')
        : piped(join([filter, sh`<${path}`], ' '), effect)
  const [answer] = await place.shell.trip([{ script: join([open, own(effect)]) }], { signal: place.signal })
  if (!answer) throw new Error('a trip of one fragment came back empty')
  return answer
}

/** A pipeline in a shell without pipefail: the filter's status goes into a file descriptor of its own. */
const piped = (filter: Script, effect: Unpack): Script =>
  join(
    [
      raw('s=$( { {'),
      filter,
      raw('; echo $? >&3; } |'),
      tar(effect),
      raw('>&2; echo $? >&3; } 3>&1 )'),
      raw('\ncase "$s" in *[1-9]*) exit 1;; esac'),
    ],
    ' ',
  )

async function fromController(effect: Unpack, file: string, place: Place): Promise<Poured> {
  const size = await reading(file, async () => (await stat(file)).size)
  if (typeof size !== 'number') return { broken: size }
  const gzip = effect.format === 'tar.gz'
  const filter = effect.format === 'zip' || gzip ? nothing : FILTERS[effect.format]
  const script = filter.wire === '' ? tar(effect) : piped(filter, effect)
  const through = gzip ? { through: createGunzip() } : {}
  return pour(join([script, own(effect)], '\n'), { what: file, size, source: fileSource(file), ...through }, place)
}

const tar = (effect: Unpack): Script => sh`tar -x -C ${effect.into} ${effect.options ?? []} -f -`

/** Owner and mode of what was unpacked, when asked for. A failed tar before this must stay the script's status. */
function own(effect: Unpack): Script {
  const parts: Script[] = [raw('[ $? -eq 0 ] || exit 1')]
  if (effect.owner !== undefined) parts.push(sh`chown -R ${effect.owner} ${effect.into} || exit 77`)
  if (effect.group !== undefined) parts.push(sh`chgrp -R ${effect.group} ${effect.into} || exit 77`)
  if (effect.mode !== undefined) parts.push(sh`chmod -R ${effect.mode} ${effect.into} || exit 77`)
  return join(parts)
}
