/** An address with a prefix length, as numbers. */
export interface Network {
  readonly version: 4 | 6
  readonly address: bigint
  readonly prefix: number
  /** True when a prefix was written. */
  readonly withPrefix: boolean
}

export const width = (version: 4 | 6): number => (version === 4 ? 32 : 128)

function parseV4(text: string): bigint | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || parts.some(part => !/^(?:0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255))
    return undefined
  return parts.reduce((total, part) => total * 256n + BigInt(part), 0n)
}

function parseV6(text: string): bigint | undefined {
  let source = text
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(source)
  if (tail) {
    const low = parseV4(tail[2] ?? '')
    if (low === undefined) return undefined
    source = `${tail[1]}${(low >> 16n).toString(16)}:${(low & 0xffffn).toString(16)}`
  }
  const halves = source.split('::')
  if (halves.length > 2) return undefined
  const groups = halves.map(half => (half === '' ? [] : half.split(':')))
  const [head = [], end = []] = groups
  if ([...head, ...end].some(part => !/^[\da-f]{1,4}$/i.test(part))) return undefined
  const missing = 8 - head.length - end.length
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined
  const all = [...head, ...Array<string>(halves.length === 1 ? 0 : missing).fill('0'), ...end]
  return all.reduce((total, part) => total * 65536n + BigInt(`0x${part}`), 0n)
}

/** An IPv4 address whose last parts may lack (`10.1`), as it is written before a prefix. */
function parsePartial(text: string): bigint | undefined {
  const parts = text.split('.')
  if (parts.length > 4 || parts.some(part => !/^\d{1,10}$/.test(part))) return undefined
  return parseV4([...parts.map(Number), ...Array<number>(4 - parts.length).fill(0)].join('.'))
}

/**
 * Reads `address` or `address/prefix` or `address/mask` (of either kind); undefined when it is none.
 * @param partial whether the last parts of an IPv4 address may lack, as netaddr has it
 */
export function parseNetwork(text: string, partial = false): Network | undefined {
  const at = text.indexOf('/')
  const [host, mask] = at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
  const v4 = parseV4(host) ?? (partial ? parsePartial(host) : undefined)
  const address = v4 ?? parseV6(host)
  if (address === undefined) return undefined
  const version = v4 === undefined ? 6 : 4
  if (mask === undefined) return { version, address, prefix: width(version), withPrefix: false }
  const prefix = /^\d{1,3}$/.test(mask) ? Number(mask) : maskPrefix(mask, version)
  if (prefix === undefined || prefix > width(version)) return undefined
  return { version, address, prefix, withPrefix: true }
}

/** Whether the ones stand before the zeros, as in 255.255.0.0. */
export const isMask = (address: bigint, version: 4 | 6): boolean =>
  isPowerOfTwo((address ^ ((1n << BigInt(width(version))) - 1n)) + 1n)

/** Whether the zeros stand before the ones, as in 0.0.0.255. */
export const isHostMask = (address: bigint): boolean => isPowerOfTwo(address + 1n)

const isPowerOfTwo = (number: bigint): boolean => (number & (number - 1n)) === 0n

function maskPrefix(mask: string, version: 4 | 6): number | undefined {
  const bits = version === 4 ? parseV4(mask) : parseV6(mask)
  if (bits === undefined) return undefined
  return isMask(bits, version) || isHostMask(bits) ? prefixOfMask(bits, version) : undefined
}

/** The prefix that a mask stands for; one of hosts has the ones at its end. */
export function prefixOfMask(mask: bigint, version: 4 | 6): number {
  const ones = mask.toString(2).replaceAll('0', '').length
  return isMask(mask, version) ? ones : width(version) - ones
}

/** An address as it is written: IPv6 with its longest run of zeros left out. */
export function addressText(address: bigint, version: 4 | 6): string {
  // As the C library prints what holds an IPv4 address
  if (version === 6 && (address >> 32n === 0xffffn || (address >> 32n === 0n && address >> 16n !== 0n)))
    return `::${address >> 32n === 0n ? '' : 'ffff:'}${addressText(address & 0xffffffffn, 4)}`
  if (version === 4) return [24n, 16n, 8n, 0n].map(shift => (address >> shift) & 255n).join('.')
  const groups = Array.from({ length: 8 }, (_item, index) =>
    ((address >> BigInt(112 - index * 16)) & 0xffffn).toString(16),
  )
  const runs = [
    ...groups
      .map(group => (group === '0' ? '0' : 'x'))
      .join('')
      .matchAll(/0{2,}/g),
  ]
  const longest = runs.reduce<RegExpMatchArray | undefined>(
    (best, run) => (best && best[0].length >= run[0].length ? best : run),
    undefined,
  )
  if (!longest) return groups.join(':')
  const start = longest.index ?? 0
  return `${groups.slice(0, start).join(':')}::${groups.slice(start + longest[0].length).join(':')}`
}

export const hostBits = ({ version, prefix }: Network): bigint => BigInt(width(version) - prefix)
export const maskOf = (network: Network): bigint =>
  ((1n << BigInt(width(network.version))) - 1n) ^ ((1n << hostBits(network)) - 1n)
export const networkAddress = (network: Network): bigint => network.address & maskOf(network)
export const lastAddress = (network: Network): bigint => networkAddress(network) + (1n << hostBits(network)) - 1n

/** What netaddr calls private. */
const PRIVATE = [
  ...['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.0.0.0/24', '192.168.0.0/16', '198.18.0.0/15', '239.0.0.0/8'],
  ...['169.254.0.0/16', 'fc00::/7', 'fec0::/10', 'fe80::/10'],
]

/** True when one of the ranges holds the whole network. */
export const isWithin = (network: Network, ranges: readonly string[]): boolean =>
  ranges.some(range => {
    const wide = parseNetwork(range)
    return wide !== undefined && contains(wide, network)
  })

export const contains = (wide: Network, narrow: Network): boolean =>
  wide.version === narrow.version &&
  narrow.prefix >= wide.prefix &&
  networkAddress({ ...narrow, prefix: wide.prefix }) === networkAddress(wide)

export const isPrivate = (network: Network): boolean => isWithin(network, PRIVATE)
export const isMulticast = (network: Network): boolean => isWithin(network, ['224.0.0.0/4', 'ff00::/8'])
export const isLoopback = (network: Network): boolean => isWithin(network, ['127.0.0.0/8', '::1/128'])
export const isLinkLocal = (network: Network): boolean => isWithin(network, ['169.254.0.0/16', 'fe80::/10'])

/** The address of a network by itself. */
export const hostOf = (network: Network): Network => ({ ...network, prefix: width(network.version) })

export function isPublic(network: Network): boolean {
  const host = hostOf(network)
  const masks = isMask(host.address, host.version) || isHostMask(host.address)
  return !masks && !isMulticast(host) && !isPrivate(host) && !isLoopback(host)
}
