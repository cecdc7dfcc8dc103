import { defineModule } from '../kit/module.ts'
import { act, change, ok } from '../kit/plan.ts'
import { volume } from '../questions/docker.ts'
import { join, nothing, sh } from '../shell/script.ts'
import { run } from './shared/attributes.ts'
import { DAEMON, docker, documents, flagged, noDocker, pairs, shown, unlike } from './shared/docker.ts'
import { ended } from './shared/ended.ts'

/** A volume of a Docker daemon. */
export default defineModule({
  name: 'docker_volume',
  collection: 'community.docker',
  summary: 'A volume is there, or is not',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['volume_name'],
    properties: {
      volume_name: { type: 'string', minLength: 1, aliases: ['name'] },
      state: { type: 'string', enum: ['present', 'absent'], default: 'present' },
      driver: { type: 'string', default: 'local' },
      driver_options: { type: 'object', default: {} },
      labels: { type: 'object' },
      recreate: {
        type: 'string',
        enum: ['always', 'never', 'options-changed'],
        default: 'never',
        description: 'Whether it is made anew, empty, always or where it differs',
      },
      ...DAEMON,
    },
  },
  probe: args => ({ now: volume(args.volume_name, docker(args)) }),
  plan(args, { now }) {
    if (now === 'no docker') return noDocker()
    const cli = docker(args)
    const { volume_name: name } = args
    const touches = [`volume:${name}`, 'volumes']
    const remove = now === 'absent' ? nothing : sh`${cli} volume rm -- ${name} >/dev/null || exit`
    if (args.state === 'absent')
      return change(now === 'absent' ? [] : [{ what: name, from: 'present', to: 'absent', by: run(remove) }], touches)
    const words = [
      ...flagged('--driver', args.driver),
      ...pairs('--opt', args.driver_options),
      ...pairs('--label', args.labels),
    ]
    const made = join([remove, sh`${cli} volume create ${words} -- ${name} >/dev/null || exit`])
    const result = { volume: shown(now) }
    if (now === 'absent') return change([{ what: name, from: 'absent', to: 'present', by: run(made) }], touches, result)
    if (args.recreate === 'always')
      return act(
        `make ${name} anew`,
        run(join([made, sh`${cli} volume inspect -- ${name}`])),
        outcome => ended(outcome, { volume: shown(documents(outcome.stdout)[0] ?? 'absent') }),
        { touches, dry: 'pretend' },
      )
    if (args.recreate === 'never') return ok(result)
    const by = run(made)
    const differs = [
      ...(now.Driver === args.driver ? [] : [{ what: 'driver', from: now.Driver, to: args.driver }]),
      ...unlike('driver_options', now.Options, args.driver_options),
      ...unlike('labels', now.Labels, args.labels),
    ]
    return change(
      differs.map(line => ({ ...line, by })),
      touches,
      result,
    )
  },
})
