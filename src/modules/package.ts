import type { HostInfo } from '../kit/host.ts'
import { defineModule, type Module } from '../kit/module.ts'
import { refuse } from '../kit/plan.ts'
import apt from './apt.ts'
import { defaultsOf } from './shared/defaults.ts'

/** The package manager's module by the family of the host. */
const MANAGERS: Readonly<Partial<Record<HostInfo['family'], Module>>> = { debian: apt }

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
      use: { type: 'string', default: 'auto', description: 'The package manager is found by itself' },
    },
  },
  probe(args, host) {
    const manager = MANAGERS[host.family]
    return manager === undefined ? {} : manager.probe(argsFor(args, manager), host)
  },
  plan(args, seen, host) {
    const manager = MANAGERS[host.family]
    if (manager === undefined)
      return refuse(
        `no package manager is managed on ${host.name} (${host.id})`,
        'hosts with apt are managed; install it with command',
      )
    return manager.plan(argsFor(args, manager), seen as Readonly<Record<string, unknown>>, host)
  },
})

const STATES: Readonly<Record<string, string>> = { installed: 'present', removed: 'absent' }

const argsFor = ({ use: _, state, ...rest }: { use: string; state: string }, manager: Module) => ({
  ...defaultsOf(manager.args),
  ...rest,
  state: STATES[state] ?? state,
})
