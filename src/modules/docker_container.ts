import { fromJson } from '../base/value.ts'
import type { HostInfo } from '../kit/host.ts'
import { defineModule } from '../kit/module.ts'
import { change, ok, refuse, warned } from '../kit/plan.ts'
import { withAddress } from '../questions/container-ports.ts'
import { differences, environmentFault, type Wanted } from '../questions/container-spec.ts'
import { container, containerIds, type Found, type ImageFacts, image } from '../questions/docker.ts'
import { leftOut, limited } from '../questions/docker-limits.ts'
import { at, text } from '../questions/files.ts'
import { known } from '../questions/known.ts'
import { modified } from '../questions/modified.ts'
import { nothing } from '../shell/script.ts'
import { run } from './shared/attributes.ts'
import { DAEMON, docker, noDocker } from './shared/docker.ts'
import { create, type Handling, remove } from './shared/docker-container.ts'
import {
  CONTAINER,
  containerFault,
  environmentOf,
  labelFault,
  optionsOf,
  peersOf,
  withPeer,
  wordsOf,
} from './shared/docker-container-args.ts'
import { once } from './shared/docker-container-once.ts'
import { newest } from './shared/docker-container-pull.ts'
import { type Life, looked, settle } from './shared/docker-container-state.ts'
import { registryFiles, registrySpec, registryVerdict } from './shared/registry-container.ts'

/** A container as it should be: compared with what `docker inspect` says, and made anew where it differs. */
export default defineModule({
  name: 'docker_container',
  collection: 'community.docker',
  summary: 'A container is there, runs, and is what it was declared to be',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['name'],
    properties: {
      name: { type: 'string', pattern: '^/?[A-Za-z0-9][A-Za-z0-9_.-]*$' },
      image: { type: 'string', minLength: 1 },
      state: { type: 'string', enum: ['started', 'present', 'stopped', 'absent'], default: 'started' },
      restart_policy: { type: 'string', enum: ['no', 'on-failure', 'always', 'unless-stopped'] },
      restart_retries: { type: 'integer', minimum: 0 },
      volumes: { type: 'array', items: { type: 'string' } },
      env: { type: 'object' },
      published_ports: { type: 'array', items: { type: 'string' }, aliases: ['ports'] },
      command: {
        description: 'Words, or a line that is split into words as a shell does, without any other interpretation',
      },
      entrypoint: { type: 'array', items: { type: 'string' } },
      labels: { type: 'object' },
      network_mode: { type: 'string' },
      user: { type: 'string' },
      hostname: { type: 'string' },
      privileged: { type: 'boolean' },
      read_only: { type: 'boolean' },
      capabilities: { type: 'array', items: { type: 'string' } },
      security_opts: {
        type: 'array',
        items: { type: 'string', pattern: '^(?!seccomp[=:](?!unconfined$))' },
        description:
          'Such as no-new-privileges or label=user:me; of seccomp only unconfined, since profiles cannot be compared',
      },
      recreate: { type: 'boolean', default: false, description: 'Make it anew even when nothing differs' },
      restart: { type: 'boolean', default: false, description: 'Restart it even when nothing differs' },
      restart_after: {
        type: 'array',
        items: { type: 'string' },
        path: true,
        description:
          'Files that the container reads only when it starts: it is restarted when one of them is newer than its start',
      },
      keep_volumes: { type: 'boolean', default: true },
      ...CONTAINER,
      ...DAEMON,
    },
  },
  probe: (args, host) => ({
    now: container(args.name.replace(/^\//, ''), docker(args)),
    image: args.image === undefined ? known<Found<ImageFacts>>('absent') : image(args.image, docker(args)),
    files: modified(args.restart_after ?? []),
    mounted: registryFiles(registrySpec(withoutCommand(args))),
    without: limited(args) ? leftOut(docker(args)) : known<ReadonlySet<string>>(new Set()),
    peers: containerIds(peersOf([args.network_mode, args.ipc_mode, args.pid_mode]), docker(args)),
    variables:
      args.env_file === undefined
        ? known<string | undefined>(undefined)
        : { ...text(at(args.env_file, host)), secret: true },
  }),
  plan(args, { now, image: picture, files, mounted, peers, variables, without }, host) {
    const name = args.name.replace(/^\//, '')
    if (now === 'no docker') return noDocker()
    const pulls = args.image !== undefined && typeof picture === 'string'
    const always = args.image !== undefined && /^(always|true)$/i.test(args.pull)
    const pulled = pulls || always ? [`image:${args.image}`, 'images'] : []
    const touches = [`container:${name}`, 'containers', 'net:ports', ...pulled]
    const places = args.comparisons?.['networks']
    const how: Handling = {
      ...args,
      docker: docker(args),
      pause: args.paused === true,
      purge: args.networks !== undefined && (args.purge_networks || places === 'strict'),
    }
    if (args.state === 'absent')
      return now === 'absent'
        ? ok()
        : change(
            [{ what: name, from: now.State.Status, to: 'absent', by: run(remove(how, name, args.keep_volumes)) }],
            touches,
          )
    if (args.state === 'present' && args.image === undefined)
      return refuse('state is present but all of the following are missing: image', 'give image')
    const fault = containerFault(args)
    if (fault !== undefined) return refuse(fault.reason, fault.remedy)
    if (pulls && args.pull === 'never')
      return refuse(
        `the image ${args.image} is not on this host`,
        'bring it with docker_image: pull it, or load it from an archive',
      )
    if (args.env_file !== undefined && variables === undefined)
      return refuse(`there is no ${args.env_file} on the host`, 'bring it with copy or template')
    const again = args.command_handling === 'compatibility'
    const command = wordsOf(args.command, again)
    const entrypoint = wordsOf(args.entrypoint, again)
    if (typeof command === 'string' || typeof entrypoint === 'string')
      return refuse(`the command cannot be split into words: ${command}`, 'close the quotes, or give a list of words')
    const own = typeof picture === 'string' ? [] : (picture.Config?.Cmd ?? [])
    // No words are the image's own, and without an entrypoint they would be lost.
    const words = command?.length === 0 || (entrypoint?.length === 0 && command === undefined) ? own : command
    const labels = labelFault(args, typeof picture === 'string' ? undefined : picture.Config?.Labels)
    if (labels !== undefined) return refuse(labels, 'declare them, or give image_label_mismatch: ignore')
    const env = environmentOf(variables, args.env)
    const first = args.networks_cli_compatible ? args.networks?.[0]?.name : undefined
    const network_mode = args.network_mode ?? first
    const spec = {
      ...withoutCommand(args),
      ...(words === undefined ? {} : { command: words }),
      ...(entrypoint === undefined ? {} : { entrypoint }),
      ...(env === undefined ? {} : { env }),
      ...(network_mode === undefined ? {} : { network_mode: withPeer(network_mode, peers) }),
      ...(args.volumes === undefined ? {} : { volumes: args.volumes.map(one => withHome(one, host)) }),
      ...(args.published_ports === undefined
        ? {}
        : { published_ports: args.published_ports.map(port => withAddress(port, args.default_host_ip)) }),
    }
    const { wrong, warnings: odds } = registryVerdict(registrySpec(spec), mounted)
    if (wrong !== undefined) return refuse(`this registry would not work: ${wrong.reason}`, wrong.remedy)
    const odd = environmentFault(spec)
    if (odd !== undefined) return refuse(odd, 'put it into a file that is mounted into the container')
    const modes = { ipc_mode: args.ipc_mode, pid_mode: args.pid_mode }
    const lost = [...without].filter(option => args[option as keyof typeof args] !== undefined)
    const warnings = [
      ...odds,
      ...lost.map(option => `the kernel of this host knows no ${option}: docker leaves it out`),
    ]
    const wanted: Wanted = {
      ...spec,
      comparisons: { ...args.comparisons, ...Object.fromEntries(lost.map(option => [option, 'ignore'])) },
      name,
      started: args.state === 'started' && args.detach,
      options: {
        ...optionsOf(args),
        ...Object.fromEntries(
          Object.entries(modes).flatMap(([key, mode]) => (mode === undefined ? [] : [[key, withPeer(mode, peers)]])),
        ),
      },
      any_image: args.ignore_image || args.image_comparison === 'current-image',
      ...(args.image_name_mismatch === 'recreate' && args.image !== undefined ? { image_name: args.image } : {}),
    }
    const make = (pull = pulls) => create(wanted, now !== 'absent', how, pull)
    const life: Life = { ...args, how: places === 'ignore' ? { ...how, networks: [] } : how, touches, files }
    const differs = now === 'absent' ? [] : differences(wanted, now, typeof picture === 'string' ? undefined : picture)
    // Which image it will be is known when it is pulled.
    if (now !== 'absent' && pulls && !wanted.any_image)
      differs.push({ what: 'image', from: now.Image, to: `${args.image}, pulled` })
    const anew = now === 'absent' || differs.length > 0 || args.recreate
    if (anew && args.image === undefined && (now === 'absent' || differs.length > 0))
      return refuse(`there is no container ${name}, and no image is given to make it from`, 'give image')
    const makes = anew && args.image !== undefined
    if (!args.detach && args.state === 'started' && (makes || (now !== 'absent' && !now.State.Running))) {
      const auto_remove = args.auto_remove === true
      return warned(
        once({ ...args, name, ...how, touches, auto_remove, make: makes ? make(pulls || always) : nothing }),
        warnings,
      )
    }
    if (always && args.image !== undefined) {
      const same = makes || now === 'absent' ? undefined : settle(name, life, now)
      const given = { name, image: args.image, now, make: make(false), same, any: wanted.any_image === true }
      return warned(newest(given, life), warnings)
    }
    if (makes && args.recreate && now !== 'absent')
      return warned(looked(`make ${name} anew`, make(), life, name, now), warnings)
    if (now !== 'absent' && !makes) return warned(settle(name, life, now), warnings)
    const by = run(make())
    const edits =
      now === 'absent' ? [{ what: name, from: 'absent', to: args.state, by }] : differs.map(line => ({ ...line, by }))
    return warned(change(edits, touches, { container: now === 'absent' ? null : fromJson(now) }), warnings)
  },
})

/** What is not in words yet. */
interface Words {
  readonly command?: unknown
  readonly entrypoint?: unknown
}

/** The arguments but the command. */
const withoutCommand = <A extends Words>({ command: _, entrypoint: __, ...rest }: A): Omit<A, keyof Words> => rest

/** A volume whose path of the host begins at home. */
const withHome = (volume: string, host: HostInfo): string =>
  volume.startsWith('~') ? volume.replace(/^[^:]*/, path => at(path, host)) : volume
