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

/** Reads `address` or `address/prefix` or `address/netmask`; undefined when it is neither. */
export function parseNetwork(text: string): Network | undefined {
  const [host = '', mask, ...rest] = text.split('/')
  if (rest.length > 0) return undefined
  const v4 = parseV4(host)
  const address = v4 ?? parseV6(host)
  if (address === undefined) return undefined
  const version = v4 === undefined ? 6 : 4
  if (mask === undefined) return { version, address, prefix: width(version), withPrefix: false }
  const prefix = /^\d{1,3}$/.test(mask) ? Number(mask) : maskPrefix(mask)
  if (prefix === undefined || prefix > width(version)) return undefined
  return { version, address, prefix, withPrefix: true }
}

function maskPrefix(mask: string): number | undefined {
  const bits = parseV4(mask)?.toString(2).padStart(32, '0')
  return bits === undefined || !/^1*0*$/.test(bits) ? undefined : bits.lastIndexOf('1') + 1
}

/** An address as it is written: IPv6 with its longest run of zeros left out. */
export function addressText(address: bigint, version: 4 | 6): string {
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

const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']
const SPECIAL = [
  '127.0.0.0/8',
  '169.254.0.0/16',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '0.0.0.0/8',
  '::1/128',
  'fe80::/10',
  'ff00::/8',
  '::/128',
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
export const isPublic = (network: Network): boolean => !isWithin(network, [...PRIVATE, ...SPECIAL])
