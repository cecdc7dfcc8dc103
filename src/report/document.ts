import type { Emit, HostResult, PlayStart, Recap, TaskRef } from '../base/event.ts'
import { plain } from './plain.ts'
import { pythonJson } from './result-text.ts'
import type { PlainOptions } from './view.ts'

interface Duration {
  readonly start: string
  end?: string
}

interface TaskEntry {
  readonly task: { readonly name: string; readonly id: string; readonly path: string; readonly duration: Duration }
  readonly hosts: Record<string, unknown>
}

interface PlayEntry {
  readonly play: { readonly name: string; readonly id: string; readonly duration: Duration }
  readonly tasks: TaskEntry[]
}

interface Stats {
  readonly run: Readonly<Record<string, unknown>>
  readonly hosts: Readonly<Record<string, unknown>>
}

export interface DocumentOptions extends PlainOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number
}

const newTask = ({ id, task, path }: TaskRef, start: string): TaskEntry => ({
  task: { name: task, id: String(id), path, duration: { start } },
  hosts: {},
})

const newPlay = ({ play, name }: PlayStart, start: string): PlayEntry => ({
  play: { name, id: String(play), duration: { start } },
  tasks: [],
})

/** What a module returned, and how it ended where that is not told by `changed`. */
const resultOf = ({ result, status, action, msg }: HostResult): Readonly<Record<string, unknown>> => ({
  ...result,
  action,
  ...(status === 'failed' ? { failed: true } : {}),
  ...(status === 'skipped' ? { skipped: true } : {}),
  ...(status === 'unreachable' ? { unreachable: true, msg: result['msg'] ?? msg } : {}),
})

/** The counts of hosts by the names that Ansible's `stats` have. */
const statsOf = ({ hosts }: Recap): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(hosts).map(([host, { failed, ...counts }]) => [host, { ...counts, failures: failed }]),
  )

/**
 * The run as one JSON document, printed at its end: its plays, their tasks, the result of each host, and the counts, as
 * Ansible's callback `json` prints them. It holds all results until then. Warnings and faults are lines of their own, beside it.
 */
export function document(options: DocumentOptions): Emit {
  const rest = plain({ ...options, out: options.err })
  const plays: PlayEntry[] = []
  let stats: Readonly<Record<string, unknown>> = {}
  let custom: Stats = { run: {}, hosts: {} }
  const now = (): string => new Date(options.now()).toISOString().replace('Z', '000Z')

  /** Hosts that do not go in step may end a task after the next one was begun. */
  const entryOf = (event: HostResult): TaskEntry | undefined =>
    plays.at(-1)?.tasks.findLast(({ task }) => task.id === String(event.id))

  return event => {
    if (event.type === 'play-start') plays.push(newPlay(event, now()))
    else if (event.type === 'task-start') plays.at(-1)?.tasks.push(newTask(event, now()))
    else if (event.type === 'host-result') {
      const entry = entryOf(event)
      const play = plays.at(-1)?.play
      if (!entry || !play) return
      entry.hosts[event.host] = resultOf(event)
      const end = now()
      entry.task.duration.end = end
      play.duration.end = end
    } else if (event.type === 'recap') stats = statsOf(event)
    else if (event.type === 'custom-stats') {
      if (options.customStats) custom = event
    } else if (event.type === 'run-end') {
      const all = { plays, stats, custom_stats: custom.hosts, global_custom_stats: custom.run }
      options.out(`${pythonJson(all, true)}\n`)
    } else if (event.type === 'warning' || event.type === 'fault' || event.type === 'drift') rest(event)
  }
}
