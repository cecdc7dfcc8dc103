/** An archive that cannot be read: found in the archive itself, so no retry helps. */
export class ArchiveError extends Error {
  readonly code: string
  readonly remedy: string

  constructor(code: string, message: string, remedy: string) {
    super(message)
    this.name = 'ArchiveError'
    this.code = code
    this.remedy = remedy
  }
}
