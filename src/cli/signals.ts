import { SIGNALS, type StopSignal } from './exit.ts'

/** A second request within this many milliseconds means it. */
const MEANT = 3000

/** The reason of the abort: which signal asked for it. */
export class Interrupted extends Error {
  readonly by: StopSignal

  constructor(by: StopSignal) {
    super(`stopped by ${by}`)
    this.name = 'Interrupted'
    this.by = by
  }
}

export interface Stop {
  readonly signal: AbortSignal
  /** The signal that stopped us, once there was one. */
  by(): StopSignal | undefined
  /** Gives the signals back to Node. */
  release(): void
}

/**
 * One handler for everything that asks us to stop. The first request aborts the run, which cleans up and ends; a second one
 * within three seconds calls `now`, which must end the process at once.
 * @param say tells people what goes on
 */
export function listen(
  say: (text: string) => void,
  now: (status: number) => void,
  clock: () => number = Date.now,
): Stop {
  const controller = new AbortController()
  let last = Number.NEGATIVE_INFINITY
  let by: StopSignal | undefined
  const stop = (signal: StopSignal) => {
    if (by !== undefined && clock() - last < MEANT) now(SIGNALS[signal])
    last = clock()
    by ??= signal
    say(`\n${signal}: stopping when what runs now is safe; again within 3 s stops at once\n`)
    controller.abort(new Interrupted(by))
  }
  const handlers = (Object.keys(SIGNALS) as StopSignal[]).map(signal => [signal, () => stop(signal)] as const)
  for (const [signal, handler] of handlers) process.on(signal, handler)
  return {
    signal: controller.signal,
    by: () => by,
    release: () => {
      for (const [signal, handler] of handlers) process.off(signal, handler)
    },
  }
}
