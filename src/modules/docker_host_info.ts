import { fromJson, type Value } from '../base/value.ts'
import { defineModule } from '../kit/module.ts'
import { ok } from '../kit/plan.ts'
import { type DaemonFacts, daemonFacts, type Listed } from '../questions/docker-host.ts'
import { DAEMON, docker, noDocker } from './shared/docker.ts'
import { FILTERS, filterWords } from './shared/docker-filters.ts'
import { bytesIn } from './shared/docker-prune.ts'

const OFF = { type: 'boolean', default: false } as const

/** What a Docker daemon says of itself, and of what it has. */
export default defineModule({
  name: 'docker_host_info',
  collection: 'community.docker',
  summary: 'Tells what a Docker daemon says of itself, and which containers, images, networks and volumes it has',
  args: {
    type: 'object',
    additionalProperties: false,
    properties: {
      containers: OFF,
      containers_all: { ...OFF, description: 'Those as well that do not run' },
      containers_filters: FILTERS,
      images: OFF,
      images_filters: FILTERS,
      networks: OFF,
      networks_filters: FILTERS,
      volumes: OFF,
      volumes_filters: FILTERS,
      disk_usage: OFF,
      verbose_output: { ...OFF, description: 'Everything that docker says of each' },
      ...DAEMON,
    },
  },
  probe(args) {
    const all: [Listed, boolean, string[]][] = [
      [
        'containers',
        args.containers,
        [...(args.containers_all ? ['-a'] : []), ...filterWords(args.containers_filters)],
      ],
      ['images', args.images, filterWords(args.images_filters)],
      ['networks', args.networks, filterWords(args.networks_filters)],
      ['volumes', args.volumes, filterWords(args.volumes_filters)],
    ]
    const lists = all.flatMap(([kind, on, words]) => (on ? [[kind, words] as const] : []))
    return { now: daemonFacts(docker(args), lists, args.disk_usage) }
  },
  plan(args, { now }) {
    if (now === 'no docker') return noDocker()
    const { ClientInfo: _, ...info } = now.info
    const size = bytesIn(/^Images (.*)$/m.exec(now.disk)?.[1] ?? '')
    const lists = Object.entries(now.lists).map(([kind, items = []]): [string, Value] => [
      kind,
      fromJson(args.verbose_output ? items : items.map(item => SHORT[kind as Listed](item, now))),
    ])
    return ok({
      host_info: fromJson(info),
      ...Object.fromEntries(lists),
      ...(args.disk_usage
        ? { disk_usage: fromJson({ LayersSize: size, ...(args.verbose_output ? now.usage : {}) }) }
        : {}),
    })
  },
})

type Item = Readonly<Record<string, unknown>>

const seconds = (time: unknown): number => Math.floor(Date.parse(String(time)) / 1000)

/** Ports that are open, and those of the host that lead to them. */
const portsOf = (item: Item): object[] =>
  Object.entries(
    ((item['NetworkSettings'] as Item)['Ports'] ?? {}) as Record<string, Record<string, string>[] | null>,
  ).flatMap(([key, bindings]) => {
    const [port, Type = 'tcp'] = key.split('/')
    const inside = { PrivatePort: Number(port), Type }
    return bindings === null
      ? [inside]
      : bindings.map(({ HostIp: IP, HostPort }) => ({ IP, ...inside, PublicPort: Number(HostPort) }))
  })

/** What is told of one thing where nobody wants all, in the daemon's words. */
const SHORT: Record<Listed, (item: Item, now: DaemonFacts) => object> = {
  containers: (item, { status }) => ({
    Id: item['Id'],
    Image: (item['Config'] as Item)['Image'],
    Command: [item['Path'], ...(item['Args'] as string[])].join(' '),
    Created: seconds(item['Created']),
    Status: status.get(String(item['Id'])) ?? '',
    Ports: portsOf(item),
    Names: [item['Name']],
  }),
  images: item => ({
    Id: item['Id'],
    RepoTags: item['RepoTags'],
    Created: seconds(item['Created']),
    Size: item['Size'],
  }),
  networks: ({ Id, Driver, Name, Scope }) => ({ Id, Driver, Name, Scope }),
  volumes: ({ Driver, Name }) => ({ Driver, Name }),
}
