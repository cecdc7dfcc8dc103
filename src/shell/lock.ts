import type { Answer } from './answer.ts'
import { atEnd } from './at-end.ts'
import { raw, type Script, sh } from './script.ts'

/** Who asks for a lock. */
export interface Claimant {
  /** Names the run and nothing else: equal claimants are the same run. One word. */
  readonly run: string
  /** For people: `deploy@laptop, process 4711`. One line. */
  readonly who: string
}

/** Who has the lock that was asked for. */
export interface Holder {
  readonly who: string
  /** When it was taken, by the clock of the target: `2026-11-21T07:35:09Z`. */
  readonly since: string
  /** The process on the target that holds it. */
  readonly pid: string
  /** Its connection is gone, and something that it began still runs. */
  readonly orphan: boolean
}

/** What came of asking for a lock. */
export type Taken = 'held' | { readonly by: Holder } | { readonly broken: string }

/** The status by which a target says that somebody else has the lock. */
const TAKEN = 75

/**
 * One file a target: root's where only root can write, everybody else's in their own home. Never in a directory that all
 * may write to, where the kernel keeps root from opening what others made.
 */
const PLACE = raw(`case $(id -u) in
0) l=/run/regplay.lock; [ -d /run ] || l=/var/run/regplay.lock ;;
*) l=$HOME/.regplay.lock ;;
esac`)

const placeOf = (path: string | undefined): Script => (path === undefined ? PLACE : sh`l=${path}`)

/**
 * `seen PID` sets `parent` and `start`, the start time that tells a process from a later one of the same number. `lineage
 * PID` sets `chain` to the process and those above it. It leaves out the last of three and more, which is the daemon that
 * listens: it may be restarted while its connections go on. A process whose connection is gone hangs elsewhere in the tree.
 */
const TREE = raw(`seen() {
  s=; { IFS= read -r s <"/proc/$1/stat"; } 2>/dev/null || return 1
  set -- \${s##*) }
  parent=$2 start=\${20}
  case $1 in [ZX]) return 1 ;; esac
}
lineage() {
  chain= n=0 q=$1
  while [ "$q" -gt 1 ] && seen "$q"; do chain=$chain:$q; n=$((n + 1)); q=$parent; done
  [ $n -lt 3 ] || chain=\${chain%:*}
}`)

/** `judge` reads the lock and sets `state`: mine, live, orphan or dead. It fails when there is none. */
const JUDGE = raw(`judge() {
  o_run= o_who= o_since= o_pid=0 o_start= o_boot= o_chain=
  { while read -r k v; do
    case $k in
    run) o_run=$v ;; who) o_who=$v ;; since) o_since=$v ;; pid) o_pid=$v ;;
    start) o_start=$v ;; boot) o_boot=$v ;; chain) o_chain=$v ;;
    esac
  done <"$l"; } 2>/dev/null || return 1
  state=dead
  case $o_pid in *[!0-9]*|'') o_pid=0 ;; esac
  if [ "$o_run" = "$run" ]; then state=mine
  elif [ "$o_boot" != "$boot" ] || [ "$o_pid" = 0 ]; then :
  elif [ "$o_start" = - ]; then kill -0 "$o_pid" 2>/dev/null && state=live
  elif seen "$o_pid" && [ "$start" = "$o_start" ]; then
    lineage "$o_pid"
    case $chain in "$o_chain") state=live ;; *) state=orphan ;; esac
  fi
  :
}`)

/**
 * Takes the lock of a target for the shell that runs this, as long as that shell lives. The file is written aside and linked
 * into place, so that it is whole from its first moment and only one of many can make it. A lock whose holder is gone (no
 * such process, another one of that number, another boot) is removed first, by one of those who see it.
 * @param path where the lock is, instead of where it belongs
 */
export const takeLock = ({ run, who }: Claimant, path?: string): Script =>
  sh`umask 077
run=${run}; who=${who}
${placeOf(path)}
${TREE}
${JUDGE}
boot=-; { IFS= read -r boot </proc/sys/kernel/random/boot_id; } 2>/dev/null
mine=-; seen $$ && mine=$start; lineage $$
t=$l.$run
${atEnd(raw('rm -f "$t"'))}
printf 'run %s\nwho %s\nsince %s\npid %s\nstart %s\nboot %s\nchain %s\n' \
  "$run" "$who" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" $$ "$mine" "$boot" "$chain" >"$t" || exit 73
tries=0
while ! ln "$t" "$l" 2>/dev/null; do
  tries=$((tries + 1))
  [ $tries -lt 20 ] || { ln "$t" "$l"; exit 73; }
  judge || continue
  case $state in
  mine) mv -f "$t" "$l" && exit 0; exit 73 ;;
  dead)
    if mkdir "$l.break" 2>/dev/null; then
      before=$o_run:$o_pid:$o_start
      judge && [ $state = dead ] && [ "$before" = "$o_run:$o_pid:$o_start" ] && rm -f "$l"
      rmdir "$l.break"
    else
      sleep 1
      [ $tries -lt 5 ] || rmdir "$l.break" 2>/dev/null
    fi ;;
  *)
    printf '%s\n' "$state" "$o_pid" "$o_since" "$o_who"
    exit ${TAKEN} ;;
  esac
done
exit 0`

/** Gives the lock back when it is still this run's. */
export const giveLock = ({ run }: Pick<Claimant, 'run'>, path?: string): Script => sh`${placeOf(path)}
{ IFS= read -r first <"$l"; } 2>/dev/null || exit 0
[ "$first" = ${`run ${run}`} ] || exit 0
rm -f "$l"`

/** What the answer to `takeLock` says. */
export function readLock(answer: Answer): Taken {
  if (answer.ok) return 'held'
  if (answer.code !== TAKEN) return { broken: answer.stderr.trim() || `status ${answer.code}` }
  const [state = '', pid = '', since = '', who = ''] = answer.stdout.split('\n')
  return { by: { who, since, pid, orphan: state === 'orphan' } }
}
