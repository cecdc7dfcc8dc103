import { ask, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import { raw, sh } from '../shell/script.ts'

/** apt's package lists as a whole. */
export interface PackageLists {
  /** They are to be fetched. */
  readonly stale: boolean
  /** When they were fetched last, in seconds since 1970; 0 when nothing tells. */
  readonly time: number
}

/** Prints when the lists were fetched last: what a hook of apt notes, or else when their directory was written to. */
export const LISTS_TIME = raw(
  't=/var/lib/apt/periodic/update-success-stamp; [ -e "$t" ] || t=/var/lib/apt/lists; t=$(stat -Lc %Y "$t" 2>/dev/null) || t=0; echo "$t"',
)

/**
 * When apt's lists were fetched, and whether that is more than so many seconds ago, or there are none; a repository need have no
 * Release file. A truth value in place of seconds is what the caller knows of it.
 */
export const packageLists = (limit: number | boolean): TargetQuestion<PackageLists> =>
  ask(
    typeof limit === 'boolean'
      ? LISTS_TIME
      : sh`${LISTS_TIME}; set -- /var/lib/apt/lists/*_*; if [ -e "$1" ] && [ $(( $(date +%s) - t )) -le ${limit} ]; then echo fresh; else echo stale; fi`,
    ['path:/var/lib/apt/lists', 'path:/var/lib/apt/periodic', 'path:/etc/apt'],
    answer => {
      const [, time, age] = /^(\d+)\n(?:(fresh|stale)\n)?$/.exec(answer.stdout) ?? []
      if (time === undefined || (typeof limit === 'number' && age === undefined))
        throw new CouldNotTell(`cannot tell the age of the package lists: ${answer.stderr.trim()}`)
      return { stale: typeof limit === 'number' ? age === 'stale' : limit, time: Number(time) }
    },
  )
