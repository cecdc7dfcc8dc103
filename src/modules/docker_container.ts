import { fromJson } from '../base/value.ts'
import { defineModule } from '../kit/module.ts'
import { act, change, type Edit, edit, ok, type Plan, refuse, warned } from '../kit/plan.ts'
import {
  commandWords,
  differences,
  environmentFault,
  environmentFile,
  publishWords,
  runWords,
  type Wanted,
} from '../questions/container-spec.ts'
import { type ContainerFacts, container, type Found, type ImageFacts, image } from '../questions/docker.ts'
import { known } from '../questions/known.ts'
import { modified } from '../questions/modified.ts'
import { join, nothing, raw, type Script, sh } from '../shell/script.ts'
import { run } from './shared/attributes.ts'
import { ended } from './shared/ended.ts'
import { registryFiles, registrySpec, registryVerdict } from './shared/registry-container.ts'
import { split } from './shared/words.ts'

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
      comparisons: {
        type: 'object',
        refused: 'every given parameter is compared; parameters that are not given are not',
      },
      pull: {
        type: 'string',
        refused: 'pull the image with docker_image before, so that the dry run can tell what will happen',
      },
    },
  },
  probe: args => ({
    now: container(args.name.replace(/^\//, '')),
    image: args.image === undefined ? known<Found<ImageFacts>>('absent') : image(args.image),
    files: modified(args.restart_after ?? []),
    mounted: registryFiles(registrySpec(withoutCommand(args))),
  }),
  plan(args, { now, image: picture, files, mounted }) {
    const name = args.name.replace(/^\//, '')
    if (now === 'no docker')
      return refuse('docker is not installed on this host', 'install it first: the play docker-prerequisites.yml does')
    const touches = [`container:${name}`, 'net:ports']
    if (args.state === 'absent')
      return now === 'absent'
        ? ok()
        : change(
            [{ what: name, from: now.State.Status, to: 'absent', by: run(remove(name, args.keep_volumes)) }],
            touches,
          )
    if (args.image !== undefined && typeof picture === 'string') {
      return refuse(
        `the image ${args.image} is not on this host`,
        'bring it with docker_image: pull it, or load it from an archive',
      )
    }
    const command = wordsOf(args.command)
    if (typeof command === 'string')
      return refuse(`the command cannot be split into words: ${command}`, 'close the quotes, or give a list of words')
    const spec = { ...withoutCommand(args), ...(command === undefined ? {} : { command }) }
    const { wrong, warnings } = registryVerdict(registrySpec(spec), mounted)
    if (wrong !== undefined) return refuse(`this registry would not work: ${wrong.reason}`, wrong.remedy)
    const odd = environmentFault(args)
    if (odd !== undefined) return refuse(odd, 'put it into a file that is mounted into the container')
    const wanted: Wanted = { ...spec, name, started: args.state === 'started' }
    if (args.recreate && now !== 'absent' && args.image !== undefined)
      return warned(
        act(`make ${name} anew`, run(create(wanted, true)), outcome => ended(outcome, {}), { touches, dry: 'pretend' }),
        warnings,
      )
    const differs = now === 'absent' ? [] : differences(wanted, now, typeof picture === 'string' ? undefined : picture)
    if (now === 'absent' || differs.length > 0) {
      if (args.image === undefined)
        return refuse(`there is no container ${name}, and no image is given to make it from`, 'give image')
      const by = run(create(wanted, now !== 'absent'))
      const edits =
        now === 'absent' ? [{ what: name, from: 'absent', to: args.state, by }] : differs.map(line => ({ ...line, by }))
      return warned(change(edits, touches, { container: null }), warnings)
    }
    return warned(settle(name, args, now, files, touches), warnings)
  },
})

/** The arguments but the command, which is not in words yet. */
const withoutCommand = <A extends { readonly command?: unknown }>({ command: _, ...rest }: A): Omit<A, 'command'> =>
  rest

/** A command's words, or why there are none. */
function wordsOf(command: unknown): readonly string[] | string | undefined {
  if (command === undefined || command === null) return undefined
  if (Array.isArray(command)) return command.map(String)
  try {
    return split(String(command))
  } catch (error) {
    if (error instanceof SyntaxError) return error.message
    throw error
  }
}

/** The container is what it should be; is it as alive as it should be? */
function settle(
  name: string,
  args: { state: string; restart: boolean; restart_after?: readonly string[] },
  now: ContainerFacts,
  files: readonly { path: string; at: number }[],
  touches: string[],
): Plan {
  const result = { container: fromJson(now) }
  const status = now.State.Status
  if (args.restart && args.state === 'started') {
    return act(`restart ${name}`, run(sh`docker restart ${name} >/dev/null`), outcome => ended(outcome, {}), {
      touches,
      dry: 'pretend',
    })
  }
  const started = Date.parse(now.State.StartedAt)
  const newer = files.filter(file => file.at > started && now.State.Running)
  const edits: Edit[] = [
    ...edit(
      'state',
      status,
      args.state === 'started' ? 'running' : args.state === 'stopped' && now.State.Running ? 'exited' : undefined,
      to => run(to === 'running' ? start(name) : sh`docker stop ${name} >/dev/null`),
    ),
    ...newer.map(file => ({
      what: `started before ${file.path} changed`,
      from: 'stale',
      to: 'restarted',
      by: run(sh`docker restart ${name} >/dev/null`),
    })),
  ]
  return change(args.state === 'started' || args.state === 'stopped' ? edits : [], touches, result)
}

/** Starts it, and proves that it stays up for a moment: a container that dies at once says why in its log. */
const start = (name: string): Script =>
  join([
    sh`docker start ${name} >/dev/null || exit 1`,
    sh`sleep 1; [ "$(docker container inspect --format '{{.State.Running}} {{.State.Restarting}} {{.RestartCount}}' ${name})" = 'true false 0' ] || { echo "the container did not stay up; its last words:" >&2; docker logs --tail 10 ${name} >&2; exit 1; }`,
  ])

const remove = (name: string, keep: boolean): Script => sh`docker rm -f ${keep ? [] : ['-v']} ${name} >/dev/null`

/**
 * Makes the container. One that stands in the way is put aside first and comes back when the new one fails, so that a
 * wrong declaration never takes a working service down.
 */
function create(wanted: Wanted, replaces: boolean): Script {
  const { name } = wanted
  const old = `${name}-regplay-old`
  const undo = replaces
    ? sh`docker rm -f ${name} >/dev/null 2>&1; docker rename ${old} ${name} && docker start ${name} >/dev/null`
    : sh`docker rm -f ${name} >/dev/null 2>&1`
  return join([
    replaces
      ? sh`docker rm -f ${old} >/dev/null 2>&1; docker rename ${name} ${old} && docker stop ${old} >/dev/null || exit 1`
      : nothing,
    sh`undo() { ${undo}; exit 1; }`,
    sh`printf %s ${environmentFile(wanted)} | docker create --env-file /dev/stdin --name ${name} ${runWords(wanted)} ${publishWords(wanted)} -- ${wanted.image ?? ''} ${commandWords(wanted) ?? []} >/dev/null || undo`,
    wanted.started ? join([raw('('), start(name), raw(') || undo')]) : nothing,
    replaces ? sh`docker rm ${old} >/dev/null` : nothing,
  ])
}
