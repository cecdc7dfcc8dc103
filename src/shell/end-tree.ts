import { raw, type Script } from './script.ts'

/**
 * Ends a process and all that descend from it: TERM (and CONT, for what was stopped), then KILL for what is left after
 * two seconds, for which it waits a second more: the kernel takes its time. The family is taken from /proc before anybody
 * dies, so that a child whose parent dies of the TERM is still reached; what had been left behind on purpose (a daemon,
 * adopted by PID 1) is not family and stays. What the family forks while it is being ended is looked for until there is
 * no more of it: it has a parent of the family, or is new in a session that the family leads. Nobody is stopped first,
 * though that would keep children from being forked: sudo stops itself when its command is stopped, and nobody would
 * wake it.
 */
export const endTree = (pid: number): Script =>
  raw(`root=${Math.trunc(pid)}
if [ -r /proc/self/stat ]; then
  list() {
    for f in /proc/[0-9]*/stat; do
      { IFS= read -r l <"$f"; } 2>/dev/null || continue
      set -- \${l##*) }
      printf '%s:%s:%s ' "\${l%% *}" "$2" "$4"
    done
  }
else list() { ps -A -o pid= -o ppid= | while read -r p q; do printf '%s:%s:- ' "$p" "$q"; done; }
fi
grow() {
  more=1
  while [ $more = 1 ]; do
    more=0
    for e in $1; do
      p=\${e%%:*}
      case $kin in *" $p "*) continue ;; esac
      q=\${e#*:}; s=\${q#*:}; q=\${q%%:*}
      case $kin in *" $q "*) ;; *)
        case $kin in *" $s "*) ;; *) continue ;; esac
        case $old in '' | *" $p:"*) continue ;; esac ;;
      esac
      kin="$kin$p "; new="$new$p "; more=1
    done
  done
}
kin=" $root " new="$root " old=
all=$(list)
grow "$all"
old=" $all"
case $kin in *" $$ "*) exit 1 ;; esac
alive() {
  for p in $kin; do
    kill -0 "$p" 2>/dev/null || continue
    l=; { IFS= read -r l <"/proc/$p/stat"; } 2>/dev/null
    case \${l##*) } in Z*) ;; *) return 0 ;; esac
  done
  return 1
}
signal() { for p in $2; do kill "$1" "$p" 2>/dev/null; done; }
await() {
  n=0
  while alive && [ $n -lt "$1" ]; do sleep 0.1 2>/dev/null || { sleep 1; n=$((n + 9)); }; n=$((n + 1)); done
}
signal -TERM "$kin"
signal -CONT "$kin"
await 20
alive && signal -KILL "$kin"
for round in 1 2 3 4 5; do
  new=
  grow "$(list)"
  [ "$new" ] || break
  signal -KILL "$new"
done
await 10
exit 0`)
