import { join, nothing, raw, type Script, sh } from './script.ts'

/** Parts of an SELinux label that a task asks for; what is absent stays, or becomes as it is made. */
export interface Label {
  readonly user?: string
  readonly role?: string
  readonly type?: string
  readonly level?: string
}

/** Where the kernel tells of SELinux while it is on: a test that costs no process. */
export const SELINUX_ON = raw('[ -e /sys/fs/selinux/enforce ]')

/** Sets `$z` to what makes `stat -c` begin with the label, where SELinux is on. */
export const LABEL_WORD = sh`z=; ${SELINUX_ON} && stat -c '%C' / >/dev/null 2>&1 && z='%C ';`

/** `chcon` with the parts that are asked for. */
export const chcon = ({ user, role, type, level }: Label): Script =>
  sh`chcon ${[
    ...(user === undefined ? [] : ['-u', user]),
    ...(role === undefined ? [] : ['-r', role]),
    ...(type === undefined ? [] : ['-t', type]),
    ...(level === undefined ? [] : ['-l', level]),
  ]}`

/**
 * Defines `like A B`: B gets the label of A, where SELinux is on and A has one. One process looks at both, and most often there
 * is nothing to do: a part file has the label that its directory hands down.
 */
export const LIKE = sh`like() { :; }
if ${SELINUX_ON}; then
  n=${'\n'}
  like() {
    c=$(LC_ALL=C stat -c '%C' -- "$1" "$2" 2>/dev/null)
    case \${c%%$n*} in *:*) [ "\${c%%$n*}" = "\${c#*$n}" ] || chcon -- "\${c%%$n*}" "$2";; esac
  }
fi`

/**
 * Gives the part file `$t` the label that it is to have under its name `$f`, before it can be read there: that of the file in
 * its place, else what the policy says for the path, and on top what is asked for. Needs `LIKE`.
 */
export const labelPart = (label: Label | undefined): Script => sh`z=
if ${SELINUX_ON}; then
  if [ -f "$f" ] && [ ! -L "$f" ]; then like "$f" "$t" || exit 77
  elif command -v matchpathcon >/dev/null; then
    case $f in /*) c=$f;; *) c=$PWD/$f;; esac
    c=$(matchpathcon -n -- "$c" 2>/dev/null)
    # A file system that has one label for all its files takes no other
    case $c in *:*) chcon -- "$c" "$t" 2>/dev/null;; esac
  else z=$(command -v restorecon); fi
  ${label === undefined ? raw(':') : sh`${chcon(label)} -- "$t" || exit 77`}
fi`

/** The same once it has its name, where only restorecon knows the policy: that looks at a file's own path. */
export const labelPlaced = (label: Label | undefined): Script =>
  join([
    raw('if [ -n "$z" ]; then'),
    raw('  "$z" "$f" 2>/dev/null'),
    label === undefined ? nothing : sh`  ${chcon(label)} -- "$f" || exit 77`,
    raw('fi'),
  ])
