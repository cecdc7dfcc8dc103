import { defineModule } from '../kit/module.ts'
import { ok } from '../kit/plan.ts'
import { volume } from '../questions/docker.ts'
import { DAEMON, docker, noDocker, shown } from './shared/docker.ts'

/** What docker knows of a volume. */
export default defineModule({
  name: 'docker_volume_info',
  collection: 'community.docker',
  summary: 'Tells what docker knows of a volume',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['name'],
    properties: { name: { type: 'string', minLength: 1, aliases: ['volume_name'] }, ...DAEMON },
  },
  probe: args => ({ now: volume(args.name, docker(args)) }),
  plan: (_, { now }) => (now === 'no docker' ? noDocker() : ok({ exists: now !== 'absent', volume: shown(now) })),
})
