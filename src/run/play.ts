import { existsSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { type Diagnostic, InputError } from '../base/diagnostic.ts'
import type { Value } from '../base/value.ts'
import { readVarsFile } from '../inventory/adjacent.ts'
import { limitHosts, selectHosts } from '../inventory/pattern.ts'
import { toText } from '../jinja/python/text.ts'
import type { Play, Step, Task } from '../playbook/ast.ts'
import type { Mapping, Node } from '../source/node.ts'
import { scalar } from '../source/node.ts'
import type { PlayFrame, RoleVars } from '../vars/frame.ts'
import { renderNode } from '../vars/render.ts'
import { Clock } from './clock.ts'
import { closingLook } from './closing.ts'
import type { PlayContext, RunContext, RunRequest } from './context.ts'
import { Flow } from './flow.ts'
import { HostState } from './host.ts'
import { boolOf } from './language.ts'
import { quietly } from './tell.ts'
import { NOWHERE, type Placed, sections, tasksOf } from './walk.ts'

/** The names of a play's hosts after `--limit`, in order. A pattern that names nothing is a fault. */
export function hostsOf(request: RunRequest, play: Play): { names: string[]; faults: readonly Diagnostic[] } {
  const speech = { scope: request.store.scope('localhost', { play: frameOf(play, [], []) }), options: {} }
  const pattern = renderNode(play.hosts, speech.scope, speech.options)
  const words = (Array.isArray(pattern) ? pattern : [pattern]).map(toText)
  const chosen = selectHosts(request.inventory, words, play.hosts.span)
  const { limit } = request.options
  const limited = limit === undefined ? chosen : limitHosts(request.inventory, chosen.hosts, limit)
  return {
    names: limited.hosts.map(host => host.name),
    faults: [...chosen.faults, ...(limit === undefined ? [] : limited.faults)],
  }
}

/** What a play gives to the variables of its tasks; who is still in is looked up when it is asked for. */
export function frameOf(
  play: Play,
  all: readonly string[],
  batch: readonly HostState[],
  varsFiles: readonly Mapping[] = [],
): PlayFrame {
  const live = () => batch.filter(host => !host.out && !host.ended).map(host => host.name)
  return {
    name: nameOf(play),
    vars: play.vars,
    varsFiles,
    roles: rolesOf(play.roles),
    allHosts: all,
    get hosts() {
      return live()
    },
    get batch() {
      return live()
    },
  }
}

const rolesOf = (steps: readonly Step[]): RoleVars[] =>
  steps.flatMap(step => (step.kind === 'block' && step.role !== undefined ? [step.role] : []))

/** A play without a name is called by its hosts. */
export const nameOf = (play: Play): string => {
  const node = play.name ?? play.hosts
  return node.kind === 'scalar'
    ? node.text
    : node.kind === 'sequence'
      ? node.items.map(item => (item.kind === 'scalar' ? item.text : '')).join(',')
      : ''
}

/**
 * Runs a play, batch by batch when `serial` says so. False when it lost a whole batch, or `any_errors_fatal` ended it: no
 * play may follow then, not for other hosts either, since plays build on those before them.
 */
export async function runPlay(run: RunContext, play: Play, number: number): Promise<boolean> {
  const { names } = hostsOf(run, play)
  const states = names.map(name => stateOf(run, name))
  const live = states.filter(state => !state.out)
  if (live.length === 0) {
    run.emit({ type: 'play-start', play: number, name: nameOf(play), hosts: [], tasks: 0 })
    run.emit({ type: 'play-end', play: number })
    return true
  }
  let goOn = true
  for (const state of states) state.ended = false
  for (const batch of batches(run, play, live)) {
    const before = new Map(run.fleet.machines.map(machine => [machine, machine.changes]))
    const context = await runBatch(run, play, number, names, batch)
    await closingLook(context, before)
    goOn = (context.stop === undefined || context.stop === 'end_play') && !batch.every(state => state.out)
    if (!goOn) break
  }
  run.emit({ type: 'play-end', play: number })
  return goOn
}

async function runBatch(
  run: RunContext,
  play: Play,
  number: number,
  names: readonly string[],
  batch: readonly HostState[],
): Promise<PlayContext> {
  const bare = frameOf(play, names, batch)
  const frame = frameOf(play, names, batch, varsFilesOf(run, play, bare, batch[0]?.name ?? 'localhost'))
  const context: PlayContext = {
    run,
    play,
    number,
    frame,
    batch,
    // Hosts of a free strategy wait for nobody: a clock that knows no host holds none up.
    clock: new Clock(isFree(play) ? [] : batch.map(state => state.name)),
    told: new Set(),
    once: new Map(),
    rolesDone: new Set(),
    handlers: [...tasksOf(play.handlers, NOWHERE, false)],
    throttles: new Map(),
    kept: [],
    stop: undefined,
  }
  const tasks = sections(play).reduce((sum, steps) => sum + [...tasksOf(steps, NOWHERE, true)].length, 0)
  run.emit({ type: 'play-start', play: number, name: nameOf(play), hosts: batch.map(state => state.name), tasks })
  const facts = gathering(run, play, frame, batch)
  await Promise.all(batch.map(state => new Flow(context, state).run(facts)))
  return context
}

const isFree = ({ strategy }: Play): boolean =>
  strategy?.kind === 'scalar' && (strategy.text === 'free' || strategy.text === 'host_pinned')

/** The hosts of a batch at a time; `serial` is a number, a percentage, or a list of these of which the last repeats. */
function batches(run: RunContext, play: Play, live: readonly HostState[]): readonly (readonly HostState[])[] {
  if (play.serial === undefined) return [live]
  const speech = {
    scope: run.store.scope(live[0]?.name ?? 'localhost', { play: frameOf(play, [], live) }),
    options: {},
  }
  const said = renderNode(play.serial, speech.scope, speech.options)
  const sizes = (Array.isArray(said) ? said : [said]).map(value => sizeOf(value, live.length))
  const out: HostState[][] = []
  for (let start = 0, i = 0; start < live.length; i++) {
    const size = sizes[Math.min(i, sizes.length - 1)] ?? live.length
    out.push(live.slice(start, start + size))
    start += size
  }
  return out
}

function sizeOf(value: Value, all: number): number {
  const text = toText(value)
  const size = text.endsWith('%') ? Math.floor((Number(text.slice(0, -1)) / 100) * all) : Number(text)
  return text.endsWith('%') ? Math.max(1, size) : size > 0 ? size : all
}

export function stateOf(run: RunContext, name: string): HostState {
  const known = run.hosts.get(name)
  if (known) return known
  const state = new HostState(name)
  run.hosts.set(name, state)
  return state
}

/** `vars_files`: each a file, or a list of which the first that is there counts. */
function varsFilesOf(run: RunContext, play: Play, frame: PlayFrame, host: string): Mapping[] {
  const scope = run.store.scope(host, { play: frame })
  return play.varsFiles.flatMap(node => {
    const choices: readonly Node[] = node.kind === 'sequence' ? node.items : [node]
    const paths = choices
      .map(choice => toText(renderNode(choice, scope, {})))
      .map(path => (isAbsolute(path) ? path : join(play.dir, path)))
    const found = paths.find(path => existsSync(path) || existsSync(join(play.dir, 'vars', path)))
    if (found === undefined) {
      throw new InputError(
        [
          {
            code: 'source-missing',
            severity: 'error',
            message: `there is no file of variables ${paths.join(' or ')}`,
            span: node.span,
            remedy: 'vars_files are looked for beside the playbook',
          },
        ],
        66,
      )
    }
    const entries = [...readVarsFile(found, 'vars_files')].map(([name, entry]) => ({
      key: scalar(name, entry.span),
      value: entry.node,
    }))
    return [{ kind: 'mapping' as const, entries, span: node.span }]
  })
}

/** The task that gathers facts first, unless the play does not want it. */
function gathering(run: RunContext, play: Play, frame: PlayFrame, batch: readonly HostState[]): Placed | undefined {
  const speech = { scope: run.store.scope(batch[0]?.name ?? 'localhost', { play: frame }), options: {} }
  if (quietly(() => boolOf(play.gatherFacts, speech)) === false) return undefined
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
      entries: [...entry('gather_subset', play.gatherSubset), ...entry('gather_timeout', play.gatherTimeout)],
    },
    when: [],
    notify: [],
    listen: [],
    tags: [...new Set([...(play.tags ?? []), 'always'])],
    vars: [],
    changedWhen: [],
    failedWhen: [],
    keywords: play.keywords,
  }
  return { task, around: NOWHERE }
}
