import type { HostInfo } from '../../src/kit/host.ts'
import { TOOLS } from '../../src/kit/host.ts'

/** A Debian host as modules see it. */
export const debian: HostInfo = {
  name: 'web1',
  system: 'Linux',
  machine: 'x86_64',
  id: 'debian',
  family: 'debian',
  version: '12',
  uid: 0,
  user: 'root',
  home: '/root',
  init: 'systemd',
  tools: new Set(TOOLS.filter(tool => !['dnf', 'yum', 'rpm', 'apk', 'zypper', 'pacman', 'rc-service'].includes(tool))),
  clockSkew: 0,
  proxies: new Map(),
}

/** A host that has BusyBox and nothing else. */
export const busybox: HostInfo = {
  ...debian,
  name: 'box',
  id: 'unknown',
  family: 'busybox',
  version: '',
  init: 'none',
  tools: new Set([
    ...['wget', 'sha256sum', 'tar', 'gzip', 'unzip', 'stat', 'mktemp', 'ip'],
    ...['adduser', 'deluser', 'addgroup', 'delgroup', 'chpasswd'],
  ]),
}
