import { toText } from '../jinja/python/text.ts'
import type { Block, Step } from '../playbook/ast.ts'
import type { Moment } from './clock.ts'
import type { PlayContext } from './context.ts'
import { quietly } from './faults.ts'
import { HostLeaves, type HostState, RoleEnds, TaskFailed } from './host.ts'
import { INCLUDES } from './include.ts'
import { runInclude } from './include-task.ts'
import { boolOf, renderedOf } from './language.ts'
import { doMeta, metaApplies, tellMeta, wordOf } from './meta.ts'
import { speechAt } from './speech.ts'
import type { Steps } from './step.ts'
import { selected, tagsOf } from './tags.ts'
import { announce, type Errand, failTask, isOnce, keyOf, onceFault, runTask } from './task.ts'
import { refOf } from './tell.ts'
import { NOWHERE, type Placed, type Surroundings, sections, tasksOf, within } from './walk.ts'

/** Where steps run: what surrounds them, when, and what a failure means. */
interface Situation {
  readonly around: Surroundings
  /** Put before the number of each task: tasks that an include brought lie after it and before its neighbour. */
  readonly prefix: Moment
  /** The blocks with a rescue around them, outermost first. */
  readonly rescuers: readonly string[]
  readonly handler: boolean
}

const START: Situation = { around: NOWHERE, prefix: [], rescuers: [], handler: false }

/**
 * One host's way through a play: the call stack is the state. A block is try, catch and finally; the clock keeps the
 * hosts of a batch at the same task.
 */
export class Flow {
  readonly #play: PlayContext
  readonly #host: HostState
  /** The failure of a handler: those after it are not forced. */
  #broken: TaskFailed | undefined

  constructor(play: PlayContext, host: HostState) {
    this.#play = play
    this.#host = host
  }

  /** All sections with their handlers. Never throws for what happens on the host: that stands in its state. */
  async run(first: Placed | undefined): Promise<void> {
    try {
      if (first) await this.#task(first, { ...START, prefix: [-1] })
      let last = 0
      for (const [i, steps] of sections(this.#play.play).entries()) {
        await this.#steps(steps, START)
        last = Math.max(last, lastId(steps))
        await this.#flush([last + 0.5, i])
      }
    } catch (error) {
      if (error instanceof TaskFailed) await this.#fail(error)
      else if (!(error instanceof HostLeaves || error instanceof RoleEnds)) throw error
    } finally {
      this.#play.clock.leave(this.#host.name)
    }
  }

  /** Nobody rescued it. Handlers that wait are lost, unless they are forced. */
  async #fail(failure: TaskFailed): Promise<void> {
    this.#count(failure)
    const { run, play, frame } = this.#play
    const speech = { scope: run.store.scope(this.#host.name, { play: frame }), options: {} }
    const forced = quietly(() => boolOf(play.forceHandlers, speech)) ?? run.options.forceHandlers
    if (forced && failure !== this.#broken) {
      try {
        await this.#flush([Number.MAX_SAFE_INTEGER])
      } catch (error) {
        if (!(error instanceof TaskFailed || error instanceof HostLeaves)) throw error
        if (error instanceof TaskFailed) this.#count(error)
      }
    }
    this.#host.failed = true
    this.#tooMany()
  }

  /** `max_fail_percentage`: when more hosts of the batch than this have failed in it, all of them fail. */
  #tooMany(): void {
    const { play, batch, size, frame, run } = this.#play
    if (play.maxFailPercentage === undefined) return
    const speech = { scope: run.store.scope(this.#host.name, { play: frame }), options: {} }
    const limit = quietly(() => Number(toText(renderedOf(play.maxFailPercentage, speech) ?? null).replace(/%$/, '')))
    const failed = batch.filter(host => host.failed).length
    if (limit !== undefined && (failed / size) * 100 > limit) this.#play.strikes += 1
  }

  async #steps(steps: readonly Step[], situation: Situation): Promise<void> {
    for (const step of steps) {
      if (step.kind === 'block') await this.#block(step, situation)
      else await this.#task({ task: step, around: situation.around }, situation)
    }
  }

  async #block(block: Block, outer: Situation): Promise<void> {
    const { role } = block
    if (role && this.#play.roles.done(this.#host.name, role)) return
    const situation = { ...outer, around: within(block, outer.around) }
    try {
      await this.#tried(block, situation)
    } catch (error) {
      if (!(error instanceof RoleEnds) || role === undefined) throw error
    }
    if (role) this.#play.roles.ended(this.#host.name, role)
  }

  /** The block itself, its rescue when a task of it failed, and what is always to be done. */
  async #tried(block: Block, situation: Situation): Promise<void> {
    const failure = await this.#rescued(block, situation)
    const { forgiven } = this.#play
    try {
      await this.#steps(block.always, situation)
    } catch (error) {
      // The end of the role does not mend what failed in it
      if (failure && error instanceof RoleEnds) throw failure
      // A failure in `always` takes the place of the one before it; both are counted.
      if ((error instanceof TaskFailed || error instanceof HostLeaves) && situation.rescuers.length === 0)
        this.#count(failure)
      // Told to leave in `always`, the host takes with it what nobody rescued
      if (failure && error instanceof HostLeaves && situation.rescuers.length === 0) this.#host.failed = true
      throw error
    }
    if (failure && this.#play.forgiven === forgiven) throw failure
    if (situation.rescuers.length === 0) this.#count(failure)
  }

  /** The block itself and its rescue; returns the failure that is left. */
  async #rescued(block: Block, situation: Situation): Promise<TaskFailed | undefined> {
    const rescues = this.#rescues(block, situation)
    const own = rescues ? [nameOf(block, situation)] : []
    const failure = await this.#failing(block.block, { ...situation, rescuers: [...situation.rescuers, ...own] })
    const mendable = failure !== undefined && !failure.final && rescues
    return mendable ? await this.#failing(block.rescue, situation) : failure
  }

  /** Whether there is a rescue: one of which tags want no task is none. */
  #rescues({ rescue }: Block, { around, handler }: Situation): boolean {
    if (handler) return rescue.length > 0
    for (const placed of tasksOf(rescue, around, false)) if (this.#wanted(placed)) return true
    return false
  }

  async #failing(steps: readonly Step[], situation: Situation): Promise<TaskFailed | undefined> {
    try {
      await this.#steps(steps, situation)
      return undefined
    } catch (error) {
      if (error instanceof TaskFailed) return error
      throw error
    }
  }

  /** Counts a failure of this host that nobody rescued. */
  #count(failure: TaskFailed | undefined): void {
    if (failure && !failure.elsewhere) this.#host.recap.failed += 1
  }

  async #task(placed: Placed, situation: Situation): Promise<void> {
    const { task } = placed
    const { run, clock } = this.#play
    const moment = [...situation.prefix, task.id]
    // Whoever notified a handler was chosen; the handler's own tags do not count.
    if (!situation.handler && !this.#wanted(placed)) return
    await clock.reach(this.#host.name, moment)
    if (run.signal.aborted) throw run.signal.reason
    if (this.#play.stop !== undefined || this.#host.ended) throw new HostLeaves(this.#play.stop ?? 'ended')
    this.#meetStrikes(placed, situation)
    const { handler, rescuers } = situation
    const errand: Errand = { play: this.#play, host: this.#host, placed, moment, handler, rescuers }
    if (run.steps && !(await this.#confirmed(run.steps, errand))) return
    if (task.action === 'meta') await this.#meta(errand, situation)
    else if (INCLUDES.has(task.action)) await this.#include(errand, situation)
    else await runTask(errand)
    if (!this.#endsTogether(errand)) return
    await clock.reach(this.#host.name, [...moment, Number.MAX_SAFE_INTEGER])
    this.#meetStrikes(placed, situation)
  }

  /** A failure on another host that was fatal for all comes over this one, unless it is rescued where this one is not. */
  #meetStrikes({ task }: Placed, { rescuers }: Situation): void {
    const { strikes, rescuers: within } = this.#play
    const since = this.#host.struck
    if (since >= strikes) return
    this.#host.struck = strikes
    for (let strike = since; strike < strikes; strike++) {
      const where = within[strike]
      if (where === undefined || rescuers.includes(where)) throw new TaskFailed(task, true)
    }
  }

  /** Whether hosts leave a task together, since a failure in it may be one for all: it must meet each in the same block. */
  #endsTogether({ placed, play }: Errand): boolean {
    const { anyErrorsFatal } = placed.task.keywords
    if (play.batch.length === 1) return false
    return play.play.maxFailPercentage !== undefined || anyErrorsFatal !== undefined
  }

  /** With `--step`, whether whoever is asked wants it. */
  async #confirmed(steps: Steps, { placed, moment }: Errand): Promise<boolean> {
    if (placed.task.action === 'meta') return true
    const { task } = refOf(placed.task, speechAt(this.#play, this.#host.name, placed))
    return steps.wanted(keyOf(moment), task)
  }

  /** Whether tags want it. */
  #wanted(placed: Placed): boolean {
    const { tags, skipTags } = this.#play.run.options
    return selected(this.#tags(placed), tags, skipTags)
  }

  /** The tags of a task, those that are templates rendered. */
  #tags(placed: Placed): readonly string[] {
    return tagsOf(placed.task, () => speechAt(this.#play, this.#host.name, placed))
  }

  async #include(errand: Errand, situation: Situation): Promise<void> {
    const fault = onceFault(errand)
    if (fault) return failTask(errand, announce(errand), fault)
    if (isOnce(errand) !== undefined) {
      const key = keyOf(errand.moment)
      if (this.#play.once.has(key)) return
      this.#play.once.set(key, Promise.resolve('fine'))
    }
    await runInclude(errand, (steps, params, turn) =>
      this.#steps(steps, {
        ...situation,
        around: { ...situation.around, params: [...situation.around.params, ...params] },
        prefix: [...errand.moment, turn],
      }),
    )
  }

  async #meta(errand: Errand, situation: Situation): Promise<void> {
    try {
      const word = wordOf(this.#play, this.#host, errand.placed)
      if (word !== 'flush_handlers') await doMeta(errand, word)
      else if (metaApplies(errand, word)) {
        tellMeta(errand, word, true)
        await this.#flush([...errand.moment, 0], situation.rescuers)
      }
    } catch (error) {
      if (error instanceof TaskFailed || error instanceof HostLeaves || error instanceof RoleEnds) throw error
      failTask(errand, announce(errand), error)
    }
  }

  /** Runs the handlers that wait, in the order in which they are written; a handler may notify later ones. */
  async #flush(prefix: Moment, rescuers: readonly string[] = []): Promise<void> {
    this.#resolve()
    for (const placed of this.#play.handlers.all) {
      if (!this.#host.due.delete(placed.task.id)) continue
      try {
        await this.#task(placed, { around: placed.around, prefix, rescuers, handler: true })
      } catch (error) {
        if (error instanceof TaskFailed) this.#broken = error
        throw error
      }
      this.#resolve()
    }
  }

  /** Finds the handlers that answer what this host has notified. */
  #resolve(): void {
    const { notified, due } = this.#host
    for (const [name, speech] of notified)
      for (const { task } of this.#play.handlers.answering(name, speech)) due.add(task.id)
    notified.clear()
  }
}

/** One name for a block, on whatever host it is met: where it stands, and the include that brought it. */
const nameOf = ({ span }: Block, { prefix }: Situation): string =>
  `${keyOf(prefix)} ${span.file}:${span.line}:${span.col}`

/** The number of the last task of some steps; flushing comes after it. */
function lastId(steps: readonly Step[]): number {
  let last = 0
  for (const { task } of tasksOf(steps, NOWHERE, false)) last = Math.max(last, task.id)
  return last
}
