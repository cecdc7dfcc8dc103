import { streams } from '../base/streams.ts'
import { dict } from '../base/value.ts'
import { Answer } from '../shell/answer.ts'
import { type Script, sh } from '../shell/script.ts'
import { timesOf } from '../shell/stopwatch.ts'
import type { Shell } from '../transport/session.ts'
import { jobDir } from './background.ts'
import { identityOf, machineOf } from './circumstances.ts'
import { failed } from './ensure.ts'
import type { Speech } from './language.ts'
import { ownArguments } from './own-arguments.ts'
import type { Result } from './ports.ts'
import { delegateSpeech, type Turn } from './turn.ts'

/** Where jobs are when nothing else is said. */
const USUAL = '~/.ansible_async'

/** The directory of background jobs of a host. */
export const jobsOf = ({ scope }: Speech): string => {
  const said = scope.get('ansible_async_dir')
  return typeof said === 'string' && said !== '' ? said : USUAL
}

/** The statuses by which a job's state is told when there is no result. */
const [MISSING, RUNNING, GONE] = [3, 4, 5]

/** `async_status`: how a job in the background is doing, or its files removed. */
export async function asyncStatus(turn: Turn, speech: Speech): Promise<Result> {
  const args = ownArguments(turn, speech)
  const { run } = turn.play
  const { task } = turn.placed
  const id = String(args['jid'])
  if (!/^[\w.-]+$/.test(id) || id.startsWith('.')) return failed(`'${id}' is no number of a job`)
  const target = turn.delegate === undefined ? speech : delegateSpeech(turn, turn.delegate)
  const machine = machineOf(run, task, target)
  const shell = await machine.shell(identityOf(run, task, target), run.signal)
  const place = { id, dir: jobsOf(target) }
  return args['mode'] === 'cleanup' ? cleanUp(shell, place, run.signal) : look(turn, shell, place)
}

interface Place {
  readonly id: string
  readonly dir: string
}

async function cleanUp(shell: Shell, place: Place, signal: AbortSignal): Promise<Result> {
  const [gone] = await shell.trip([{ script: sh`rm -rf -- ${jobDir(place)}` }], { signal })
  if (!gone?.ok) return failed(`the files of the job cannot be removed: ${gone?.stderr.trim() ?? ''}`)
  return { changed: false, fields: dict({ ansible_job_id: place.id, erased: `${place.dir}/${place.id}` }), diff: [] }
}

/** Says in its status what became of a job; of one that has ended, prints how. The file of its number is empty for a moment. */
const stateOf = (where: Script): Script => sh`d=${where}; [ -d "$d" ] || exit ${MISSING}
if [ ! -e "$d/rc" ] && p=$(cat "$d/pid" 2>/dev/null) && [ -n "$p" ] && ! kill -0 "$p" 2>/dev/null && [ ! -e "$d/rc" ]; then exit ${GONE}; fi
[ -e "$d/rc" ] || exit ${RUNNING}
cat "$d/rc"`

async function look(turn: Turn, shell: Shell, place: Place): Promise<Result> {
  const where = jobDir(place)
  const [state, out, err, start, end] = await shell.trip(
    [
      { script: stateOf(where), critical: true },
      { script: sh`cat ${where}/stdout`, unlessFailed: true },
      { script: sh`cat ${where}/stderr`, unlessFailed: true },
      { script: sh`cat ${where}/start`, unlessFailed: true },
      { script: sh`cat ${where}/end`, unlessFailed: true },
    ],
    { signal: turn.play.run.signal },
  )
  const base = { ansible_job_id: place.id, results_file: `${place.dir}/${place.id}`, started: true }
  const ended = { ...base, finished: true }
  const failing = (msg: string): Result => ({ ...failed(msg), fields: dict({ ...ended, msg }) })
  if (!state || state.code === MISSING) return failing('could not find job')
  if (state.code === GONE) return failing('the job ended without a result; the host may have been started anew')
  if (state.stdout === 'late') return failing('the job took longer than async allows and was ended')
  if (state.code === RUNNING) {
    return { changed: false, fields: dict({ ...base, finished: false, ...streams('', '') }), diff: [] }
  }
  const answer = new Answer(Number(state.stdout), out?.stdoutBytes ?? '', err?.stdoutBytes ?? '')
  const times = timesOf(start?.stdout ?? '', end?.stdout ?? '')
  const result = await endOf(turn, place.id, answer)
  return { ...result, fields: new Map([...Object.entries({ ...ended, ...times }), ...result.fields]) }
}

/** What its end amounts to: the module says so when this run began the job, else its status. */
async function endOf(turn: Turn, id: string, { code, stdout, stderr }: Answer): Promise<Result> {
  const known = turn.play.run.jobs.get(id)
  if (known) return known.settle({ code, stdout, stderr })
  const said = streams(stdout.replace(/\n+$/, ''), stderr.replace(/\n+$/, ''))
  return {
    changed: true,
    ...(code === 0 ? {} : { failed: 'non-zero return code' }),
    fields: dict({ rc: code, ...said }),
    diff: [],
  }
}
