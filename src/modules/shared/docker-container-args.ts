import { type DeviceRequest, deviceRequestFault } from '../../questions/container-devices.ts'
import { type Mount, mountFault } from '../../questions/container-mounts.ts'
import { OPTIONS } from '../../questions/container-options.ts'
import { portFault } from '../../questions/container-ports.ts'
import { volumeFault } from '../../questions/container-volumes.ts'
import { split, Unsplittable } from './words.ts'

const TEXT = { type: 'string' } as const
const NUMBER = { type: 'integer' } as const
const BOOL = { type: 'boolean' } as const
const TEXTS = { type: 'array', items: { type: 'string' } } as const
const DICT = { type: 'object' } as const
const SIZE = { type: 'string', description: 'Such as 512M or 1.5g; bytes without a unit' } as const
const rates = (rate: typeof TEXT | typeof NUMBER) =>
  ({
    type: 'array',
    items: {
      type: 'object',
      additionalProperties: false,
      required: ['path', 'rate'],
      properties: { path: TEXT, rate },
    },
  }) as const

/** Parameters of a container beside those that registries need. */
export const CONTAINER = {
  auto_remove: BOOL,
  blkio_weight: NUMBER,
  cap_drop: TEXTS,
  cgroup_parent: TEXT,
  cgroupns_mode: { type: 'string', enum: ['host', 'private'] },
  cleanup: { type: 'boolean', default: false, description: 'Remove it when it has ended; without detach' },
  command_handling: {
    type: 'string',
    enum: ['correct', 'compatibility'],
    default: 'correct',
    description:
      'With compatibility the words of command and entrypoint are joined and split again, and no words are none',
  },
  comparisons: {
    type: 'object',
    additionalProperties: { type: 'string', enum: ['ignore', 'strict', 'allow_more_present'] },
    description: 'How a parameter is compared where it is not as usual; * stands for all others',
  },
  container_default_behavior: { type: 'string', enum: ['no_defaults', 'compatibility'], default: 'no_defaults' },
  cpu_period: NUMBER,
  cpu_quota: NUMBER,
  cpu_shares: NUMBER,
  cpus: { type: 'number' },
  cpuset_cpus: TEXT,
  cpuset_mems: TEXT,
  default_host_ip: { type: 'string', description: 'Where ports are published that name no address' },
  detach: { ...BOOL, default: true, description: 'Otherwise wait until it ends, and fail where its status is not 0' },
  device_read_bps: rates(TEXT),
  device_read_iops: rates(NUMBER),
  device_requests: {
    type: 'array',
    items: {
      type: 'object',
      additionalProperties: false,
      properties: {
        driver: TEXT,
        count: { type: 'integer', description: 'How many, -1 for all; 1 where device_ids is not given either' },
        device_ids: TEXTS,
        capabilities: { type: 'array', items: TEXTS, description: 'One list, with gpu in it' },
        options: DICT,
      },
    },
  },
  device_write_bps: rates(TEXT),
  device_write_iops: rates(NUMBER),
  devices: TEXTS,
  dns_opts: TEXTS,
  dns_search_domains: TEXTS,
  dns_servers: TEXTS,
  domainname: TEXT,
  env_file: { type: 'string', path: true, description: 'A file of the host; env counts for more' },
  etc_hosts: DICT,
  exposed_ports: { ...TEXTS, aliases: ['exposed', 'expose'] },
  force_kill: {
    type: 'boolean',
    default: false,
    aliases: ['forcekill'],
    description: 'Kill it in place of stopping it',
  },
  groups: TEXTS,
  healthcheck: {
    type: 'object',
    additionalProperties: false,
    properties: { test: {}, interval: TEXT, retries: NUMBER, start_period: TEXT, timeout: TEXT },
  },
  ignore_image: { type: 'boolean', default: false, description: 'Another image is no difference' },
  image_comparison: { type: 'string', enum: ['desired-image', 'current-image'], default: 'desired-image' },
  image_label_mismatch: {
    type: 'string',
    enum: ['ignore', 'fail'],
    default: 'ignore',
    description: 'With fail, and labels compared strictly, it is a fault when the image brings others',
  },
  image_name_mismatch: { type: 'string', enum: ['ignore', 'recreate'], default: 'ignore' },
  init: BOOL,
  interactive: BOOL,
  ipc_mode: TEXT,
  kernel_memory: SIZE,
  kill_signal: { type: 'string', description: 'With force_kill; KILL when absent' },
  links: TEXTS,
  log_driver: TEXT,
  log_options: { ...DICT, aliases: ['log_opt'] },
  mac_address: TEXT,
  memory: SIZE,
  memory_reservation: SIZE,
  memory_swap: { ...SIZE, description: 'Memory and swap together, or unlimited' },
  memory_swappiness: NUMBER,
  mounts: {
    type: 'array',
    items: {
      type: 'object',
      additionalProperties: false,
      required: ['target'],
      properties: {
        target: { type: 'string', minLength: 1 },
        source: { type: 'string', minLength: 1, description: 'A path of the host, or the name of a volume' },
        type: { type: 'string', enum: ['bind', 'volume', 'tmpfs'], default: 'volume' },
        read_only: BOOL,
        consistency: { type: 'string', enum: ['default', 'consistent', 'cached', 'delegated'] },
        propagation: { type: 'string', enum: ['private', 'rprivate', 'shared', 'rshared', 'slave', 'rslave'] },
        no_copy: BOOL,
        labels: DICT,
        volume_driver: TEXT,
        volume_options: { ...DICT, description: 'For the volume_driver' },
        tmpfs_size: SIZE,
        tmpfs_mode: { type: 'string', description: 'Octal, in quotes' },
      },
    },
  },
  networks: {
    type: 'array',
    items: {
      type: 'object',
      additionalProperties: false,
      required: ['name'],
      properties: { name: TEXT, aliases: TEXTS, ipv4_address: TEXT, ipv6_address: TEXT, links: TEXTS },
    },
  },
  networks_cli_compatible: { type: 'boolean', default: true },
  oom_killer: BOOL,
  oom_score_adj: NUMBER,
  output_logs: { type: 'boolean', default: false, description: 'Without effect: what it said stands in the result' },
  paused: BOOL,
  pid_mode: TEXT,
  pids_limit: NUMBER,
  platform: { type: 'string', description: 'For a container that is made; it is not compared' },
  publish_all_ports: BOOL,
  pull: {
    type: 'string',
    pattern: '^(?:always|missing|never|[Tt]rue|[Ff]alse)$',
    default: 'missing',
    description: 'missing (also false), never, or always (also true): a dry run does not ask for a newer image',
  },
  purge_networks: { type: 'boolean', default: false, description: 'It leaves networks that are not declared' },
  removal_wait_timeout: { type: 'number', description: 'Without effect: docker rm waits' },
  runtime: TEXT,
  shm_size: SIZE,
  stop_signal: TEXT,
  stop_timeout: NUMBER,
  storage_opts: DICT,
  sysctls: DICT,
  tmpfs: TEXTS,
  tty: BOOL,
  ulimits: { ...TEXTS, description: 'name:soft:hard' },
  userns_mode: TEXT,
  uts: TEXT,
  volume_driver: TEXT,
  volumes_from: TEXTS,
  working_dir: TEXT,
} as const

/** What Ansible once took for granted. */
const COMPATIBLE = { auto_remove: false, init: false, interactive: false, memory: '0', tty: false } as const

/** Those arguments that are options of `docker create`. */
export const optionsOf = (
  args: Readonly<Record<string, unknown>> & { readonly container_default_behavior?: string },
): Record<string, unknown> => ({
  ...(args.container_default_behavior === 'compatibility' ? COMPATIBLE : {}),
  ...Object.fromEntries(Object.entries(args).filter(([name, value]) => name in OPTIONS && value !== undefined)),
})

/** What cannot be had, and how people get on. */
export function containerFault(args: {
  readonly published_ports?: readonly string[]
  readonly volumes?: readonly string[]
  readonly mounts?: readonly Mount[]
  readonly device_requests?: readonly DeviceRequest[]
}): { reason: string; remedy: string } | undefined {
  if (args.published_ports?.includes('all'))
    return { reason: "published_ports is 'all'", remedy: 'give publish_all_ports: true' }
  const targets = args.mounts?.map(({ target = '' }) => target)
  const place = args.mounts?.map(mountFault).find(Boolean) ?? volumeFault(args.volumes, targets)
  if (place !== undefined) return { reason: place, remedy: 'correct mounts or volumes' }
  const port = args.published_ports?.map(portFault).find(Boolean)
  if (port !== undefined) return { reason: port, remedy: 'give [address:][port:]port[/protocol]' }
  const device = args.device_requests?.map(deviceRequestFault).find(Boolean)
  if (device !== undefined) return { reason: device, remedy: 'give what docker run --gpus takes' }
  return undefined
}

/** A command's words, or the line that cannot be split into any. */
export function wordsOf(command: unknown, again: boolean): readonly string[] | string | undefined {
  if (command === undefined || command === null) return undefined
  if (Array.isArray(command) && !again) return command.map(String)
  try {
    const words = split(Array.isArray(command) ? command.join(' ') : String(command))
    return again && words.length === 0 ? undefined : words
  } catch (error) {
    if (error instanceof Unsplittable) return error.message
    throw error
  }
}

/** Labels that only the image has, where somebody wants none of them. */
export function labelFault(
  args: {
    readonly image_label_mismatch: string
    readonly labels?: Readonly<Record<string, unknown>>
    readonly comparisons?: Readonly<Record<string, string>>
  },
  image: Readonly<Record<string, string>> | null | undefined,
): string | undefined {
  const how = args.comparisons?.['labels'] ?? args.comparisons?.['*']
  if (args.image_label_mismatch !== 'fail' || args.labels === undefined || how !== 'strict') return undefined
  const more = Object.keys(image ?? {}).filter(name => !Object.hasOwn(args.labels ?? {}, name))
  return more.length === 0
    ? undefined
    : `Some labels should be removed but are present in the base image. You can set image_label_mismatch to 'ignore' to ignore this error. Labels: ${more.map(name => `"${name}"`).join(', ')}`
}

/** Those of `container:NAME` that are named in modes of a container. */
export const peersOf = (modes: readonly (string | undefined)[]): string[] =>
  modes.flatMap(mode => (mode?.startsWith('container:') ? [mode.slice('container:'.length)] : []))

/** A mode with the id in place of the name, as the daemon keeps it. */
export const withPeer = (mode: string, ids: ReadonlyMap<string, string>): string => {
  const [peer] = peersOf([mode])
  return peer === undefined ? mode : `container:${ids.get(peer) ?? peer}`
}

/** Variables of a file of `NAME=value` lines, and those that count for more. */
export function environmentOf(
  file: string | undefined,
  env: Readonly<Record<string, unknown>> | undefined,
): Readonly<Record<string, unknown>> | undefined {
  if (file === undefined) return env
  const lines = file.split('\n').filter(line => /^\s*[^#\s=][^=]*=/.test(line))
  const pairs = lines.map(line => [line.slice(0, line.indexOf('=')).trim(), line.slice(line.indexOf('=') + 1)])
  return { ...Object.fromEntries(pairs), ...env }
}
