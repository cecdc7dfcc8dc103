import type { HostResult, HostStart, Progress, Retry, Status, TaskStart } from '../base/event.ts'
import { pace } from './size.ts'
import type { Paint, Tone } from './style.ts'
import { visibleLine } from './visible.ts'

/** Transfers shown at once, and tasks (more than one only where hosts do not go in step). */
const MOST_TRANSFERS = 6
const MOST_TASKS = 6
/** A rate is taken over this many milliseconds. */
const WINDOW = 5000

interface TaskState {
  readonly name: string
  readonly counts: Map<Status | 'ignored', number>
  readonly active: Set<string>
}

interface Transfer {
  readonly what: string
  total: number | null
  /** Moments and the bytes done by then, oldest first; none older than `WINDOW` but one. */
  readonly samples: { readonly at: number; readonly done: number }[]
}

const ORDER: readonly (readonly [Status | 'ignored', string, Tone])[] = [
  ['ok', 'ok', 'ok'],
  ['changed', 'changed', 'changed'],
  ['skipped', 'skipped', 'skip'],
  ['ignored', 'ignored', 'warn'],
  ['failed', 'failed', 'error'],
  ['unreachable', 'unreachable', 'unreachable'],
]

/** What is known of the tasks that hosts are at: a row of the live view, before anything is drawn. */
export class Row {
  readonly #tasks = new Map<number, TaskState>()
  readonly #transfers = new Map<string, Transfer>()
  readonly #waits = new Map<string, string>()
  readonly #paint: Paint
  failed = false

  constructor(paint: Paint) {
    this.#paint = paint
  }

  /** Whether a host still works at a task of this row. */
  get busy(): boolean {
    return [...this.#tasks.values()].some(task => task.active.size > 0)
  }

  begin(event: TaskStart): void {
    const name = `${event.handler ? 'handler ' : ''}${visibleLine(event.task)}`
    if (!this.#tasks.has(event.id)) this.#tasks.set(event.id, { name, counts: new Map(), active: new Set() })
  }

  start({ id, host }: HostStart): void {
    this.#tasks.get(id)?.active.add(host)
  }

  result(event: HostResult): void {
    const status = event.ignored ? 'ignored' : event.status
    this.#transfers.delete(event.host)
    this.#waits.delete(event.host)
    const task = this.#tasks.get(event.id)
    task?.active.delete(event.host)
    task?.counts.set(status, (task.counts.get(status) ?? 0) + 1)
    if (status === 'failed' || status === 'unreachable') this.failed = true
  }

  retry({ host, left }: Retry): void {
    this.#waits.set(host, `${visibleLine(host)}: not yet, ${left} more tries`)
  }

  progress(event: Progress, now: number): void {
    let transfer = this.#transfers.get(event.host)
    if (transfer?.what !== event.what) {
      transfer = { what: event.what, total: event.total, samples: [] }
      this.#transfers.set(event.host, transfer)
    }
    transfer.total = event.total
    transfer.samples.push({ at: now, done: event.done })
    while ((transfer.samples[1]?.at ?? now) < now - WINDOW) transfer.samples.shift()
  }

  /** The lines of the row as of now; once it is over, a line for each of its tasks. */
  title(over: boolean): string {
    const all = [...this.#tasks.values()]
    const busy = over ? all : all.filter(task => task.active.size > 0)
    const tasks = (busy.length > 0 ? busy : all).slice(over ? 0 : -MOST_TASKS)
    const notes = over ? [] : [...this.#waits.values(), ...this.#transferLines()]
    return [...tasks.map(task => this.#taskLine(task)), ...notes].join('\n')
  }

  #taskLine({ name, counts, active }: TaskState): string {
    const parts = ORDER.flatMap(([status, word, tone]) => {
      const count = counts.get(status) ?? 0
      return count === 0 ? [] : [this.#paint(`${count} ${word}`, tone)]
    })
    if (active.size > 0) parts.push(`${active.size} running`)
    return parts.length === 0 ? name : `${name}  ${parts.join(', ')}`
  }

  #transferLines(): string[] {
    const lines = [...this.#transfers].map(([host, { what, total, samples }]) => {
      const [first, last] = [samples[0], samples.at(-1)]
      if (!first || !last) return ''
      const ms = last.at - first.at
      const rate = ms >= 200 ? ((last.done - first.done) / ms) * 1000 : 0
      return `${visibleLine(host)}: ${visibleLine(what)} ${pace({ done: last.done, total, rate })}`
    })
    const more = lines.length - MOST_TRANSFERS
    return more > 0 ? [...lines.slice(0, MOST_TRANSFERS), `and ${more} more`] : lines
  }
}
