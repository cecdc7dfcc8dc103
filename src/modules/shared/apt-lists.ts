import { streams } from '../../base/streams.ts'
import type { Fields, Outcome, Run } from '../../kit/effect.ts'
import type { Report } from '../../kit/plan.ts'
import { LISTS_TIME, type PackageLists } from '../../questions/package-lists.ts'
import { sh } from '../../shell/script.ts'
import { NOT_UPDATED } from './apt.ts'
import { run } from './attributes.ts'
import { ended } from './ended.ts'

/** What is told of lists as they were found: what is so afterwards, too, and what the call does to them. */
export const listFields = ({ stale, time }: PackageLists, renews = stale): readonly [result: Fields, deed: Fields] => [
  { cache_update_time: time },
  { cache_updated: renews },
]

/** A call of apt-get that says behind all else when the lists were fetched; `readTimed` takes that away again. */
export const timed = (by: Run): Run => ({
  ...by,
  told: false,
  script: sh`( ${by.script} ); s=$?; echo; ${LISTS_TIME}; exit $s`,
})

/** Says when the lists were fetched, and does nothing. */
export const ONLY_TIME: Run = run(sh`echo; ${LISTS_TIME}`)

/** What a timed call said itself, and what is to be told of the lists that it may have fetched. Whether a fetch that failed left some is not known. */
export function readTimed(outcome: Outcome, renews: boolean): { readonly said: Outcome; readonly fields: Fields } {
  const { stdout, stderr } = outcome
  const end = /\n(\d+)\n$/.exec(stdout)
  if (end === null || stderr.startsWith(NOT_UPDATED)) return { said: outcome, fields: {} }
  const fields = { cache_updated: renews, cache_update_time: Number(end[1]) }
  return { said: { ...outcome, stdout: stdout.slice(0, end.index) }, fields }
}

/** How a timed fetch of the lists alone ended. */
export const fetched = (outcome: Outcome): Report => {
  const { said, fields } = readTimed(outcome, true)
  return ended(said, said.code === 0 ? fields : {})
}

/** What a timed call said, as a result holds it. */
export const spoken = ({ stdout, stderr }: Outcome): Fields => streams(stdout, stderr)
