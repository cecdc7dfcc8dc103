import { CarriedSession } from './carried-session.ts'
import { LocalCarrier } from './local.ts'
import type { Connect } from './session.ts'
import { SshCarrier } from './ssh.ts'

/** Opens sessions by what the inventory says; nothing is sent before the first shell is asked for. */
export const connect: Connect = spec =>
  new CarriedSession(spec, spec.connection === 'local' ? new LocalCarrier(spec.name) : new SshCarrier(spec))
