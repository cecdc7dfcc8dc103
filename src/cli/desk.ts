import type { Mask } from '../report/mask.ts'
import type { Config } from './config/table.ts'
import type { Stop } from './signals.ts'
import type { Sink } from './streams.ts'

/** What every command holds in the hand: where it prints, what must not be seen, and what may stop it. */
export interface Desk {
  readonly out: Sink
  readonly err: Sink
  readonly mask: Mask
  readonly stop: Stop
  readonly env: Readonly<Record<string, string | undefined>>
  /** Ansible's environment variables and its ansible.cfg. */
  readonly config: Config
  /** The ansible.cfg that was read. */
  readonly configFile?: string
}

/** A command: does its work and says with which status the program ends. */
export type CommandRun<O> = (options: O, desk: Desk) => Promise<number>

/** Loads a command's file and runs it; nothing that a command needs is loaded before it is called. */
export type Start = <O>(load: () => Promise<{ default: CommandRun<O> }>, options: (desk: Desk) => O) => Promise<void>
