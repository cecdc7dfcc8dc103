import { dict, type Value } from '../../base/value.ts'
import type { HostInfo } from '../../kit/host.ts'
import type { Sections } from '../../questions/facts.ts'
import { assignments, first } from './sections.ts'

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
    ...(os.size === 0
      ? {}
      : {
          distribution_file_parsed: true,
          distribution_file_path: '/etc/os-release',
          distribution_file_variety: FAMILIES[host.family] === 'Linux' ? distribution : FAMILIES[host.family],
        }),
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
