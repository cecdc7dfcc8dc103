import { ACTIONS } from '../playbook/actions.ts'
import { plainArguments } from './arguments.ts'
import type { PlayContext } from './context.ts'
import { HostLeaves, type HostState, RoleEnds } from './host.ts'
import { falseCondition } from './language.ts'
import { speechAt } from './speech.ts'
import { skippedBy } from './take-turn.ts'
import { announce, type Errand } from './task.ts'
import { refOf } from './tell.ts'
import type { Placed } from './walk.ts'

type Deed = (play: PlayContext, host: HostState) => void | Promise<void>

/** What each `meta` does, but for flushing handlers, which is the way of the host through its play. */
const DEEDS: Readonly<Record<string, Deed>> = {
  noop: () => undefined,
  end_role: () => {
    throw new RoleEnds()
  },
  end_host: (_play, host) => {
    host.ended = true
    throw new HostLeaves('end_host')
  },
  end_batch: play => {
    play.stop ??= 'end_batch'
  },
  end_play: play => {
    play.stop ??= 'end_play'
  },
  clear_facts: ({ batch, run }) => {
    for (const { name } of batch) run.store.clearFacts(name)
  },
  clear_host_errors: play => {
    play.forgiven += 1
    for (const state of play.run.hosts.values())
      Object.assign(state, { failed: false, unreachable: false, barred: false })
  },
  refresh_inventory: ({ run }) => run.refresh?.(),
  reset_connection: async ({ run }, host) => {
    for (const machine of run.fleet.machines) if (machine.name === host.name) await machine.session.reset()
  },
}

/** What the first host decides and does for all hosts of the batch. */
const FOR_ALL: ReadonlySet<string> = new Set([
  'end_batch',
  'end_play',
  'clear_facts',
  'clear_host_errors',
  'refresh_inventory',
])

/** Conditions say nothing to these, as in Ansible. */
const UNCONDITIONAL: ReadonlySet<string> = new Set(['noop', 'reset_connection', 'refresh_inventory'])

/** What a `meta` task says, rendered. */
export function wordOf(play: PlayContext, host: HostState, placed: Placed): string {
  const schema = ACTIONS['meta']
  if (!schema) throw new Error('meta has no schema')
  return String(plainArguments(placed.task, schema, speechAt(play, host.name, placed))['_raw_params'])
}

/** Whether its conditions hold; where they do not, that is told, and counts nowhere. */
export function metaApplies(errand: Errand, word: string): boolean {
  const { play, host, placed } = errand
  if (UNCONDITIONAL.has(word)) return true
  const not = falseCondition(placed.task.when, speechAt(play, host.name, placed))
  if (not === undefined) return true
  announce(errand).tell.result(skippedBy(not), {})
  tellMeta(errand, word, false)
  return false
}

/** Says that a `meta` task was met, and whether it was done. */
export function tellMeta({ play, host, placed, handler }: Errand, word: string, done: boolean): void {
  const ref = refOf(placed.task, speechAt(play, host.name, placed))
  play.run.emit({ type: 'meta', host: host.name, handler, word, done, ...ref })
}

/** Does a deed where its conditions hold; that a host leaves is what it does. */
async function applied(errand: Errand, word: string): Promise<void> {
  if (!metaApplies(errand, word)) return
  try {
    await DEEDS[word]?.(errand.play, errand.host)
  } catch (error) {
    if (error instanceof HostLeaves || error instanceof RoleEnds) tellMeta(errand, word, true)
    throw error
  }
  tellMeta(errand, word, true)
}

/** Does what a `meta` task says. Throws `HostLeaves` or `RoleEnds` where the host does not go on. */
export async function doMeta(errand: Errand, word: string): Promise<void> {
  const { play } = errand
  if (!FOR_ALL.has(word) || play.free) {
    await applied(errand, word)
  } else {
    const key = errand.moment.join('.')
    const first = play.once.get(key)
    if (first) await first
    else {
      const mine = (async () => {
        await applied(errand, word)
        return 'fine' as const
      })()
      play.once.set(key, mine)
      await mine
    }
  }
  if (play.stop !== undefined) throw new HostLeaves(play.stop)
}
