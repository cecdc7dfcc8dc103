import type { Dressing, Mirror, Removal } from '../kit/effect.ts'
import { atEnd } from '../shell/at-end.ts'
import { byteWord } from '../shell/byte-word.ts'
import { LIKE, SELINUX_ON } from '../shell/label.ts'
import { nothing, quote, raw, type Script, sh } from '../shell/script.ts'

/** The member of the stream that says what is to be done, after all others. */
export const STEPS = 'steps'
/** How it ends: whatever stands before has arrived, too. */
const WHOLE = '# whole'

/** Bytes of names in one command. */
const MOST = 24_000

const word = (path: string): string => quote(path === '' ? '.' : `./${path}`)

/** One command for as many names as fit, in their order. */
function* commands(start: string, words: readonly string[], status: number): Iterable<string> {
  let line = ''
  for (const one of words) {
    if (line.length + one.length > MOST) {
      yield `${start}${line} || exit ${status}`
      line = ''
    }
    line += ` ${one}`
  }
  if (line !== '') yield `${start}${line} || exit ${status}`
}

/** Neighbours for which a command is the same go together; with `sort`, all of them do. */
function* together<T>(
  items: readonly T[],
  status: number,
  how: { readonly start: (item: T) => string | undefined; readonly word: (item: T) => string; readonly sort?: true },
): Iterable<string> {
  const groups: { start: string; words: string[] }[] = []
  const known = new Map<string, { start: string; words: string[] }>()
  for (const item of items) {
    const start = how.start(item)
    if (start === undefined) continue
    const last = how.sort ? known.get(start) : groups.at(-1)
    if (last?.start === start) last.words.push(how.word(item))
    else {
      const group = { start, words: [how.word(item)] }
      groups.push(group)
      known.set(start, group)
    }
  }
  for (const { start, words } of groups) yield* commands(start, words, status)
}

const removed = (items: readonly Removal[]): Iterable<string> =>
  together(items, 73, {
    start: ({ directory }) => (directory ? 'rmdir --' : 'rm -f --'),
    word: ({ path }) => word(path),
  })

const owner = ({ uid, gid }: Dressing): string | undefined =>
  uid === undefined && gid === undefined ? undefined : `chown -h ${uid ?? ''}${gid === undefined ? '' : `:${gid}`} --`
/** With five figures: GNU's chmod takes setgid from a directory by no fewer. */
const mode = (one: Dressing): string | undefined =>
  one.mode === undefined ? undefined : `chmod ${one.mode.toString(8).padStart(5, '0')} --`
/** `touch -t` is the one way to say a time that all hosts know. */
const time = ({ mtime }: Dressing): string | undefined => {
  if (mtime === undefined) return undefined
  const text = new Date(mtime * 1000)
    .toISOString()
    .replace(/^(\d+)-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)\..*$/, '$1$2$3$4$5.$6')
  return `TZ=UTC0 touch -h -c -t ${text} --`
}

/** Seconds that a header of the stream can say. */
const plainTime = (mtime: number | undefined): boolean => mtime === undefined || (mtime >= 0 && mtime < 2 ** 31)

/** A file in the waiting room. */
interface Staged extends Dressing {
  readonly source: string
  readonly size: number
  /** Its name there, which every tar knows. */
  readonly name: string
  /** The directory that it goes into together with others, under the name that it has already. */
  readonly into?: string
}

/** Names that stand for themselves in a tar stream, and so can be moved by directories. */
const PLAIN = /^[A-Za-z0-9_.][A-Za-z0-9_.+=@%,:-]{0,80}$/

/** How files are called in the waiting room: those with plain names as they will be, all others by numbers. */
export function stagedOf({ files }: Mirror): Staged[] {
  const rooms = new Map<string, number>()
  return files.map((file, i) => {
    const [, into = '', base = ''] = /^(.*?)\/?([^/]*)$/s.exec(file.path) ?? []
    if (!PLAIN.test(base) || base !== file.source.split('/').at(-1)) return { ...file, name: String(i) }
    const room = rooms.get(into) ?? rooms.size
    rooms.set(into, room)
    return { ...file, name: `d${room}/${base}`, into }
  })
}

const waiting = ({ name }: { readonly name: string }): string => `"$g"/${name}`
const roomOf = ({ name }: Staged): string => `"$g"/${name.replace(/\/.*/, '')}`

/** Copies on the target itself. */
const copied = (staged: readonly Staged[]): string[] => {
  const rooms = [...new Set(staged.filter(({ into }) => into !== undefined).map(roomOf))]
  const from = ({ source }: Staged): string => `"$s"/${quote(source)}`
  return [
    ...commands('mkdir --', rooms, 73),
    ...together(staged, 74, {
      start: file => `into ${file.into === undefined ? waiting(file) : roomOf(file)} cp --`,
      word: from,
      sort: true,
    }),
  ]
}

/** What has arrived takes its name. */
const placed = (staged: readonly Staged[]): Iterable<string> =>
  together(staged, 73, {
    start: ({ into, path }) => `into ${into === undefined ? word(path) : `${word(into)}/`} name`,
    word: waiting,
    sort: true,
  })

/**
 * Files take their names, of which the last word is the one or a directory. Where SELinux is on, each gets the label of the file
 * that it replaces, and what is new that of the policy; elsewhere no process looks.
 */
const NAMED = sh`${LIKE}
made() { :; }
name() { mv -f -- "$@"; }
if ${SELINUX_ON}; then
  if e=$(command -v restorecon); then made() { "$e" "$@" 2>/dev/null; :; }; fi
  name() {
    for w; do :; done
    for o; do
      [ "$o" != "$w" ] || continue
      case $w in */) f=$w\${o##*/};; *) f=$w;; esac
      if [ -f "$f" ] && [ ! -L "$f" ]; then like "$f" "$o" && mv -f -- "$o" "$f"; else mv -f -- "$o" "$f" && made "$f"; fi || return
    done
  }
fi`.wire

/** Above so many files, a whole file system is sooner on the disk than one after the other. */
const MANY = 50

/** What is to be done once all contents have arrived, as a byte string. Owners come before modes, times come last. */
export function stepsOf(mirror: Mirror): string {
  const { way, files, links, dress } = mirror
  const staged = stagedOf(mirror)
  const stagedWord = { word: waiting, sort: true } as const
  const dressWord = { word: ({ path }: { readonly path: string }) => word(path) }
  const late = staged.filter(({ mtime }) => way === 'within' || !plainTime(mtime))
  const lines = [
    'into() { i=$1; shift; "$@" "$i"; }',
    NAMED,
    ...removed(mirror.clear),
    ...commands('mkdir --', mirror.directories.map(word), 73),
    ...(way === 'within' ? copied(staged) : []),
    ...together(staged, 77, { start: owner, ...stagedWord }),
    ...together(late, 77, { start: time, ...stagedWord }),
    ...together(staged, 77, { start: mode, ...stagedWord }),
    ...(files.length > MANY ? ['sync -f "$g" 2>/dev/null || sync'] : []),
    ...(files.length > 0 && files.length <= MANY ? ['find "$g" -type f -exec sync {} + 2>/dev/null || sync'] : []),
    ...placed(staged),
    ...links.map(({ path, target }) => `ln -sfn -- ${quote(target)} ${word(path)} || exit 73`),
    ...commands('made', [...mirror.directories, ...links.map(({ path }) => path)].map(word), 73),
    ...together(links, 77, { start: owner, ...dressWord }),
    ...removed(mirror.remove),
    'rm -rf -- "$g"',
    ...together(dress, 77, { start: owner, ...dressWord }),
    ...together(links, 77, { start: time, ...dressWord }),
    ...together(dress, 77, { start: time, ...dressWord, sort: true }),
    // A directory that nobody may enter any more comes after what is in it.
    ...together(dress, 77, { start: mode, ...dressWord }),
  ]
  return `${lines.join('\n')}\n${WHOLE}\n`
}

/** Makes the directory that everything goes into, where that is asked for, and goes there. */
function entering({ into, make }: Mirror): Script {
  const made =
    make === undefined ? nothing : make === 'all' ? sh`mkdir -p -- ${into}` : sh`[ -d ${into} ] || mkdir -- ${into}`
  return sh`umask 022
s=$PWD
${made}
cd -- ${into} || exit 72
umask 077`
}

/** Receives contents and steps as a tar stream on standard input, and takes the steps when everything is there. */
export const receiving = (mirror: Mirror): Script =>
  sh`${entering(mirror)}
case ${mirror.from} in /*) s=${mirror.from};; *) s=$s/${mirror.from};; esac
g=./${byteWord(mirror.stage)}
rm -rf -- "$g" && mkdir -m 0700 -- "$g" || exit 73
${atEnd(raw('rm -rf -- "$g"'))}
tar -x ${raw(mirror.files.every(({ mtime }) => mtime === undefined) ? '-m' : '')} -f - -C "$g" >&2 || exit 74
[ "$(tail -n 1 "$g/${raw(STEPS)}")" = ${WHOLE} ] || { echo 'the stream ended early' >&2; exit 74; }
. "$g/${raw(STEPS)}"`

/** Bytes that stand between files, with the number of the one before. */
export const mark = (number: number): string => `\n//${number}\n`

/** Prints files one after the other, each with a mark behind it. */
export const sending = (from: string, sources: readonly string[], first: number): Script =>
  sh`cd -- ${from} || exit 72
p() { cat -- "$1" && printf '\n//%s\n' "$2" || exit 74; }
${raw(sources.map((source, i) => `p ./${byteWord(source).wire} ${first + i}`).join('\n'))}`
