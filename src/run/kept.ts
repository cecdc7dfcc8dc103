import type { Module } from '../kit/module.ts'
import type { Identity } from '../transport/session.ts'
import type { Machine } from './machine.ts'
import type { Placed } from './walk.ts'

/** A wish that came true in this play, kept to be asked about once more when the play is over. */
export interface Kept {
  readonly host: string
  readonly placed: Placed
  readonly machine: Machine
  readonly identity: Identity
  readonly module: Module
  readonly args: unknown
}
