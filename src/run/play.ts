import type { Diagnostic } from '../base/diagnostic.ts'
import { limitHosts, selectHosts } from '../inventory/pattern.ts'
import { toText } from '../jinja/python/text.ts'
import type { Play, Task } from '../playbook/ast.ts'
import { type Node, scalar } from '../source/node.ts'
import type { PlayFrame, RoleVars } from '../vars/frame.ts'
import { renderNode } from '../vars/render.ts'
import { VarsFiles } from '../vars/vars-files.ts'
import { batches, ordered } from './batches.ts'
import { Clock } from './clock.ts'
import { closingLook } from './closing.ts'
import type { PlayContext, RunContext, RunRequest } from './context.ts'
import { quietly } from './faults.ts'
import { Flow } from './flow.ts'
import { Handlers } from './handlers.ts'
import { HostState } from './host.ts'
import { boolOf, textOf } from './language.ts'
import { frameOf, nameOf, titleOf } from './play-frame.ts'
import { promptsOf } from './prompts.ts'
import { RoleMemory } from './role-memory.ts'
import { NOWHERE, type Placed, sections, tasksOf } from './walk.ts'

/** The names of a play's hosts after `--limit`, in order. A pattern that names nothing is a fault. */
export function hostsOf(request: RunRequest, play: Play): { names: string[]; faults: readonly Diagnostic[] } {
  const scope = request.store.scope('localhost', { play: frameOf(play) })
  const pattern = renderNode(play.hosts, scope, {})
  const words = (Array.isArray(pattern) ? pattern : [pattern]).map(toText)
  const chosen = selectHosts(request.inventory, words, play.hosts.span)
  const { limit } = request.options
  const limited = limit === undefined ? chosen : limitHosts(request.inventory, chosen.hosts, limit)
  return {
    names: limited.hosts.map(host => host.name),
    faults: [...chosen.faults, ...(limit === undefined ? [] : limited.faults)],
  }
}

/**
 * Runs a play, batch by batch when `serial` says so. False when it lost a whole batch: no play may follow then, not for
 * other hosts either, since plays build on those before them.
 */
export async function runPlay(run: RunContext, play: Play, number: number): Promise<boolean> {
  const prompts = await promptsOf(run, play)
  const { names } = hostsOf(run, play)
  const states = names.map(name => stateOf(run, name))
  const live = ordered(
    run,
    play,
    states.filter(state => !state.out),
  )
  for (const state of states) state.ended = false
  if (live.length === 0) run.emit({ type: 'play-start', play: number, name: nameOf(play), hosts: [], tasks: 0 })
  let [goOn, stopped] = [true, false]
  for (const batch of live.length === 0 ? [] : batches(run, play, live)) {
    const before = new Map(run.fleet.machines.map(machine => [machine, machine.changes]))
    const sharedRoles = new Set<RoleVars>()
    const parts = { all: states, batch, prompts, sharedRoles }
    const varsFiles = new VarsFiles(play.varsFiles, play.dir, run.parse.decrypt)
    const context = await runBatch(run, play, number, frameOf(play, { ...parts, varsFiles }), batch, sharedRoles)
    await closingLook(context, before)
    stopped ||= context.strikes > 0 && batch.every(state => state.out)
    goOn = context.stop !== 'locked' && !batch.every(state => state.out)
    if (!goOn || context.stop === 'end_play') break
  }
  run.emit({ type: 'play-end', play: number, ...(stopped ? { stopped } : {}) })
  return goOn
}

async function runBatch(
  run: RunContext,
  play: Play,
  number: number,
  frame: PlayFrame,
  batch: readonly HostState[],
  sharedRoles: Set<RoleVars>,
): Promise<PlayContext> {
  const speech = { scope: run.store.scope(batch[0]?.name ?? 'localhost', { play: frame }), options: {} }
  const strategy = textOf(play.strategy, speech)?.replace(/^ansible\.builtin\./, '') ?? 'linear'
  const free = strategy === 'free' || strategy === 'host_pinned'
  const context: PlayContext = {
    run,
    play,
    number,
    frame,
    batch,
    // Hosts of a free strategy wait for nobody: a clock that knows no host holds none up.
    clock: new Clock(free ? [] : batch.map(state => state.name)),
    free,
    told: new Set(),
    once: new Map(),
    brought: new Map(),
    roles: new RoleMemory(),
    handlers: new Handlers(play.handlers),
    sharedRoles,
    throttles: new Map(),
    kept: [],
    strikes: 0,
    struckAt: '',
    forgiven: 0,
    stop: undefined,
  }
  for (const state of batch) {
    state.struck = 0
    state.notified.clear()
    state.due.clear()
  }
  const tasks = sections(play).reduce((sum, steps) => sum + [...tasksOf(steps, NOWHERE, true)].length, 0)
  run.emit({
    type: 'play-start',
    play: number,
    name: titleOf(play, speech),
    hosts: batch.map(state => state.name),
    tasks,
  })
  const facts = quietly(() => boolOf(play.gatherFacts, speech)) === false ? undefined : gathering(run, play)
  /** With `gathering = smart` a host whose facts are known is not asked for them again. */
  const known = (name: string): boolean => run.options.smart === true && run.store.factsOf(name).has('module_setup')
  await Promise.all(batch.map(state => new Flow(context, state).run(known(state.name) ? undefined : facts)))
  return context
}

export function stateOf(run: RunContext, name: string): HostState {
  const known = run.hosts.get(name)
  if (known) return known
  const state = new HostState(name)
  run.hosts.set(name, state)
  return state
}

/** The task that gathers facts first. */
function gathering(run: RunContext, play: Play): Placed {
  const entry = (name: string, node: Node | undefined) =>
    node === undefined ? [] : [{ key: scalar(name, node.span), value: node }]
  const task: Task = {
    kind: 'task',
    id: run.parse.ids.next++,
    span: play.span,
    name: scalar('Gathering Facts', play.span),
    written: 'ansible.builtin.gather_facts',
    action: 'setup',
    args: {
      kind: 'mapping',
      span: play.span,
      entries: [
        ...entry('gather_subset', play.gatherSubset),
        ...entry('gather_timeout', play.gatherTimeout),
        ...entry('fact_path', play.factPath),
      ],
    },
    when: [],
    notify: [],
    listen: [],
    tags: [...new Set([...(play.tags ?? []), 'always'])],
    vars: [],
    until: [],
    changedWhen: [],
    failedWhen: [],
    keywords: play.keywords,
  }
  return { task, around: NOWHERE }
}
