import { defineModule } from '../kit/module.ts'
import { act, ok } from '../kit/plan.ts'
import { daemon } from '../questions/docker.ts'
import { join, sh } from '../shell/script.ts'
import { run } from './shared/attributes.ts'
import { DAEMON, docker, noDocker } from './shared/docker.ts'
import { FILTERS, filterWords } from './shared/docker-filters.ts'
import { type Kind, prunedIn } from './shared/docker-prune.ts'
import { ended } from './shared/ended.ts'

const OFF = { type: 'boolean', default: false } as const

/** What a Docker daemon needs no more is removed. */
export default defineModule({
  name: 'docker_prune',
  collection: 'community.docker',
  summary: 'Removes what a Docker daemon needs no more',
  args: {
    type: 'object',
    additionalProperties: false,
    properties: {
      containers: OFF,
      containers_filters: FILTERS,
      images: OFF,
      images_filters: FILTERS,
      networks: OFF,
      networks_filters: FILTERS,
      volumes: OFF,
      volumes_filters: FILTERS,
      builder_cache: OFF,
      builder_cache_all: OFF,
      builder_cache_filters: FILTERS,
      builder_cache_keep_storage: { type: 'string', description: 'How much of it stays, such as 2GB' },
      ...DAEMON,
    },
  },
  probe: args => ({ any: daemon(docker(args)) }),
  plan(args, { any }) {
    if (any === 'no docker') return noDocker()
    const cli = docker(args)
    const keep = args.builder_cache_keep_storage
    const cache = [
      ...(args.builder_cache_all ? ['-a'] : []),
      ...(keep === undefined ? [] : ['--keep-storage', keep]),
      ...filterWords(args.builder_cache_filters),
    ]
    const wanted: [Kind, boolean, string, string[]][] = [
      ['containers', args.containers, 'container', filterWords(args.containers_filters)],
      ['images', args.images, 'image', filterWords(args.images_filters, 'images')],
      ['networks', args.networks, 'network', filterWords(args.networks_filters)],
      ['volumes', args.volumes, 'volume', filterWords(args.volumes_filters)],
      ['builder_cache', args.builder_cache, 'builder', cache],
    ]
    const chosen = wanted.filter(([, on]) => on)
    if (chosen.length === 0) return ok()
    const scripts = chosen.map(
      ([kind, , command, words]) => sh`echo ${`== ${kind}`}; ${cli} ${command} prune -f ${words} || exit`,
    )
    return act(
      `prune ${chosen.map(([kind]) => kind).join(', ')}`,
      run(join(scripts)),
      outcome => {
        const { result, changed } = prunedIn(outcome.stdout)
        return ended(outcome, result, changed)
      },
      { touches: ['docker', 'images', 'networks', 'volumes', 'containers'] },
    )
  },
})
