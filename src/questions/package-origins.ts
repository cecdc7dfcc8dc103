import { type Script, sh } from '../shell/script.ts'
import { PURE } from './packages.ts'

/**
 * `Origin` of the Release files, by the beginning of the names of their lists; then of each package the version that dpkg has, and the first
 * list that has it, too. A package of no list has no origin. Without any package apt-cache has failed.
 */
const ORIGINS = `function short(p) { sub(/^.*\\//, "", p); return p }
/Release:Origin: / { r = substr($0, 1, index($0, "Release:Origin: ") - 1); sub(/In$/, "", r); o[short(r)] = substr($0, index($0, "Release:Origin: ") + 16); next }
/^Package: / { name = $2 }
/^[^ ].*[(]\\/var\\/lib\\/dpkg\\/status[)]/ { f = short(substr($2, 2)); best = ""
  for (p in o) if (index(f, p) == 1 && length(p) > length(best)) best = p
  print name "\\t" (best == "" ? "" : o[best]); n++ }
END { if (!n) exit 1 }`

/** Puts the origin behind the fields of a package, which is known by its name alone or by its last field, its name with the architecture. */
const JOINED = `BEGIN { FS = "\\t" } NF == 2 { o[$1] = $2; next } { print $0 "\\t" (($NF in o) ? o[$NF] : o[$2]) }`

/** Shell text that adds to lines of dpkg-query, which are in `$q`, where the lists of apt have packages from; where there is an apt. */
export const WITH_ORIGINS: Script = sh`if command -v apt-cache >/dev/null; then o=$({ grep -H '^Origin: ' /var/lib/apt/lists/*Release 2>/dev/null; printf '%s\n' "$q" | sed -n 's/^.i.*	//p' | xargs apt-cache ${PURE} showpkg --; } | awk ${ORIGINS}) || exit; printf '%s\n' "$o" "$q" | awk ${JOINED}; else printf '%s\n' "$q"; fi`
