import { InputError } from '../base/diagnostic.ts'
import { CouldNotTell, type Questions, type TargetQuestion, type Vantage } from '../kit/question.ts'
import type { Answer } from '../shell/answer.ts'
import type { Fragment, Identity } from '../transport/session.ts'
import { identityKey, type Machine } from './machine.ts'

/** A question to a target with the identity that asks it. */
export interface Wondering {
  readonly question: TargetQuestion<unknown>
  readonly identity: Identity
}

/** Knows the questions of tasks to come: those of a host after a task, for one machine and identity. */
export interface Foresight {
  questions(host: string, after: number, machine: Machine, identity: Identity): readonly Wondering[]
}

/** What one look needs to know beside its questions. */
export interface LookContext {
  readonly machine: Machine
  readonly identity: Identity
  readonly signal: AbortSignal
  /** Questions of coming tasks that may travel along; asked for only when a trip is made anyway. */
  readonly ahead: () => readonly Wondering[]
  progress(what: string, done: number, total: number): void
  /** Opens what is vaulted; throws InputError. */
  readonly openContent?: ((bytes: Buffer, path: string) => Buffer) | undefined
}

/** The name under which an answer is remembered. */
export const keyOf = (identity: Identity, question: TargetQuestion<unknown>): string =>
  `${identityKey(identity)}\n${question.script.wire}`

/** Shell text of questions that travel along is limited, so that one long file does not swell every trip. */
const AHEAD_BYTES = 256 * 1024

/** Answers all questions, in at most one trip; what is already known is not asked. Throws `CouldNotTell`. */
export async function look<Q extends Questions>(
  questions: Q,
  context: LookContext,
): Promise<Record<keyof Q & string, unknown>> {
  const { machine, identity } = context
  const named = Object.entries(questions)
  const mine = named.flatMap(([, question]) => (question.of === 'target' ? [{ question, identity }] : []))
  if (mine.some(({ question }) => !machine.belief(keyOf(identity, question))))
    await askAll(unknownOf([...mine, ...ridealong(context)], machine), context)
  const answers: Record<string, unknown> = {}
  for (const [name, question] of named) {
    if (question.of === 'target') {
      const belief = machine.belief(keyOf(identity, question))
      if (!belief || !('code' in belief.answer)) throw new Error(`no answer came for ${question.script.shown}`)
      answers[name] = read(question, belief.answer)
    } else {
      const key = `controller\n${question.key}`
      let belief = machine.belief(key)
      if (!belief) {
        belief = { reads: question.reads, answer: { value: await question.ask(vantage(context)) } }
        machine.believe(key, belief)
      }
      answers[name] = 'value' in belief.answer ? belief.answer.value : undefined
    }
  }
  return answers as Record<keyof Q & string, unknown>
}

const vantage = ({ machine, signal, progress, openContent }: LookContext): Vantage => ({
  host: machine.name,
  signal,
  connect: (host, port) => machine.session.connect(host, port, signal),
  progress,
  unvault: openContent && ((bytes, path) => opened(bytes, path, openContent)),
})

/** What cannot be opened cannot be known either. */
function opened(bytes: Buffer, path: string, open: NonNullable<LookContext['openContent']>): Buffer {
  try {
    return open(bytes, path)
  } catch (error) {
    if (error instanceof InputError) throw new CouldNotTell(error.message)
    throw error
  }
}

/** The questions of coming tasks, cheap ones only, up to a number of bytes. */
function ridealong(context: LookContext): Wondering[] {
  let bytes = 0
  const out: Wondering[] = []
  for (const wondering of context.ahead()) {
    if (wondering.question.dear) continue
    bytes += wondering.question.script.wire.length
    if (bytes > AHEAD_BYTES) break
    out.push(wondering)
  }
  return out
}

/** Each question once, and only those whose answer is not remembered. */
function unknownOf(wonderings: readonly Wondering[], machine: Machine): Wondering[] {
  const seen = new Map<string, Wondering>()
  for (const wondering of wonderings) {
    const key = keyOf(wondering.identity, wondering.question)
    if (!seen.has(key) && !machine.belief(key)) seen.set(key, wondering)
  }
  return [...seen.values()]
}

/** One trip an identity, side by side; normally there is one identity. */
async function askAll(wonderings: readonly Wondering[], context: LookContext): Promise<void> {
  const groups = group(wonderings)
  const own = identityKey(context.identity)
  await Promise.all(
    [...groups].map(([key, some]) => (key === own ? askTogether(some, context) : askAhead(some, context))),
  )
}

const group = (wonderings: readonly Wondering[]): Map<string, Wondering[]> => {
  const out = new Map<string, Wondering[]>()
  for (const wondering of wonderings) {
    const key = identityKey(wondering.identity)
    const list = out.get(key)
    if (list) list.push(wondering)
    else out.set(key, [wondering])
  }
  return out
}

async function askTogether(wonderings: readonly Wondering[], { machine, signal }: LookContext): Promise<void> {
  const first = wonderings[0]
  if (!first) return
  const shell = await machine.shell(first.identity, signal)
  const answers = await shell.trip(
    wonderings.map(({ question }) => fragment(question)),
    { signal },
  )
  wonderings.forEach(({ question, identity }, i) => {
    const answer = answers[i]
    if (answer) machine.believe(keyOf(identity, question), { reads: question.reads, answer })
  })
}

/** A look on behalf of tasks that come later, as somebody else: should it fail, those tasks will meet the failure themselves. */
async function askAhead(wonderings: readonly Wondering[], context: LookContext): Promise<void> {
  try {
    await askTogether(wonderings, context)
  } catch (error) {
    if (context.signal.aborted) throw error
  }
}

export const fragment = (question: TargetQuestion<unknown>): Fragment => ({
  script: question.script,
  ...(question.secret ? { secret: true } : {}),
  ...(question.keep === undefined ? {} : { keep: question.keep }),
})

/** Reads a reply; a reply that was cut short answers nothing. */
export function read(question: TargetQuestion<unknown>, answer: Answer): unknown {
  if (answer.dropped > 0)
    throw new CouldNotTell(
      `the answer to a question was ${answer.dropped} bytes too long: ${question.script.shown.slice(0, 200)}`,
    )
  return question.read(answer)
}
