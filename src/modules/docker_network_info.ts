import { defineModule } from '../kit/module.ts'
import { ok } from '../kit/plan.ts'
import { network } from '../questions/docker.ts'
import { DAEMON, docker, noDocker, shown } from './shared/docker.ts'

/** What docker knows of a network. */
export default defineModule({
  name: 'docker_network_info',
  collection: 'community.docker',
  summary: 'Tells what docker knows of a network',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['name'],
    properties: { name: { type: 'string', minLength: 1 }, ...DAEMON },
  },
  probe: args => ({ now: network(args.name, docker(args)) }),
  plan: (_, { now }) => (now === 'no docker' ? noDocker() : ok({ exists: now !== 'absent', network: shown(now) })),
})
