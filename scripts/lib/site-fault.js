// Whether hosts can be made on this machine.
import { existsSync, readFileSync } from 'node:fs'

const CAP_NET_ADMIN = 1n << 12n
const CAP_SYS_ADMIN = 1n << 21n

/** Why hosts cannot be made here, or undefined when they can. */
export function siteFault() {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return `they need Linux on x86-64, this is ${process.platform} on ${process.arch}`
  if (process.getuid() !== 0) return 'that needs root (sudo npm run demo)'
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : ''
  if (!/^VERSION_CODENAME=bookworm$/m.test(release)) return 'they need Debian 12 around them'
  if (!existsSync('/sys/fs/cgroup')) return 'they need /sys/fs/cgroup'
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0'
  const wanted = CAP_SYS_ADMIN | CAP_NET_ADMIN
  if ((BigInt(`0x${effective}`) & wanted) !== wanted)
    return 'that needs the capabilities SYS_ADMIN and NET_ADMIN (this is an unprivileged container)'
  return undefined
}
