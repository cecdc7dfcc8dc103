import { setTimeout as sleep } from 'node:timers/promises'
import { type Dict, dict, type Value } from '../base/value.ts'
import { TemplateError } from '../jinja/errors.ts'
import type { PlayContext } from './context.ts'
import { HostLeaves, type HostState, TaskFailed } from './host.ts'
import { boolOf, falseCondition, numberOf, type Speech, textOf } from './language.ts'
import { itemsOf } from './loops.ts'
import type { Result } from './ports.ts'
import { quietly, TaskTeller } from './tell.ts'
import { failedBy, labelOf, registered, speechOf, type Turn, takeTurn } from './turn.ts'
import type { Placed } from './walk.ts'

/** What is known about a task on a host before it runs. */
export interface Errand {
  readonly play: PlayContext
  readonly host: HostState
  readonly placed: Placed
  /** Variables that only this place knows: why a rescue runs. */
  readonly locals: ReadonlyMap<string, Value>
  readonly handler: boolean
  /** Inside a block with a rescue: a failure is not the end. */
  readonly rescuable: boolean
}

/** Says that a task starts (once a batch), and gives the means to say how it goes on. */
export function announce({ play, host, placed, locals, handler }: Errand): { tell: TaskTeller; speech: Speech } {
  const { task, around } = placed
  const scope = play.run.store.scope(host.name, {
    play: play.frame,
    roles: around.roles,
    blocks: around.blocks,
    task: task.vars,
    locals,
  })
  const speech = { scope, options: {} }
  const tell = new TaskTeller(play, host, task, speech)
  const key = `${task.id}`
  if (!play.told.has(key)) {
    play.told.add(key)
    tell.start(handler)
  }
  tell.hostStart()
  return { tell, speech }
}

/** Runs a module task on a host, all turns of its loop, and settles what that means for the host. Throws `TaskFailed` or `HostLeaves`. */
export async function runTask(errand: Errand): Promise<void> {
  const { play, host, placed } = errand
  const { task } = placed
  const { tell, speech } = announce(errand)
  const turn: Turn = { play, host, placed, locals: errand.locals, tell }
  const once = (quietly(() => boolOf(task.keywords.runOnce, speech)) ?? false) && play.batch.length > 1
  const work = (): Promise<Done> => (task.loop === undefined ? single(turn) : loop(turn, speech))
  const done = once ? await shared(errand, work) : await work()
  await settle(errand, tell, speech, done)
}

/** How all turns of a task went together. */
interface Done {
  readonly result: Result
  readonly items?: number
}

const single = async (turn: Turn): Promise<Done> => ({ result: await takeTurn(turn) })

/** The first host that comes does it for all; the others get its result. */
async function shared({ play, placed }: Errand, work: () => Promise<Done>): Promise<Done> {
  const key = String(placed.task.id)
  const running = (play.once.get(key) as Promise<Done> | undefined) ?? work()
  play.once.set(key, running)
  return running
}

/** Turn by turn; a turn that fails does not keep the next ones from running, as in Ansible. */
async function loop(turn: Turn, speech: Speech): Promise<Done> {
  const { task } = turn.placed
  const loopOf = task.loop
  if (loopOf === undefined) return single(turn)
  let turns: Map<string, Value>[]
  try {
    turns = itemsOf(loopOf, speechOf(turn))
  } catch (error) {
    // a loop over something that is not there is none of our business when the task would be skipped anyway
    if (!(error instanceof TemplateError) || quietly(() => falseCondition(task.when, speech)) === undefined)
      return { result: failedBy(error, turn) }
    return single(turn)
  }
  const results: Value[] = []
  const outcomes: Result[] = []
  const pause = quietly(() => numberOf(loopOf.pause, speech)) ?? 0
  for (const [i, own] of turns.entries()) {
    if (i > 0 && pause > 0) await sleep(pause * 1000, undefined, { signal: turn.play.run.signal })
    const inner: Turn = { ...turn, locals: new Map([...turn.locals, ...own]) }
    const result = await takeTurn(inner)
    const item = own.get(loopOf.variable) ?? null
    outcomes.push(result)
    results.push(new Map(registered(result)).set('item', item).set('ansible_loop_var', loopOf.variable))
    const shown = { ...result, fields: new Map(result.fields).set('item', item) }
    turn.tell.item(shown, item, quietly(() => labelOf(task, item, speechOf(inner))) ?? '')
    if (result.unreachable) break
    if (loopOf.breakWhen.length > 0 && falseCondition(loopOf.breakWhen, speechOf(inner)) === undefined) break
  }
  return { result: together(outcomes, results), items: outcomes.length }
}

/** One result for a whole loop. */
function together(outcomes: readonly Result[], results: Value[]): Result {
  const failures = outcomes.filter(outcome => outcome.failed !== undefined)
  const changed = outcomes.some(outcome => outcome.changed)
  const skipped = outcomes.length === 0 || outcomes.every(outcome => outcome.skipped !== undefined)
  const lost = outcomes.some(outcome => outcome.unreachable)
  const msg =
    failures.length > 0
      ? 'One or more items failed'
      : skipped
        ? outcomes.length === 0
          ? 'No items in the list'
          : 'All items skipped'
        : 'All items completed'
  const single = failures.length === 1 ? failures[0] : undefined
  return {
    changed,
    ...(failures.length > 0 ? { failed: single?.failed ?? msg } : {}),
    ...(single?.remedy === undefined ? {} : { remedy: single.remedy }),
    ...(skipped ? { skipped: msg } : {}),
    ...(lost ? { unreachable: true } : {}),
    fields: dict({
      results,
      msg,
      ...(skipped ? { skipped: true } : {}),
      ...(outcomes.length === 0 ? { skipped_reason: msg } : {}),
    }),
    diff: [],
  }
}

/** Registers, keeps facts, notifies, counts, tells; and unwinds when the host cannot go on. */
async function settle(errand: Errand, tell: TaskTeller, speech: Speech, done: Done): Promise<void> {
  const { play, host, placed } = errand
  const { task } = placed
  const { result } = done
  const dictOf = registered(result)
  if (task.register !== undefined) play.run.store.register(host.name, task.register, dictOf)
  learn(errand, speech, result)
  const delegate = quietly(() => textOf(task.delegateTo, speech))
  const more = {
    ...(done.items === undefined ? {} : { items: done.items }),
    ...(delegate === undefined ? {} : { delegate }),
  }
  const { recap } = host
  if (result.unreachable) {
    const ignored = boolOf(task.keywords.ignoreUnreachable, speech) ?? false
    tell.result(result, { ...more, ...(ignored ? { ignored } : {}) })
    if (ignored) {
      recap.skipped += 1
      return
    }
    recap.unreachable += 1
    host.unreachable = true
    throw new HostLeaves('unreachable')
  }
  if (result.failed !== undefined) {
    const ignored = boolOf(task.keywords.ignoreErrors, speech) ?? false
    const rescued = !ignored && errand.rescuable
    tell.result(result, { ...more, ...(ignored ? { ignored } : {}), ...(rescued ? { rescued } : {}) })
    if (ignored) {
      recap.ok += 1
      recap.ignored += 1
      return
    }
    if (boolOf(task.keywords.anyErrorsFatal, speech)) play.stop ??= `${host.name} failed and any_errors_fatal is set`
    throw new TaskFailed(task, dictOf)
  }
  tell.result(result, more)
  if (result.skipped !== undefined) {
    recap.skipped += 1
    return
  }
  recap.ok += 1
  if (result.changed) {
    recap.changed += 1
    notify(errand, speech, tell)
  }
}

/** Facts and variables that a module gave. `set_fact` gives variables; everything else gives facts. */
function learn({ play, host, placed: { task } }: Errand, speech: Speech, result: Result): void {
  const parts =
    task.loop === undefined
      ? [result.fields]
      : ((result.fields.get('results') as Value[] | undefined) ?? []).filter(
          (part): part is Dict => part instanceof Map,
        )
  for (const part of parts) {
    const facts = part.get('ansible_facts')
    if (!(facts instanceof Map)) continue
    const delegate = boolOf(task.delegateFacts, speech) ? quietly(() => textOf(task.delegateTo, speech)) : undefined
    const target = delegate ?? host.name
    if (task.action === 'set_fact')
      for (const [name, value] of facts) play.run.store.setFact(target, String(name), value)
    else play.run.store.setFacts(target, facts)
  }
}

/** Marks the handlers that listen; a name that nobody listens to was refused when the playbook was checked, or is told now. */
function notify({ play, host, placed: { task } }: Errand, speech: Speech, tell: TaskTeller): void {
  for (const node of task.notify) {
    const name = textOf(node, speech)
    if (name === undefined) continue
    const found = play.handlers.filter(handler => listens(handler, name, speech))
    if (found.length === 0)
      play.run.emit({
        type: 'warning',
        host: host.name,
        msg: `no handler is called '${name}', which ${tell.ref.path} notifies`,
      })
    for (const handler of found) host.notified.add(handler.task.id)
    play.run.emit({ type: 'notified', host: host.name, handler: name, ...tell.ref })
  }
}

function listens({ task }: Placed, name: string, speech: Speech): boolean {
  if (task.listen.includes(name)) return true
  const own = quietly(() => textOf(task.name, speech)) ?? (task.name?.kind === 'scalar' ? task.name.text : undefined)
  return own !== undefined && (own === name || (task.role !== undefined && `${task.role.name} : ${own}` === name))
}
