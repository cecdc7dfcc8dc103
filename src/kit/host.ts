/**
 * What is known of a machine from the first words its shell says, before any question: enough to choose a package
 * manager or a service manager. Everything richer is a question or a fact.
 */
export interface HostInfo {
  /** inventory_hostname. */
  readonly name: string
  /** `uname -s`, for example `Linux`. */
  readonly system: string
  /** `uname -m`, for example `x86_64`. */
  readonly machine: string
  /** ID of /etc/os-release (`debian`, `ubuntu`, `alpine`, `rhel` ...); `unknown` where there is none. */
  readonly id: string
  /** The distribution family by ID and ID_LIKE. */
  readonly family: 'debian' | 'redhat' | 'alpine' | 'suse' | 'arch' | 'busybox' | 'unknown'
  /** VERSION_ID of /etc/os-release, or ''. */
  readonly version: string
  /** Effective uid of this shell. */
  readonly uid: number
  /** Name of that user. */
  readonly user: string
  /** Home directory of that user. */
  readonly home: string
  /** `systemd`, `openrc`, `sysv`, or `none`: what PID 1 is. */
  readonly init: 'systemd' | 'openrc' | 'sysv' | 'none'
  /** Commands of `TOOLS` (kit/host.ts) that are on the PATH. */
  readonly tools: ReadonlySet<string>
  /** Seconds that the host's clock is ahead of the controller's, to the precision of the trip. */
  readonly clockSkew: number
  /** What the environment of this shell says of proxies. */
  readonly proxies: Proxies
}

/** Variables that say which proxies lead to the web (`https_proxy`, `NO_PROXY` ...), by their names. They may hold passwords. */
export type Proxies = ReadonlyMap<string, string>

/** The names of these variables. */
export const PROXIES = ['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'] as const

/** The proxies of a shell under the `environment` of a task. */
export const proxiesUnder = (info: HostInfo | undefined, environment: ReadonlyMap<string, string>): Proxies =>
  new Map([...(info?.proxies ?? []), ...environment])

/** The commands whose presence the first trip reports. */
export const TOOLS = [
  'apt-get',
  'dpkg',
  'dnf',
  'yum',
  'rpm',
  'apk',
  'zypper',
  'pacman',
  'systemctl',
  'rc-service',
  'service',
  'docker',
  'curl',
  'wget',
  'openssl',
  'sha256sum',
  'shasum',
  'tar',
  'gzip',
  'xz',
  'zstd',
  'bzip2',
  'unzip',
  'python3',
  'bash',
  'sudo',
  'flock',
  'base64',
  'stat',
  'mktemp',
  'useradd',
  'adduser',
  'userdel',
  'deluser',
  'usermod',
  'chpasswd',
  'chage',
  'groupadd',
  'addgroup',
  'groupdel',
  'delgroup',
  'groupmod',
  'ssh-keygen',
  'getent',
  'ip',
  'ss',
  'lsattr',
  'getenforce',
] as const
