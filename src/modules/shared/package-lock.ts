import { type Plan, refuse } from '../../kit/plan.ts'
import { type Lock, type LockHolder, settled } from '../../questions/package-lock.ts'
import { type Script, sh } from '../../shell/script.ts'

/** Shell text before a package manager's own: ends with the name of whoever holds a lock for all the seconds. */
export const unlocked = (locks: readonly Lock[], patience: number): Script =>
  sh`h=$(${settled(locks, patience)} 2>/dev/null); if [ -n "$h" ]; then printf '%s\n' "$h" | { IFS='\t' read -r _ l i c; printf '%s (process %s) holds %s, and did not let go of it within %s s\n' "$c" "$i" "$l" ${patience}; } >&2; exit 100; fi; `

/** Why nothing can be done while another is at work. */
export function inTheWay({ program, pid, lock }: LockHolder, patience: number, remedy: string): Plan {
  if (pid === '-')
    return refuse(
      `${lock} is there, and nobody has it open: it was left behind`,
      'see that no package manager runs, and remove it',
    )
  return refuse(`${program} (process ${pid}) holds ${lock}, and did not let go of it within ${patience} s`, remedy)
}
