import { type Diagnostic, InputError } from '../base/diagnostic.ts'
import type { Value } from '../base/value.ts'
import { limitHosts, selectHosts } from '../inventory/pattern.ts'
import { TemplateError } from '../jinja/errors.ts'
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
import { quietly, unique } from './faults.ts'
import { Flow } from './flow.ts'
import { Forks } from './forks.ts'
import { Handlers } from './handlers.ts'
import { HostState } from './host.ts'
import { boolOf, textOf } from './language.ts'
import { frameOf, nameOf, titleOf } from './play-frame.ts'
import { promptsOf } from './prompts.ts'
import { RoleMemory } from './role-memory.ts'
import { pretending } from './tell.ts'
import { NOWHERE, type Placed, sections, tasksOf } from './walk.ts'

/** The hosts of a play, as far as they can be made out. */
export interface Chosen {
  /** Their names after `--limit`, in order. */
  readonly names: readonly string[]
  readonly faults: readonly Diagnostic[]
  /** Why nobody can say: the pattern is a template over something that is not known. */
  readonly unclear?: Diagnostic
}

/**
 * Whom a play is for. A pattern that names nothing is a fault.
 * @param prompts answers to its `vars_prompt`, once they are there
 */
export function hostsOf(request: RunRequest, play: Play, prompts?: ReadonlyMap<string, Value>): Chosen {
  const scope = request.store.scope('localhost', { play: frameOf(play, prompts && { prompts }) })
  let pattern: Value
  try {
    pattern = renderNode(play.hosts, scope, {})
  } catch (error) {
    if (error instanceof TemplateError) return { names: [], faults: [], unclear: unclear(play, error) }
    throw error
  }
  const words = (Array.isArray(pattern) ? pattern : [pattern]).map(toText)
  const chosen = selectHosts(request.inventory, words, play.hosts.span)
  const { limit } = request.options
  const limited = limit === undefined ? chosen : limitHosts(request.inventory, chosen.hosts, limit)
  return {
    names: limited.hosts.map(host => host.name),
    faults: [...chosen.faults, ...(limit === undefined ? [] : limited.faults)],
  }
}

const unclear = ({ hosts: { span } }: Play, { code, fault }: TemplateError): Diagnostic => ({
  ...{ code, severity: 'error', span },
  message: `the hosts of the play cannot be made out: ${fault}`,
  remedy: 'give the variable with -e, ask for it with vars_prompt, or set it in a play before',
})

/**
 * Runs a play, batch by batch when `serial` says so. Hosts that an earlier play lost keep their places in the batches, and nothing
 * is done for them. False when every host of a batch was lost in it: no play may follow then, not for other hosts either, since
 * plays build on those before them.
 */
export async function runPlay(run: RunContext, play: Play, number: number): Promise<boolean> {
  const prompts = await promptsOf(run, play)
  const { names, unclear } = hostsOf(run, play, prompts)
  if (unclear) throw new InputError([unclear])
  const states = names.map(name => stateOf(run, name))
  // Before any of its hosts is touched: a play that ends half-way leaves those that were ahead with half of it.
  const closed = states.flatMap(state => (state.out ? [] : run.store.faultsOf(state.name)))
  if (closed.length > 0) throw new InputError(unique(closed))
  for (const state of states) state.ended = false
  const announced = (): void => run.emit({ type: 'play-start', play: number, name: nameOf(play), hosts: [], tasks: 0 })
  if (states.length === 0) announced()
  let [goOn, stopped] = [true, false]
  for (const all of states.length === 0 ? [] : batches(run, play, ordered(run, play, states))) {
    const batch = all.filter(state => !state.out)
    if (batch.length === 0) {
      announced()
      continue
    }
    const lost = new Set(all.filter(state => state.out))
    const before = new Map(run.fleet.machines.map(machine => [machine, machine.changes]))
    const sharedRoles = new Set<RoleVars>()
    const parts = { all: states, batch: all, prompts, sharedRoles }
    const varsFiles = new VarsFiles(play.varsFiles, play.dir, run.parse.decrypt)
    const context = await runBatch(run, play, number, frameOf(play, { ...parts, varsFiles }), batch, lost, sharedRoles)
    await closingLook(context, before)
    const over = batch.every(state => state.out)
    stopped ||= context.strikes > 0 && over
    goOn = context.stop !== 'locked' && !(over && (context.strikes > 0 || batch.length === all.length))
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
  lost: Set<HostState>,
  sharedRoles: Set<RoleVars>,
): Promise<PlayContext> {
  const speech = { scope: run.store.scope(batch[0]?.name ?? 'localhost', { play: frame }), options: {} }
  const strategy = textOf(play.strategy, speech)?.replace(/^ansible\.builtin\./, '') ?? 'linear'
  const pinned = strategy === 'host_pinned'
  const free = strategy === 'free' || pinned
  const context: PlayContext = {
    run,
    play,
    number,
    frame,
    batch,
    size: batch.length + lost.size,
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
    rescuers: [],
    struckAt: '',
    forgiven: 0,
    stop: undefined,
  }
  for (const state of [...batch, ...lost]) {
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
    ...pretending(quietly(() => boolOf(play.keywords.checkMode, speech))),
  })
  const facts = quietly(() => boolOf(play.gatherFacts, speech)) === false ? undefined : gathering(run, play)
  /** With `gathering = smart` a host whose facts are known is not asked for them again. */
  const known = (name: string): boolean => run.options.smart === true && run.store.factsOf(name).has('module_setup')
  const flow = (way: PlayContext, state: HostState): Promise<void> =>
    new Flow(way, state).run(known(state.name) ? undefined : facts)
  // A host that is pinned is done before another takes its place.
  const places = new Forks(pinned ? run.options.forks : Number.POSITIVE_INFINITY)
  await Promise.all(batch.map(state => places.run(() => flow(context, state))))
  const back = [...lost].filter(state => !state.out)
  if (back.length === 0 || context.stop !== undefined) return context
  // `clear_host_errors` brought back who was lost before the play: it goes the whole way, after the others.
  for (const state of back) lost.delete(state)
  const clock = new Clock(free ? [] : back.map(state => state.name))
  const after: PlayContext = { ...context, batch: back, clock, told: new Set(), once: new Map() }
  await Promise.all(back.map(state => places.run(() => flow(after, state))))
  context.strikes = Math.max(context.strikes, after.strikes)
  context.stop = after.stop
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
  // Each host has facts of its own, though one host does the tasks for all
  const { runOnce: _, ...keywords } = play.keywords
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
    keywords,
  }
  return { task, around: NOWHERE }
}
