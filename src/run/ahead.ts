import type { HostInfo } from '../kit/host.ts'
import type { Module } from '../kit/module.ts'
import type { Identity } from '../transport/session.ts'
import type { PlayFrame } from '../vars/frame.ts'
import { argumentsOf } from './arguments.ts'
import { dirsOf, identityOf, machineOf } from './circumstances.ts'
import type { RunContext } from './context.ts'
import { isUnknown } from './faults.ts'
import { falseCondition, type Speech } from './language.ts'
import type { Foresight, Wondering } from './look.ts'
import { itemsOf } from './loop-items.ts'
import { identityKey, type Machine } from './machine.ts'
import { ofTask } from './speech.ts'
import type { Placed } from './walk.ts'

/** A play of the run as far as it can be seen beforehand. */
export interface Prospect {
  readonly hosts: ReadonlySet<string>
  readonly frame: PlayFrame
  readonly dir: string
  /** Tasks in document order, those that tags leave out left out. */
  readonly tasks: readonly Placed[]
}

/** How many coming tasks are thought about at once, and how many turns of a loop. */
const TASKS = 64
const TURNS = 32

/**
 * Looks ahead: the questions of coming tasks, of this play and the next ones, whose conditions and arguments can be made
 * out by now. They travel with a trip that is made anyway; an answer that turns out not to be needed costs next to nothing,
 * and one that has become untrue is forgotten when something touches what it read.
 */
export class Ahead implements Foresight {
  #run: RunContext | undefined
  #prospects: readonly Prospect[] = []

  /** What there will be to run. */
  plan(run: RunContext, prospects: readonly Prospect[]): void {
    this.#run = run
    this.#prospects = prospects
  }

  /** The questions for one host after a task. */
  questions(host: string, after: number, machine: Machine, identity: Identity): Wondering[] {
    const shell = machine.opened(identity)
    const run = this.#run
    if (!shell || !run) return []
    const out: Wondering[] = []
    let seen = 0
    for (const prospect of this.#prospects) {
      if (!prospect.hosts.has(host)) continue
      for (const placed of prospect.tasks) {
        if (placed.task.id <= after) continue
        if (++seen > TASKS) return out
        out.push(...wonder(run, host, prospect, placed, machine, identity, shell.info))
      }
    }
    return out
  }
}

/** The questions of one task, or none when anything about it cannot be known yet. */
function wonder(
  run: RunContext,
  host: string,
  prospect: Prospect,
  placed: Placed,
  machine: Machine,
  identity: Identity,
  info: HostInfo,
): Wondering[] {
  const { task, around } = placed
  const module = run.ports.modules.get(task.action)
  if (!module || module.local || task.delegateTo !== undefined) return []
  const speak = (locals: ReadonlyMap<string, never> | undefined): Speech => {
    const options = { pure: true }
    return {
      scope: run.store.scope(
        host,
        {
          play: prospect.frame,
          roles: around.roles,
          blocks: around.blocks,
          params: around.params,
          ...ofTask(task),
          ...(locals ? { locals } : {}),
        },
        options,
      ),
      options,
    }
  }
  try {
    const speech = speak(undefined)
    if (machineOf(run, task, speech) !== machine) return []
    if (identityKey(identityOf(run, task, speech)) !== identityKey(identity)) return []
    if (task.loop === undefined) return questionsOf(module, placed, speech, prospect.dir, info, identity)
    return itemsOf(task.loop, speech)
      .slice(0, TURNS)
      .flatMap(locals => questionsOf(module, placed, speak(locals as never), prospect.dir, info, identity))
  } catch (error) {
    if (isUnknown(error)) return []
    throw error
  }
}

function questionsOf(
  module: Module,
  { task, around }: Placed,
  speech: Speech,
  dir: string,
  info: HostInfo,
  identity: Identity,
): Wondering[] {
  if (falseCondition(task.when, speech) !== undefined) return []
  const args = argumentsOf(task, module.args, speech, dirsOf(task, around.roles, dir))
  return Object.values(module.probe(args, info)).flatMap(question =>
    question.of === 'target' ? [{ question, identity }] : [],
  )
}
