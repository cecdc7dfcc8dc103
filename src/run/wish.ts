import type { Module } from '../kit/module.ts'
import type { Script } from '../shell/script.ts'
import type { LookContext } from './look.ts'
import type { Interpreter } from './ports.ts'

/** What a task wants of a machine: a module, its arguments, and the circumstances. */
export interface Wish extends LookContext {
  readonly module: Module
  readonly args: unknown
  readonly environment: Script
  /** Seconds for the effects of this task. */
  readonly timeout?: number
  /** Look and decide, and keep the hands in the pockets. */
  readonly dry: boolean
  /** So does the whole run (`--check`): what a task before this one pretended may be what it rests on. */
  readonly check: boolean
  readonly effects: Interpreter
  /** Called before the machine is changed: resolves when no other run is at work there. */
  readonly hold: () => Promise<void>
}
