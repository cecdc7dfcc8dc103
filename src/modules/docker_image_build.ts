import { defineModule } from '../kit/module.ts'
import { ok, refuse } from '../kit/plan.ts'
import { image } from '../questions/docker.ts'
import { at, entry } from '../questions/files.ts'
import { DAEMON, docker, noDocker } from './shared/docker.ts'
import { BUILD, build, buildScript, imageShown, isId, reference, tagFault } from './shared/docker-image.ts'

/** An image is built on the host. */
export default defineModule({
  name: 'docker_image_build',
  collection: 'community.docker',
  summary: 'An image is there, built on the host from a folder of the host',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['name', 'path'],
    properties: {
      name: { type: 'string', minLength: 1 },
      tag: { type: 'string', default: 'latest', description: 'Unless the name has one' },
      ...BUILD,
      rebuild: {
        type: 'string',
        enum: ['never', 'always'],
        default: 'never',
        description: 'What to do when there is an image of this name',
      },
      secrets: {
        type: 'array',
        refused: 'they are of buildx, which Debian has not; bring them as files and mount them by the Dockerfile',
      },
      outputs: { type: 'array', refused: 'they are of buildx, which Debian has not; the image goes to the daemon' },
      ...DAEMON,
    },
  },
  probe: (args, host) => ({
    now: image(reference(args.name, args.tag), docker(args)),
    context: entry(at(args.path, host), true),
  }),
  plan(args, { now, context }, host) {
    if (now === 'no docker') return noDocker()
    const fault = tagFault(args.tag)
    if (fault !== undefined) return refuse(fault, 'give letters, digits, dots, dashes and underscores')
    if (isId(args.name)) return refuse('Image name must not be a digest', 'give a name')
    if (now !== 'absent' && args.rebuild === 'never') return ok(imageShown(now))
    const path = at(args.path, host)
    if (context?.type !== 'directory') return refuse(`"${path}" is not an existing directory`, 'bring it with copy')
    const ref = reference(args.name, args.tag)
    const cli = docker(args)
    const script = buildScript(cli, ref, path, args)
    return build({ ref, now, script, touches: [`image:${ref}`, 'images'], docker: cli }, path, true)
  },
})
