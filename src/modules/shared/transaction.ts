import type { Fields, Run } from '../../kit/effect.ts'
import { act, change, ok, type Plan, refuse, warned } from '../../kit/plan.ts'
import { type Lock, PATIENCE } from '../../questions/package-lock.ts'
import type { Rehearsed, Step } from '../../questions/transactions.ts'
import { atEnd } from '../../shell/at-end.ts'
import { raw, type Script, sh } from '../../shell/script.ts'
import { ended } from './ended.ts'
import { inTheWay, unlocked } from './package-lock.ts'

const FAULTS = '^(Error|error|ERROR|Failed|Problem|Package .* is not signed|Public key)'

/**
 * Runs a package manager with its output in a file, so that a lost connection cannot end it in the middle. The whole output
 * goes to standard output, what it says of faults (else its last lines) to standard error when it failed. It begins when nobody
 * holds these locks.
 */
export const managed = (command: Script, doing: string, locks: readonly Lock[], patience = PATIENCE): Run => ({
  kind: 'run',
  script: sh`export LC_ALL=C; ${unlocked(locks, patience)}o=$(mktemp) || exit
${atEnd(raw('rm -f "$o"'))}
{ ${command}; } >"$o" 2>&1 </dev/null; s=$?; cat "$o"; [ $s = 0 ] || { grep -E ${FAULTS} "$o" || tail -n 20 "$o"; } >&2; exit $s`,
  doing,
})

/** What a plan of a transaction needs beside what was seen. */
export interface Deal {
  readonly tool: string
  readonly host: string
  /** How it is refused, before the words of the manager. */
  readonly cannot: string
  /** The result when there is nothing to do. */
  readonly idle: Fields
  /** The result of these steps. */
  readonly tell: (steps: readonly Step[]) => Fields
  readonly by: Run
  /** It leaves the packages as they are, so nothing can be asked again. */
  readonly fetches?: boolean
  /** Seconds for which another was waited for. */
  readonly patience?: number
}

/** One transaction of a package manager, by what its rehearsal told. Every step is an edit; one effect makes them all. */
export function transact(would: Rehearsed, deal: Deal): Plan {
  const { held, waits, unasked } = would
  // Where nothing was to be asked, all is as it should be whoever is at work.
  if (unasked && held)
    return deal.patience === undefined
      ? inTheWay(held, PATIENCE, 'run again when it is done')
      : inTheWay(held, deal.patience, 'wait until it is done, or set lock_timeout')
  return warned(rehearsedPlan(would, deal), waits)
}

/** The plan of a rehearsal that there was. */
function rehearsedPlan(would: Rehearsed, deal: Deal): Plan {
  if (would.missing)
    return refuse(`${deal.host} has no ${deal.tool}`, 'use the package module, which takes what the host has')
  if (would.fault !== '')
    return refuse(`${deal.cannot}: ${would.fault}`, undefined, { msg: deal.cannot, stderr: would.fault })
  const { steps } = would
  if (steps.length === 0) return ok(deal.idle)
  if (deal.fetches)
    return act(`${deal.tool}: fetch ${steps.length} packages`, deal.by, outcome => ended(outcome, deal.tell(steps)), {
      dry: 'pretend',
    })
  return change(
    steps.map(({ name, from, to }) => ({ what: name, from, to, by: deal.by })),
    ['everything'],
    {},
    deal.tell(steps),
  )
}

/** An act that refreshes what a manager knows of its repositories, and changes nothing else. */
export const refreshing = (tool: string, by: Run, changes: boolean, result: Fields): Plan =>
  act(`${tool}: refresh`, by, outcome => ended(outcome, result, changes), { dry: changes ? 'pretend' : 'do' })

/** Names of a list whose elements may hold several, separated by commas. */
export const namesOf = (names: readonly string[]): string[] =>
  names.flatMap(text => text.split(',')).flatMap(text => (text.trim() === '' ? [] : [text.trim()]))
