import { type Dict, dict, type Value } from '../base/value.ts'
import type { Fields, Outcome } from '../kit/effect.ts'
import type { Edit, Plan } from '../kit/plan.ts'
import { CouldNotTell, type Questions } from '../kit/question.ts'
import type { Fragment, Shell } from '../transport/session.ts'
import { look } from './look.ts'
import { apply, stepwise, targets, together } from './make.ts'
import type { DiffLine, Result } from './ports.ts'
import type { Wish } from './wish.ts'

/** How often the world may move between look and edit before we give up. */
const ATTEMPTS = 3

/**
 * The engine's heart: look, plan, and when something must change make it in one trip that first checks that what was seen
 * is still so and then asks the same questions again. Done means that the same plan says ok to the new answers.
 */
export async function ensure(wish: Wish): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    const shell = await wish.machine.shell(wish.identity, wish.signal)
    const questions = wish.module.probe(wish.args, shell.info)
    const seen = await lookOr(questions, wish)
    if ('instead' in seen) return seen.instead
    const plan = wish.module.plan(wish.args, seen.answers, shell.info)
    const result = await settle(plan, questions, shell, wish)
    if (result !== 'stale') return result
    if (attempt === ATTEMPTS)
      return failed(
        `the host changed ${ATTEMPTS} times between looking and acting`,
        'find out what else manages this host, and run again',
      )
  }
}

/** The answers, or the failure that they could not be had. */
export async function lookOr(
  questions: Questions,
  wish: Wish,
): Promise<{ answers: Record<string, unknown> } | { instead: Result }> {
  try {
    return { answers: await look(questions, wish) }
  } catch (error) {
    if (error instanceof CouldNotTell) return { instead: uncertainOr(questions, wish, () => failed(error.message)) }
    throw error
  }
}

async function settle(plan: Plan, questions: Questions, shell: Shell, wish: Wish): Promise<Result | 'stale'> {
  if (plan.kind === 'ok')
    return {
      changed: false,
      ...(plan.skipped === undefined ? {} : { skipped: plan.skipped }),
      fields: fieldsOf(plan.result),
      diff: [],
    }
  if (plan.kind === 'refuse')
    return uncertainOr(questions, wish, () => ({
      ...failed(plan.reason, plan.remedy),
      fields: fieldsOf({ msg: plan.reason, ...plan.result }),
    }))
  if (plan.kind === 'act') return act(plan, shell, wish)
  if (wish.dry) {
    wish.machine.pretend(plan.touches)
    return { changed: true, fields: fieldsOf(plan.result), diff: plan.edits.map(line) }
  }
  return make(plan, questions, shell, wish)
}

/** In a dry run, a refusal that rests on something only pretended says nothing: the task is skipped, with the reason. */
function uncertainOr(questions: Questions, wish: Wish, otherwise: () => Result): Result {
  const rests = wish.dry && Object.values(questions).some(question => wish.machine.uncertain(question.reads))
  if (!rests) return otherwise()
  const skipped = 'this cannot be told before the changes above are made'
  return { changed: false, skipped, fields: fieldsOf({ skipped: true, skip_reason: skipped }), diff: [] }
}

async function act(plan: Extract<Plan, { kind: 'act' }>, shell: Shell, wish: Wish): Promise<Result> {
  if (wish.dry && plan.dry !== 'do') {
    if (plan.dry === 'pretend') wish.machine.pretend(plan.touches)
    const skipped = plan.dry === 'skip' ? { skipped: String(plan.would['msg']) } : {}
    return {
      changed: plan.dry === 'pretend',
      ...skipped,
      fields: fieldsOf(plan.dry === 'skip' ? plan.would : {}),
      diff: [],
    }
  }
  await wish.hold()
  const outcome = await apply(plan.by, shell, wish)
  if (plan.touches.length > 0) wish.machine.touch(plan.touches)
  const report = plan.report(outcome)
  const why = report.failed ?? outcome.failed
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
  plan: Extract<Plan, { kind: 'change' }>,
  questions: Questions,
  shell: Shell,
  wish: Wish,
): Promise<Result | 'stale'> {
  await wish.hold()
  const effects = [...new Set(plan.edits.map(edit => edit.by))]
  const inline = effects.map(effect => wish.effects.inline(effect, wish.environment))
  const made = inline.every(piece => piece !== null)
    ? await together(effects, inline as Fragment[], questions, shell, wish)
    : await stepwise(effects, questions, shell, wish)
  if (made === 'stale') {
    for (const { key } of targets(questions, wish)) wish.machine.doubt(key)
    return 'stale'
  }
  wish.machine.touch(plan.touches)
  for (const { key, question, answer } of made.proof) wish.machine.believe(key, { reads: question.reads, answer })
  for (const question of Object.values(questions))
    if (question.of === 'controller') wish.machine.doubt(`controller\n${question.key}`)
  if (made.outcome?.failed !== undefined)
    return {
      ...failed(made.outcome.failed, made.outcome.remedy),
      fields: fieldsOf({ ...plan.result, ...outcomeFields(made.outcome), msg: made.outcome.failed }),
      changed: made.done > 0,
      diff: plan.edits.map(line),
    }
  return prove(plan, made.outcome, questions, shell, wish)
}

/** The same questions, the same plan: it must now say ok. */
export async function prove(
  plan: Extract<Plan, { kind: 'change' }>,
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
      fields: fieldsOf({
        ...plan.result,
        ...Object.fromEntries(outcome?.fields ?? []),
        ...after.result,
        ...deed(plan.result),
      }),
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

/** Of a result, what is told of the change and not of what is there now. */
const deed = (result: Fields): Fields =>
  Object.fromEntries(Object.entries(result).filter(([name]) => name === 'msg' || name === 'found'))

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

/** A failure as a result; `msg` is what Ansible calls it. */
export const failed = (why: string, remedy?: string): Result => ({
  changed: false,
  failed: why,
  ...(remedy === undefined ? {} : { remedy }),
  fields: dict({ msg: why }),
  diff: [],
})

export const fieldsOf = (fields: Fields): Dict => dict(fields as Record<string, Value | undefined>)
