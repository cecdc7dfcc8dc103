import { createGunzip } from 'node:zlib'
import type { Outcome, Unpack } from '../kit/effect.ts'
import type { Answer } from '../shell/answer.ts'
import { join, nothing, raw, type Script, sh } from '../shell/script.ts'
import type { Place } from '../transport/place.ts'
import { failure, outcomeOf } from './outcome.ts'
import { bytesSource, fileSource, type Poured, pour, sizeOf } from './pour.ts'

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
      : await fromController(effect, effect.source, place)
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

async function fromTarget(effect: Unpack, path: string, place: Place): Promise<Answer> {
  const [answer] = await place.shell.trip([{ script: owned(effect, opening(effect, path)) }], { signal: place.signal })
  if (!answer) throw new Error('a trip of one fragment came back empty')
  return answer
}

/** Unpacks a file of the target. */
function opening(effect: Unpack, path: string): Script {
  if (effect.format === 'zip') {
    const list = owns(effect) ? sh`unzip -Z1 ${path} >"$l" && ` : nothing
    return join([list, sh`unzip -oq ${path} -d ${effect.into}`], '')
  }
  const filter = FILTERS[effect.format]
  return filter.wire === '' ? join([tar(effect), sh`<${path}`], ' ') : piped(join([filter, sh`<${path}`], ' '), effect)
}

/** A pipeline in a shell without pipefail: the filter's status goes into a file descriptor of its own. */
const piped = (filter: Script, effect: Unpack): Script =>
  join(
    [
      raw('s=$( { {'),
      filter,
      raw('; echo $? >&3; } |'),
      tar(effect),
      raw('; echo $? >&3; } 3>&1 )'),
      raw('\ncase "$s" in *[1-9]*) exit 1;; esac'),
    ],
    ' ',
  )

async function fromController(
  effect: Unpack,
  from: Exclude<Unpack['source'], { remote: string }>,
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

/** tar from standard input; with an owner or a mode to give, it tells what it unpacks. */
const tar = (effect: Unpack): Script =>
  owns(effect)
    ? sh`tar -x -v $t -C ${effect.into} ${effect.options ?? []} -f - >"$l"`
    : sh`tar -x -C ${effect.into} ${effect.options ?? []} -f - >&2`

const owns = ({ owner, group, mode }: Unpack): boolean => [owner, group, mode].some(wanted => wanted !== undefined)

/**
 * Owner and mode for what is unpacked, and for nothing else below the directory: that may be /usr/local. The names are those
 * that the tool tells, one a line; a tar that cannot tell what it made of them loses as many leading parts as it was told to.
 */
function owned(effect: Unpack, script: Script): Script {
  if (!owns(effect)) return script
  const { owner, group, mode, into, options = [] } = effect
  const strip = /^--strip(?:-components)?[= ](\d+)$/.exec(options.join(' '))?.[1] ?? '0'
  const give = (what: Script, links: Script): Script => sh`names ${links} | xargs -0 -r ${what} || exit 77`
  const parts: Script[] = [
    sh`l=$(mktemp) || exit 73
trap 'rm -f -- "$l"' EXIT
n=${Number(strip) + 1} t=
if tar --show-transformed-names --version >/dev/null 2>&1; then n=1 t='--show-transformed-names --quoting-style=literal'; fi
names() {
  sed 's|^/*||' <"$l" | cut -d/ -f"$n"- | while IFS= read -r p; do
    if [ -h "./$p" ]; then [ "$1" = links ] || continue; elif ! [ -e "./$p" ]; then continue; fi
    printf '%s\\000' "./$p"
  done
}`,
    script,
    sh`[ $? -eq 0 ] || exit 1
cd ${into} || exit 72`,
  ]
  if (owner !== undefined) parts.push(give(sh`chown -h ${owner} --`, raw('links')))
  if (group !== undefined) parts.push(give(sh`chgrp -h ${group} --`, raw('links')))
  if (mode !== undefined) parts.push(give(sh`chmod ${mode} --`, raw('files')))
  return join(parts)
}
