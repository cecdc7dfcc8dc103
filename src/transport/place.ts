import type { Proxies } from '../kit/host.ts'
import type { Script } from '../shell/script.ts'
import type { Session, Shell } from './session.ts'

/** Where an effect is made: one machine, one identity, the task's environment, and the means to stop and to tell how far it is. */
export interface Place {
  readonly session: Session
  readonly shell: Shell
  readonly signal: AbortSignal
  /** `export NAME=value` lines of the task's `environment`, or nothing. */
  readonly environment: Script
  /** What leads from there to the web, by the environment of the shell and of the task; nothing when absent. */
  readonly proxies?: Proxies
  /** Bytes done and bytes in all (0 when unknown). */
  progress(what: string, done: number, total: number): void
}
