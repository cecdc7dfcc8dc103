import { Listr, type ListrTaskWrapper } from 'listr2'
import type { Emit, Event, HostResult, ItemResult } from '../base/event.ts'
import { Row } from './live-row.ts'
import { plain, plainText } from './plain.ts'
import { showsResult } from './result-text.ts'
import type { PlainOptions } from './view.ts'

/** The screen is drawn at most once in this many milliseconds. */
const THROTTLE = 100

export interface LiveOptions extends PlainOptions {
  /** Milliseconds, for rates. */
  readonly now: () => number
}

export interface Live {
  readonly emit: Emit
  /** Ends the present row and resolves when nothing moves on the screen; what comes next begins a row of its own. */
  settle(): Promise<void>
  /** Settles the present row and resolves when all is on the screen. The view must not be used after it. */
  close(): Promise<void>
}

/** A row that is drawn, and the way to end it. */
interface Shown {
  readonly row: Row
  /** Texts that come below the row once it is over: failures in full, what `debug` says. */
  readonly below: string[]
  readonly over: Promise<void>
  readonly settle: () => void
}

function newShown(row: Row): Shown {
  let settle = () => {}
  const over = new Promise<void>(resolve => {
    settle = resolve
  })
  return { row, below: [], over, settle }
}

/** Draws one row until it is over. listr2 shows, it never drives: its one task waits for ours. */
async function draw({ row, over }: Shown): Promise<void> {
  const task = async (_: unknown, wrapper: ListrTaskWrapper<unknown, never, never>): Promise<void> => {
    const refresh = (end: boolean) => {
      const title = row.title(end)
      if (title !== wrapper.title) wrapper.title = title
    }
    const timer = setInterval(() => refresh(false), THROTTLE)
    await over
    clearInterval(timer)
    refresh(true)
    if (row.failed) throw new Error('a host failed')
  }
  const list = new Listr([{ title: row.title(false), task: task as never }], {
    renderer: 'default',
    exitOnError: false,
    // Its own handler would end the process before anything is cleaned up.
    registerSignalListeners: false,
    rendererOptions: { collapseErrors: false, showErrorMessage: false },
  })
  await list.run()
}

/**
 * The view for a terminal: one row for each task of the play, with a spinner, the hosts counted by how they ended, and
 * transfers with bytes, rate and the time left; what failed is printed in full below its row. Rows that are over scroll
 * away as text, so the screen holds one row, however long the play is.
 */
export function live(options: LiveOptions): Live {
  let queue: Promise<void> = Promise.resolve()
  let shown: Shown | undefined

  const write = (text: string): void => {
    if (shown) shown.below.push(text)
    else queue = queue.then(() => options.out(text))
  }
  const text = plainText(options)
  const rest = plain({ ...options, closing: true, out: write, err: write })

  const endRow = (): void => {
    const { below, settle } = shown ?? {}
    shown = undefined
    settle?.()
    if (below && below.length > 0) queue = queue.then(() => options.out(below.join('')))
  }
  const beginRow = (): Row => {
    endRow()
    const next = newShown(new Row(options.paint))
    shown = next
    // The texts below are written by endRow, after this has run to its end.
    queue = queue.then(() => draw(next))
    return next.row
  }

  const speaks = (event: ItemResult | HostResult): boolean =>
    event.status === 'failed' || event.status === 'unreachable' || showsResult(event, 0)

  const on: { readonly [T in Event['type']]?: (event: Extract<Event, { type: T }>) => void } = {
    'task-start': event => (shown?.row.busy ? shown.row : beginRow()).begin(event),
    'host-start': event => shown?.row.start(event),
    retry: event => shown?.row.retry(event),
    progress: event => shown?.row.progress(event, options.now()),
    'item-result': event => {
      if (speaks(event)) write(text.item(event))
    },
    'host-result': event => {
      shown?.row.result(event)
      if (speaks(event)) write(text.result(event) + text.ignoring(event))
    },
    included: () => {},
    notified: () => {},
    meta: () => {},
    warning: rest,
    fault: rest,
  }

  const emit: Emit = event => {
    const known = on[event.type] as ((event: Event) => void) | undefined
    if (known) {
      known(event)
      return
    }
    endRow()
    rest(event)
  }

  const settle = (): Promise<void> => {
    endRow()
    return queue
  }
  return { emit, settle, close: settle }
}
