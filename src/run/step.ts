import type { Ports } from './ports.ts'

/** `--step`: whoever sits at the terminal says of each task whether it is done. One answer holds for all hosts. */
export class Steps {
  readonly #ask: NonNullable<Ports['ask']>
  readonly #signal: AbortSignal
  readonly #answers = new Map<string, Promise<boolean>>()
  #all = false

  constructor(ask: NonNullable<Ports['ask']>, signal: AbortSignal) {
    this.#ask = ask
    this.#signal = signal
  }

  /** Whether the task is to be done. Hosts that come to it later get the answer of the first. */
  wanted(moment: string, name: string): Promise<boolean> {
    const known = this.#answers.get(moment)
    if (known) return known
    const answer = this.#all ? Promise.resolve(true) : this.#asked(name)
    this.#answers.set(moment, answer)
    return answer
  }

  /** yes, no, or yes to all that follows; whatever else is typed means no. */
  async #asked(name: string): Promise<boolean> {
    const typed = await this.#ask(`Perform task: TASK: ${name} (N)o/(y)es/(c)ontinue: `, true, this.#signal)
    const word = typed.trim().toLowerCase()
    if (word === 'c' || word === 'continue') this.#all = true
    return this.#all || word === 'y' || word === 'yes'
  }
}
