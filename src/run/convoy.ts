import { isDeepStrictEqual } from 'node:util'
import type { Dict, Value } from '../base/value.ts'
import type { Module } from '../kit/module.ts'
import type { Edit, Plan } from '../kit/plan.ts'
import type { Questions, Resource } from '../kit/question.ts'
import type { Shell } from '../transport/session.ts'
import { argumentsOf } from './arguments.ts'
import { wishOf } from './attempt.ts'
import { dirsOf } from './circumstances.ts'
import { type Change, effectsOf, ensure, fieldsOf, line, lookOr, type Proven, taken } from './ensure.ts'
import { isUnknown, quietly } from './faults.ts'
import { withHomes } from './homes.ts'
import { falseCondition } from './language.ts'
import type { Seen, Wondering } from './look.ts'
import { identityKey } from './machine.ts'
import { type Parcel, parcel, send, targets } from './make.ts'
import type { DiffLine, Result } from './ports.ts'
import { overlaps } from './resources.ts'
import { speechAt } from './speech.ts'
import type { Turn } from './turn.ts'
import type { Wish } from './wish.ts'

/** How many turns are thought about at once, and how much shell text goes in one trip. */
const TURNS = 32
const TRIP_BYTES = 256 * 1024

type Locals = ReadonlyMap<string, Value>

/** The turns of a loop as a convoy, unless one may hang on how another went, or must wait for it. */
export function convoyOf(turn: Turn, items: readonly Locals[]): Convoy | undefined {
  const { task } = turn.placed
  const module = turn.play.run.ports.modules.get(task.action)
  if (items.length < 2 || !module || module.local || module.unmet) return undefined
  const { loop, until, retries, delegateTo, async } = task
  const apart = [loop?.pause, retries, delegateTo, async, task.keywords.timeout].some(node => node !== undefined)
  if (apart || until.length > 0 || (loop?.breakWhen.length ?? 0) > 0) return undefined
  return new Convoy(module, items)
}

/** A turn that is still to come. */
interface Coming {
  readonly index: number
  readonly wish: Wish
}

/** A turn of which it is known what it is going to change, if anything. */
interface Member extends Coming {
  readonly questions: Questions
  readonly seen: Seen
  readonly plan: Proven
  readonly shell: Shell
}

const isChange = (member: Member): member is Member & { readonly plan: Change } => member.plan.kind === 'change'

/**
 * Turns of one loop that go together. What all of them ask goes in one trip. Those that will change something are made in one
 * trip, too, each behind its own guard and with its own proof, so that a turn that is not as it was foreseen, and all behind it, are
 * left to their own time; or as one piece of work where the module can join them (packages: one transaction).
 */
export class Convoy {
  readonly #module: Module
  readonly #items: readonly Locals[]
  /** Turns that were made out, up to which one. */
  #coming: readonly Coming[] = []
  #known = 0
  /** The next turn with which others may go. */
  #next = 0
  readonly #made = new Map<number, { readonly args: unknown; readonly result: Result }>()
  /** What a joint piece of work was to change for a turn. */
  readonly #joint = new Map<
    number,
    { readonly diff: readonly DiffLine[]; readonly fields: Dict; readonly deed: Dict }
  >()

  constructor(module: Module, items: readonly Locals[]) {
    this.#module = module
    this.#items = items
  }

  /** What comes of a turn, perhaps with others. */
  async take(turn: Turn, wish: Wish): Promise<Result> {
    const index = this.#items.indexOf(turn.locals)
    const made = this.#made.get(index)
    this.#made.delete(index)
    if (made && isDeepStrictEqual(made.args, wish.args)) return made.result
    const others = (await this.#company(turn, wish)).filter(one => one.index > index)
    const shell = await wish.machine.shell(wish.identity, wish.signal)
    const ahead = (): Wondering[] => [...others.flatMap(one => this.#questions(one.wish, shell)), ...wish.ahead()]
    const own = { index, wish: { ...wish, ahead } }
    if (!wish.dry && index >= this.#next && others.length > 0) await this.#together(own, others)
    const mine = this.#made.get(index)
    this.#made.delete(index)
    return mine?.result ?? this.#told(index, await ensure(own.wish))
  }

  /** Turns to come whose arguments can be made out by now; one of which that cannot be said ends them. */
  async #company(turn: Turn, wish: Wish): Promise<readonly Coming[]> {
    const index = this.#items.indexOf(turn.locals)
    if (index < this.#known) return this.#coming
    const end = Math.min(this.#items.length, index + TURNS)
    this.#known = end
    const coming: Coming[] = []
    for (let i = index + 1; i < end; i++) {
      const one = await this.#wishOf({ ...turn, locals: this.#items[i] ?? turn.locals })
      if (one === 'skipped') continue
      if (one === undefined || one.machine !== wish.machine || one.dry !== wish.dry) break
      if (identityKey(one.identity) !== identityKey(wish.identity)) break
      coming.push({ index: i, wish: one })
    }
    this.#coming = coming
    return coming
  }

  async #wishOf(turn: Turn): Promise<Wish | 'skipped' | undefined> {
    const { play, host, placed } = turn
    try {
      // What the task registers tells each turn how the one before it went: a turn that asks for it, however far round, goes alone.
      const options = { pure: true, later: placed.task.register }
      const speech = speechAt(play, host.name, placed, turn.locals, undefined, options)
      if (falseCondition(placed.task.when, speech) !== undefined) return 'skipped'
      const dirs = dirsOf(placed.task, placed.around.roles, play.play.dir)
      const args = argumentsOf(placed.task, this.#module.args, speech, dirs)
      const wish = await withHomes({ ...wishOf(turn, speech, speech, this.#module, args), ahead: () => [] })
      return 'instead' in wish ? undefined : wish
    } catch (error) {
      if (isUnknown(error)) return undefined
      throw error
    }
  }

  #questions({ args, identity }: Wish, { info }: Shell): Wondering[] {
    const questions = quietly(() => Object.values(this.#module.probe(args, info))) ?? []
    return questions.flatMap(question => (question.of === 'target' ? [{ question, identity }] : []))
  }

  /**
   * Makes a turn and those that come, as far as it is known what they change. One that changes nothing is among them when one behind
   * it does: at its own time it would see what that one left.
   */
  async #together(own: Coming, others: readonly Coming[]): Promise<void> {
    const first = await this.#planned(own, [])
    if (first === undefined || !isChange(first)) return
    const known = [first as Member]
    const touched = [...first.plan.touches]
    const edits = [...first.plan.edits]
    for (const one of others) {
      const member = this.#isAsked(one, first.shell) ? await this.#planned(one, edits) : undefined
      if (member === undefined || (!this.#module.afterwards && restsOn(member, touched))) break
      known.push(member)
      if (!isChange(member)) continue
      touched.push(...member.plan.touches)
      edits.push(...member.plan.edits)
    }
    const members = known.slice(0, known.findLastIndex(isChange) + 1)
    if (members.length < 2) return
    this.#next = (members.at(-1)?.index ?? own.index) + 1
    const changes = members.filter(isChange)
    const joined = this.#module.join?.(
      changes.map(({ wish }) => wish.args),
      first.shell.info,
    )
    if (joined === undefined) await this.#inOneTrip(members)
    else await this.#asOne(changes, { ...first.wish, args: joined, ahead: () => [] })
  }

  /** Whether all is known by now that a turn asks. What the controller tells may be what the turns before it are about to change there. */
  #isAsked({ wish }: Coming, { info }: Shell): boolean {
    const questions = quietly(() => this.#module.probe(wish.args, info))
    if (questions === undefined) return false
    const here =
      wish.machine.local && Object.values(questions).some(({ of, reads }) => of === 'controller' && reads.length > 0)
    return !here && targets(questions, wish).every(({ key }) => wish.machine.belief(key) !== undefined)
  }

  /**
   * What a turn would change beside these edits; undefined when that cannot be told, or when it is no change that can be proven. What is
   * wrong with it, it says at its own time.
   */
  async #planned({ index, wish }: Coming, edits: readonly Edit[]): Promise<Member | undefined> {
    const shell = await wish.machine.shell(wish.identity, wish.signal)
    const questions = quietly(() => this.#module.probe(wish.args, shell.info))
    if (questions === undefined) return undefined
    const seen = await lookOr(questions, wish)
    if ('instead' in seen) return undefined
    const plan = quietly(() => this.#plan(wish, seen, edits, shell))
    return plan?.kind === 'change' || plan?.kind === 'ok' ? { index, wish, questions, seen, plan, shell } : undefined
  }

  #plan({ args }: Wish, { answers }: Seen, edits: readonly Edit[], { info }: Shell): Plan | undefined {
    const plain = edits.length === 0 || !this.#module.afterwards
    const then = plain ? answers : this.#module.afterwards?.(args, answers, edits, info)
    return then === undefined ? undefined : this.#module.plan(args, then, info)
  }

  /** One piece of work for all. Each turn then looks for itself; what of it is as it should be now, this has made. */
  async #asOne(members: readonly (Member & { readonly plan: Change })[], wish: Wish): Promise<void> {
    const result = await ensure(wish)
    // One of them spoils it for all: the others get on without it.
    if (result.failed !== undefined) this.#next = Number.POSITIVE_INFINITY
    else if (!result.changed) return
    const fields = result.failed === undefined ? result.fields : new Map()
    for (const { index, plan } of members)
      this.#joint.set(index, { diff: plan.edits.map(line), fields, deed: fieldsOf(plan.deed) })
  }

  #told(index: number, result: Result): Result {
    const joint = this.#joint.get(index)
    if (!joint || result.changed || result.failed !== undefined || result.skipped !== undefined) return result
    // What both tell is of the turn; what only the work tells (what a program said) is of all of its turns.
    const fields = new Map([...joint.fields, ...result.fields, ...joint.deed])
    return { ...result, changed: true, diff: joint.diff, fields }
  }

  /** All in one trip; from the first that goes wrong or is not as it was foreseen, turns are left to their own time. */
  async #inOneTrip(members: readonly Member[]): Promise<void> {
    const parcels: Parcel[] = []
    let bytes = 0
    for (const { plan, questions, seen, wish } of members) {
      const one = parcel(plan.kind === 'ok' ? [] : effectsOf(plan), questions, seen, wish)
      if (one === null) break
      bytes += one.pieces.reduce((sum, { script }) => sum + script.wire.length, 0)
      if (bytes > TRIP_BYTES) break
      parcels.push(one)
    }
    const [first] = members
    if (first === undefined || parcels.length < 2) return
    await first.wish.hold()
    this.#next = (members[parcels.length - 1]?.index ?? 0) + 1
    const all = await send(parcels, first.shell, first.wish)
    for (const [i, made] of all.entries()) {
      const member = members[i]
      if (member === undefined) return
      const { index, plan, questions, shell, wish } = member
      const result = made === 'skipped' ? 'stale' : await taken(plan, made, questions, shell, wish)
      if (result === 'stale') {
        this.#next = index
        return
      }
      this.#made.set(index, { args: wish.args, result })
    }
  }
}

/** Whether a turn stands on answers that its own guard does not ask for again, and that a turn before it makes untrue. */
const restsOn = ({ questions }: Member, touched: readonly Resource[]): boolean =>
  Object.values(questions).some(
    ({ of, dear, reads }) =>
      (of === 'controller' || dear) && reads.some(read => touched.some(resource => overlaps(resource, read))),
  )
