import { dict, fromJson, type Value } from '../../base/value.ts'
import type { HostInfo } from '../../kit/host.ts'
import type { Sections } from '../../questions/facts.ts'

const linesOf = (sections: Sections, name: string): string[] => (sections.get(name) ?? '').split('\n')
const first = (sections: Sections, name: string): string => linesOf(sections, name)[0] ?? ''

/** `NAME=value` files, quotes taken off. */
const assignments = (text: string): Map<string, string> =>
  new Map(
    [...text.matchAll(/^([A-Za-z_][A-Za-z0-9_]*)=(["']?)(.*)\2\s*$/gm)].map(([, name = '', , value = '']) => [
      name,
      value,
    ]),
  )

/** Ansible's names of distributions by the ID of os-release. */
const NAMES: Readonly<Record<string, string>> = {
  debian: 'Debian',
  ubuntu: 'Ubuntu',
  linuxmint: 'Linux Mint',
  kali: 'Kali',
  raspbian: 'Raspbian',
  devuan: 'Devuan',
  rhel: 'RedHat',
  centos: 'CentOS',
  fedora: 'Fedora',
  rocky: 'Rocky',
  almalinux: 'AlmaLinux',
  ol: 'OracleLinux',
  amzn: 'Amazon',
  alpine: 'Alpine',
  arch: 'Archlinux',
  opensuse: 'openSUSE',
  'opensuse-leap': 'openSUSE Leap',
  'opensuse-tumbleweed': 'openSUSE Tumbleweed',
  sles: 'SLES',
  gentoo: 'Gentoo',
  void: 'Void',
  nixos: 'NixOS',
}

const FAMILIES: Readonly<Record<HostInfo['family'], string>> = {
  debian: 'Debian',
  redhat: 'RedHat',
  alpine: 'Alpine',
  suse: 'Suse',
  arch: 'Archlinux',
  busybox: 'Linux',
  unknown: 'Linux',
}

/** What system runs here. */
export function distributionFacts(sections: Sections, host: HostInfo): Record<string, Value> {
  const os = assignments(sections.get('os') ?? '')
  const id = os.get('ID') ?? ''
  const distribution = NAMES[id] ?? os.get('NAME') ?? first(sections, 'uname')
  const exact = id === 'debian' ? first(sections, 'debian') : ''
  const version = (/^\d/.test(exact) ? exact : os.get('VERSION_ID')) ?? 'NA'
  const [major = 'NA', minor] = version.split('.')
  const lsb = assignments(sections.get('lsb') ?? '')
  const release = os.get('VERSION_CODENAME') ?? /\(([^)]+)\)/.exec(os.get('VERSION') ?? '')?.[1] ?? 'NA'
  return {
    distribution,
    distribution_version: version,
    distribution_major_version: major,
    ...(minor === undefined ? {} : { distribution_minor_version: minor }),
    distribution_release: release,
    distribution_file_parsed: true,
    distribution_file_path: '/etc/os-release',
    distribution_file_variety: FAMILIES[host.family] === 'Linux' ? distribution : FAMILIES[host.family],
    os_family: host.family === 'unknown' || host.family === 'busybox' ? distribution : FAMILIES[host.family],
    lsb: dict(
      lsb.size === 0 && !sections.get('lsb')?.includes('lsb_release')
        ? {}
        : {
            id: lsb.get('DISTRIB_ID') ?? distribution,
            description: lsb.get('DISTRIB_DESCRIPTION') ?? os.get('PRETTY_NAME') ?? '',
            release: lsb.get('DISTRIB_RELEASE') ?? os.get('VERSION_ID') ?? version,
            codename: lsb.get('DISTRIB_CODENAME') ?? release,
            major_release: (lsb.get('DISTRIB_RELEASE') ?? version).split('.')[0] ?? '',
          },
    ),
  }
}

const ARCHITECTURES: Readonly<Record<string, string>> = { i486: 'i386', i586: 'i386', i686: 'i386' }

/** Kernel, names, service and package managers, users, time, environment. */
export function platformFacts(sections: Sections, host: HostInfo): Record<string, Value> {
  const [system = '', nodename = '', kernel = '', kernelVersion = '', machine = ''] = linesOf(sections, 'uname')
  const said = first(sections, 'fqdn')
  const fqdn = said === '' ? nodename : said
  const hostname = nodename.split('.')[0] ?? nodename
  const bits = /64|s390x|alpha/.test(machine) ? '64' : '32'
  return {
    system,
    nodename,
    kernel,
    kernel_version: kernelVersion,
    machine,
    architecture: ARCHITECTURES[machine] ?? machine,
    userspace_bits: bits,
    userspace_architecture: ARCHITECTURES[machine] ?? machine,
    hostname,
    fqdn,
    domain: fqdn.includes('.') ? fqdn.slice(fqdn.indexOf('.') + 1) : '',
    machine_id: first(sections, 'machine'),
    service_mgr: manager(sections, host),
    pkg_mgr:
      ['apt-get', 'dnf', 'yum', 'apk', 'zypper', 'pacman'].find(tool => host.tools.has(tool))?.replace('-get', '') ??
      'unknown',
    fips: first(sections, 'fips') === '1',
    selinux: selinux(sections),
    selinux_python_present: false,
    apparmor: dict({ status: first(sections, 'apparmor') || 'disabled' }),
    cmdline: cmdline(first(sections, 'cmdline')),
    proc_cmdline: cmdline(first(sections, 'cmdline')),
    is_chroot: false,
    env: dict(Object.fromEntries([...assignments(sections.get('environment') ?? '')])),
    date_time: time(sections),
    local: local(sections.get('local') ?? ''),
    systemd: systemd(first(sections, 'systemd')),
    ...user(sections),
    ...python(first(sections, 'python')),
    ...virtualization(sections),
    ...hostKeys(sections.get('keys') ?? ''),
  }
}

const manager = (sections: Sections, host: HostInfo): string =>
  host.init === 'systemd' || linesOf(sections, 'init').includes('systemd')
    ? 'systemd'
    : host.init === 'openrc'
      ? 'openrc'
      : host.init === 'sysv'
        ? 'sysvinit'
        : first(sections, 'init') || 'service'

function selinux(sections: Sections): Value {
  const [state = '', policy = ''] = linesOf(sections, 'selinux')
  if (state === '' || state === 'Disabled') return dict({ status: 'disabled' })
  const config = assignments(sections.get('selinux') ?? '')
  return dict({
    status: 'enabled',
    mode: state.toLowerCase(),
    policyvers: Number(policy),
    config_mode: config.get('SELINUX') ?? 'unknown',
    type: config.get('SELINUXTYPE') ?? 'unknown',
  })
}

const cmdline = (text: string): Value =>
  dict(
    Object.fromEntries(
      text
        .split(/\s+/)
        .filter(Boolean)
        .map(word => {
          const at = word.indexOf('=')
          return at < 0 ? [word, true] : [word.slice(0, at), word.slice(at + 1)]
        }),
    ),
  )

function time(sections: Sections): Value {
  const [epoch = '0', parts = '', utc = ''] = linesOf(sections, 'time')
  const [
    year = '',
    month = '',
    day = '',
    hour = '',
    minute = '',
    second = '',
    weekday = '',
    number = '',
    week = '',
    tz = '',
    offset = '',
  ] = parts.split('|')
  const date = `${year}-${month}-${day}`
  const clock = `${hour}:${minute}:${second}`
  return dict({
    date,
    time: clock,
    year,
    month,
    day,
    hour,
    minute,
    second,
    weekday,
    weekday_number: number === '7' ? '0' : number,
    weeknumber: week,
    epoch,
    epoch_int: epoch,
    tz,
    tz_dst: tz,
    tz_offset: offset,
    iso8601: utc,
    iso8601_micro: utc.replace('Z', '.000000Z'),
    iso8601_basic: `${year}${month}${day}T${hour}${minute}${second}000000`,
    iso8601_basic_short: `${year}${month}${day}T${hour}${minute}${second}`,
  })
}

function user(sections: Sections): Record<string, Value> {
  const [name = '', uid = '0', gid = '0', realUid = uid, realGid = gid] = linesOf(sections, 'user')
  const [, , , , gecos = '', home = '', shell = ''] = first(sections, 'passwd').split(':')
  return {
    user_id: name,
    user_uid: Number(uid),
    user_gid: Number(gid),
    user_gecos: gecos,
    user_dir: home,
    user_shell: shell,
    real_user_id: Number(realUid),
    effective_user_id: Number(uid),
    real_group_id: Number(realGid),
    effective_group_id: Number(gid),
  }
}

function python(text: string): Record<string, Value> {
  const [major, minor, micro, level = '', serial, executable = '', type = ''] = text.split(' ')
  if (serial === undefined) return {}
  const numbers = [Number(major), Number(minor), Number(micro)]
  return {
    python_version: numbers.join('.'),
    python: dict({
      version: dict({
        major: Number(major),
        minor: Number(minor),
        micro: Number(micro),
        releaselevel: level,
        serial: Number(serial),
      }),
      version_info: [...numbers, level, Number(serial)],
      executable,
      type,
      has_sslcontext: true,
    }),
  }
}

const systemd = (text: string): Value => {
  const [, version, features = ''] = /^systemd (\d+)(.*)/.exec(text) ?? []
  return dict(version === undefined ? {} : { version: Number(version), features: features.trim() })
}

const CONTAINERS = new Set([
  'docker',
  'podman',
  'lxc',
  'lxc-libvirt',
  'systemd-nspawn',
  'container',
  'openvz',
  'wsl',
  'rkt',
])

function virtualization(sections: Sections): Record<string, Value> {
  const said = linesOf(sections, 'virt').filter(word => word !== '' && word !== 'none')
  const kinds = [...new Set([...linesOf(sections, 'container').filter(Boolean), ...said])].map(kind =>
    kind === 'oracle' ? 'virtualbox' : kind === 'vmware' ? 'VMware' : kind,
  )
  const type = kinds.find(kind => CONTAINERS.has(kind)) ?? kinds[0]
  return {
    virtualization_type: type ?? 'NA',
    virtualization_role: type === undefined ? 'NA' : 'guest',
    virtualization_tech_guest: [
      ...kinds,
      ...(type !== undefined && CONTAINERS.has(type) && !kinds.includes('container') ? ['container'] : []),
    ],
    virtualization_tech_host: [],
  }
}

const hostKeys = (text: string): Record<string, Value> =>
  Object.fromEntries(
    [...text.matchAll(/^(ssh-(\w+)|ecdsa-\S+) (\S+)/gm)].flatMap(([, type = '', kind = 'ecdsa', key = '']) => [
      [`ssh_host_key_${kind === 'dss' ? 'dsa' : kind}_public`, key],
      [`ssh_host_key_${kind === 'dss' ? 'dsa' : kind}_public_keytype`, type],
    ]),
  )

/** `facts.d`: JSON as it is, INI as sections, anything else as an error text, like Ansible's. */
function local(text: string): Value {
  const out: Record<string, Value> = {}
  for (const part of text.split('\x1e').slice(1)) {
    const end = part.indexOf('\n')
    const name = part.slice(0, end).replace(/\.fact$/, '')
    out[name] = jsonOrIni(part.slice(end + 1))
  }
  return dict(out)
}

function jsonOrIni(text: string): Value {
  try {
    return fromJson(JSON.parse(text))
  } catch {
    const sections: Record<string, Record<string, string>> = {}
    let section: Record<string, string> | undefined
    for (const line of text.split('\n')) {
      const title = /^\[(.+)\]\s*$/.exec(line)?.[1]
      const [, key, value = ''] = /^([^#;=:\s][^=:]*?)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? []
      if (title !== undefined) section = sections[title] ??= {}
      else if (key !== undefined && section !== undefined) section[key.toLowerCase()] = value
    }
    return Object.keys(sections).length > 0
      ? fromJson(sections)
      : 'error loading facts as JSON or ini - please check content'
  }
}
