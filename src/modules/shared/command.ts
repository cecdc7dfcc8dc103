import type { Secret } from '../../base/secret.ts'
import { streams } from '../../base/streams.ts'
import type { Fields, Outcome } from '../../kit/effect.ts'
import type { HostInfo } from '../../kit/host.ts'
import { act, ok, type Plan, type Report } from '../../kit/plan.ts'
import { at, matches } from '../../questions/files.ts'
import { known } from '../../questions/known.ts'
import { join, raw, type Script, sh } from '../../shell/script.ts'

/** Parameters that `command`, `shell` and `script` share. */
export const RUNNING = {
  chdir: { type: 'string', path: true, minLength: 1 },
  creates: { type: 'string', path: true, minLength: 1, description: 'Nothing is run when this path or pattern exists' },
  removes: {
    type: 'string',
    path: true,
    minLength: 1,
    description: 'Nothing is run unless this path or pattern exists',
  },
  stdin: { type: 'string' },
  stdin_add_newline: { type: 'boolean', default: true },
  strip_empty_ends: { type: 'boolean', default: true },
} as const

export interface RunWish {
  readonly chdir?: string
  readonly creates?: string
  readonly removes?: string
  readonly stdin?: string | Secret
  readonly stdin_add_newline: boolean
  readonly strip_empty_ends: boolean
  /** The result says when it began and ended. */
  readonly timed?: boolean
}

/** What stands in the way of running, or is missing for it. */
export const obstacles = (args: Pick<RunWish, 'chdir' | 'creates' | 'removes'>, host: HostInfo) => {
  const from = args.chdir === undefined ? undefined : at(args.chdir, host)
  return {
    created: args.creates === undefined ? known(false) : matches(args.creates, from, host),
    removable: args.removes === undefined ? known(true) : matches(args.removes, from, host),
  }
}

const lineOf = (text: string | Secret, newline: boolean): string | Secret =>
  newline && typeof text === 'string' ? `${text}\n` : text

/** The words of Ansible where the folder cannot be entered; the shell's own reason stands before them. */
const NO_WAY = 'Unable to change directory before execution'

/** Goes to a folder as chdir(2) does: it is known by its real path, whatever links led there. */
const within = (folder: string): Script => sh`cd -P -- ${folder} || { printf '%s\n' ${NO_WAY} >&2; exit 1; }`

/** Runs shell text unless `creates` and `removes` say that there is no need. `cmd` is what the result calls the command. */
export function running(
  script: Script,
  cmd: string | readonly string[],
  args: RunWish,
  seen: { readonly created: boolean; readonly removable: boolean },
  host: HostInfo,
): Plan {
  const { creates, removes } = args
  const base: Fields = { cmd: typeof cmd === 'string' ? cmd : [...cmd] }
  const untimed = args.timed === false ? {} : { start: null, end: null, delta: null }
  const idle = (why: string, said: string) =>
    ok({
      ...base,
      ...untimed,
      ...streams(`skipped, since ${said}`, ''),
      rc: 0,
      msg: `Did not run command since ${why}`,
    })
  if (seen.created) return idle(`'${creates}' exists`, `${creates} exists`)
  if (!seen.removable) return idle(`'${removes}' does not exist`, `${removes} does not exist`)
  const go = args.chdir === undefined ? script : join([within(at(args.chdir, host)), script])
  const stdin = args.stdin === undefined ? {} : { stdin: lineOf(args.stdin, args.stdin_add_newline) }
  const what = typeof cmd === 'string' ? cmd : sh`${cmd}`.shown
  return act(
    what,
    { kind: 'run', script: go, ...stdin, ...(args.timed === false ? {} : { timed: true }) },
    outcome => {
      if (args.chdir === undefined || !outcome.stderr.endsWith(`${NO_WAY}\n`))
        return reportOf(outcome, base, args.strip_empty_ends)
      const failed = `${NO_WAY}: ${args.chdir}`
      const why = outcome.stderr.slice(0, -NO_WAY.length - 1)
      return { changed: false, failed, result: { ...base, rc: null, ...streams('', why), msg: failed } }
    },
    {
      dry: creates === undefined && removes === undefined ? 'skip' : 'pretend',
      would: { ...base, ...untimed, ...streams('', ''), rc: 0, msg: 'Command would have run if not in check mode' },
    },
  )
}

/** An ended command as Ansible's modules report it. */
export function reportOf(outcome: Outcome, base: Fields, strip: boolean): Report {
  const clean = (text: string) => (strip ? text.replace(/[\r\n]+$/, '') : text)
  const absent =
    outcome.code === 127 &&
    /(?:not found|No such file or directory)\s*$/.test(outcome.stderr) &&
    Array.isArray(base['cmd'])
  if (absent) return missing(base)
  const result: Fields = {
    ...base,
    ...Object.fromEntries(outcome.fields ?? []),
    rc: outcome.code,
    ...streams(clean(outcome.stdout), clean(outcome.stderr)),
  }
  if (outcome.code === 0 && outcome.failed === undefined) return { changed: true, result: { msg: '', ...result } }
  const failed = outcome.failed ?? 'non-zero return code'
  return { changed: true, failed, result: { ...result, msg: failed } }
}

/** A program that is not there, in the words that scripts know from Ansible. */
function missing({ cmd }: Fields): Report {
  const words = (Array.isArray(cmd) ? cmd : [cmd]).map(String)
  const failed = `[Errno 2] No such file or directory: '${words[0]}'`
  return { changed: false, failed, result: { cmd: words.join(' '), rc: 2, ...streams('', ''), msg: failed } }
}

/** Words that are executed as they are: no built-in, no function, no interpretation. */
export const execute = (words: readonly Script[]): Script => sh`( exec ${raw(words.map(word => word.wire).join(' '))} )`
