import { Answer, KEPT } from './answer.ts'

/** How the reply of one fragment is kept. */
export interface Keeping {
  /** Bytes kept of each stream; the rest is counted. */
  readonly keep?: number
}

/** Called as output arrives; the bytes may belong to a larger buffer and must be copied to be kept. */
export type OnOutput = (fragment: number, stream: 'stdout' | 'stderr', bytes: Buffer) => void

/** What was said outside the frames is shown in error messages, up to this many bytes of its end. */
const STRAY_KEPT = 4096

/** A frame line is the mark, two numbers and a newline; one that is longer is no frame line. */
const HEADER_MAX = 64

/**
 * Unpacks the replies of one trip from two streams of bytes, chunk by chunk, wherever the chunks are cut. Memory is
 * bounded by what each fragment may keep. Bytes before the first mark and after the last one are nobody's reply: login
 * noise, or a process that an earlier fragment left behind.
 */
export class TripDecoder {
  readonly #stdout: Scanner
  readonly #stderr: Scanner
  readonly #codes: (number | null)[] = []
  #pid = 0

  constructor(mark: string, fragments: readonly Keeping[], onOutput?: OnOutput) {
    const onOut = onOutput && ((fragment: number, bytes: Buffer) => onOutput(fragment, 'stdout', bytes))
    const onErr = onOutput && ((fragment: number, bytes: Buffer) => onOutput(fragment, 'stderr', bytes))
    this.#stdout = new Scanner(mark, fragments, words => this.#header(words), onOut)
    this.#stderr = new Scanner(mark, fragments, () => undefined, onErr)
  }

  stdout(chunk: Buffer): void {
    this.#stdout.write(chunk)
  }

  stderr(chunk: Buffer): void {
    this.#stderr.write(chunk)
  }

  #header([word, value]: readonly string[]): void {
    if (word === 'begin') this.#pid = Number(value)
    else this.#codes.push(value === '-' ? null : Number(value))
  }

  /** Every fragment has been answered on both streams. */
  get done(): boolean {
    return this.#stdout.done && this.#stderr.done
  }

  /** The trip's first mark came: its text was read whole and runs, or ran. */
  get begun(): boolean {
    return this.#stdout.begun
  }

  /** How many fragments have been answered on both streams. */
  get answered(): number {
    return Math.max(0, Math.min(this.#stdout.at, this.#stderr.at))
  }

  /** `$$` of the shell that runs the trip; 0 until it has begun. */
  get pid(): number {
    return this.#pid
  }

  /** The end of what was said outside the frames, both streams, as text for people. */
  get stray(): string {
    return `${this.#stdout.stray}${this.#stderr.stray}`
  }

  /** The replies that have come in full, in order. */
  answers(): Answer[] {
    return Array.from({ length: this.answered }, (_, i) => {
      const out = this.#stdout.taken(i)
      const err = this.#stderr.taken(i)
      return new Answer(this.#codes[i] ?? null, out.bytes, err.bytes, out.dropped + err.dropped)
    })
  }
}

interface Kept {
  readonly bytes: Buffer
  readonly dropped: number
}

/** One stream of a trip: data and frame lines told apart. `at` is the fragment that is speaking, -1 before the first. */
class Scanner {
  readonly #mark: Buffer
  readonly #fragments: readonly Keeping[]
  readonly #onHeader: (words: readonly string[]) => void
  readonly #onData: ((fragment: number, bytes: Buffer) => void) | undefined
  readonly #kept: Kept[] = []
  #sink: Sink
  #held: Buffer = Buffer.alloc(0)
  #stray: Buffer = Buffer.alloc(0)
  at = -1

  constructor(
    mark: string,
    fragments: readonly Keeping[],
    onHeader: (words: readonly string[]) => void,
    onData: ((fragment: number, bytes: Buffer) => void) | undefined,
  ) {
    this.#mark = Buffer.from(mark)
    this.#fragments = fragments
    this.#onHeader = onHeader
    this.#onData = onData
    this.#sink = new Sink(0)
  }

  get begun(): boolean {
    return this.at >= 0
  }

  get done(): boolean {
    return this.at >= this.#fragments.length
  }

  get stray(): string {
    return this.#stray.toString('utf8')
  }

  taken(fragment: number): Kept {
    return this.#kept[fragment] ?? { bytes: Buffer.alloc(0), dropped: 0 }
  }

  write(chunk: Buffer): void {
    let rest = this.#held.length > 0 ? Buffer.concat([this.#held, chunk]) : chunk
    for (;;) {
      const found = this.done ? -1 : rest.indexOf(this.#mark)
      if (found < 0) break
      const from = found + this.#mark.length
      const end = rest.subarray(0, from + HEADER_MAX).indexOf(10, from)
      if (end < 0 && rest.length - from < HEADER_MAX) {
        this.#data(rest.subarray(0, found))
        this.#held = Buffer.from(rest.subarray(found))
        return
      }
      const words = end < 0 ? [] : rest.subarray(from, end).toString('latin1').trim().split(' ')
      if (this.#expected(words)) {
        this.#data(rest.subarray(0, found))
        this.#turn(words)
        rest = rest.subarray(end + 1)
      } else {
        // One byte on, not the whole mark: what looked like one may overlap the true one.
        this.#data(rest.subarray(0, found + 1))
        rest = rest.subarray(found + 1)
      }
    }
    const hold = this.done ? 0 : this.#overlap(rest)
    this.#data(rest.subarray(0, rest.length - hold))
    this.#held = Buffer.from(rest.subarray(rest.length - hold))
  }

  #expected(words: readonly string[]): boolean {
    const [word, value = '0', ...more] = words
    return word === (this.at < 0 ? 'begin' : String(this.at)) && /^(\d+|-)$/.test(value) && more.length === 0
  }

  /** A frame line ends the reply of one fragment and begins the next. */
  #turn(words: readonly string[]): void {
    if (this.at >= 0) this.#kept.push(this.#sink.take())
    this.#onHeader(words)
    this.at += 1
    this.#sink = new Sink(this.#fragments[this.at]?.keep ?? KEPT)
  }

  #data(bytes: Buffer): void {
    if (bytes.length === 0) return
    if (!this.begun || this.done) {
      this.#stray = Buffer.from(Buffer.concat([this.#stray, bytes.subarray(-STRAY_KEPT)]).subarray(-STRAY_KEPT))
      return
    }
    this.#sink.write(bytes)
    this.#onData?.(this.at, bytes)
  }

  /** How many bytes at the end may be the beginning of a mark whose rest has not come yet. */
  #overlap(bytes: Buffer): number {
    for (let n = Math.min(this.#mark.length - 1, bytes.length); n > 0; n--)
      if (bytes.subarray(bytes.length - n).equals(this.#mark.subarray(0, n))) return n
    return 0
  }
}

/** Keeps the first bytes of a stream and counts the rest. */
class Sink {
  readonly #limit: number
  readonly #chunks: Buffer[] = []
  #size = 0
  #dropped = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  write(bytes: Buffer): void {
    const room = Math.min(bytes.length, this.#limit - this.#size)
    if (room > 0) {
      this.#chunks.push(Buffer.from(bytes.subarray(0, room)))
      this.#size += room
    }
    this.#dropped += bytes.length - Math.max(0, room)
  }

  take(): Kept {
    return { bytes: Buffer.concat(this.#chunks), dropped: this.#dropped }
  }
}
