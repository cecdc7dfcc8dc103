import { dict, type Value } from '../../base/value.ts'
import type { HostInfo } from '../../kit/host.ts'
import type { Sections } from '../../questions/facts.ts'
import { local } from './facts-local.ts'
import { capabilityFacts, storageNames, virtualFacts } from './facts-virtual.ts'
import { assignments, first, linesOf } from './sections.ts'

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
    // Nothing here needs Python's bindings, so they are not missing.
    selinux_python_present: true,
    apparmor: dict({ status: first(sections, 'apparmor') || 'disabled' }),
    cmdline: cmdline(first(sections, 'cmdline')),
    proc_cmdline: cmdline(first(sections, 'cmdline')),
    is_chroot: CHROOT[first(sections, 'chroot')] ?? null,
    env: environment(sections.get('environment') ?? ''),
    date_time: time(sections),
    local: local(sections.get('local') ?? '').facts,
    systemd: systemd(first(sections, 'systemd')),
    ...user(sections),
    ...python(first(sections, 'python')),
    ...virtualFacts(sections),
    ...capabilityFacts(sections),
    ...storageNames(sections),
    ...hostKeys(sections.get('keys') ?? ''),
  }
}

const CHROOT: Readonly<Record<string, boolean>> = { yes: true, no: false }

/** `NAME=value` up to a NUL each, or, where the host's `env` knows none, up to the end of the line. */
const environment = (text: string): Value =>
  new Map(
    text
      .split(text.includes('\0') ? '\0' : '\n')
      .filter(line => line.includes('='))
      .map(line => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  )

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
  const [epoch = '0', parts = '', utc = '', ...zones] = linesOf(sections, 'time')
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
    tz_dst: summerName(zones) ?? tz,
    tz_offset: offset,
    iso8601: utc,
    iso8601_micro: utc.replace('Z', '.000000Z'),
    iso8601_basic: `${year}${month}${day}T${hour}${minute}${second}000000`,
    iso8601_basic_short: `${year}${month}${day}T${hour}${minute}${second}`,
  })
}

/** Of the zone's names in January and in July, the one that is further ahead of UTC. */
function summerName(zones: readonly string[]): string | undefined {
  const known = zones.flatMap(line => {
    const [name, offset] = line.split(' ')
    return name === undefined || offset === undefined ? [] : [{ name, offset: Number(offset) }]
  })
  return known.sort((a, b) => b.offset - a.offset)[0]?.name
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
    }),
  }
}

const systemd = (text: string): Value => {
  const [, version, features = ''] = /^systemd (\d+)(.*)/.exec(text) ?? []
  return dict(version === undefined ? {} : { version: Number(version), features: features.trim() })
}

const hostKeys = (text: string): Record<string, Value> =>
  Object.fromEntries(
    [...text.matchAll(/^(ssh-(\w+)|ecdsa-\S+) (\S+)/gm)].flatMap(([, type = '', kind = 'ecdsa', key = '']) => [
      [`ssh_host_key_${kind === 'dss' ? 'dsa' : kind}_public`, key],
      [`ssh_host_key_${kind === 'dss' ? 'dsa' : kind}_public_keytype`, type],
    ]),
  )
