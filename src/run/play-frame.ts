import type { Value } from '../base/value.ts'
import { toText } from '../jinja/python/text.ts'
import type { Play, Step } from '../playbook/ast.ts'
import type { PlayFrame, RoleVars } from '../vars/frame.ts'
import type { VarsFiles } from '../vars/vars-files.ts'
import { quietly } from './faults.ts'
import type { HostState } from './host.ts'
import { renderedOf, type Speech } from './language.ts'

/** What a frame needs beside its play; without it, the play is only looked at. */
export interface FrameParts {
  /** Every host of the play. */
  readonly all?: readonly HostState[]
  readonly batch?: readonly HostState[]
  readonly varsFiles?: VarsFiles
  readonly prompts?: ReadonlyMap<string, Value>
  /** Grows while the play runs. */
  readonly sharedRoles?: ReadonlySet<RoleVars>
}

/** What a play gives to the variables of its tasks; who is still in is looked up when it is asked for. */
export function frameOf(
  play: Play,
  { all = [], batch = [], varsFiles, prompts, sharedRoles }: FrameParts = {},
): PlayFrame {
  const live = (hosts: readonly HostState[]) => hosts.filter(host => !host.out && !host.ended).map(host => host.name)
  const roles = rolesOf(play)
  return {
    name: nameOf(play),
    dir: play.dir,
    vars: play.vars,
    varsFiles,
    prompts,
    allHosts: all.map(host => host.name),
    get roles() {
      return sharedRoles && sharedRoles.size > 0 ? [...roles, ...sharedRoles] : roles
    },
    get hosts() {
      return live(all)
    },
    get batch() {
      return live(batch)
    },
  }
}

const known = new WeakMap<Play, readonly RoleVars[]>()

/** The roles of a play that all its tasks see, with what they let others see: those of `roles` and what is imported. */
function rolesOf(play: Play): readonly RoleVars[] {
  const found = known.get(play)
  if (found) return found
  const roles = [play.preTasks, play.roles, play.tasks, play.postTasks].flatMap(steps => [...rolesIn(steps)])
  known.set(play, roles)
  return roles
}

function* rolesIn(steps: readonly Step[]): Iterable<RoleVars> {
  for (const step of steps) {
    if (step.kind === 'task') continue
    if (step.role?.hidden) yield { ...step.role, vars: [], defaults: [] }
    else if (step.role) yield { ...step.role, vars: step.role.exports }
    yield* rolesIn(step.block)
    yield* rolesIn(step.rescue)
    yield* rolesIn(step.always)
  }
}

/** How a play is called where it is told: what stands there, rendered. */
export function titleOf(play: Play, speech: Speech): string {
  const said = quietly(() => renderedOf(play.name ?? play.hosts, speech))
  return said === undefined || said === null
    ? nameOf(play)
    : Array.isArray(said)
      ? said.map(toText).join(',')
      : toText(said)
}

/** A play without a name is called by its hosts. */
export const nameOf = (play: Play): string => {
  const node = play.name ?? play.hosts
  return node.kind === 'scalar'
    ? node.text
    : node.kind === 'sequence'
      ? node.items.map(item => (item.kind === 'scalar' ? item.text : '')).join(',')
      : ''
}
