import type { PacmanWish } from '../../questions/pacman.ts'

/** What is asked of pacman by these arguments. */
export function pacmanWish(args: {
  readonly name?: readonly string[]
  readonly state: string
  readonly executable: string
  readonly extra_args: string
  readonly force: boolean
  readonly upgrade?: boolean
  readonly upgrade_extra_args: string
}): PacmanWish {
  const names = (args.name ?? [])
    .flatMap(text => text.split(','))
    .map(text => text.trim())
    .filter(text => text !== '')
  const goals: Readonly<Record<string, PacmanWish['goal']>> = { latest: 'latest', absent: 'absent', removed: 'absent' }
  const goal = args.upgrade ? 'upgrade' : names.length === 0 ? 'refresh' : (goals[args.state] ?? 'present')
  const extra = wordsOf(goal === 'upgrade' ? args.upgrade_extra_args : args.extra_args)
  return {
    names,
    goal,
    tool: args.executable,
    more: [...extra, ...(goal === 'absent' && args.force ? ['--nodeps', '--nodeps'] : [])],
  }
}

/** Words of a text, at blanks; quotes hold blanks. */
export const wordsOf = (text: string): string[] =>
  [...text.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g)].map(([word]) => word.replace(/["']/g, ''))

/** Packages that get another reason than they have: with `reason_for: new` those that come. */
export const reasonless = (
  args: { readonly reason?: string; readonly reason_for: string },
  names: readonly string[],
  explicit: ReadonlyMap<string, boolean>,
): string[] =>
  names.filter(name => {
    const now = explicit.get(name)
    return now === undefined || (args.reason_for === 'all' && now !== (args.reason === 'explicit'))
  })
