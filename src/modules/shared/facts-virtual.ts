import type { Value } from '../../base/value.ts'
import type { Sections } from '../../questions/facts.ts'
import { first, linesOf } from './sections.ts'

/** What the makers of virtual machines write into their firmware: the field, its values, and what Ansible calls it. */
const FIRMWARE: readonly (readonly [field: string, values: readonly string[], tech: string])[] = [
  ['product_name', ['KVM', 'KVM Server', 'Bochs', 'AHV'], 'kvm'],
  ['sys_vendor', ['oVirt'], 'oVirt'],
  ['product_family', ['RHV'], 'RHV'],
  ['product_name', ['RHEV Hypervisor'], 'RHEV'],
  ['product_name', ['VMware Virtual Platform', 'VMware7,1'], 'VMware'],
  ['product_name', ['OpenStack Compute', 'OpenStack Nova'], 'openstack'],
  ['bios_vendor', ['Xen'], 'xen'],
  ['bios_vendor', ['innotek GmbH'], 'virtualbox'],
  ['bios_vendor', ['Amazon EC2', 'DigitalOcean', 'Hetzner'], 'kvm'],
  ['sys_vendor', ['QEMU', 'Amazon EC2', 'DigitalOcean', 'Google', 'Scaleway', 'Nutanix'], 'kvm'],
  ['sys_vendor', ['KubeVirt'], 'KubeVirt'],
  ['sys_vendor', ['Microsoft Corporation'], 'VirtualPC'],
  ['sys_vendor', ['Parallels Software International Inc.'], 'parallels'],
  ['sys_vendor', ['OpenStack Foundation'], 'openstack'],
]

/** Kinds of container that are also called just `container`. */
const CONTAINERS = ['docker', 'lxc', 'podman', 'openvz', 'containerd']

/** What the host runs in, and what it may run in itself. The first thing that was seen gives the type and the role. */
export function virtualFacts(sections: Sections): Record<string, Value> {
  const guest = new Set<string>()
  const host = new Set<string>()
  let kind: readonly [type: string, role: string] | undefined
  const seen = (role: 'guest' | 'host', tech: string, as: string = role): void => {
    ;(role === 'guest' ? guest : host).add(tech)
    kind ??= [tech, as]
  }
  containers(sections, tech => seen('guest', tech))
  if ([...guest].some(tech => CONTAINERS.includes(tech))) guest.add('container')
  const signs = linesOf(sections, 'virt')
  if (signs.includes('xen host')) seen('host', 'xen')
  else if (signs.includes('xen guest')) kind ??= ['xen', 'guest']
  const firmware = new Map(linesOf(sections, 'dmi').map(line => [word(line), line.slice(word(line).length).trim()]))
  for (const [field, values, tech] of FIRMWARE) if (values.includes(firmware.get(field) ?? '')) seen('guest', tech)
  if (/^model name:QEMU Virtual CPU/m.test(sections.get('cpu') ?? '')) seen('guest', 'kvm')
  if (signs.includes('module kvm')) seen('host', 'kvm')
  if (signs.includes('module vboxdrv')) seen('host', 'virtualbox')
  // A guest by its driver, which Ansible lists among what a host offers.
  if (signs.includes('module virtio')) seen('host', 'kvm', 'guest')
  if (signs.includes('device kvm')) seen('host', 'kvm')
  return {
    virtualization_type: kind?.[0] ?? 'NA',
    virtualization_role: kind?.[1] ?? 'NA',
    virtualization_tech_guest: [...guest],
    virtualization_tech_host: [...host],
  }
}

/** Signs of containers, the surest first. */
function containers(sections: Sections, seen: (tech: string) => void): void {
  const groups = sections.get('cgroup') ?? ''
  if (/\/docker(\/|-[0-9a-f]+\.scope)/.test(groups)) seen('docker')
  if (/\/lxc\/|\/machine\.slice\/machine-lxc/.test(groups)) seen('lxc')
  if (groups.includes('/system.slice/containerd.service')) seen('containerd')
  for (const line of linesOf(sections, 'container')) {
    const tech = line.slice(word(line).length).trim()
    if (tech === '') continue
    const known = line.startsWith('environment') && !['lxc', 'podman'].includes(tech) ? 'container' : tech
    seen(known)
    if (line.startsWith('environment') || line.startsWith('systemd')) seen('container')
  }
}

const word = (line: string): string => line.split(' ', 1)[0] ?? ''

/** What processes may do here, as `capsh` tells. */
export function capabilityFacts(sections: Sections): Record<string, Value> {
  const current = /^Current:(.*)$/m.exec(sections.get('capabilities') ?? '')?.[1]?.trim()
  if (current === undefined) return { system_capabilities_enforced: 'N/A', system_capabilities: 'N/A' }
  if (current === '=ep') return { system_capabilities_enforced: 'False', system_capabilities: [] }
  const listed = (current.split('=')[1] ?? '').split(',').map(name => name.trim())
  return { system_capabilities_enforced: 'True', system_capabilities: listed }
}

/** Names by which storage knows the host; empty where there is no such storage. */
export const storageNames = (sections: Sections): Record<string, Value> => ({
  hostnqn: first(sections, 'hostnqn'),
  iscsi_iqn: /^InitiatorName=(.*)$/m.exec(sections.get('iscsi') ?? '')?.[1]?.trim() ?? '',
  fibre_channel_wwn: linesOf(sections, 'fibre')
    .map(line => line.trim().replace(/^0x/, ''))
    .filter(Boolean),
})
