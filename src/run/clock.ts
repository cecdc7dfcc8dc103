/** A place in a run: numbers compared from the left, so that tasks included at run time lie between their neighbours. */
export type Moment = readonly number[]

/** Negative when a comes before b. */
export function compare(a: Moment, b: Moment): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? -1) - (b[i] ?? -1)
    if (difference !== 0) return difference
  }
  return 0
}

/**
 * Lockstep without a scheduler: a host waits at a moment until every live host has come that far. Moments only move
 * forward, so hosts that skip some (a rescue, an include of their own) never hold the others up for ever. Hosts that may go
 * at the same time go in their order, so that the first of them is always the same.
 */
export class Clock {
  readonly #at = new Map<string, Moment>()
  readonly #rank = new Map<string, number>()
  #waiting: { readonly host: string; readonly moment: Moment; readonly go: () => void }[] = []
  /** Hosts that stand at the earliest moment; the earliest is looked for again only when all of them have moved. */
  #last = 0

  constructor(hosts: Iterable<string>) {
    for (const host of hosts) {
      this.#at.set(host, [])
      this.#rank.set(host, this.#rank.size)
    }
    this.#last = this.#at.size
  }

  /** Resolves when no live host stands before this moment. */
  async reach(host: string, moment: Moment): Promise<void> {
    const before = this.#at.get(host)
    if (before === undefined) return
    this.#at.set(host, moment)
    const arrived = new Promise<void>(go => this.#waiting.push({ host, moment, go }))
    this.#moved()
    await arrived
  }

  /** A host that is done or lost holds nobody up. */
  leave(host: string): void {
    if (this.#at.delete(host)) this.#moved()
  }

  /** One host left the earliest moment; when it was the last there, the next earliest may go. */
  #moved(): void {
    this.#last -= 1
    if (this.#last > 0) return
    let earliest: Moment | undefined
    for (const moment of this.#at.values())
      if (earliest === undefined || compare(moment, earliest) < 0) earliest = moment
    if (earliest === undefined) {
      for (const { go } of this.#waiting.splice(0)) go()
      return
    }
    const first = earliest
    this.#last = [...this.#at.values()].filter(moment => compare(moment, first) === 0).length
    const rank = ({ host }: { readonly host: string }): number => this.#rank.get(host) ?? 0
    const ready = this.#waiting
      .filter(({ moment }) => compare(moment, first) <= 0)
      .sort((a, b) => compare(a.moment, b.moment) || rank(a) - rank(b))
    this.#waiting = this.#waiting.filter(({ moment }) => compare(moment, first) > 0)
    // Not before whoever came last waits as well: else those who wait already would go before it, whatever their order.
    queueMicrotask(() => {
      for (const { go } of ready) go()
    })
  }
}
