import { ask, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import { nothing, raw, type Script, sh } from '../shell/script.ts'
import { sumsIn } from './trees.ts'

/** What stands somewhere in a tree that is synchronized. Names are byte strings: a sign a byte (`latin1`), whatever they mean. */
export interface Item {
  /** Below the directory that both trees are compared in; '' is that directory itself. */
  readonly path: string
  readonly type: 'file' | 'directory' | 'link' | 'other'
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly size: number
  /** Whole seconds since 1970. */
  readonly mtime: number
  /** What a symbolic link holds, as a byte string. */
  readonly target?: string
  /** Digest of a file, where it was asked for. */
  readonly sum?: string
  /** What a `.rsync-filter` says, line by line. */
  readonly filter?: readonly string[]
}

/** One end of a synchronization: what stands there, and who looks. */
export interface Side {
  readonly items: ReadonlyMap<string, Item>
  /**
   * What stands where the names of the tree go, links followed; undefined when nothing does. When it is no directory, the item ''
   * is what stands there itself.
   */
  readonly root: Item | undefined
  readonly uid: number
  readonly gids: readonly number[]
  readonly umask: number
  readonly users: ReadonlyMap<number, string>
  readonly groups: ReadonlyMap<number, string>
}

/** How one end is looked at. */
export interface Looking {
  /** The directory that names go into. */
  readonly root: string
  /** The one name in it that is looked at; '' for all of it. */
  readonly name: string
  /** Links are what they lead to: only where a look begins, or everywhere. */
  readonly follow: 'start' | 'all' | 'none'
  /** So many levels below where it begins: 1 is what the directory holds, Infinity all there is. */
  readonly levels: number
  /** Files are told with their digests. */
  readonly sums: boolean
}

/** Where files stand until all of them have arrived. No look tells of it. */
export const STAGE = '.regplay.sync'
/** Rules for a directory and what is below it. */
export const FILTER_FILE = '.rsync-filter'

/** Above so many entries trees are not compared. */
export const MOST = 50_000
const TOO_MANY = 70
const KEPT = MOST * 1024

/** What `stat -c` prints of an entry after the sign that says what it is. */
const FORMAT = '%f %u %g %s %Y %n'

/** Who looks: numbers and names. */
const WHO: Script = raw(`printf '//i %s %s %s\\n' "$(id -u)" "$(umask)" "$(id -G)"
{ getent passwd || cat /etc/passwd; } 2>/dev/null | cut -d: -f1,3 | sed 's|^|//u |'
{ getent group || cat /etc/group; } 2>/dev/null | cut -d: -f1,3 | sed 's|^|//g |'`)

/** Tells of the links among its words: what they hold, to the last byte. */
const LINKS: Script = raw(
  `-exec sh -c 'for l; do printf "//t %s\\n//= %s\\n" "$l" "$(readlink -n -- "$l"; echo .)"; done' - {} +`,
)

/** Tells of filter files among its words, each line behind a mark of its own. */
const FILTERS: Script = raw(
  `-exec sh -c 'for f; do printf "//f %s\\n" "$f"; sed "s|^|//: |" <"$f" || exit 1; echo; done' - {} +`,
)

/** What stands at one end, on the target. Nothing there is an answer, too. */
export function sideOf(looking: Looking): TargetQuestion<Side> {
  const { root, name, follow, levels, sums } = looking
  const at = name === '' ? root : root === '/' ? `/${name}` : `${root}/${name}`
  const [find, stat] = follow === 'all' ? [raw('find -L .'), raw('stat -L')] : [raw('find .'), raw('stat')]
  const depth = levels === Infinity ? nothing : sh` -maxdepth ${levels}`
  const count = sh`[ "$(${find}${depth} | head -n ${MOST + 1} | wc -l)" -le ${MOST} ] || exit ${TOO_MANY}`
  const digests = sums ? sh` && echo //sums && ${find}${depth} -type f -exec sha256sum -- {} +` : nothing
  const walk = sh`cd -- ${at} || exit 1
${count}
${find}${depth} ! -type l -exec ${stat} -c ${`//e ${FORMAT}`} -- {} + && ${find}${depth} -type l -exec stat -c ${`//e ${FORMAT}`} -- {} + &&
${find}${depth} -type l ${LINKS} && ${find}${depth} -type f -name ${FILTER_FILE} ${FILTERS}${digests}`
  const opened = follow === 'none' ? raw('[ ! -L "$p" ]') : raw(':')
  const own = raw(follow === 'none' ? '' : '-L')
  // Where names should go into something that is no directory, a file may take its place.
  const one = sh`k=o
if [ -e ${root} ] && [ ! -d ${root} ]; then p=${root} k=O; fi
if [ -e "$p" ] || [ -L "$p" ]; then
f=; if [ -e "$p" ] && [ $k = o ]; then f=${own}; fi
stat $f -c "//$k "${FORMAT} -- "$p" || exit 1
if [ -L "$p" ] && [ -z "$f" ]; then printf '//= %s\n' "$(readlink -n -- "$p"; echo .)"; fi
${sums ? raw('if [ -f "$p" ] && { [ ! -L "$p" ] || [ -n "$f" ]; }; then printf "//d %s\\n" "$(sha256sum <"$p")"; fi') : nothing}
fi`
  return ask(
    sh`${WHO}
if [ -e ${root} ]; then stat -L -c ${`//r ${FORMAT}`} -- ${root} || exit 1; fi
p=${at}
if [ -d "$p" ] && ${opened}; then
${walk}
else
${one}
fi`,
    [`path:${at}`],
    answer => {
      if (answer.code === TOO_MANY)
        throw new CouldNotTell(`there are more than ${MOST} entries in ${at}: name a narrower directory`)
      if (!answer.ok || answer.dropped > 0)
        throw new CouldNotTell(`cannot look through ${at}: ${answer.stderr.trim() || 'it holds too much'}`)
      return parseSide(answer.stdoutBytes.toString('latin1'), Buffer.from(name).toString('latin1'))
    },
    { dear: true, keep: KEPT },
  )
}

const TYPES: Readonly<Record<number, Item['type']>> = { 10: 'link', 8: 'file', 4: 'directory' }

/** A line of `stat` with `FORMAT`. */
function parseItem(said: string, path: (name: string) => string): Item {
  const [, bits = '', uid, gid, size, mtime, name = ''] =
    /^([0-9a-f]+) (\d+) (\d+) (\d+) (-?\d+) (.*)$/s.exec(said) ?? []
  const all = Number.parseInt(bits, 16)
  return {
    path: path(name),
    type: TYPES[all >> 12] ?? 'other',
    mode: all & 0o7777,
    ...{ uid: Number(uid), gid: Number(gid), size: Number(size), mtime: Number(mtime) },
  }
}

/** Reads what the look printed, as a byte string. A line that begins with two slashes is no part of a name. */
export function parseSide(said: string, prefix: string): Side {
  const items = new Map<string, Item>()
  const [users, groups] = [new Map<number, string>(), new Map<number, string>()]
  let root: Item | undefined
  let who: readonly number[] = []
  const below = (name: string): string => [prefix, name.replace(/^\.\/?/, '')].filter(part => part !== '').join('/')
  const more = (path: string, what: Partial<Item>): void => {
    const item = items.get(path)
    if (item) items.set(path, { ...item, ...what })
  }
  const end = `\n${said}`.lastIndexOf('\n//sums\n')
  const entries = `\n${end < 0 ? said.replace(/\n$/, '') : said.slice(0, Math.max(end - 1, 0))}`.split('\n//').slice(1)
  let about = ''
  for (const entry of entries) {
    const [kind, rest] = [entry.slice(0, 1), entry.slice(2)]
    const [, name = '', number = ''] = /^([^:]*):(\d+)$/.exec(rest) ?? []
    if (kind === 'i') who = rest.split(/\s+/).map((word, i) => Number.parseInt(word, i === 1 ? 8 : 10))
    else if (kind === 'u' && number !== '' && !users.has(Number(number))) users.set(Number(number), name)
    else if (kind === 'g' && number !== '' && !groups.has(Number(number))) groups.set(Number(number), name)
    else if (kind === 'r') root = parseItem(rest, () => '')
    else if (kind === 'e' || kind === 'o' || kind === 'O') {
      const item = parseItem(rest, kind === 'e' ? below : () => (kind === 'o' ? prefix : ''))
      about = item.path
      items.set(item.path, item)
    } else if (kind === 't' || kind === 'f') {
      about = below(rest)
      if (kind === 'f') more(about, { filter: [] })
    } else if (kind === '=') more(about, { target: rest.replace(/\.$/, '') })
    else if (kind === ':') more(about, { filter: [...(items.get(about)?.filter ?? []), rest.replace(/\n$/, '')] })
    else if (kind === 'd') more(about, { sum: /[0-9a-f]{40,}/.exec(rest)?.[0] ?? '' })
  }
  if (end >= 0)
    for (const { path, sum } of sumsIn(said.slice(end + '//sums\n'.length).replace(/\n$/, ''), ['./']))
      more(below(path), { sum })
  const [uid = -1, umask = 0o022, ...gids] = who
  sound(items, prefix)
  return { items: unstaged(items), root, uid, umask, gids, users, groups }
}

/** What a host says of its names decides where files of the controller go: none may lead out of the tree, or through a link. */
function sound(items: ReadonlyMap<string, Item>, prefix: string): void {
  for (const { path, target = '' } of items.values()) {
    const parent = path.slice(0, Math.max(path.lastIndexOf('/'), 0))
    const plain = path === '' || path.split('/').every(part => part !== '' && part !== '.' && part !== '..')
    if (
      !plain ||
      `${path}${target}`.includes('\0') ||
      (path !== '' && path !== prefix && items.get(parent)?.type !== 'directory')
    )
      throw new CouldNotTell(`the host tells of ${JSON.stringify(path)}, which is no name in a tree`)
  }
}

/** All but what was left of a run that was ended. */
const unstaged = (items: ReadonlyMap<string, Item>): ReadonlyMap<string, Item> =>
  new Map([...items].filter(([path]) => !path.split('/').includes(STAGE)))
