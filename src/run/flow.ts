import { dict, type Value } from '../base/value.ts'
import type { Block, Step } from '../playbook/ast.ts'
import type { Moment } from './clock.ts'
import type { PlayContext } from './context.ts'
import { HostLeaves, type HostState, TaskFailed } from './host.ts'
import { bring, includeVars, metaOf, STEERING } from './include.ts'
import { falseCondition } from './language.ts'
import { itemsOf } from './loops.ts'
import { selected } from './tags.ts'
import { announce, type Errand, runTask } from './task.ts'
import { quietly } from './tell.ts'
import { failedBy, labelOf, registered, speechOf, type Turn } from './turn.ts'
import { NOWHERE, type Placed, type Surroundings, sections, tasksOf, within } from './walk.ts'

/** Where steps run: what surrounds them, when, and what a failure means. */
interface Situation {
  readonly around: Surroundings
  /** Put before the number of each task: tasks that an include brought lie after it and before its neighbour. */
  readonly prefix: Moment
  readonly locals: ReadonlyMap<string, Value>
  readonly rescuable: boolean
  readonly handler: boolean
}

const START: Situation = { around: NOWHERE, prefix: [], locals: new Map(), rescuable: false, handler: false }

/**
 * One host's way through a play: the call stack is the state. A block is try, catch and finally; the clock keeps the
 * hosts of a batch at the same task.
 */
export class Flow {
  readonly #play: PlayContext
  readonly #host: HostState

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
      if (error instanceof TaskFailed) await this.#fail()
      else if (!(error instanceof HostLeaves)) throw error
    } finally {
      this.#play.clock.leave(this.#host.name)
    }
  }

  /** Nobody rescued it. Handlers that wait are lost, unless they are forced. */
  async #fail(): Promise<void> {
    this.#host.recap.failed += 1
    const { run, play } = this.#play
    const forced =
      run.options.forceHandlers || (play.forceHandlers?.kind === 'scalar' && play.forceHandlers.value === true)
    if (forced && this.#host.notified.size > 0) {
      try {
        await this.#flush([Number.MAX_SAFE_INTEGER])
      } catch (error) {
        if (!(error instanceof TaskFailed || error instanceof HostLeaves)) throw error
      }
    }
    this.#host.failed = true
    this.#tooMany()
  }

  /** `max_fail_percentage`: when more hosts of the batch than this are lost, the play ends for all. */
  #tooMany(): void {
    const { play, batch } = this.#play
    if (play.maxFailPercentage?.kind !== 'scalar') return
    const limit = Number(play.maxFailPercentage.text)
    const lost = batch.filter(host => host.out).length
    if ((lost / batch.length) * 100 > limit) this.#play.stop ??= `more than ${limit} % of the hosts failed`
  }

  async #steps(steps: readonly Step[], situation: Situation): Promise<void> {
    for (const step of steps) {
      if (step.kind === 'block') await this.#block(step, situation)
      else await this.#task({ task: step, around: situation.around }, situation)
    }
  }

  async #block(block: Block, outer: Situation): Promise<void> {
    const once = block.role?.once
    if (once !== undefined) {
      const key = `${this.#host.name}\n${once}`
      if (this.#play.rolesDone.has(key)) return
      this.#play.rolesDone.add(key)
    }
    const situation = { ...outer, around: within(block, outer.around) }
    try {
      await this.#steps(block.block, { ...situation, rescuable: situation.rescuable || block.rescue.length > 0 })
    } catch (error) {
      if (!(error instanceof TaskFailed) || block.rescue.length === 0) throw error
      this.#host.recap.rescued += 1
      const why = new Map<string, Value>([
        ...situation.locals,
        [
          'ansible_failed_task',
          dict({
            name: error.task.name?.kind === 'scalar' ? error.task.name.text : error.task.written,
            action: error.task.action,
          }),
        ],
        ['ansible_failed_result', error.result],
      ])
      await this.#steps(block.rescue, { ...situation, locals: why })
    } finally {
      if (!this.#host.unreachable && !this.#host.ended && block.always.length > 0)
        await this.#steps(block.always, situation)
    }
  }

  async #task(placed: Placed, situation: Situation): Promise<void> {
    const { task } = placed
    const { run, clock } = this.#play
    if (!this.#wanted(placed)) return
    await clock.reach(this.#host.name, [...situation.prefix, task.id])
    if (run.signal.aborted) throw run.signal.reason
    if (this.#play.stop !== undefined || this.#host.ended) throw new HostLeaves(this.#play.stop ?? 'ended')
    const errand: Errand = {
      play: this.#play,
      host: this.#host,
      placed,
      locals: situation.locals,
      handler: situation.handler,
      rescuable: situation.rescuable,
    }
    if (STEERING.has(task.action)) await this.#steer(errand, situation)
    else await runTask(errand)
  }

  /** Whether tags and `--start-at-task` want it. */
  #wanted({ task }: Placed): boolean {
    const { run } = this.#play
    if (!selected(task.tags, run.options.tags, run.options.skipTags)) return false
    if (run.started) return true
    const name = task.name?.kind === 'scalar' ? task.name.text : task.written
    run.started = name === run.options.startAtTask
    return run.started
  }

  /** Includes and `meta`: what changes what will run. */
  async #steer(errand: Errand, situation: Situation): Promise<void> {
    const { placed } = errand
    const { task } = placed
    if (task.action === 'meta') return this.#meta(errand, situation)
    const { tell, speech } = announce(errand)
    const base: Turn = { play: this.#play, host: this.#host, placed, locals: situation.locals, tell }
    let turns: ReadonlyMap<string, Value>[]
    try {
      turns =
        task.loop === undefined
          ? [situation.locals]
          : itemsOf(task.loop, speech).map(own => new Map([...situation.locals, ...own]))
    } catch (error) {
      return this.#settleFailure(base, error)
    }
    for (const [i, locals] of turns.entries()) {
      const turn: Turn = { ...base, locals }
      try {
        const now = speechOf(turn)
        const not = falseCondition(task.when, now)
        if (not !== undefined) {
          this.#host.recap.skipped += 1
          tell.result(
            {
              changed: false,
              skipped: 'Conditional result was False',
              fields: dict({ skipped: true, false_condition: not }),
              diff: [],
            },
            {},
          )
          continue
        }
        if (task.action === 'include_vars') {
          const result = includeVars(turn, now)
          if (task.register !== undefined)
            this.#play.run.store.register(this.#host.name, task.register, registered(result))
          if (result.failed !== undefined) throw new Error(result.failed)
          this.#host.recap.ok += 1
          tell.result(result, {})
          continue
        }
        const found = bring(turn, now)
        if (found.failed !== undefined) return this.#settleFailure(turn, new Error(found.failed))
        this.#host.recap.ok += 1
        tell.included(
          found.from,
          task.loop === undefined
            ? undefined
            : quietly(() => labelOf(task, locals.get(task.loop?.variable ?? ''), now)),
        )
        this.#play.handlers.push(...tasksOf(found.handlers, placed.around, false))
        await this.#steps(found.steps, {
          ...situation,
          around: placed.around,
          prefix: [...situation.prefix, task.id, i],
        })
      } catch (error) {
        if (error instanceof TaskFailed || error instanceof HostLeaves) throw error
        return this.#settleFailure(turn, error)
      }
    }
  }

  /** A steering task that could not be done fails like any other. */
  #settleFailure(turn: Turn, error: unknown): never {
    const told =
      error instanceof Error && error.constructor === Error
        ? { changed: false, failed: error.message, fields: dict({ msg: error.message }), diff: [] }
        : failedBy(error, turn)
    turn.tell.result(told, {})
    throw new TaskFailed(turn.placed.task, registered(told))
  }

  async #meta(errand: Errand, situation: Situation): Promise<void> {
    const { placed, play, host } = errand
    const { task } = placed
    const scope = play.run.store.scope(host.name, {
      play: play.frame,
      roles: placed.around.roles,
      blocks: placed.around.blocks,
      task: task.vars,
      locals: situation.locals,
    })
    const speech = { scope, options: {} }
    if (falseCondition(task.when, speech) !== undefined) return
    const turn = { play, host, placed, locals: situation.locals, tell: undefined as never }
    switch (metaOf(turn, speech)) {
      case 'flush_handlers':
        return this.#flush([...situation.prefix, task.id, 0])
      case 'end_host':
        host.ended = true
        throw new HostLeaves('end_host')
      case 'end_play':
      case 'end_batch':
        play.stop ??= 'end_play'
        throw new HostLeaves('end_play')
      case 'clear_facts':
        play.run.store.clearFacts(host.name)
        return
      case 'clear_host_errors':
        for (const state of play.run.hosts.values()) Object.assign(state, { failed: false, unreachable: false })
        return
      case 'reset_connection':
        for (const machine of play.run.fleet.machines) if (machine.name === host.name) await machine.session.reset()
        return
      default:
        return
    }
  }

  /** Runs the handlers that wait, in the order in which they are written; a handler may notify later ones. */
  async #flush(moment: Moment): Promise<void> {
    for (const placed of this.#play.handlers) {
      if (!this.#host.notified.has(placed.task.id)) continue
      this.#host.notified.delete(placed.task.id)
      await this.#task(placed, { ...START, around: placed.around, prefix: moment, handler: true })
    }
  }
}

/** The number of the last task of some steps; flushing comes after it. */
function lastId(steps: readonly Step[]): number {
  let last = 0
  for (const { task } of tasksOf(steps, NOWHERE, false)) last = Math.max(last, task.id)
  return last
}
