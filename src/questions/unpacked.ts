import { ask, type TargetQuestion } from '../kit/question.ts'
import { LABEL_WORD } from '../shell/label.ts'
import { raw, type Script, sh } from '../shell/script.ts'
import { type Dress, dressOf, type Format } from './archives.ts'

/** An archive of the target, and which of its members are meant, in words for tar or unzip. */
export interface Selection {
  readonly archive: string
  readonly format: Format
  /** Words before the archive's name. */
  readonly options: readonly string[]
  /** Words behind it. */
  readonly members: readonly string[]
}

/** Opens an archive of the target by what it begins with: a name may say less than there is. */
export const opened = (archive: string): Script =>
  sh`case $(od -An -tx1 -N6 <${archive} | tr -d ' \n') in
1f8b*) gzip -dc;; fd377a585a00) xz -dc;; 28b52ffd*) zstd -dc;; 425a68*) bzip2 -dc;; *) cat;;
esac <${archive}`

/** Prints the names that a zip archive of the target holds, one a line: BusyBox has them in a table only. */
export const zipNames = (archive: string, members: readonly string[]): Script =>
  sh`{ unzip -Z1 ${archive} ${members} 2>/dev/null || unzip -l ${archive} ${members} | sed -n 's/^ *[0-9][0-9]*  *[0-9][0-9]-[0-9-]* [0-9:]*   //p'; }`

/** Sets `$t` to what makes GNU tar tell names as they are once unpacked, one a line; to nothing where tar is another. */
export const NAMING = raw(
  "t=; if tar --show-transformed-names --version >/dev/null 2>&1; then t='--show-transformed-names --quoting-style=escape'; fi",
)

/** Whether the host's tar tells names with line ends so that they are still known. */
export const tellsLines: TargetQuestion<boolean> = ask(
  sh`${NAMING}
[ -n "$t" ]`,
  [],
  answer => answer.ok,
)

/** Makes a name `$p` that tar told with `$t` the one that it means: a backslash and three digits, or a letter, are a byte. */
export const DECODED = sh`case "x$t:$p" in x-*\\\\*)
  p=$(printf '%s\\n' "$p" | sed 's/\\\\\\\\/\\n/g; s/\\\\\\([0-7][0-7][0-7]\\)/\\\\0\\1/g; s/\\n/\\\\0134/g')
  p=$(printf '%b.' "$p") p=\${p%.};;
esac`

/** Prints the names that are meant, one a line, with `$t` as `NAMING` sets it. */
export const names = ({ archive, format, options, members }: Selection): Script =>
  format === 'zip' ? zipNames(archive, members) : sh`{ ${opened(archive)}; } | tar -t $t ${options} -f - ${members}`

/** The names that are meant; undefined where they cannot be told. */
export const namesOf = (selection: Selection): TargetQuestion<readonly string[] | undefined> =>
  ask(
    sh`t=; ${names(selection)}`,
    [`path:${selection.archive}`],
    answer => (answer.ok ? answer.stdout.split('\n').filter(name => name !== '') : undefined),
    { dear: true },
  )

/** Labels, owners and modes of what an archive of the target has left below a directory, each kind once; links without their mode. */
export const dressesOf = (selection: Selection, into: string): TargetQuestion<readonly Dress[]> =>
  ask(
    sh`cd -- ${into} 2>/dev/null || exit 0
${selection.format === 'zip' ? raw('t=') : NAMING}
${LABEL_WORD}
${names(selection)} 2>/dev/null | while IFS= read -r p; do
${DECODED}
printf './%s\\000' "$p"
done | xargs -0 -r stat -c "$z"'%f %u %g %U %G' -- 2>/dev/null | sort -u`,
    [`path:${selection.archive}`, `path:${into}`],
    answer => answer.stdout.split('\n').flatMap(line => dressOf(line) ?? []),
    { dear: true },
  )

/** What unpacking an archive of the target would still change; `broken`: it cannot be unpacked, and what the tool says of that. */
export type Left = 'absent' | 'same' | 'differs' | 'unknown' | { readonly broken: string }

/**
 * GNU tar compares contents; of zip archives type, size and time are compared, and contents where only the time differs. Other
 * tools only tell which names are missing, or, where names are changed by options, nothing.
 * @param owned owners or modes are given to all names, which therefore have to be known
 * @param newer files that are newer stay; where tar finds a difference, nobody can say beforehand whether that is one
 */
export const leftOf = (
  selection: Selection,
  into: string,
  { newer, owned }: { readonly newer: boolean; readonly owned: boolean },
): TargetQuestion<Left> => {
  const { archive, format, options, members } = selection
  const unknown = owned ? sh`{ e=${LINE_ENDS}; broken; }` : raw('{ echo unknown; exit; }')
  const bare = options.length > 0 || newer ? raw('echo unknown') : missing(selection)
  const look =
    format === 'zip'
      ? sh`e=$(unzip -l ${archive} 2>&1 >/dev/null) || broken
if unzip -Z1 ${archive} >/dev/null 2>&1; then
  e=$(unzip -Z1 ${archive} ${members} 2>&1 >/dev/null) || broken
  case $e in *'caution: filename not matched'*) broken;; esac
  ${options.length > 0 ? bare : compareZip(selection, newer)}
else
  ${bare}
fi`
      : sh`if [ -n "$t" ]; then
${compareTar(selection, newer)}
else
[ "$({ ${opened(archive)}; } | tar -t -f - 2>/dev/null | wc -l)" = "$({ ${opened(archive)}; } | tar -t -v -f - 2>/dev/null | grep -c ${ENTRY})" ] || ${unknown}
${bare}
fi`
  return ask(
    sh`[ -f ${archive} ] || { echo absent; exit; }
${NAMING}
broken() { printf '%s\\n' broken "$e"; exit; }
cd -- ${into} 2>/dev/null || { echo unknown; exit; }
${look}`,
    [`path:${archive}`, `path:${into}`],
    answer => {
      const [said = '', ...why] = answer.stdout.trim().split('\n')
      if (said === 'broken') return { broken: why.join('\n').trim() }
      return said === 'absent' || said === 'same' || said === 'differs' ? said : 'unknown'
    },
    { dear: true },
  )
}

/** How a line of tar's table begins; of a name with a line end the rest begins otherwise. */
const ENTRY = '^[-dlhbcps][-rwxsStT]\\{9\\} [^ ]*/[^ ]* *[0-9]'

/** Why names that are told in pieces cannot be given an owner or a mode. */
export const LINE_ENDS = 'it holds names with line ends, to which the tar of this host cannot give an owner or a mode'

const missing = (selection: Selection): Script => sh`{ ${names(selection)}; } >/dev/null 2>&1 || { echo unknown; exit; }
${names(selection)} | { while IFS= read -r n; do [ -e "./$n" ] || [ -L "./$n" ] || { echo differs; exit; }; done; echo same; }`

/** What tar says of a member that is not there. */
const GONE = 'No such file|Not a directory'
/** What it says of one that unpacking would change. Times and owners are not content. */
const CHANGES = `Contents differ|Size differs|File type differs|Symlink differs|${GONE}`

const compareTar = ({ archive, options, members }: Selection, newer: boolean): Script =>
  sh`o=$(LC_ALL=C tar -d --force-local --show-transformed-names ${options} -f ${archive} ${members} 2>&1)
s=$?
o=$(printf '%s\\n' "$o" | grep -v '^tar: : ' | grep -E ${CHANGES})
if [ "$s" -gt 1 ]; then
  e=$(LC_ALL=C tar -t --force-local ${options} -f ${archive} ${members} 2>&1 >/dev/null) || broken
  echo unknown
elif [ -z "$o" ]; then echo same
elif ${newer ? sh`printf '%s\\n' "$o" | grep -Evq ${GONE}` : raw('false')}; then echo unknown
else echo differs
fi`

/** Reads the table of zipinfo with whole times; prints type, size, time and name. */
const TABLE = String.raw`s/^([-dl?])[^ ]* +[^ ]+ +[^ ]+ +([0-9]+) +[^ ]+ +[^ ]+ +([0-9]{8}\.[0-9]{6}) (.*)$/\1 \2 \3 \4/p`

/** Reads that, and what stat says of the files that are there; prints `differs`, or `?` and the name where only the time does. */
const TIMES = `/^= / {
  d = $3; gsub(/-/, "", d); c = substr($4, 1, 8); gsub(/:/, "", c); d = d "." c
  n = $0; sub(/^= [^ ]* [^ ]* [^ ]* [^ ]* [.]\\//, "", n)
  if (newer && d >= when[n] "") next
  if ($2 != size[n]) { print "differs"; exit }
  if (d != when[n] "") print "?" n
  next
}
{ n = $0; sub(/^. [^ ]* [^ ]* /, "", n); size[n] = $2; when[n] = $3 }`

/** Names that zipinfo cannot print stand there with `^` or `#U`, and are not found. */
const compareZip = ({ archive, members }: Selection, newer: boolean): Script =>
  sh`l=$(unzip -Z -T -s ${archive} ${members} | sed -En ${TABLE})
r=$(printf '%s\\n' "$l" | while IFS= read -r p; do
  n=\${p#* * * }
  case $p in d*) [ -d "./$n" ];; l*) [ -h "./$n" ];; *) [ -f "./$n" ] && ! [ -h "./$n" ];; esac && continue
  case $n in *^*|*'#U'*) echo unknown;; *) echo differs;; esac
  exit
done)
if [ -z "$r" ]; then
  r=$({ printf '%s\\n' "$l"; printf '%s\\n' "$l" | sed -n 's|^[-?] [^ ]* [^ ]* |./|p' | tr '\\n' '\\000' | xargs -0 -r stat -c '= %s %y %n' --
  } | awk -v newer=${newer ? '1' : ''} ${TIMES} | while IFS= read -r p; do
    n=\${p#?}
    [ "$p" != differs ] && unzip -p ${archive} "$(printf '%s\\n' "$n" | sed 's/[][*?\\\\]/\\\\&/g')" | cmp -s - "./$n" && continue
    echo differs
    exit
  done)
fi
echo "\${r:-same}"`
