import { TransportError } from './session.ts'

/** Nobody answers at an address that a machine was asked to connect to. The machine itself is well. */
export class Unanswered extends TransportError {
  constructor(message: string, remedy?: string) {
    super('unreachable', message, remedy)
  }
}
