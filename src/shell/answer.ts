/** How many bytes of each stream of one fragment are kept; the rest is counted. */
export const KEPT = 1024 * 1024

/** What a fragment of shell text said: its exit status and both streams, kept up to `KEPT` bytes each. */
export class Answer {
  /** Exit status, 128+n for a death by signal n as sh reports it; null when the fragment was not run at all. */
  readonly code: number | null
  readonly stdoutBytes: Buffer
  readonly stderrBytes: Buffer
  /** Bytes that were said but not kept. */
  readonly dropped: number

  constructor(code: number | null, stdout: Buffer | string = '', stderr: Buffer | string = '', dropped = 0) {
    this.code = code
    this.stdoutBytes = typeof stdout === 'string' ? Buffer.from(stdout) : stdout
    this.stderrBytes = typeof stderr === 'string' ? Buffer.from(stderr) : stderr
    this.dropped = dropped
  }

  /** Standard output as UTF-8; bytes that are no UTF-8 become U+FFFD. */
  get stdout(): string {
    return this.stdoutBytes.toString('utf8')
  }

  /** Standard error as UTF-8. */
  get stderr(): string {
    return this.stderrBytes.toString('utf8')
  }

  /** The fragment ran and its status is 0. */
  get ok(): boolean {
    return this.code === 0
  }
}
