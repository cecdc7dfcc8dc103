import type { Diagnostic } from '../base/diagnostic.ts'

/** How many faults of one archive are shown; the rest is counted. */
const SHOWN = 20

/** Collects faults without growing with them: the first twenty, and how many there were of each code. */
export class FaultList {
  readonly #first: Diagnostic[] = []
  readonly #counts = new Map<string, number>()

  add(code: string, message: string, remedy?: string): void {
    this.#counts.set(code, (this.#counts.get(code) ?? 0) + 1)
    if (this.#first.length < SHOWN)
      this.#first.push({ code, severity: 'error', message, ...(remedy !== undefined && { remedy }) })
  }

  get size(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0)
  }

  /** The faults to show; the last one says how many more there are. */
  list(): readonly Diagnostic[] {
    const more = this.size - this.#first.length
    if (more <= 0) return this.#first
    const counts = [...this.#counts].map(([code, count]) => `${code} ${count}`).join(', ')
    const last: Diagnostic = { code: 'more-faults', severity: 'error', message: `and ${more} more; in all: ${counts}` }
    return [...this.#first, last]
  }
}
