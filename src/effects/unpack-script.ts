import type { Outcome, Unpack } from '../kit/effect.ts'
import { DECODED, NAMING, names, opened, type Selection, zipNames } from '../questions/unpacked.ts'
import type { Answer } from '../shell/answer.ts'
import { atEnd } from '../shell/at-end.ts'
import { chcon } from '../shell/label.ts'
import { join, nothing, raw, type Script, sh } from '../shell/script.ts'
import { outcomeOf } from './outcome.ts'

/** Which tool of the target opens a format, and how it is named to tar. */
export const FILTERS = {
  tar: nothing,
  'tar.gz': raw('gzip -dc'),
  'tar.xz': raw('xz -dc'),
  'tar.zst': raw('zstd -dc'),
  'tar.bz2': raw('bzip2 -dc'),
} as const

/** Unpacks a file of the target. */
export function opening(effect: Unpack, path: string): Script {
  if (effect.format === 'zip') {
    const { options = [], members = [], into } = effect
    const list = owns(effect) ? sh`${zipNames(path, members)} >"$l" && ` : nothing
    return join([list, sh`unzip -oq ${options} ${effect.newer ? ['-u'] : []} ${path} ${members} -d ${into}`], '')
  }
  return piped(opened(path), effect)
}

/** A pipeline in a shell without pipefail: the filter's status goes into a file descriptor of its own. */
export const piped = (filter: Script, effect: Unpack): Script =>
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

/** What an archive of the target holds is named, and not unpacked: enough to give owner and mode to what is there. */
export const naming = (selection: Selection): Script => sh`${names(selection)} >"$l"`

/**
 * tar from standard input; with an owner or a mode to give, it tells what it unpacks. GNU tar would read backslashes in the word
 * after -C.
 */
export const tar = (effect: Unpack): Script => {
  const { into, members = [] } = effect
  const options = [...(effect.options ?? []), ...(effect.newer ? ['--keep-newer-files'] : [])]
  return owns(effect)
    ? sh`( cd ${into} && tar -x -v $t ${options} -f - ${members} >"$l" )`
    : sh`( cd ${into} && tar -x ${options} -f - ${members} >&2 )`
}

export const owns = ({ owner, group, mode, label }: Unpack): boolean =>
  [owner, group, mode, label].some(wanted => wanted !== undefined)

/**
 * Label, owner and mode for what is unpacked, and for nothing else below the directory: that may be /usr/local. The names are those
 * that the tool tells, one a line; a tar that cannot tell what it made of them loses as many leading parts as it was told to.
 */
export function owned(effect: Unpack, script: Script): Script {
  if (!owns(effect)) return script
  const { owner, group, mode, label, into, options = [] } = effect
  const strip = /^--strip(?:-components)?[= ](\d+)$/.exec(options.join(' '))?.[1] ?? '0'
  const give = (what: Script, links: Script): Script => sh`names ${links} | xargs -0 -r ${what} || exit 77`
  const parts: Script[] = [
    sh`l=$(mktemp) || exit 73
${atEnd(raw('rm -f -- "$l"'))}
${effect.format === 'zip' ? raw('t=') : NAMING}
n=${Number(strip) + 1}
[ -z "$t" ] || n=1
names() {
  sed 's|^/*||' <"$l" | cut -d/ -f"$n"- | while IFS= read -r p; do
    ${DECODED}
    case /$p/ in */../*) continue;; esac
    if [ -h "./$p" ]; then [ "$1" = links ] || continue; elif ! [ -e "./$p" ]; then continue; fi
    printf '%s\\000' "./$p"
  done
}`,
    script,
    sh`[ $? -eq 0 ] || exit 1
cd ${into} || exit 72`,
  ]
  if (label !== undefined) parts.push(give(sh`${chcon(label)} -h --`, raw('links')))
  if (owner !== undefined) parts.push(give(sh`chown -h ${owner} --`, raw('links')))
  if (group !== undefined) parts.push(give(sh`chgrp -h ${group} --`, raw('links')))
  if (mode !== undefined) parts.push(give(sh`chmod ${mode} --`, raw('files')))
  return join(parts)
}

/** What came of unpacking, in words where it failed. */
export function told(effect: Unpack, answer: Answer): Outcome {
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
