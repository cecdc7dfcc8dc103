import { dict, type Value } from '../base/value.ts'
import { defineModule } from '../kit/module.ts'
import { ok, refuse, warned } from '../kit/plan.ts'
import { everything } from '../questions/facts.ts'
import { distributionFacts } from './shared/facts-distribution.ts'
import { hardwareFacts } from './shared/facts-hardware.ts'
import { local } from './shared/facts-local.ts'
import { networkFacts } from './shared/facts-network.ts'
import { platformFacts } from './shared/facts-system.ts'
import { fnmatch } from './shared/fnmatch.ts'

/** Facts of a host, with Ansible's names and types. */
export default defineModule({
  name: 'setup',
  summary: 'Tells facts of the host',
  args: {
    type: 'object',
    additionalProperties: false,
    properties: {
      gather_subset: { type: 'array', items: { type: 'string' }, default: ['all'] },
      filter: { type: 'array', items: { type: 'string' }, default: [] },
      gather_timeout: { type: 'integer', default: 10, description: 'Accepted; facts are a part of one look' },
      fact_path: { type: 'string', path: true, default: '/etc/ansible/facts.d' },
    },
  },
  probe: ({ fact_path }) => ({ said: everything(fact_path) }),
  plan({ gather_subset: subset, filter: given }, { said }, host) {
    // An empty pattern lets everything pass, as in Ansible
    const filter = given.filter(pattern => pattern !== '')
    const odd = subset.find(name => !KNOWN.has(name.replace(/^!/, '')))
    if (odd !== undefined)
      return refuse(
        `Bad subset '${odd}' given to Ansible`,
        `gather_subset options allowed: ${[...KNOWN].sort().join(', ')}`,
      )
    const facts: [Group, Readonly<Record<string, Value>>][] = [
      ['min', { ...distributionFacts(said, host), ...platformFacts(said, host) }],
      ['network', networkFacts(said)],
      ['hardware', wants(subset, 'hardware') ? hardwareFacts(said) : {}],
    ]
    const chosen = facts.flatMap(([group, told]) =>
      Object.entries(told).filter(([name]) => wanted(subset, name, APART[name] ?? group) && passes(name, filter)),
    )
    const wrong = chosen.some(([name]) => name === 'local') ? local(said.get('local') ?? '').warnings : []
    const named = chosen.map(([name, value]): [string, Value] => [`ansible_${name}`, value])
    const told = ok({
      ansible_facts: dict({
        ...Object.fromEntries(named),
        ...(filter.length > 0 ? {} : { gather_subset: [...subset], module_setup: true }),
      }),
    })
    return warned(told, wrong)
  },
})

/** Subsets of Ansible that belong to a larger one here. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  network: ['network', 'interfaces', 'default_ipv4', 'default_ipv6', 'all_ipv4_addresses', 'all_ipv6_addresses'],
  chroot: ['chroot', 'is_chroot'],
  systemd: ['systemd'],
  virtual: [
    ...['virtual', 'virtualization_role', 'virtualization_type'],
    ...['virtualization_tech_guest', 'virtualization_tech_host'],
  ],
  hardware: [
    'hardware',
    'devices',
    'mounts',
    'memory',
    'processor',
    'processor_cores',
    'processor_count',
    'processor_vcpus',
    'memtotal_mb',
    'uptime_seconds',
    'loadavg',
    'dmi',
  ],
}

type Group = 'min' | 'network' | 'hardware' | 'chroot' | 'systemd' | 'virtual'

/** Facts that stand with others here and are of another subset in Ansible. */
const APART: Readonly<Record<string, Group>> = {
  dns: 'min',
  is_chroot: 'chroot',
  systemd: 'systemd',
  ...Object.fromEntries((PARTS['virtual'] ?? []).map(name => [name, 'virtual' as const])),
}

/** Subsets that are a part of the minimal facts here. */
const MINIMAL = [
  ...['apparmor', 'architecture', 'caps', 'cmdline', 'date_time', 'distribution', 'distribution_major_version', 'dns'],
  ...['distribution_release', 'distribution_version', 'effective_group_ids', 'effective_user_id', 'env', 'fips'],
  ...['kernel', 'kernel_version', 'local', 'lsb', 'machine', 'machine_id', 'os_family', 'pkg_mgr', 'platform'],
  ...['python', 'python_version', 'real_user_id', 'selinux', 'service_mgr', 'ssh_host_key_dsa_public'],
  ...['ssh_host_key_ecdsa_public', 'ssh_host_key_ed25519_public', 'ssh_host_key_rsa_public', 'ssh_host_pub_keys'],
  ...['ssh_pub_keys', 'system', 'system_capabilities', 'system_capabilities_enforced', 'user', 'user_dir'],
  ...['user_gecos', 'user_gid', 'user_id', 'user_shell', 'user_uid'],
]

/** Subsets of Ansible that bring nothing here. */
const NOTHING = ['facter', 'ohai', 'fibre_channel_wwn', 'iscsi', 'nvme']

const KNOWN: ReadonlySet<string> = new Set(['all', 'min', ...MINIMAL, ...NOTHING, ...Object.values(PARTS).flat()])

/** Whether a group of facts is asked for. The minimal facts are there unless they are refused by name. */
function wants(subset: readonly string[], group: Group): boolean {
  const chosen = subset.filter(name => !name.startsWith('!'))
  const refused = new Set(subset.filter(name => name.startsWith('!')).map(name => name.slice(1)))
  if (group === 'min') return !refused.has('min') || chosen.some(name => name === 'min' || MINIMAL.includes(name))
  if (chosen.some(name => PARTS[group]?.includes(name))) return true
  if (refused.has('all') || refused.has(group)) return false
  // What is only refused adds nothing to the minimal facts
  return subset.length === 0 || chosen.includes('all')
}

/** Whether a fact is asked for: without the minimal facts as a whole, only those of the subsets that are named. */
function wanted(subset: readonly string[], name: string, group: Group): boolean {
  if (!wants(subset, group)) return false
  if (group !== 'min' || !subset.includes('!min') || subset.includes('min')) return true
  return subset.some(one => [one, ...(ALONG[one] ?? [])].some(part => name === part || name.startsWith(`${part}_`)))
}

/** Facts that come with a subset of the minimal ones and are called otherwise. */
const SYSTEM = ['system', 'kernel', 'machine', 'architecture', 'userspace', 'nodename', 'hostname', 'fqdn', 'domain']
const ALONG: Readonly<Record<string, readonly string[]>> = {
  platform: [...SYSTEM, 'python_version'],
  distribution: [...SYSTEM, 'os_family'],
  pkg_mgr: [...SYSTEM, 'distribution', 'os_family'],
  service_mgr: [...SYSTEM, 'distribution', 'os_family'],
  ssh_pub_keys: ['ssh_host_key'],
  caps: ['system_capabilities'],
}

/** Shell patterns over the names of facts, with or without `ansible_`. */
const passes = (name: string, filter: readonly string[]): boolean =>
  filter.length === 0 || filter.some(pattern => fnmatch(pattern).test(name) || fnmatch(pattern).test(`ansible_${name}`))
