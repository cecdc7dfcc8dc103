import type { Effect, Outcome } from '../kit/effect.ts'
import { proxiesUnder } from '../kit/host.ts'
import type { Questions, TargetQuestion } from '../kit/question.ts'
import type { Answer } from '../shell/answer.ts'
import type { Place } from '../transport/place.ts'
import type { Fragment, Shell } from '../transport/session.ts'
import type { LinksAsked } from './aliases.ts'
import { guard, STALE } from './guard.ts'
import { fragment, keyOf, type Seen } from './look.ts'
import type { Wish } from './wish.ts'

const place = (shell: Shell, wish: Wish): Place => ({
  session: wish.machine.session,
  shell,
  signal: wish.signal,
  environment: wish.environment,
  proxies: proxiesUnder(shell.info, wish.variables),
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
  /** Which paths of theirs are links afterwards. */
  readonly links?: { readonly asked: LinksAsked; readonly answer: Answer }
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
const guards = (questions: Questions, seen: Seen, wish: Wish): Fragment[] =>
  targets(questions, wish).flatMap(({ key, question }) => {
    const answer = seen.replies.get(key)
    if (question.dear || !answer) return []
    return [
      {
        script: guard(question.script, answer),
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

/** A plan whose effects are all shell text: what it sends in a trip, and what the answers to that amount to. */
export interface Parcel {
  readonly pieces: readonly Fragment[]
  /** `skipped` when something before it in the trip went wrong. */
  read(answers: readonly Answer[]): Made | 'stale' | 'skipped'
}

/** Guard, effects and proof, one behind the other, or the guard alone where there is nothing to make; null when an effect needs a way of its own. */
export function parcel(effects: readonly Effect[], questions: Questions, seen: Seen, wish: Wish): Parcel | null {
  const inline = effects.map(effect => wish.effects.inline(effect, wish.environment))
  if (inline.includes(null)) return null
  const before = guards(questions, seen, wish)
  const after = effects.length === 0 ? [] : targets(questions, wish)
  const asked = wish.machine.aliases.asking(
    after.flatMap(({ question }) => question.reads),
    true,
  )
  const pieces: Fragment[] = [
    ...before,
    ...(inline as Fragment[]).map(piece => ({ ...piece, critical: true, unlessFailed: true })),
    ...after.map(({ question }) => ({ ...fragment(question), unlessFailed: true })),
    ...(asked ? [{ script: asked.script, unlessFailed: true }] : []),
  ]
  const read = (answers: readonly Answer[]): Made | 'stale' | 'skipped' => {
    if (answers[0]?.code === null) return 'skipped'
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
    const answer = asked && answers[pieces.length - 1]
    const links = answer && { asked, answer }
    return { ...(outcome ? { outcome } : {}), done: effects.length, proof, ...(links ? { links } : {}) }
  }
  return { pieces, read }
}

/** Parcels in one round trip; the first one of which something goes wrong is the last that is made. */
export async function send(
  parcels: readonly Parcel[],
  shell: Shell,
  { signal, timeout }: Pick<Wish, 'signal' | 'timeout'>,
): Promise<(Made | 'stale' | 'skipped')[]> {
  const answers = await shell.trip(
    parcels.flatMap(({ pieces }) => pieces),
    { signal, ...(timeout === undefined ? {} : { timeout }) },
  )
  let from = 0
  return parcels.map(({ pieces, read }) => {
    const own = answers.slice(from, from + pieces.length)
    from += pieces.length
    return read(own)
  })
}

/** Guard first, then each effect in its own way; the proof is an ordinary look. */
export async function stepwise(
  effects: readonly Effect[],
  questions: Questions,
  seen: Seen,
  shell: Shell,
  wish: Wish,
): Promise<Made | 'stale'> {
  const before = guards(questions, seen, wish)
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
