import type { Put } from '../kit/effect.ts'
import { atEnd, notAtEnd } from '../shell/at-end.ts'
import { LIKE, labelPart, labelPlaced } from '../shell/label.ts'
import { join, nothing, quote, raw, type Script, sh } from '../shell/script.ts'

/** What must be true of the part file before it may take its final name. */
export interface Expected {
  readonly size: number
  readonly sha256: string
}

/** The directory of a path, as the shell needs it. */
const directory = (path: string): string => (path.includes('/') ? path.replace(/\/+[^/]*$/, '') || '/' : '.')

/**
 * Replaces a file as a whole. The part file lives beside its goal (a rename across file systems would copy), is private
 * from its first byte, and is synced before the rename and the directory after it, so that a power cut leaves the old
 * file or the new one. The label of SELinux is that of the file that is replaced. `fill` writes the bytes to `"$t"`. Size and sha256 are checked on the target, since a broken
 * connection looks like end of input there; what the target itself makes has none to be compared with.
 */
export function putScript(put: Put, fill: Script, expected?: Expected): Script {
  const path = put.path
  return join([
    sh`f=${path}; d=${directory(path)}`,
    raw(`[ -d "$d" ] || { printf 'the directory %s does not exist\\n' "$d" >&2; exit 72; }
if [ -d "$f" ]; then printf '%s is a directory\\n' "$f" >&2; exit 72; fi
umask 077
t=$(mktemp "$d/.regplay.XXXXXXXX") || exit 73`),
    atEnd(raw('rm -f -- "$t"')),
    fill,
    expected === undefined ? nothing : arrival(expected),
    LIKE,
    labelPart(put.label),
    ownership(put),
    put.validate === undefined ? nothing : validate(put.validate),
    put.backup ? backup : nothing,
    raw(`sync "$t" 2>/dev/null || sync
mv -f -- "$t" "$f" || exit 73`),
    notAtEnd,
    labelPlaced(put.label),
    put.attributes === undefined ? nothing : sh`chattr ${put.attributes} "$f" >&2 || exit 77`,
    raw('sync "$d" 2>/dev/null || sync'),
  ])
}

/** Everything that was sent has arrived in `"$t"`. */
export const arrival = ({ size, sha256 }: Expected): Script =>
  join([
    sh`n=$(wc -c <"$t"); n=$((n)); [ "$n" -eq ${size} ] || { printf 'only %s of %s bytes arrived\n' "$n" ${size} >&2; exit 74; }`,
    digestCheck(sha256),
  ])

/** Where the target has neither tool, its own count of the bytes must do. */
const digestCheck = (sha256: string): Script => sh`
if command -v sha256sum >/dev/null 2>&1; then h=$(sha256sum <"$t") || exit 74
elif command -v openssl >/dev/null 2>&1; then h=$(openssl dgst -sha256 -r <"$t") || exit 74
else h=${sha256}; fi
case "$h" in ${sha256}*) ;; *) printf 'the bytes that arrived have another sha256\n' >&2; exit 74;; esac`

/** Owner before mode, because chown clears setuid; an existing file lends what is not asked for, a link does not. */
function ownership(put: Put): Script {
  const owner =
    put.owner === undefined && put.group === undefined
      ? nothing
      : sh`chown ${`${put.owner ?? ''}${put.group === undefined ? '' : `:${put.group}`}`} "$t" || exit 77`
  const mode = put.mode ?? ('text' in put.content && typeof put.content.text !== 'string' ? '0600' : '0644')
  // Who may write a file of somebody else's may not always give files away; then it becomes his own.
  const lend = raw(
    `if [ -f "$f" ] && [ ! -L "$f" ]; then o=$(stat -c '%u:%g' -- "$f" 2>/dev/null) && chown "$o" "$t" 2>/dev/null; fi`,
  )
  if (put.mode !== undefined) return join([lend, owner, sh`chmod ${mode} "$t" || exit 77`])
  const lent = sh`m=${mode}; if [ -f "$f" ] && [ ! -L "$f" ]; then o=$(stat -c '%a' -- "$f" 2>/dev/null) && m=$o; fi`
  return join([lend, owner, lent, raw('chmod "$m" "$t" || exit 77')])
}

/** Ansible's `validate`: `%s` stands for the part file. */
function validate(command: string): Script {
  const parts = command.split('%s')
  const text = parts.map((part, i) => (i === 0 ? part : `"$t"${part}`)).join('')
  return join([raw(`${text} || { printf 'validation failed: %s\\n' ${quote(command)} >&2; exit 65; }`)])
}

/** Ansible's name of a backup: the path, a process number and the date. */
const backup = raw(`if [ -f "$f" ]; then
  b="$f.$$.$(date +%Y-%m-%d@%H:%M:%S)~"
  cp -p -- "$f" "$b" && like "$f" "$b" || exit 73
  printf 'regplay-backup %s\\n' "$b"
fi`)
