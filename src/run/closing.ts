import { CouldNotTell, type Questions } from '../kit/question.ts'
import type { PlayContext } from './context.ts'
import { line } from './ensure.ts'
import type { Kept } from './kept.ts'
import { look } from './look.ts'
import type { Machine } from './machine.ts'
import { refOf } from './tell.ts'

/**
 * The closing look: on machines where the play changed anything, every cheap question of its tasks is asked once more, in
 * one trip, and what is no longer true is told against its task. A later task may have undone an earlier one on purpose, so
 * this informs and fails nobody.
 */
export async function closingLook(play: PlayContext, before: ReadonlyMap<Machine, number>): Promise<void> {
  const { run } = play
  if (run.options.check) return
  const wishes = play.kept.filter(
    kept => kept.machine.changes !== (before.get(kept.machine) ?? 0) && !run.hosts.get(kept.host)?.out,
  )
  for (const machine of new Set(wishes.map(kept => kept.machine))) machine.forgetAll()
  await Promise.all(
    [...new Set(wishes.map(kept => kept.machine))].map(machine =>
      closeMachine(
        play,
        wishes.filter(kept => kept.machine === machine),
      ),
    ),
  )
}

async function closeMachine(play: PlayContext, wishes: readonly Kept[]): Promise<void> {
  const { run } = play
  for (const kept of wishes) {
    const shell = kept.machine.opened(kept.identity)
    if (!shell) continue
    const questions = kept.module.probe(kept.args, shell.info)
    if (!cheap(questions)) continue
    // Only the first that has to ask wants them, and takes all others along.
    const rest = () => wishes.flatMap(other => (sameIdentity(other, kept) ? asked(other) : []))
    try {
      const { answers } = await look(questions, {
        machine: kept.machine,
        identity: kept.identity,
        variables: new Map(),
        signal: run.signal,
        ahead: rest,
        progress: () => undefined,
      })
      const plan = kept.module.plan(kept.args, answers, shell.info)
      if (plan.kind !== 'change') continue
      const scope = run.store.scope(kept.host, {
        play: play.frame,
        roles: kept.placed.around.roles,
        blocks: kept.placed.around.blocks,
      })
      run.emit({
        type: 'drift',
        host: kept.host,
        diff: plan.edits.map(line),
        ...refOf(kept.placed.task, { scope, options: {} }),
      })
    } catch (error) {
      if (run.signal.aborted) throw error
      run.emit({
        type: 'warning',
        host: kept.host,
        msg: `the closing look could not be made: ${(error as Error).message}`,
      })
      // What cannot be told of one wish says nothing of the next; a host that is lost answers none of them.
      if (!(error instanceof CouldNotTell)) return
    }
  }
}

/** No real work for the target and none for the network: what is known beforehand costs nothing. */
const cheap = (questions: Questions): boolean =>
  Object.values(questions).every(question => (question.of === 'target' ? !question.dear : question.reads.length === 0))

const sameIdentity = (a: Kept, b: Kept): boolean =>
  a.identity.become === b.identity.become && a.identity.user === b.identity.user

const asked = (kept: Kept) => {
  const shell = kept.machine.opened(kept.identity)
  if (!shell) return []
  return Object.values(kept.module.probe(kept.args, shell.info)).flatMap(question =>
    question.of === 'target' ? [{ question, identity: kept.identity }] : [],
  )
}
