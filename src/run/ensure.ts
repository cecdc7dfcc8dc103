import { type Dict, dict, type Value } from '../base/value.ts'
import type { Effect, Fields, Outcome } from '../kit/effect.ts'
import type { Edit, Plan } from '../kit/plan.ts'
import { CouldNotTell, type Questions, type Resource } from '../kit/question.ts'
import type { Shell } from '../transport/session.ts'
import { told } from './faults.ts'
import { laterShell } from './later-shell.ts'
import { look, type Seen } from './look.ts'
import { apply, type Made, parcel, send, stepwise, targets } from './make.ts'
import type { DiffLine, Result } from './ports.ts'
import type { Wish } from './wish.ts'

/** How often the world may move between look and edit before we give up. */
const ATTEMPTS = 3

/** A plan that changes something. */
export type Change = Extract<Plan, { kind: 'change' }>

/** A plan of which it can be told whether it has come true. */
export type Proven = Change | Extract<Plan, { kind: 'ok' }>

/**
 * The engine's heart: look, plan, and when something must change make it in one trip that first checks that what was seen
 * is still so and then asks the same questions again. Done means that the same plan says ok to the new answers.
 */
export async function ensure(wish: Wish): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    const shell = wish.module.unmet ? laterShell(wish) : await wish.machine.shell(wish.identity, wish.signal)
    const questions = wish.module.probe(wish.args, shell.info)
    const seen = await lookOr(questions, wish)
    if ('instead' in seen) return seen.instead
    const plan = wish.module.plan(wish.args, seen.answers, shell.info)
    const result = await settle(plan, questions, seen, shell, wish)
    if (result !== 'stale') return result
    if (attempt === ATTEMPTS)
      return failed(
        `the host changed ${ATTEMPTS} times between looking and acting`,
        'find out what else manages this host, and run again',
      )
  }
}

/** The answers, or the failure that they could not be had. */
export async function lookOr(questions: Questions, wish: Wish): Promise<Seen | { instead: Result }> {
  try {
    return await look(questions, wish)
  } catch (error) {
    if (error instanceof CouldNotTell) return { instead: uncertainOr(questions, wish, () => failed(error.message)) }
    throw error
  }
}

async function settle(
  plan: Plan,
  questions: Questions,
  seen: Seen,
  shell: Shell,
  wish: Wish,
): Promise<Result | 'stale'> {
  if (plan.kind === 'ok') return content(plan)
  if (plan.kind === 'refuse')
    return uncertainOr(questions, wish, () => ({
      ...failed(plan.reason, plan.remedy),
      fields: fieldsOf({ msg: plan.reason, ...plan.result }),
    }))
  if (plan.kind === 'act') return act(plan, shell, wish)
  if (wish.dry) {
    pretend(wish, plan.touches)
    return { changed: true, fields: fieldsOf({ ...plan.result, ...plan.deed }), diff: plan.edits.map(line) }
  }
  return make(plan, questions, seen, shell, wish)
}

/**
 * Notes what a dry run would have changed. Where the run is a real one, and a task alone pretends, all others are judged by what is
 * there, those that pretend as well: what people ask with `check_mode: true` they act upon.
 */
function pretend({ machine, check }: Wish, touches: readonly Resource[]): void {
  if (check) machine.pretend(touches)
}

/** Nothing had to be changed. */
const content = (plan: Extract<Plan, { kind: 'ok' }>): Result => ({
  changed: false,
  ...(plan.skipped === undefined ? {} : { skipped: plan.skipped }),
  fields: fieldsOf(plan.result),
  diff: [],
})

/**
 * In a dry run, a refusal that rests on something only pretended says nothing: the task is skipped, with the reason. What it
 * would have changed is not known (a package of a list that was not fetched brings a service), so later refusals may rest on it.
 */
function uncertainOr(questions: Questions, wish: Wish, otherwise: () => Result): Result {
  const rests = wish.dry && Object.values(questions).some(question => wish.machine.uncertain(question.reads))
  return rests ? untold(wish) : otherwise()
}

function untold(wish: Wish): Result {
  pretend(wish, ['everything'])
  const skipped = 'this cannot be told before the changes above are made'
  return { changed: false, skipped, fields: fieldsOf({ skipped: true, skip_reason: skipped }), diff: [] }
}

async function act(plan: Extract<Plan, { kind: 'act' }>, shell: Shell, wish: Wish): Promise<Result> {
  const trial = wish.dry ? plan.trial : undefined
  if (wish.dry && trial === undefined && plan.dry !== 'do') {
    if (plan.dry === 'pretend') pretend(wish, plan.touches)
    const skipped = plan.dry === 'skip' ? { skipped: String(plan.would['msg']) } : {}
    return {
      changed: plan.dry === 'pretend',
      ...skipped,
      fields: fieldsOf(plan.would),
      diff: [],
    }
  }
  const real = plan.touches.length > 0 && trial === undefined
  if (real) await wish.hold()
  const outcome = await apply(trial ?? plan.by, shell, wish)
  if (real) wish.machine.touch(plan.touches)
  const report = plan.report(outcome)
  const why = report.failed ?? outcome.failed
  if (trial && why !== undefined && wish.machine.uncertain(['everything'])) return untold(wish)
  if (trial && report.changed) pretend(wish, plan.touches)
  const remedy = report.remedy ?? outcome.remedy
  return {
    changed: report.changed,
    ...(why === undefined ? {} : { failed: why }),
    ...(remedy === undefined ? {} : { remedy }),
    fields: fieldsOf({ ...(why === undefined ? {} : { msg: why }), ...report.result }),
    diff: report.changed ? [{ what: plan.what, from: '', to: 'done' }] : [],
  }
}

/** Makes the edits of a plan: guard, effects and proof in one trip where every effect is shell text, else step by step. */
async function make(
  plan: Change,
  questions: Questions,
  seen: Seen,
  shell: Shell,
  wish: Wish,
): Promise<Result | 'stale'> {
  await wish.hold()
  const effects = effectsOf(plan)
  const whole = parcel(effects, questions, seen, wish)
  const [made] = whole ? await send([whole], shell, wish) : [await stepwise(effects, questions, seen, shell, wish)]
  if (made === undefined || made === 'skipped') throw new Error('a trip came back without its answers')
  return taken(plan, made, questions, shell, wish)
}

/** The effects of a plan, each once. */
export const effectsOf = (plan: Change): Effect[] => [...new Set(plan.edits.map(edit => edit.by))]

/** What was made of a plan is believed, and proven. */
export async function taken(
  plan: Proven,
  made: Made | 'stale',
  questions: Questions,
  shell: Shell,
  wish: Wish,
): Promise<Result | 'stale'> {
  if (made === 'stale') {
    for (const { key } of targets(questions, wish)) wish.machine.doubt(key)
    return 'stale'
  }
  if (plan.kind === 'ok') return content(plan)
  wish.machine.touch(plan.touches)
  for (const { key, question, answer } of made.proof) wish.machine.believe(key, { reads: question.reads, answer })
  if (made.links) wish.machine.aliases.learn(made.links.asked, made.links.answer)
  for (const question of Object.values(questions))
    if (question.of === 'controller') wish.machine.doubt(`controller\n${question.key}`)
  if (made.outcome?.failed !== undefined)
    return {
      ...failed(made.outcome.failed, made.outcome.remedy),
      fields: fieldsOf({ ...plan.result, ...plan.deed, ...outcomeFields(made.outcome), msg: made.outcome.failed }),
      changed: made.done > 0,
      diff: plan.edits.map(line),
    }
  return prove(plan, made.outcome, questions, shell, wish)
}

/** The same questions, the same plan: it must now say ok. */
export async function prove(
  plan: Change,
  outcome: Outcome | undefined,
  questions: Questions,
  shell: Shell,
  wish: Wish,
): Promise<Result> {
  const seen = await lookOr(questions, { ...wish, ahead: () => [] })
  if ('instead' in seen) return seen.instead
  const after = wish.module.plan(wish.args, seen.answers, shell.info)
  const diff = plan.edits.map(line)
  if (after.kind === 'ok')
    return {
      changed: true,
      // What the effects told, backups for example, is of the change as well.
      fields: fieldsOf({ ...plan.result, ...after.result, ...Object.fromEntries(outcome?.fields ?? []), ...plan.deed }),
      diff,
    }
  const still =
    after.kind === 'change'
      ? after.edits.map(edit => `${edit.what} is ${brief(edit.from)}, wanted ${brief(edit.to)}`).join('; ')
      : after.kind === 'refuse'
        ? after.reason
        : 'it would act again'
  return {
    ...failed(
      `every step ran, but it is still not true: ${still}`,
      'something on the host undoes or ignores the change; run again with -vvv to see each step',
    ),
    changed: true,
    diff,
  }
}

const brief = (text: string): string => JSON.stringify(text.length > 80 ? `${text.slice(0, 77)}...` : text)

const outcomeFields = (outcome: Outcome): Fields => ({
  ...Object.fromEntries(outcome.fields ?? []),
  rc: outcome.code,
  stdout: outcome.stdout,
  stderr: outcome.stderr,
})

export const line = (edit: Edit): DiffLine => ({
  what: edit.what,
  from: edit.from,
  to: edit.to,
  ...(edit.texts ? { texts: edit.texts } : {}),
})

/** A failure as a result; `msg` is what Ansible calls it. `origin` is the place of the text that failed. */
export const failed = (why: string, remedy?: string, origin?: string): Result => ({
  changed: false,
  failed: why,
  ...(origin === undefined ? {} : { origin }),
  ...(remedy === undefined ? {} : { remedy }),
  fields: dict({ msg: why }),
  diff: [],
})

/** What people wrote, or what is known by now, does not do: the result that this is. */
export function failedAt(error: Error): Result {
  const { why, origin } = told(error)
  return failed(why, undefined, origin)
}

export const fieldsOf = (fields: Fields): Dict => dict(fields as Record<string, Value | undefined>)
