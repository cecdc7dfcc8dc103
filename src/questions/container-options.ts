import { deviceRequestsFound, deviceRequestsWanted, deviceRequestWords } from './container-devices.ts'
import { health } from './container-health.ts'
import { at, entries, type Facts, type Option, type Strictness, textOf, texts, type Where } from './container-option.ts'
import { expandPort } from './container-ports.ts'
import type { ContainerFacts } from './docker.ts'

/** One field in which a container is not what was declared. */
export interface Difference {
  readonly what: string
  readonly from: string
  readonly to: string
}

/** One value after a flag; `read` brings what people write into Docker's words. */
const value = (flag: string, where: Where, read = textOf, none = ''): Option => ({
  words: given => [flag, textOf(given)],
  wants: given => [read(given)],
  has: now => [textOf(at(now, where) ?? none)],
})

/** A flag that is there or not. */
const yes = (flag: string, where: Where): Option => ({
  words: given => (given === true ? [flag] : [`${flag}=false`]),
  wants: given => [String(given)],
  has: now => [String(at(now, where) ?? false)],
})

/** A flag for each entry of a list. */
const list = (flag: string, where: Where, read = (text: string) => text): Option => ({
  words: given => texts(given).flatMap(one => [flag, one]),
  wants: given => texts(given).map(read),
  has: now => texts(at(now, where)),
  many: true,
})

/** A flag for each pair of a mapping. */
const mapping = (flag: string, where: Where, between = '=', kept: 'list' | 'mapping' = 'mapping'): Option => ({
  words: given => entries(given, between).flatMap(one => [flag, one]),
  wants: given => entries(given, between),
  has: now => (kept === 'list' ? texts(at(now, where)) : entries(at(now, where), between)),
  many: true,
})

const SCALE = 'BKMGTPEZY'

/** `1.5G` in bytes, as people write sizes of memory; `unlimited` is -1. */
export function sizeOf(given: unknown): string {
  const text = textOf(given).trim()
  if (/^(unlimited|-1)$/.test(text)) return '-1'
  const [, number = '', unit = ''] = /^([0-9.]+)\s*([bkmgtpezy]?)(?:i?b)?$/i.exec(text) ?? []
  return number === ''
    ? text
    : String(Math.floor(Number(number) * 1024 ** Math.max(0, SCALE.indexOf(unit.toUpperCase() || 'B'))))
}

const size = (flag: string, key: string): Option => ({
  ...value(flag, ['HostConfig', key], sizeOf, '0'),
  words: given => [flag, sizeOf(given)],
})

/** A device and how fast it may be read or written. */
const rate = (flag: string, key: string, read: (rate: unknown) => string): Option => {
  const pair = (given: unknown): string[] =>
    (given as readonly Facts[]).map(one => `${textOf(one['path'])}:${read(one['rate'])}`)
  return {
    words: given => pair(given).flatMap(one => [flag, one]),
    wants: pair,
    has: now => ((at(now, ['HostConfig', key]) ?? []) as readonly Facts[]).map(one => `${one['Path']}:${one['Rate']}`),
    many: true,
  }
}

const H = 'HostConfig'

/** `SYS_TIME` and `cap_sys_time` are the same. */
const capability = (flag: string, key: string): Option => ({
  ...list(flag, [H, key], plainCapability),
  has: now => texts(at(now, [H, key])).map(plainCapability),
})
const plainCapability = (text: string): string => text.toUpperCase().replace(/^CAP_/, '')

/** Docker once had a colon between name and value, and takes it still. */
const plainSecurity = (text: string): string => (/^[a-z-]+=/.test(text) ? text : text.replace(':', '='))

const logs = (now: ContainerFacts): Facts => (at(now, [H, 'LogConfig']) ?? {}) as Facts

/** Parameters by their names in Ansible. */
export const OPTIONS: Readonly<Record<string, Option>> = {
  auto_remove: yes('--rm', [H, 'AutoRemove']),
  blkio_weight: value('--blkio-weight', [H, 'BlkioWeight']),
  cap_drop: capability('--cap-drop', 'CapDrop'),
  capabilities: capability('--cap-add', 'CapAdd'),
  cgroup_parent: value('--cgroup-parent', [H, 'CgroupParent']),
  cgroupns_mode: value('--cgroupns', [H, 'CgroupnsMode']),
  cpu_period: value('--cpu-period', [H, 'CpuPeriod']),
  cpu_quota: value('--cpu-quota', [H, 'CpuQuota']),
  cpu_shares: value('--cpu-shares', [H, 'CpuShares']),
  cpus: value('--cpus', [H, 'NanoCpus'], given => String(Math.round(Number(given) * 1e9))),
  cpuset_cpus: value('--cpuset-cpus', [H, 'CpusetCpus']),
  cpuset_mems: value('--cpuset-mems', [H, 'CpusetMems']),
  device_read_bps: rate('--device-read-bps', 'BlkioDeviceReadBps', sizeOf),
  device_read_iops: rate('--device-read-iops', 'BlkioDeviceReadIOps', textOf),
  device_requests: {
    words: deviceRequestWords,
    wants: deviceRequestsWanted,
    has: now => deviceRequestsFound(at(now, [H, 'DeviceRequests'])),
    many: true,
  },
  device_write_bps: rate('--device-write-bps', 'BlkioDeviceWriteBps', sizeOf),
  device_write_iops: rate('--device-write-iops', 'BlkioDeviceWriteIOps', textOf),
  devices: {
    ...list('--device', [H, 'Devices'], text => {
      const [host = '', inside, rights] = text.split(':')
      const only = inside !== undefined && /^[rwm]+$/.test(inside)
      return `${host}:${only ? host : (inside ?? host)}:${only ? inside : (rights ?? 'rwm')}`
    }),
    has: now =>
      ((at(now, [H, 'Devices']) ?? []) as readonly Facts[]).map(
        one => `${one['PathOnHost']}:${one['PathInContainer']}:${one['CgroupPermissions']}`,
      ),
  },
  dns_opts: list('--dns-option', [H, 'DnsOptions']),
  dns_search_domains: { ...list('--dns-search', [H, 'DnsSearch']), many: 'in order' },
  dns_servers: { ...list('--dns', [H, 'Dns']), many: 'in order' },
  domainname: value('--domainname', ['Config', 'Domainname']),
  etc_hosts: mapping('--add-host', [H, 'ExtraHosts'], ':', 'list'),
  exposed_ports: {
    ...list('--expose', ['Config', 'ExposedPorts']),
    wants: given =>
      texts(given)
        .flatMap(expandPort)
        .map(text => (text.includes('/') ? text : `${text}/tcp`)),
    has: now => Object.keys((at(now, ['Config', 'ExposedPorts']) ?? {}) as Facts),
  },
  groups: list('--group-add', [H, 'GroupAdd']),
  healthcheck: health,
  init: yes('--init', [H, 'Init']),
  interactive: yes('--interactive', ['Config', 'OpenStdin']),
  ipc_mode: value('--ipc', [H, 'IpcMode']),
  kernel_memory: size('--kernel-memory', 'KernelMemory'),
  links: {
    ...list('--link', [H, 'Links'], text => (text.includes(':') ? text : `${text}:${text}`)),
    // The daemon says `/other:/this/alias`.
    has: now => texts(at(now, [H, 'Links'])).map(text => text.replace(/^\/([^:]*):.*\//, '$1:')),
  },
  log_driver: { ...value('--log-driver', [H, 'LogConfig']), has: now => [textOf(logs(now)['Type'])] },
  log_options: { ...mapping('--log-opt', [H, 'LogConfig']), has: now => entries(logs(now)['Config'], '=') },
  mac_address: value('--mac-address', ['Config', 'MacAddress'], given => textOf(given).replaceAll('-', ':')),
  memory: size('--memory', 'Memory'),
  memory_reservation: size('--memory-reservation', 'MemoryReservation'),
  memory_swap: size('--memory-swap', 'MemorySwap'),
  memory_swappiness: value('--memory-swappiness', [H, 'MemorySwappiness']),
  oom_killer: {
    words: given => [`--oom-kill-disable=${given !== true}`],
    wants: given => [String(given)],
    has: now => [String(at(now, [H, 'OomKillDisable']) !== true)],
  },
  oom_score_adj: value('--oom-score-adj', [H, 'OomScoreAdj']),
  pid_mode: value('--pid', [H, 'PidMode']),
  pids_limit: value('--pids-limit', [H, 'PidsLimit']),
  platform: { words: given => ['--platform', textOf(given)], wants: () => undefined, has: () => [] },
  publish_all_ports: yes('--publish-all', [H, 'PublishAllPorts']),
  runtime: value('--runtime', [H, 'Runtime']),
  security_opts: {
    ...list('--security-opt', [H, 'SecurityOpt'], plainSecurity),
    has: now => texts(at(now, [H, 'SecurityOpt'])).map(plainSecurity),
    // Docker gives this one by itself to what is privileged or shares processes with the host.
    spare: found => found === 'label=disable',
  },
  shm_size: size('--shm-size', 'ShmSize'),
  stop_signal: value('--stop-signal', ['Config', 'StopSignal']),
  stop_timeout: { ...value('--stop-timeout', ['Config', 'StopTimeout']), usual: 'ignore' },
  storage_opts: mapping('--storage-opt', [H, 'StorageOpt']),
  sysctls: mapping('--sysctl', [H, 'Sysctls']),
  tmpfs: {
    ...list('--tmpfs', [H, 'Tmpfs'], text => (text.includes(':') ? text : `${text}:`)),
    has: now => entries(at(now, [H, 'Tmpfs']), ':'),
  },
  tty: yes('--tty', ['Config', 'Tty']),
  ulimits: {
    words: given => texts(given).flatMap(one => ['--ulimit', one.replace(':', '=')]),
    wants: given =>
      texts(given).map(one => {
        const [name, soft, hard] = one.split(':')
        return `${name}:${soft}:${hard ?? soft}`
      }),
    has: now =>
      ((at(now, [H, 'Ulimits']) ?? []) as readonly Facts[]).map(one => `${one['Name']}:${one['Soft']}:${one['Hard']}`),
    many: true,
  },
  userns_mode: value('--userns', [H, 'UsernsMode']),
  uts: value('--uts', [H, 'UTSMode']),
  volume_driver: value('--volume-driver', [H, 'VolumeDriver']),
  volumes_from: list('--volumes-from', [H, 'VolumesFrom']),
  working_dir: value('--workdir', ['Config', 'WorkingDir']),
}

/** The words of `docker create` for all options that are given. */
export const optionWords = (given: Readonly<Record<string, unknown>>): string[] =>
  Object.entries(OPTIONS).flatMap(([name, option]) => (given[name] === undefined ? [] : option.words(given[name])))

/** Whether the first are among the second, in their order. */
const inOrder = (wants: readonly string[], has: readonly string[]): boolean => {
  let next = 0
  for (const one of has) if (one === wants[next]) next++
  return next === wants.length
}

/** Every given option in which a container differs. More of a list without order or a mapping is no difference, unless strict. */
export function optionDifferences(
  given: Readonly<Record<string, unknown>>,
  now: ContainerFacts,
  strictness: (name: string) => Strictness | undefined,
): Difference[] {
  return Object.entries(OPTIONS).flatMap(([name, option]) => {
    const wants = given[name] === undefined ? undefined : option.wants(given[name])
    const how = strictness(name) ?? option.usual ?? (option.many === true ? 'allow_more_present' : 'strict')
    if (wants === undefined || how === 'ignore') return []
    const has = option.has(now)
    const missing = option.many === 'in order' ? !inOrder(wants, has) : !wants.every(one => has.includes(one))
    const more = has.some(one => !wants.includes(one) && !option.spare?.(one))
    if (!missing && !(how === 'strict' && more)) return []
    return [{ what: name, from: option.many ? has.join(' ') : (has[0] ?? ''), to: wants.join(' ') }]
  })
}
