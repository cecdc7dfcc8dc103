import type { Answer } from '../shell/answer.ts'
import { join, raw, type Script, sh } from '../shell/script.ts'

/** A file by which package managers keep each other away, and how it tells who holds it. */
export interface Lock {
  readonly path: string
  /** By the kernel's list of locks, by a process number in it, or by its being there, whoever has it open. */
  readonly by: 'kernel' | 'number' | 'there'
}

/** The locks of the package managers. */
export const LOCKS = {
  apt: [
    { path: '/var/lib/apt/lists/lock', by: 'kernel' },
    { path: '/var/lib/dpkg/lock-frontend', by: 'kernel' },
  ],
  dnf: [
    { path: '/var/cache/dnf/metadata_lock.pid', by: 'number' },
    { path: '/var/cache/dnf/download_lock.pid', by: 'number' },
    { path: '/var/lib/dnf/rpmdb_lock.pid', by: 'number' },
    { path: '/run/dnf/rpmtransaction.lock', by: 'kernel' },
  ],
  zypper: [{ path: '/run/zypp.pid', by: 'number' }],
  apk: [{ path: '/lib/apk/db/lock', by: 'kernel' }],
  pacman: [{ path: '/var/lib/pacman/db.lck', by: 'there' }],
} as const satisfies Readonly<Record<string, readonly Lock[]>>

/** Seconds to wait for another package manager, of those modules that have no parameter for it. */
export const PATIENCE = 300

/** Who holds a lock of a package manager. */
export interface LockHolder {
  readonly lock: string
  /** The process; `-` where nobody has the file open that is a lock by being there. */
  readonly pid: string
  readonly program: string
}

/** What came of waiting for others. */
export interface Waited {
  /** Who was still at work at the end. */
  readonly held?: LockHolder
  /** Who was waited for, and how long, in words. */
  readonly waits: readonly string[]
}

/**
 * Functions that print the process that holds a file. The kernel's list has the numbers of file systems as they are inside of it, which
 * `stat` does not tell of all of them (btrfs, overlays): the inode finds a process, and what that has open says whether it is this file.
 */
const HOLDERS: Record<Lock['by'], Script> = {
  kernel:
    raw(`k_() { d=$(stat -Lc %d:%i "$1"); for p in $(sed -n "s/^[0-9]*: [A-Z]* .* \\([0-9][0-9]*\\) [0-9a-f]*:[0-9a-f]*:\${d#*:} [0-9].*\\$/\\1/p" /proc/locks 2>/dev/null); do
if [ -r "/proc/$p/fd" ]; then stat -Lc %d:%i "/proc/$p/fd/"* 2>/dev/null | grep -qx "$d" || continue; fi; [ -d "/proc/$p" ] && echo "$p" && return; done; }
`),
  number:
    raw(`n_() { p=; read -r p <"$1" 2>/dev/null; case $p in '' | *[!0-9]*) ;; *) [ ! -d "/proc/$p" ] || echo "$p" ;; esac; }
`),
  there:
    raw(`t_() { p=$(ls -l /proc/[0-9]*/fd 2>/dev/null | l=$1 awk '/^\\/proc\\// { split($0, a, "/") } { i = index($0, " -> " ENVIRON["l"]); if (i && i + 3 + length(ENVIRON["l"]) == length($0)) { print a[3]; exit } }'); [ ! -e "$1" ] || echo "\${p:--}"; }
`),
}

/**
 * Waits while another package manager works, at most some seconds: what is seen half-way would be another thing a moment later.
 * Whoever is waited for is named on standard error, which is no part of the answer: the same question asked
 * later needs no wait. Who still holds a lock at the end is a line of the answer, and is in \`$held\`. Nobody is not waited for.
 */
export const settled = (locks: readonly Lock[], patience: number): Script => {
  const kinds = [...new Set(locks.map(({ by }) => by))]
  const words = locks.map(({ by, path }) => `${by.charAt(0)}_:${path}`)
  return sh`${join(kinds.map(kind => HOLDERS[kind]))}t=0 held=; for l in ${words}; do f=\${l#*:}; [ -e "$f" ] || continue; w=
while h=$("\${l%%:*}" "$f"); [ -n "$h" ]; do
c=$(cat "/proc/$h/comm" 2>/dev/null); if [ "$h" = - ] || [ $t -ge ${Math.max(0, patience)} ]; then held=1; printf 'L\t%s\t%s\t%s\n' "$f" "$h" "$c"; break; fi
[ -n "$w" ] || { w=$t; echo "regplay: waiting for $c (process $h), which holds $f" >&2; }; sleep 1; t=$((t+1)); done
[ -z "$w" ] || [ $t = "$w" ] || printf 'waited\t%s\n' $((t-w)) >&2; done
`
}

/** What an answer tells of waiting. */
export function waitedIn(answer: Answer): Waited {
  const [, lock, pid = '', program = ''] = /^L\t([^\t\n]*)\t([^\t\n]*)\t(.*)$/m.exec(answer.stdout) ?? []
  const waits = [...answer.stderr.matchAll(/^regplay: waiting for (.*)\n(?:.*\n)*?waited\t(\d+)$/gm)].map(
    ([, whom, seconds]) => `waited ${seconds} s for ${whom}`,
  )
  return lock === undefined ? { waits } : { waits, held: { lock, pid, program: program || 'a program' } }
}
