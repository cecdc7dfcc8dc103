import { raw, type Script } from './script.ts'

/**
 * Ends a process and all that descend from it: TERM (and CONT, for what was stopped), then KILL for what is left after
 * two seconds, for which it waits a second more: the kernel takes its time. The family is taken from /proc once, so that a child whose parent dies of the TERM is still reached; what
 * had been left behind on purpose (a daemon, adopted by PID 1) is not family and stays.
 */
export const endTree = (pid: number): Script =>
  raw(`root=${Math.trunc(pid)}
list() {
  for f in /proc/[0-9]*/stat; do
    { IFS= read -r l <"$f"; } 2>/dev/null || continue
    r=\${l##*) }; r=\${r#* }
    printf '%s:%s ' "\${l%% *}" "\${r%% *}"
  done
}
if [ -r /proc/self/stat ]; then all=$(list); else all=$(ps -A -o pid= -o ppid= | while read -r p q; do printf '%s:%s ' "$p" "$q"; done); fi
kin=" $root " more=1
while [ $more = 1 ]; do
  more=0
  for e in $all; do
    case $kin in *" \${e#*:} "*) case $kin in *" \${e%%:*} "*) ;; *) kin="$kin\${e%%:*} "; more=1 ;; esac ;; esac
  done
done
case $kin in *" $$ "*) exit 1 ;; esac
alive() {
  for p in $kin; do
    kill -0 "$p" 2>/dev/null || continue
    l=; { IFS= read -r l <"/proc/$p/stat"; } 2>/dev/null
    case \${l##*) } in Z*) ;; *) return 0 ;; esac
  done
  return 1
}
signal() { for p in $kin; do kill "$1" "$p" 2>/dev/null; done; }
signal -TERM
signal -CONT
await() {
  n=0
  while alive && [ $n -lt "$1" ]; do sleep 0.1 2>/dev/null || { sleep 1; n=$((n + 9)); }; n=$((n + 1)); done
}
await 20
alive && signal -KILL && await 10
exit 0`)
