/** Every status that this program exits with on purpose. 1 is not among them: it means that something went wrong unplanned. */
export const EXIT = {
  done: 0,
  /** A task failed on a host. */
  failed: 2,
  /** `--check --detailed-exitcode` found something to change. */
  drift: 3,
  /** A host was unreachable or lost. */
  unreachable: 4,
  /** A task failed on one host, another was unreachable. */
  both: 6,
  /** The command line is wrong. */
  usage: 64,
  /** Input was refused before any host was touched. */
  input: 65,
  /** A local file is missing. */
  missing: 66,
  /** A bug of ours. */
  bug: 70,
  /** Another run holds the lock. */
  locked: 75,
  /** A host key or a login was refused. */
  refused: 77,
  hangup: 129,
  interrupt: 130,
  terminated: 143,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** Signals that end a run after clean-up, and how. */
export const SIGNALS = { SIGHUP: EXIT.hangup, SIGINT: EXIT.interrupt, SIGTERM: EXIT.terminated } as const

export type StopSignal = keyof typeof SIGNALS

/** How a run ended, as far as its status goes. */
export interface Ending {
  /** A task failed on some host and nothing rescued or ignored it. */
  readonly failed: boolean
  /** Hosts that could not be reached or were lost, and of these the ones whose key or login was refused. */
  readonly unreachable: number
  readonly refused: number
  /** Another run holds the lock of a host. */
  readonly locked?: boolean
  readonly changed: boolean
  readonly check: boolean
  /** `--detailed-exitcode` */
  readonly detailed: boolean
  /** The signal that ended it. */
  readonly signal?: StopSignal
}

/** The status of a run. What stopped it counts before what failed in it, and that before what it found. */
export function exitOf(ending: Ending): ExitCode {
  if (ending.signal) return SIGNALS[ending.signal]
  if (ending.locked) return EXIT.locked
  const unreachable = ending.unreachable > 0
  if (ending.failed) return unreachable ? EXIT.both : EXIT.failed
  // Only when every lost host was a refusal: else a network that is down would look like a wrong key.
  if (unreachable) return ending.refused === ending.unreachable ? EXIT.refused : EXIT.unreachable
  return ending.check && ending.detailed && ending.changed ? EXIT.drift : EXIT.done
}
