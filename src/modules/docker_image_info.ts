import { defineModule } from '../kit/module.ts'
import { ok } from '../kit/plan.ts'
import { imageList } from '../questions/docker.ts'
import { DAEMON, docker, noDocker, shown } from './shared/docker.ts'
import { reference } from './shared/docker-image.ts'

/** What docker knows of images. */
export default defineModule({
  name: 'docker_image_info',
  collection: 'community.docker',
  summary: 'Tells what docker knows of some images, or of all',
  args: {
    type: 'object',
    additionalProperties: false,
    properties: {
      name: {
        type: 'array',
        items: { type: 'string', minLength: 1 },
        description: 'Names or ids; all images when absent',
      },
      ...DAEMON,
    },
  },
  probe: args => ({
    now: imageList(
      (args.name ?? []).map(name => reference(name, 'latest')),
      docker(args),
    ),
  }),
  plan: (_, { now }) => (now === 'no docker' ? noDocker() : ok({ images: shown(now) })),
})
