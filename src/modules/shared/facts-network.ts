import { dict, type Value } from '../../base/value.ts'
import type { Sections } from '../../questions/facts.ts'

interface Interface {
  readonly device: string
  readonly mac: string
  readonly mtu: number
  readonly active: boolean
  readonly promiscuous: boolean
  /** Megabits a second, where the card says so. */
  readonly speed: number | undefined
  readonly type: string
  /** What only some cards have: parts of a bridge or a bond, driver. */
  readonly more: ReadonlyMap<string, Value>
  readonly ipv4: Address[]
  readonly ipv6: Address[]
}

interface Address {
  readonly address: string
  readonly prefix: number
  readonly broadcast: string
  readonly scope: string
}

/** Names, addresses and routes of a host's interfaces. */
export function networkFacts(sections: Sections): Record<string, Value> {
  const interfaces = interfacesOf(sections)
  const outer = interfaces.filter(({ type }) => type !== 'loopback')
  const facts: Record<string, Value> = {
    interfaces: interfaces.map(({ device }) => device),
    all_ipv4_addresses: outer.flatMap(({ ipv4 }) => ipv4.map(({ address }) => address)),
    all_ipv6_addresses: outer.flatMap(({ ipv6 }) => ipv6.map(({ address }) => address)),
    default_ipv4: defaultOf(sections.get('route4') ?? '', interfaces, 'ipv4'),
    default_ipv6: defaultOf(sections.get('route6') ?? '', interfaces, 'ipv6'),
    dns: dnsOf(sections.get('resolv') ?? ''),
  }
  for (const one of interfaces) facts[one.device.replaceAll(/[-:.]/g, '_')] = interfaceFact(one)
  return facts
}

function interfacesOf(sections: Sections): Interface[] {
  const out = new Map<string, Interface>()
  const speeds = new Map(
    (sections.get('speeds') ?? '').split('\n').map(line => [word(line), line.slice(word(line).length)]),
  )
  const cards = cardsOf(sections.get('cards') ?? '')
  for (const line of (sections.get('links') ?? '').split('\n')) {
    const [, device] = /^\d+: ([^:@]+)(?:@[^:]*)?: </.exec(line) ?? []
    if (device === undefined) continue
    const [, kind = 'none', mac = ''] = /link\/(\S+)(?: (\S+))?/.exec(line) ?? []
    const mtu = Number(/ mtu (\d+)/.exec(line)?.[1] ?? 0)
    const more = cards.get(device) ?? new Map<string, Value>()
    const type = more.has('stp') ? 'bridge' : more.has('miimon') ? 'bonding' : (TYPES[kind] ?? 'unknown')
    const active = !/ state DOWN\b/.test(line)
    const promiscuous = /<[^>]*\bPROMISC\b/.test(line)
    const speed = speeds.get(device)?.trim() ?? ''
    const said = speed === '' ? undefined : Number(speed)
    out.set(device, { device, mac, mtu, active, promiscuous, speed: said, type, more, ipv4: [], ipv6: [] })
  }
  for (const line of (sections.get('addresses') ?? '').split('\n')) {
    const [, device = '', family, address = '', prefix] =
      /^\d+: (\S+)\s+(inet6?) ([^\s/]+)(?:\/(\d+))?/.exec(line) ?? []
    const one = out.get(device)
    if (one === undefined || family === undefined) continue
    const seen = {
      address,
      prefix: Number(prefix ?? (family === 'inet' ? 32 : 128)),
      broadcast: / brd (\S+)/.exec(line)?.[1] ?? '',
      scope: / scope (\S+)/.exec(line)?.[1] ?? '',
    }
    if (family === 'inet') one.ipv4.push(seen)
    else one.ipv6.push(seen)
  }
  return [...out.values()]
}

/** Kinds of links by the words of `ip`. */
const TYPES: Readonly<Record<string, string>> = {
  ...{ ether: 'ether', loopback: 'loopback', infiniband: 'infiniband', ppp: 'ppp', none: 'tunnel' },
}

/** Keys whose values are lists of names. */
const LISTS: ReadonlySet<string> = new Set(['interfaces', 'slaves'])

/** Lines of name, key and value, as what each name has besides. */
function cardsOf(text: string): Map<string, Map<string, Value>> {
  const out = new Map<string, Map<string, Value>>()
  for (const line of text.split('\n')) {
    const [, device, key = '', value = ''] = /^(\S+) (\S+) ?(.*?)\s*$/.exec(line) ?? []
    if (device === undefined) continue
    const card = out.get(device) ?? new Map<string, Value>()
    out.set(device, card)
    if (LISTS.has(key)) card.set(key, value.split(' ').filter(Boolean))
    else if (key === 'stp' || key === 'all_slaves_active') card.set(key, value === '1')
    else if (key !== 'primary' || value !== '')
      card.set(key, key === 'pciid' || key === 'module' ? value : (value.split(' ', 1)[0] ?? ''))
  }
  return out
}

const interfaceFact = (one: Interface): Value =>
  dict({
    device: one.device,
    active: one.active,
    promisc: one.promiscuous,
    ...(one.speed === undefined ? {} : { speed: one.speed }),
    mtu: one.mtu,
    type: one.type,
    ...Object.fromEntries(one.more),
    ...(one.mac === '' || one.type === 'loopback' ? {} : { macaddress: one.mac }),
    ...(one.ipv4[0] ? { ipv4: dict(ipv4Of(one.ipv4[0])) } : {}),
    ...(one.ipv4.length > 1 ? { ipv4_secondaries: one.ipv4.slice(1).map(address => dict(ipv4Of(address))) } : {}),
    ...(one.ipv6.length > 0
      ? { ipv6: one.ipv6.map(({ address, prefix, scope }) => dict({ address, prefix: String(prefix), scope })) }
      : {}),
  })

const ipv4Of = ({ address, prefix, broadcast }: Address): Record<string, Value> => ({
  address,
  broadcast,
  netmask: dotted(mask(prefix)),
  network: dotted((numberOf(address) & mask(prefix)) >>> 0),
  prefix: String(prefix),
})

const mask = (prefix: number): number => (prefix === 0 ? 0 : (0xffffffff << (32 - prefix)) >>> 0)
const numberOf = (address: string): number =>
  address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0) >>> 0
const dotted = (number: number): string => [24, 16, 8, 0].map(shift => (number >>> shift) & 255).join('.')

/** The interface of the default route, with the address that it would speak from. */
function defaultOf(route: string, interfaces: readonly Interface[], family: 'ipv4' | 'ipv6'): Value {
  const device = / dev (\S+)/.exec(route)?.[1]
  const one = interfaces.find(candidate => candidate.device === device)
  const source = / src (\S+)/.exec(route)?.[1]
  const addresses = one?.[family] ?? []
  const first =
    addresses.find(({ address }) => address === source) ??
    addresses.find(({ scope }) => scope === 'global') ??
    addresses[0]
  if (one === undefined || first === undefined) return dict({})
  const gateway = / via (\S+)/.exec(route)?.[1]
  return dict({
    ...(family === 'ipv4'
      ? { ...ipv4Of(first), alias: one.device }
      : { address: first.address, prefix: String(first.prefix), scope: first.scope }),
    interface: one.device,
    macaddress: one.mac,
    mtu: one.mtu,
    type: one.type,
    ...(gateway === undefined ? {} : { gateway }),
  })
}

const word = (line: string): string => line.split(' ', 1)[0] ?? ''

/** `NAME:VALUE`, or a name alone, which is on. */
const optionOf = (option: string): [string, Value] => {
  const [name = '', ...value] = option.split(':')
  return [name, value.join(':') || true]
}

function dnsOf(resolv: string): Value {
  const out: Record<string, Value> = {}
  const servers: string[] = []
  for (const line of resolv.split('\n')) {
    const [word, ...rest] = line
      .replace(/[#;].*/, '')
      .trim()
      .split(/\s+/)
    if (word === 'nameserver' && rest[0] !== undefined) servers.push(rest[0])
    if (word === 'search') out['search'] = rest
    if (word === 'sortlist') out['sortlist'] = rest
    if (word === 'options') out['options'] = dict(Object.fromEntries(rest.map(optionOf)))
    if (word === 'domain') out['domain'] = rest[0] ?? ''
  }
  return dict({ ...(servers.length > 0 ? { nameservers: servers } : {}), ...out })
}
