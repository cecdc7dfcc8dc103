import { globWord } from '../../questions/files.ts'
import { atEnd, notAtEnd } from '../../shell/at-end.ts'
import { LIKE, labelPart, labelPlaced } from '../../shell/label.ts'
import { join, raw, type Script, sh } from '../../shell/script.ts'

/** What is packed, and into what. */
export interface Packing {
  /** Paths and patterns of the target; one with a final slash means what is in it. */
  readonly paths: readonly string[]
  readonly excludePaths: readonly string[]
  /** Patterns of members that stay out. */
  readonly patterns: readonly string[]
  readonly format: 'bz2' | 'gz' | 'tar' | 'xz' | 'zip'
  readonly force: boolean
  /** '' for the one path and the format's ending. */
  readonly dest: string
}

const isGlob = (path: string): boolean => /[*?]/.test(path)

/** Paths as words, one a line: of a pattern what matches it, anything else whether it is there or not. */
const expanded = (paths: readonly string[]): Script =>
  join(
    paths.map(path =>
      isGlob(path)
        ? sh`for f in ${globWord(path)}; do if [ -e "$f" ] || [ -L "$f" ]; then printf '%s\n' "$f"; fi; done`
        : sh`printf '%s\n' ${path}`,
    ),
    '; ',
  )

const WALK = raw(`r=; while IFS= read -r f; do d="\${f%/*}/"
  if [ -z "$r" ]; then r=$d; else while case "$d" in "$r"*) false;; esac; do r=\${r%?}; done; fi
done <<X
$p
X
r=\${r%/*}/
targets= missing= many=no
IFS='
'; set -f; set -- $p; first=$1
[ $# -le 1 ] || many=yes
for f; do if [ -e "$f" ] || [ -L "$f" ]; then targets="$targets$f
"; else missing="$missing$f
"; fi; done
[ ! -d "$first" ] || many=yes`)

/** What every member is in the words of tar, in an order of its own so that the same files make the same archive. */
const members = (patterns: readonly string[], full: boolean): Script => {
  const skip = patterns.map(pattern => sh`${globWord(pattern)}) continue;;`)
  const of = full ? raw('"$r$n"') : raw('"$n"')
  return sh`members() { cd -- "$r" && for f in $targets; do
  if [ -d "$f" ]; then find -H "$f" -mindepth 1; else printf '%s\n' "$f"; fi
done | sort -u | while IFS= read -r n; do case "$n" in "$dest"|"$dest".????????) continue;; esac; n=\${n#"$r"}; n=\${n#/}
  case ${of} in ${join(skip, ' ')} *) printf '%s\n' "$n";; esac
done; }`
}

const PACKERS = { gz: 'gzip -nc', bz2: 'bzip2 -c', xz: 'xz -c', tar: 'cat', zip: 'cat' } as const
const OPENERS = { gz: 'gzip -dc', bz2: 'bzip2 -dc', xz: 'xz -dc', tar: 'cat', zip: 'cat' } as const

/** Commands that a format needs besides tar. */
export const TOOLS: Readonly<Record<Packing['format'], readonly string[]>> = {
  gz: ['gzip'],
  bz2: ['bzip2'],
  xz: ['xz'],
  tar: [],
  zip: ['zip'],
}

const TAR =
  raw(`packed() { cd -- "$r" || return; if tar --version 2>/dev/null | grep -q GNU; then members | tar --no-recursion --verbatim-files-from -cf - -T -
  else m=$(members); tar --no-recursion -cf - -- $m; fi; }`)
const ZIP = raw(`packed() { cd -- "$r" && members | zip -qX - -@; }`)

/**
 * Shell text that finds what is to be packed: `$targets`, `$missing`, `$r` (what all of them are below), `$many` (an archive is
 * needed), `$dest`; and that can do it: `packed` writes the archive, `single` the one file, before they are compressed.
 */
export const packing = (wish: Packing): Script => sh`export LC_ALL=C
p=$({ ${expanded(wish.paths)}
} | sort -u)
e=$p; x=$({ :
${expanded(wish.excludePaths)}
} | sort -u)
[ -z "$x" ] || p=$(printf '%s\n' "$p" | grep -vxF -e "$x")
[ -n "$p" ] || { echo none; exit 0; }
${WALK}
[ -z "$targets" ] || [ -z "$(find -H $targets -name '*
*' | head -n 1)" ] || { echo 'line end'; exit 0; }
${wish.force || wish.paths.some(isGlob) ? raw('many=yes') : raw('')}
dest=${wish.dest}; [ -n "$dest" ] || [ $many = yes ] || dest="$first."${wish.format}
[ -n "$dest" ] || { echo nowhere; exit 0; }
${members(wish.patterns, wish.format === 'zip')}
${wish.format === 'zip' ? ZIP : TAR}
single() { ${wish.format === 'tar' || wish.format === 'zip' ? raw('packed') : raw('cat -- "$first"')}; }
all() { if [ $many = yes ]; then packed; else single; fi; }
pack() { ${raw(PACKERS[wish.format])}; }
open() { ${raw(OPENERS[wish.format])} <"$dest"; }`

/** Shell text that packs, whole or not at all; with `remove`, what was packed goes. */
export const packed = (wish: Packing, remove: boolean): Script => sh`${packing(wish)}
umask 077; t=$(mktemp "$dest.XXXXXXXX") || exit 73
${atEnd(raw('rm -f -- "$t"'))}
s=$( { { all; echo $? >&3; } | pack >"$t"; echo $? >&3; } 3>&1 ) || exit
case "$s" in *[1-9]*) exit 1;; esac
if [ -e "$dest" ]; then chmod "$(stat -c %a -- "$dest")" "$t" && chown "$(stat -c %u:%g -- "$dest")" "$t"; else chmod 0644 "$t"; fi || exit
f=$dest
${LIKE}
${labelPart(undefined)}
mv -f -- "$t" "$dest" || exit
${notAtEnd}
${labelPlaced(undefined)}
${remove ? raw('for f in $targets; do rm -rf -- "$f" || exit; done') : raw('')}`
