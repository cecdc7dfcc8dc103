import type { Counts, Event } from '../../src/base/event.ts'

/** What one side says happened, in the same words on both sides. */
export interface Account {
  readonly recap: Readonly<Record<string, Counts>>
  /** Of every host, what happened in order: `TASK: status`, and `TASK [label]: status` for items. */
  readonly course: Readonly<Record<string, readonly string[]>>
  /** Results in the same order as `course`. */
  readonly results: Readonly<Record<string, readonly Taken[]>>
}

/** A result and where it came from. */
export interface Taken {
  readonly task: string
  readonly module: string
  readonly status: string
  readonly result: Readonly<Record<string, unknown>>
}

interface Line {
  readonly host: string
  readonly task: string
  readonly action: string
  readonly status: string
  readonly ignored?: boolean
  readonly result: Readonly<Record<string, unknown>>
  readonly label?: string
}

const INCLUDES: readonly string[] = ['include_tasks', 'include_role']

/** Names with and without their collection mean the same module. */
const short = (action: string): string => action.split('.').at(-1) ?? action

/** A pause of a second may take 1.01 on either side of a busy machine. */
const wholeSeconds = (result: Line['result']): Line['result'] =>
  typeof result['stdout'] === 'string'
    ? { ...result, stdout: result['stdout'].replace(/^Paused for (\d+)\.\d+ /, 'Paused for $1 ') }
    : result

function gather(lines: readonly Line[], recap: Readonly<Record<string, Counts>>): Account {
  const course: Record<string, string[]> = {}
  const results: Record<string, Taken[]> = {}
  for (const { host, task, action, status, ignored, result, label } of lines) {
    const module = short(action)
    // Here an include that went well is an event of its own kind, told once for all of its hosts.
    if (INCLUDES.includes(module) && status === 'ok') continue
    // A task without a name goes by its action.
    const name = task.replace(/(?<=^| : )\w+\.\w+\.(\w+)$/, (whole, last: string) => (last === module ? last : whole))
    const of = label === undefined ? '' : ` [${label}]`
    course[host] ??= []
    course[host].push(`${name}${of}: ${status}${ignored ? ', ignored' : ''}`)
    results[host] ??= []
    // What the status says already.
    const { changed: _changed, failed: _failed, skipped: _skipped, unreachable: _lost, ...rest } = result
    results[host].push({ task: name + of, module, status, result: module === 'pause' ? wholeSeconds(rest) : rest })
  }
  return { recap, course, results }
}

const parse = (text: string): unknown[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as unknown)

/** What the callback plugin `ansible/record.py` wrote. */
export function fromAnsible(text: string): Account {
  const lines = parse(text) as ({ kind: string; hosts: Record<string, Counts> } & Line)[]
  const recap = lines.find(line => line.kind === 'recap')?.hosts ?? {}
  return gather(
    lines.filter(line => line.kind === 'host' || line.kind === 'item'),
    recap,
  )
}

/** What `--events` wrote. */
export function fromRegplay(text: string): Account {
  const events = parse(text) as Event[]
  const recap = events.find(event => event.type === 'recap')?.hosts ?? {}
  const lines = events
    .filter(event => event.type === 'host-result' || event.type === 'item-result')
    .map(event => ({ ...event, label: event.type === 'item-result' ? event.label : undefined }) as Line)
  return gather(lines, recap)
}
