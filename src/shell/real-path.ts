import { raw, type Script, sh } from './script.ts'

/**
 * Defines `real_path PATH`, which prints where a path leads, links followed, as Python's `os.path.realpath` has it: what is missing, and
 * a link that leads below itself, stay as they are written. It always ends: GNU's `readlink -f` is asked only where the kernel gets to
 * the end of the path, since it follows `a -> a/b` for ever, and BusyBox's tells nothing of what is missing. All else is walked
 * here, a process a link; on the stack (`$@`) are the links whose targets are being walked, each behind what comes after it.
 */
export const REAL_PATH = raw(`real_path() (
  [ ! -e "$1" ] || { readlink -n -f -- "$1"; exit; }
  p= r=$1 n=0; set --
  case $r in /*) ;; *) p=$(pwd -P && echo .) || exit; p=\${p%??}; p=\${p%/};; esac
  while [ -n "$r" ]; do
    while [ $# -gt 0 ] && [ "after $r" = "$1" ]; do shift 2; done
    c=\${r%%/*}
    case $r in */*) r=\${r#*/};; *) r=;; esac
    case $c in ''|.) continue;; ..) p=\${p%/*}; continue;; esac
    q=$p/$c
    if [ $n -lt 99 ] && [ -L "$q" ]; then
      for l; do [ "$l" != "link $q" ] || n=99; done
    fi
    if [ $n -lt 99 ] && [ -L "$q" ] && t=$(readlink -n -- "$q" && echo .); then
      n=$((n+1)); t=\${t%.}
      set -- "after $r" "link $q" "$@"
      case $t in /*) p=;; esac
      r=$t/$r
    else
      p=$q
    fi
  done
  printf %s "\${p:-/}"
)`)

/** Makes a shell variable that holds the path of a link hold where that leads; fails only where the host cannot tell. */
export const followed = (name: string): Script =>
  sh`${REAL_PATH}
{ [ ! -L "$${raw(name)}" ] || { ${raw(name)}=$(real_path "$${raw(name)}" && echo .) && ${raw(name)}=\${${raw(name)}%.}; }; }`
