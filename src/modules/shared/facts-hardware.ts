import { dict, float, type Value } from '../../base/value.ts'
import type { Sections } from '../../questions/facts.ts'

/** Memory, processors, mounts, block devices and the machine's make. */
export function hardwareFacts(sections: Sections): Record<string, Value> {
  const uptime = Number(sections.get('uptime')?.split(' ')[0] ?? 0)
  const load = (sections.get('load') ?? '').split(' ')
  return {
    ...processors(sections.get('cpu') ?? ''),
    ...memory(sections.get('memory') ?? ''),
    ...make(sections.get('dmi') ?? ''),
    mounts: mounts(sections),
    devices: devices(sections.get('blocks') ?? ''),
    uptime_seconds: Math.trunc(uptime),
    loadavg: dict({
      '1m': float(Number(load[0] ?? 0)),
      '5m': float(Number(load[1] ?? 0)),
      '15m': float(Number(load[2] ?? 0)),
    }),
  }
}

function processors(text: string): Record<string, Value> {
  const pairs = text
    .split('\n')
    .map(line => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)] as const)
  const of = (name: string) => pairs.flatMap(([key, value]) => (key === name ? [value] : []))
  const logical = of('processor').length || 1
  const sockets = new Set(of('physical id')).size || (of('physical id').length === 0 ? logical : 1)
  const cores = Number(of('cpu cores')[0] ?? 1)
  const siblings = Number(of('siblings')[0] ?? cores)
  return {
    processor: pairs.flatMap(([key, value]) =>
      ['processor', 'vendor_id', 'model name', 'Processor', 'Hardware'].includes(key) ? [value] : [],
    ),
    processor_count: sockets,
    processor_cores: cores,
    processor_threads_per_core: Math.max(1, Math.trunc(siblings / cores)),
    processor_vcpus: logical,
    processor_nproc: logical,
    flags: (of('flags')[0] ?? '').split(' ').filter(Boolean),
  }
}

function memory(text: string): Record<string, Value> {
  const kilobytes = new Map(
    [...text.matchAll(/^(\w+):\s+(\d+)/gm)].map(([, name = '', value]) => [name, Number(value)]),
  )
  const mb = (name: string) => Math.trunc((kilobytes.get(name) ?? 0) / 1024)
  const [total, free, swap, swapFree] = [mb('MemTotal'), mb('MemFree'), mb('SwapTotal'), mb('SwapFree')]
  const idle = free + mb('Buffers') + mb('Cached')
  return {
    memtotal_mb: total,
    memfree_mb: free,
    swaptotal_mb: swap,
    swapfree_mb: swapFree,
    memory_mb: dict({
      real: dict({ total, used: total - free, free }),
      nocache: dict({ free: idle, used: total - idle }),
      swap: dict({ total: swap, free: swapFree, used: swap - swapFree, cached: mb('SwapCached') }),
    }),
  }
}

const MAKE: Readonly<Record<string, string>> = {
  sys_vendor: 'system_vendor',
  product_name: 'product_name',
  product_version: 'product_version',
  product_serial: 'product_serial',
  product_uuid: 'product_uuid',
  bios_vendor: 'bios_vendor',
  bios_version: 'bios_version',
  bios_date: 'bios_date',
  board_vendor: 'board_vendor',
  board_name: 'board_name',
  board_asset_tag: 'board_asset_tag',
  board_serial: 'board_serial',
  board_version: 'board_version',
  chassis_vendor: 'chassis_vendor',
  chassis_asset_tag: 'chassis_asset_tag',
  chassis_serial: 'chassis_serial',
  chassis_version: 'chassis_version',
  chassis_type: 'form_factor',
}

/** Shapes of machines by the numbers of the DMI standard. */
const FORMS =
  'Unknown|Other|Unknown|Desktop|Low Profile Desktop|Pizza Box|Mini Tower|Tower|Portable|Laptop|Notebook|Hand Held|Docking Station|All In One|Sub Notebook|Space-saving|Lunch Box|Main Server Chassis|Expansion Chassis|Sub Chassis|Bus Expansion Chassis|Peripheral Chassis|RAID Chassis|Rack Mount Chassis|Sealed-case PC|Multi-system|CompactPCI|AdvancedTCA|Blade|Blade Enclosure|Tablet|Convertible|Detachable|IoT Gateway|Embedded PC|Mini PC|Stick PC'.split(
    '|',
  )

const formOf = (said: string): string => (/^\d+$/.test(said) ? (FORMS[Number(said)] ?? `unknown (${said})`) : said)

const make = (text: string): Record<string, Value> =>
  Object.fromEntries(
    text.split('\n').flatMap(line => {
      const [file = '', ...words] = line.split(' ')
      const name = MAKE[file]
      const said = words.join(' ').trim() || 'NA'
      return name === undefined ? [] : [[name, name === 'form_factor' ? formOf(said) : said]]
    }),
  )

/** What is mounted from devices and from other hosts, with its room. */
function mounts(sections: Sections): Value[] {
  const sizes = new Map(
    [...(sections.get('room') ?? '').matchAll(/^(\d+) (\d+) (\d+) (\d+) (\d+) (.*)$/gm)].map(
      ([, size, blocks, free, inodes, freeInodes, mount = '']) =>
        [mount, [size, blocks, free, inodes, freeInodes].map(Number)] as const,
    ),
  )
  const binds = new Set((sections.get('binds') ?? '').split('\n'))
  const uuids = new Map(
    (sections.get('uuids') ?? '').split('\n').map((line): [string, string] => {
      const [device = '', uuid = ''] = line.split(' ')
      return [device, uuid]
    }),
  )
  return (sections.get('mounts') ?? '')
    .split('\n')
    .filter(Boolean)
    .map(line => {
      const [device = '', mount = '', fstype = '', options = ''] = line.split(' ')
      return dict({
        device: unescaped(device),
        mount: unescaped(mount),
        fstype,
        options: unescaped(binds.has(mount) && !options.includes('bind') ? `${options},bind` : options),
        uuid: uuids.get(unescaped(device)) ?? 'N/A',
        ...room(sizes.get(mount)),
      })
    })
}

/** Blanks in names, as /proc writes them. */
const unescaped = (text: string): string =>
  text.replaceAll(/\\(\d{3})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 8)))

/** Of a mount that cannot be looked at nothing is said. */
const room = ([size, blocks, free, inodes, freeInodes]: readonly number[] = []): Record<string, Value> =>
  size === undefined || blocks === undefined || free === undefined || inodes === undefined || freeInodes === undefined
    ? {}
    : {
        block_size: size,
        block_total: blocks,
        block_used: blocks - free,
        block_available: free,
        size_total: blocks * size,
        size_available: free * size,
        inode_total: inodes,
        inode_used: inodes - freeInodes,
        inode_available: freeInodes,
      }

/** Disks with their partitions: a disk without any may be taken for empty, so both are told or neither. */
function devices(text: string): Value {
  const disks = new Map<Value, Value>()
  let partitions = new Map<Value, Value>()
  for (const line of text.split('\n').filter(Boolean)) {
    const [kind, name = '', sectors = '', third = '', rotational = '', sectorsize = '512', ...vendor] = line.split('|')
    const sized = { sectors, sectorsize, size: size(Number(sectors) * 512) }
    if (kind === 'part') {
      partitions.set(name, dict({ ...sized, start: third }))
      continue
    }
    partitions = new Map()
    disks.set(
      name,
      dict({ ...sized, removable: third, rotational, vendor: vendor.join('|').trim() || null, partitions }),
    )
  }
  return disks
}

/** Sizes as Ansible prints them: `20.00 GB`. */
const size = (bytes: number): string => {
  for (const [unit, factor] of [
    ['TB', 2 ** 40],
    ['GB', 2 ** 30],
    ['MB', 2 ** 20],
    ['KB', 2 ** 10],
  ] as const)
    if (bytes >= factor) return `${(bytes / factor).toFixed(2)} ${unit}`
  return `${bytes.toFixed(2)} Bytes`
}
