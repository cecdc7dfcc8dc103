import { dict } from '../base/value.ts'
import type { Effect, Outcome } from '../kit/effect.ts'
import type { Plan } from '../kit/plan.ts'
import { join, raw, type Script, sh, Script as Text } from '../shell/script.ts'
import { NOW } from '../shell/stopwatch.ts'
import type { Fragment, Identity } from '../transport/session.ts'
import { failed, fieldsOf, lookOr, prove } from './ensure.ts'
import type { Machine } from './machine.ts'
import type { Result } from './ports.ts'
import type { Wish } from './wish.ts'

/** A task that was left in the background, as the run that left it remembers it. */
export interface Job {
  readonly machine: Machine
  readonly identity: Identity
  /** What its end amounts to. */
  settle(outcome: Outcome): Promise<Result>
}

/** Where a job keeps its files, and for how long it may run. */
export interface JobPlace {
  readonly id: string
  /** The directory of all jobs; `~` is the home of whoever runs it. */
  readonly dir: string
  /** Seconds. */
  readonly limit: number
}

/** The directory of one job, as a word for the shell. */
export const jobDir = ({ id, dir }: Pick<JobPlace, 'id' | 'dir'>): Script =>
  dir.startsWith('~/') ? sh`"$HOME"/${dir.slice(2)}/${id}` : sh`${dir}/${id}`

/**
 * Looks and decides as ever, and leaves what is to be done to a shell of its own on the target, which outlives the
 * connection. Nothing secret is in a file or on a command line: the text goes through a pipe.
 */
export async function leaveBehind(wish: Wish, place: JobPlace, remember: (job: Job) => void): Promise<Result> {
  if (wish.module.attended || wish.module.local) return cannot()
  const shell = await wish.machine.shell(wish.identity, wish.signal)
  const questions = wish.module.probe(wish.args, shell.info)
  const seen = await lookOr(questions, wish)
  if ('instead' in seen) return seen.instead
  const plan = wish.module.plan(wish.args, seen.answers, shell.info)
  if (plan.kind === 'refuse')
    return { ...failed(plan.reason, plan.remedy), fields: fieldsOf({ msg: plan.reason, ...plan.result }) }
  const work = workOf(plan, wish)
  if (work === undefined) return cannot()
  await wish.hold()
  const [answer] = await shell.trip([{ script: begin(work, place) }], { signal: wish.signal })
  if (!answer?.ok) return failed(`the job could not be begun: ${answer?.stderr.trim() || 'no reason was given'}`)
  const touches = plan.kind === 'ok' ? [] : plan.touches
  wish.machine.touch(touches)
  remember({
    machine: wish.machine,
    identity: wish.identity,
    settle: async outcome => {
      wish.machine.touch(touches)
      if (plan.kind === 'ok') return { changed: false, fields: fieldsOf(plan.result), diff: [] }
      if (plan.kind === 'act') return reported(plan, outcome)
      if (outcome.code !== 0)
        return { ...failed(outcome.stderr.trim() || `it ended with status ${outcome.code}`), changed: true }
      return prove(plan, outcome, questions, shell, wish)
    },
  })
  const file = `${place.dir}/${place.id}`
  const fields = dict({ ansible_job_id: place.id, results_file: file, started: true, finished: false })
  return { changed: true, fields, diff: [] }
}

const cannot = (): Result =>
  failed('this task cannot be left in the background', 'give poll a number of seconds: it is then waited for')

const reported = (plan: Extract<Plan, { kind: 'act' }>, outcome: Outcome): Result => {
  const report = plan.report(outcome)
  return {
    changed: report.changed,
    ...(report.failed === undefined ? {} : { failed: report.failed }),
    fields: fieldsOf(report.result),
    diff: [],
  }
}

/** What the shell is to do; undefined when an effect is no shell text. */
function workOf(plan: Exclude<Plan, { kind: 'refuse' }>, wish: Wish): Script | undefined {
  if (plan.kind === 'ok') return raw(':')
  const effects: Effect[] = plan.kind === 'act' ? [plan.by] : [...new Set(plan.edits.map(edit => edit.by))]
  const pieces = effects.map(effect => wish.effects.inline(effect, wish.environment))
  if (pieces.some(piece => piece === null)) return undefined
  return join(
    pieces.map(piece => fed(piece as Fragment)),
    ' && ',
  )
}

/** A piece with its standard input. */
const fed = ({ script, stdin }: Fragment): Script =>
  stdin === undefined || stdin === ''
    ? sh`( eval ${word(script)} ) </dev/null`
    : sh`printf %s ${stdin} | ( eval ${word(script)} )`

/** A script as one quoted word, secrets kept out of what is shown. */
const word = (script: Script): Script => new Text(sh`${script.wire}`.wire, sh`${script.shown}`.wire)

/**
 * Begins the job: a shell in a session of its own that writes how it ended to `rc`, last of all and whole, and a watch
 * beside it that ends it when its time is over. Only what the job keeps for itself is private; the work has the umask it would have.
 */
function begin(work: Script, place: JobPlace): Script {
  const job = sh`exec </dev/null
cd "$regplay_home" || exit
printf %s "$$" >"$d/pid"
${NOW} >"$d/start" 2>/dev/null
( umask "$regplay_umask"; ${work} ) >"$d/stdout" 2>"$d/stderr" & w=$!
( trap 'kill "$s" 2>/dev/null; exit 0' TERM
  sleep ${place.limit} & s=$!; wait "$s"
  printf late >"$d/rc.late" && mv -f "$d/rc.late" "$d/rc"
  trap '' TERM; kill -TERM -- "-$$" 2>/dev/null || kill -TERM "$w"; sleep 2; kill -KILL -- "-$$" ) & k=$!
wait "$w"; r=$?
${NOW} >"$d/end" 2>/dev/null
[ -e "$d/rc" ] || { printf %s "$r" >"$d/rc.part" && mv -f "$d/rc.part" "$d/rc"; }
kill -TERM "$k"`
  return sh`regplay_umask=$(umask)
umask 077
d=${jobDir(place)}; regplay_home=$PWD
mkdir -p "$d" || exit 1
: >"$d/stdout"; : >"$d/stderr"
export d regplay_home regplay_umask
session=; command -v setsid >/dev/null 2>&1 && session=setsid
printf %s ${word(job)} | $session sh -c 'eval "$(cat)"' >/dev/null 2>&1 &`
}
