import { InputError } from '../base/diagnostic.ts'
import { proxiesUnder } from '../kit/host.ts'
import {
  type ControllerQuestion,
  CouldNotTell,
  type Questions,
  type TargetQuestion,
  type Vantage,
} from '../kit/question.ts'
import type { Answer } from '../shell/answer.ts'
import type { Fragment, Identity } from '../transport/session.ts'
import { Unanswered } from '../transport/unanswered.ts'
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
  /** The task's `environment`. */
  readonly variables: ReadonlyMap<string, string>
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

/** What a look saw. */
export interface Seen {
  /** By the names of the questions, as they were read. */
  readonly answers: Record<string, unknown>
  /** The replies of the target by their keys, as they came: what is planned rests on these, whatever is forgotten meanwhile. */
  readonly replies: ReadonlyMap<string, Answer>
}

/** Answers all questions, in at most one trip; what is already known is not asked. Throws `CouldNotTell`. */
export async function look(questions: Questions, context: LookContext): Promise<Seen> {
  const { machine, identity } = context
  const named = Object.entries(questions)
  const mine = named.flatMap(([, question]) => (question.of === 'target' ? [{ question, identity }] : []))
  const replies = new Map<string, Answer>()
  for (const { question } of mine) {
    const key = keyOf(identity, question)
    const answer = machine.belief(key)?.answer
    if (answer && 'code' in answer) replies.set(key, answer)
  }
  if (mine.some(({ question }) => !replies.has(keyOf(identity, question))))
    await askAll(unknownOf([...mine, ...ridealong(context)], machine), context, replies)
  const answers: Record<string, unknown> = {}
  for (const [name, question] of named) {
    if (question.of === 'controller') {
      answers[name] = await askHere(question, context)
      continue
    }
    const answer = replies.get(keyOf(identity, question))
    if (!answer) throw new Error(`no answer came for ${question.script.shown}`)
    answers[name] = read(question, answer)
  }
  return { answers, replies }
}

/** What the controller itself answers. */
async function askHere(question: ControllerQuestion<unknown>, context: LookContext): Promise<unknown> {
  const { machine } = context
  const key = `controller\n${question.key}`
  const known = machine.belief(key)
  if (known && 'value' in known.answer) return known.answer.value
  const { forgotten } = machine
  const value = await question.ask(vantage(context))
  if (machine.forgotten === forgotten) machine.believe(key, { reads: question.reads, answer: { value } })
  return value
}

const vantage = ({ machine, identity, variables, signal, progress, openContent }: LookContext): Vantage => ({
  host: machine.name,
  local: machine.local,
  signal,
  connect: (host, port, bound = signal) => machine.session.connect(host, port, bound).catch(unanswered),
  proxies: proxiesUnder(machine.opened(identity)?.info, variables),
  progress,
  unvault: openContent && ((bytes, path) => opened(bytes, path, openContent)),
})

/** That nobody answers at an address is no trouble of the machine that asked. */
function unanswered(error: unknown): never {
  throw error instanceof Unanswered ? new CouldNotTell(error.message) : error
}

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

type Replies = Map<string, Answer>

/** One trip an identity, side by side; normally there is one identity. */
async function askAll(wonderings: readonly Wondering[], context: LookContext, replies: Replies): Promise<void> {
  const groups = group(wonderings)
  const own = identityKey(context.identity)
  await Promise.all(
    [...groups].map(([key, some]) => (key === own ? askTogether(some, context, replies) : askAhead(some, context))),
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

async function askTogether(
  wonderings: readonly Wondering[],
  { machine, signal, progress }: LookContext,
  replies: Replies = new Map(),
): Promise<void> {
  const first = wonderings[0]
  if (!first) return
  const shell = await machine.shell(first.identity, signal)
  const { aliases, forgotten } = machine
  const links = aliases.asking(wonderings.flatMap(({ question }) => question.reads))
  const answers = await shell.trip(
    [...wonderings.map(({ question }) => fragment(question)), ...(links ? [{ script: links.script }] : [])],
    { signal, onOutput: (_, stream, bytes) => stream === 'stderr' && waiting(bytes, progress) },
  )
  wonderings.forEach(({ question, identity }, i) => {
    const answer = answers[i]
    if (!answer) return
    const key = keyOf(identity, question)
    replies.set(key, answer)
    // What changed while the answer was under way may have made it untrue for whoever asks later
    if (machine.forgotten === forgotten) machine.believe(key, { reads: question.reads, answer })
  })
  const told = answers[wonderings.length]
  if (links && told && machine.forgotten === forgotten) aliases.learn(links, told)
}

/** A question that takes its time says on standard error what it waits for. */
function waiting(said: Buffer, progress: LookContext['progress']): void {
  for (const [, what = ''] of said.toString().matchAll(/^regplay: (.+)$/gm)) progress(what, 0, 0)
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
