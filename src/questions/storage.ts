import { ask, type ControllerQuestion, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import { remembered } from '../registry/archive-cache.ts'
import { type ArchiveIndex, indexStorageArchive } from '../registry/storage-archive.ts'
import { raw, sh } from '../shell/script.ts'
import { judged, type Wrong } from './judged.ts'

/** A judged storage archive, or why it must not be used. */
export type JudgedArchive = { readonly index: ArchiveIndex } | Wrong

/** Reads a storage archive of the controller whole, once: the verdict is remembered as long as the file stays the same. */
export const storageArchive = (file: string): ControllerQuestion<JudgedArchive> =>
  judged('storage-archive', file, async on => ({
    index: await remembered('storage', 1, file, () => indexStorageArchive(file, on)),
  }))

/** What a storage directory of the target holds. */
export interface Storage {
  /** A symbolic link where a directory or file should be; nothing may be written through it. */
  readonly link: string | undefined
  /** Size by path under `docker/registry/v2`, unfinished uploads left out. */
  readonly files: ReadonlyMap<string, number>
  /** Text of each tag's link by its path. */
  readonly tags: ReadonlyMap<string, string>
  /** Blobs whose bytes have another digest than their name says. */
  readonly wrong: ReadonlySet<string>
}

/** The file that lists blobs whose bytes were hashed after they arrived; others are hashed before they are believed. */
export const VERIFIED = '.regplay-verified'

/**
 * Everything in a registry's storage. Blobs that regplay did not verify itself are hashed here, since the registry serves
 * a truncated blob without a word and a push does not mend it.
 */
export const storage = (dir: string, verify: 'new' | 'all'): TargetQuestion<Storage> =>
  ask(
    sh`s=${dir}
[ -L "$s" ] && { printf 'L %s\n' "$s"; exit 0; }
[ -d "$s" ] || exit 0
v=$s/${raw(VERIFIED)}; [ -f "$v" ] ${raw(verify === 'all' ? '&& false' : '')} || v=/dev/null
cd "$s" || exit 1
for p in docker docker/registry docker/registry/v2; do [ -L "$p" ] && { printf 'L %s/%s\n' "$s" "$p"; exit 0; }; done
[ -d docker/registry/v2 ] || exit 0
cd docker/registry/v2 || exit 1
find . -type l -exec printf 'L %s\n' {} + || exit 1
for d in blobs repositories; do [ -d $d ] || continue
  find $d -type f ! -path '*/_uploads/*' -exec stat -c 'F %s %n' {} + || exit 1
done
if [ -d repositories ]; then
  find repositories -path '*/_manifests/tags/*/current/link' -type f -exec sh -c 'for f; do printf "T %s " "$f"; cat "$f" || exit 1; echo; done' sh {} + || exit 1
fi
if [ -d blobs ]; then
  find blobs -type f -name data | { if [ -s "$v" ]; then grep -vxFf "$v"; else cat; fi; } | while IFS= read -r f; do
    h=$(openssl dgst -sha256 -r <"$f" 2>/dev/null || sha256sum <"$f") || exit 1
    case "$f" in */"\${h%% *}"/data) ;; *) printf 'W %s\n' "$f";; esac
  done || exit 1
fi
exit 0`,
    [`path:${dir}`],
    answer => {
      if (!answer.ok) throw new CouldNotTell(`${dir} cannot be read: ${answer.stderr.trim()}`)
      return readStorage(answer.stdout)
    },
    { dear: true, keep: 256 * 1024 * 1024 },
  )

function readStorage(text: string): Storage {
  const files = new Map<string, number>()
  const tags = new Map<string, string>()
  const wrong = new Set<string>()
  let link: string | undefined
  for (const line of text.split('\n')) {
    const rest = line.slice(2)
    const space = rest.indexOf(' ')
    if (line.startsWith('F ')) files.set(rest.slice(space + 1), Number(rest.slice(0, space)))
    else if (line.startsWith('T ')) tags.set(rest.slice(0, space), rest.slice(space + 1))
    else if (line.startsWith('W ')) wrong.add(rest)
    else if (line.startsWith('L ')) link ??= rest
  }
  return { link, files, tags, wrong }
}

/** Room on the file system of a directory, or of its nearest parent that is there. */
export interface Room {
  /** Free bytes. */
  readonly bytes: number
  /** Free inodes; undefined where the file system does not count them. */
  readonly inodes: number | undefined
  readonly mount: string
}

/** How much room there is for files under a directory. */
export const room = (dir: string): TargetQuestion<Room> =>
  ask(
    sh`d=${dir}; while [ ! -d "$d" ] && [ "$d" != / ]; do d=$(dirname "$d"); done; df -Pk "$d" | tail -n 1; df -Pi "$d" 2>/dev/null | tail -n 1`,
    [`space:${dir}`],
    answer => {
      const [blocks = '', inodes = ''] = answer.stdout.split('\n')
      const free = Number(blocks.trim().split(/\s+/)[3])
      if (!answer.ok || Number.isNaN(free))
        throw new CouldNotTell(`df does not tell the room for ${dir}: ${answer.stderr.trim()}`)
      const left = Number(inodes.trim().split(/\s+/)[3])
      const counted = inodes !== '' && Number(inodes.trim().split(/\s+/)[1]) > 0 && !Number.isNaN(left)
      return {
        bytes: free * 1024,
        inodes: counted ? left : undefined,
        mount: blocks.trim().split(/\s+/).slice(5).join(' '),
      }
    },
    { dear: true },
  )
