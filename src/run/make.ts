import type { Effect, Outcome } from '../kit/effect.ts'
import type { Questions, TargetQuestion } from '../kit/question.ts'
import type { Answer } from '../shell/answer.ts'
import type { Place } from '../transport/place.ts'
import type { Fragment, Shell } from '../transport/session.ts'
import { guard, STALE } from './guard.ts'
import { fragment, keyOf } from './look.ts'
import type { Wish } from './wish.ts'

const place = (shell: Shell, wish: Wish): Place => ({
  session: wish.machine.session,
  shell,
  signal: wish.signal,
  environment: wish.environment,
  progress: wish.progress,
})

/** One effect alone, with the task's time limit when it is shell text. */
export async function apply(effect: Effect, shell: Shell, wish: Wish): Promise<Outcome> {
  const limited =
    wish.timeout !== undefined && effect.kind === 'run' && effect.timeout === undefined
      ? { ...effect, timeout: wish.timeout }
      : effect
  return wish.effects.apply(limited, place(shell, wish))
}

/** What the effects of a plan brought about, and what the questions say afterwards. */
export interface Made {
  readonly outcome?: Outcome
  /** How many effects were made. */
  readonly done: number
  readonly proof: readonly {
    readonly key: string
    readonly question: TargetQuestion<unknown>
    readonly answer: Answer
  }[]
}

interface Target {
  readonly key: string
  readonly question: TargetQuestion<unknown>
}

/** The target questions of a plan, each once. */
export const targets = (questions: Questions, wish: Wish): Target[] => {
  const out = new Map<string, Target>()
  for (const question of Object.values(questions)) {
    if (question.of === 'target')
      out.set(keyOf(wish.identity, question), { key: keyOf(wish.identity, question), question })
  }
  return [...out.values()]
}

/** Guards for every cheap question; a dear one is believed. */
const guards = (questions: Questions, wish: Wish): Fragment[] =>
  targets(questions, wish).flatMap(({ key, question }) => {
    const belief = wish.machine.belief(key)
    if (question.dear || !belief || !('code' in belief.answer)) return []
    return [
      {
        script: guard(question.script, belief.answer),
        critical: true,
        unlessFailed: true,
        ...(question.secret ? { secret: true } : {}),
      },
    ]
  })

/** Whether the world moved since the look. A guard that could not be asked at all is a bug, and says nothing about the world. */
function isStale(guards: readonly Answer[]): boolean {
  const broken = guards.find(answer => answer.code !== 0 && answer.code !== STALE && answer.code !== null)
  if (broken) throw new Error(`a guard could not be asked: ${broken.stderr}`)
  return guards.some(answer => answer.code === STALE)
}

/** Guard, effects and proof in one round trip. */
export async function together(
  effects: readonly Effect[],
  inline: readonly Fragment[],
  questions: Questions,
  shell: Shell,
  wish: Wish,
): Promise<Made | 'stale'> {
  const before = guards(questions, wish)
  const after = targets(questions, wish)
  const pieces: Fragment[] = [
    ...before,
    ...inline.map(piece => ({ ...piece, critical: true, unlessFailed: true })),
    ...after.map(({ question }) => ({ ...fragment(question), unlessFailed: true })),
  ]
  const answers = await shell.trip(pieces, {
    signal: wish.signal,
    ...(wish.timeout === undefined ? {} : { timeout: wish.timeout }),
  })
  if (isStale(answers.slice(0, before.length))) return 'stale'
  let outcome: Outcome | undefined
  for (const [i, effect] of effects.entries()) {
    const answer = answers[before.length + i]
    if (answer === undefined || answer.code === null) continue
    outcome = failing(wish.effects.read(effect, answer))
    if (outcome.failed !== undefined) return { outcome, done: i, proof: [] }
  }
  const proof = after.flatMap(({ key, question }, i) => {
    const answer = answers[before.length + effects.length + i]
    return answer && answer.code !== null ? [{ key, question, answer }] : []
  })
  return { ...(outcome === undefined ? {} : { outcome }), done: effects.length, proof }
}

/** Guard first, then each effect in its own way; the proof is an ordinary look. */
export async function stepwise(
  effects: readonly Effect[],
  questions: Questions,
  shell: Shell,
  wish: Wish,
): Promise<Made | 'stale'> {
  const before = guards(questions, wish)
  if (before.length > 0) {
    const answers = await shell.trip(before, { signal: wish.signal })
    if (isStale(answers)) return 'stale'
  }
  let outcome: Outcome | undefined
  let done = 0
  for (const effect of effects) {
    const next = failing(await apply(effect, shell, wish))
    outcome = { ...next, fields: new Map([...(outcome?.fields ?? []), ...(next.fields ?? [])]) }
    if (outcome.failed !== undefined) break
    done += 1
  }
  for (const { key } of targets(questions, wish)) wish.machine.doubt(key)
  return { ...(outcome === undefined ? {} : { outcome }), done, proof: [] }
}

/** An effect of a `change` that ends with a status other than 0 has failed, whatever it said. */
const failing = (outcome: Outcome): Outcome =>
  outcome.failed !== undefined || outcome.code === 0 || outcome.code === null
    ? outcome
    : { ...outcome, failed: outcome.stderr.trim() || outcome.stdout.trim() || `it ended with status ${outcome.code}` }
