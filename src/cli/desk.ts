import type { Mask } from '../report/mask.ts'
import type { Stop } from './signals.ts'
import type { Sink } from './streams.ts'

/** What every command holds in the hand: where it prints, what must not be seen, and what may stop it. */
export interface Desk {
  readonly out: Sink
  readonly err: Sink
  readonly mask: Mask
  readonly stop: Stop
  readonly env: Readonly<Record<string, string | undefined>>
}

/** A command: does its work and says with which status the program ends. */
export type CommandRun<O> = (options: O, desk: Desk) => Promise<number>
