import { dict, type Value } from '../base/value.ts'
import { defineModule } from '../kit/module.ts'
import { ok, refuse } from '../kit/plan.ts'
import { everything } from '../questions/facts.ts'
import { distributionFacts } from './shared/facts-distribution.ts'
import { hardwareFacts } from './shared/facts-hardware.ts'
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
  plan({ gather_subset: subset, filter }, { said }, host) {
    const odd = subset.find(name => !KNOWN.has(name.replace(/^!/, '')))
    if (odd !== undefined)
      return refuse(`there are no facts called '${odd}'`, `known subsets: ${[...KNOWN].sort().join(', ')}`)
    const facts: Record<string, Value> = {
      ...(wants(subset, 'min') ? { ...distributionFacts(said, host), ...platformFacts(said, host) } : {}),
      ...(wants(subset, 'network') ? networkFacts(said) : {}),
      ...(wants(subset, 'hardware') ? hardwareFacts(said) : {}),
    }
    const chosen = Object.entries(facts).filter(([name]) => passes(name, filter))
    const named = chosen.map(([name, value]): [string, Value] => [`ansible_${name}`, value])
    return ok({
      ansible_facts: dict({
        ...Object.fromEntries(named),
        ...(filter.length > 0 ? {} : { gather_subset: [...subset], module_setup: true }),
      }),
    })
  },
})

/** Subsets of Ansible that belong to a larger one here. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  network: ['network', 'interfaces', 'default_ipv4', 'default_ipv6', 'all_ipv4_addresses', 'all_ipv6_addresses', 'dns'],
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

/** Subsets that are a part of the minimal facts here. */
const MINIMAL = [
  ...[
    'apparmor',
    'architecture',
    'caps',
    'chroot',
    'cmdline',
    'date_time',
    'distribution',
    'distribution_major_version',
  ],
  ...['distribution_release', 'distribution_version', 'effective_group_ids', 'effective_user_id', 'env', 'fips'],
  ...[
    'is_chroot',
    'kernel',
    'kernel_version',
    'local',
    'lsb',
    'machine',
    'machine_id',
    'os_family',
    'pkg_mgr',
    'platform',
  ],
  ...['python', 'python_version', 'real_user_id', 'selinux', 'service_mgr', 'ssh_host_key_dsa_public'],
  ...['ssh_host_key_ecdsa_public', 'ssh_host_key_ed25519_public', 'ssh_host_key_rsa_public', 'ssh_host_pub_keys'],
  ...['ssh_pub_keys', 'system', 'system_capabilities', 'system_capabilities_enforced', 'systemd', 'user', 'user_dir'],
  ...['user_gecos', 'user_gid', 'user_id', 'user_shell', 'user_uid', 'virtual', 'virtualization_role'],
  ...['virtualization_tech_guest', 'virtualization_tech_host', 'virtualization_type'],
]

/** Subsets of Ansible that bring nothing here. */
const NOTHING = ['facter', 'ohai', 'fibre_channel_wwn', 'iscsi', 'nvme']

const KNOWN: ReadonlySet<string> = new Set(['all', 'min', ...MINIMAL, ...NOTHING, ...Object.values(PARTS).flat()])

/** Whether a group of facts is asked for. The minimal facts are there unless they are refused by name. */
function wants(subset: readonly string[], group: 'min' | 'network' | 'hardware'): boolean {
  const chosen = subset.filter(name => !name.startsWith('!'))
  const refused = new Set(subset.filter(name => name.startsWith('!')).map(name => name.slice(1)))
  if (group === 'min') return !refused.has('min') || chosen.some(name => name === 'min' || MINIMAL.includes(name))
  if (chosen.some(name => PARTS[group]?.includes(name))) return true
  if (refused.has('all') || refused.has(group)) return false
  return chosen.length === 0 || chosen.includes('all')
}

/** Shell patterns over the names of facts, with or without `ansible_`. */
const passes = (name: string, filter: readonly string[]): boolean =>
  filter.length === 0 || filter.some(pattern => fnmatch(pattern).test(name) || fnmatch(pattern).test(`ansible_${name}`))
