import { defineModule } from '../kit/module.ts'
import { ok, refuse, telling } from '../kit/plan.ts'
import { image } from '../questions/docker.ts'
import { sh } from '../shell/script.ts'
import { DAEMON, docker, flagged, noDocker } from './shared/docker.ts'
import { bring, imageShown, isId, isPlatform, reference, tagFault } from './shared/docker-image.ts'

/** An image of a registry is on the host. */
export default defineModule({
  name: 'docker_image_pull',
  collection: 'community.docker',
  summary: 'An image of a registry is on the host, pulled always or when it is missing',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['name'],
    properties: {
      name: { type: 'string', minLength: 1 },
      tag: { type: 'string', default: 'latest', description: 'Unless the name has a tag or a digest' },
      platform: { type: 'string', description: 'Such as linux/arm64/v8 or amd64' },
      pull: { type: 'string', enum: ['always', 'not_present'], default: 'always' },
      ...DAEMON,
    },
  },
  probe: args => ({ now: image(reference(args.name, args.tag), docker(args)) }),
  plan(args, { now }) {
    if (now === 'no docker') return noDocker()
    const fault = tagFault(args.tag)
    if (fault !== undefined) return refuse(fault, 'give letters, digits, dots, dashes and underscores')
    if (isId(args.name)) return refuse('Cannot pull an image by ID', 'give its name')
    const ref = reference(args.name, args.tag)
    if (args.pull === 'not_present' && now !== 'absent')
      if (args.platform === undefined || isPlatform(now, args.platform)) return ok({ ...imageShown(now), actions: [] })
    const cli = docker(args)
    const plan = bring({
      ref,
      now,
      to: 'pulled',
      script: sh`${cli} pull -q ${flagged('--platform', args.platform)} -- ${ref} >/dev/null`,
      touches: [`image:${ref}`, 'images'],
      docker: cli,
      again: args.pull === 'always',
    })
    return telling(plan, { actions: [`Pulled image ${ref}`] })
  },
})
