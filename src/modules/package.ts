import type { HostInfo } from '../kit/host.ts'
import { defineModule, type Module } from '../kit/module.ts'
import { refuse } from '../kit/plan.ts'
import apk from './apk.ts'
import apt from './apt.ts'
import dnf from './dnf.ts'
import pacman from './pacman.ts'
import { defaultsOf } from './shared/defaults.ts'
import { joinedNames } from './shared/joined.ts'
import zypper from './zypper.ts'

/** The package manager's module by the family of the host. */
const BY_FAMILY: Readonly<Partial<Record<HostInfo['family'], Module>>> = {
  debian: apt,
  redhat: dnf,
  alpine: apk,
  suse: zypper,
  arch: pacman,
}

/** By what is on the PATH, where the family says nothing. */
const BY_TOOL: readonly (readonly [tool: string, module: Module])[] = [
  ['apt-get', apt],
  ['dnf', dnf],
  ['apk', apk],
  ['zypper', zypper],
  ['pacman', pacman],
]

/** The module of the manager that a task names or the host has. */
const managerOf = (use: string, host: HostInfo): Module | undefined => {
  const named = BY_TOOL.find(([, { name }]) => name === use.replace(/^.*\./, '').replace(/^(?:yum4?|dnf[45])$/, 'dnf'))
  if (use !== 'auto') return named?.[1]
  return BY_FAMILY[host.family] ?? BY_TOOL.find(([tool]) => host.tools.has(tool))?.[1]
}

/** Packages of whatever package manager the target has. */
export default defineModule({
  name: 'package',
  summary: 'Packages are installed, up to date or absent, by the package manager of the host',
  args: {
    type: 'object',
    additionalProperties: { description: 'A parameter of the module of the package manager' },
    required: ['name'],
    properties: {
      name: { type: 'array', items: { type: 'string' }, aliases: ['pkg'] },
      state: { type: 'string', enum: ['absent', 'installed', 'latest', 'present', 'removed'], default: 'present' },
      use: {
        type: 'string',
        default: 'auto',
        description: 'The module of the package manager, when the host is not to tell',
      },
    },
  },
  probe(args, host) {
    const manager = managerOf(args.use, host)
    return manager === undefined ? {} : manager.probe(argsFor(args, manager), host)
  },
  plan(args, seen, host) {
    const manager = managerOf(args.use, host)
    if (manager === undefined)
      return refuse(
        args.use === 'auto'
          ? `${host.name} (${host.id}) has none of ${BY_TOOL.map(([tool]) => tool).join(', ')}`
          : `no package manager '${args.use}' is managed on ${host.name} (${host.id})`,
        'apk, apt, dnf, pacman and zypper are; install it with command',
      )
    return manager.plan(argsFor(args, manager), seen as Readonly<Record<string, unknown>>, host)
  },
  join(all, host) {
    const manager = managerOf(all[0]?.use ?? 'auto', host)
    const joined = manager?.join?.(
      all.map(args => argsFor(args, manager)),
      host,
    )
    return joined === undefined ? undefined : joinedNames(all)
  },
  afterwards(args, seen, edits, host) {
    const manager = managerOf(args.use, host)
    const answers = seen as Readonly<Record<string, unknown>>
    return manager?.afterwards ? manager.afterwards(argsFor(args, manager), answers, edits, host) : answers
  },
})

const STATES: Readonly<Record<string, string>> = { installed: 'present', removed: 'absent' }

const argsFor = ({ use: _, state, ...rest }: { use: string; state: string }, manager: Module) => ({
  ...defaultsOf(manager.args),
  ...rest,
  state: STATES[state] ?? state,
})
