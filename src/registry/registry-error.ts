/** Why a registry could not be talked to, or said something that is not to be believed. */
export type RegistryFault =
  | 'refused'
  | 'tls'
  | 'timeout'
  | 'lost'
  | 'redirect'
  | 'status'
  | 'not-a-registry'
  | 'unauthorised'
  | 'not-found'
  | 'too-big'
  | 'digest'
  | 'malformed'

/** A registry that does not do its part; `message` says which one and what it did. */
export class RegistryError extends Error {
  readonly fault: RegistryFault
  /** HTTP status when there was one. */
  readonly status: number | undefined
  /** The code of TLS or of the system, for example `CERT_HAS_EXPIRED` or `ECONNREFUSED`. */
  readonly code: string | undefined

  constructor(fault: RegistryFault, message: string, more: { status?: number; code?: string | undefined } = {}) {
    super(message)
    this.name = 'RegistryError'
    this.fault = fault
    this.status = more.status
    this.code = more.code
  }
}
