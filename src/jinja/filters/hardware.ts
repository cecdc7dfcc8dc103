import type { Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { addressText, type Network, networkAddress } from '../formats/ip.ts'
import { soft } from '../python/arguments.ts'
import { type Bound, type Filters, native } from '../python/callable.ts'
import { int } from '../python/numbers.ts'
import { readAsked } from './ip-queries.ts'

/** How hardware addresses are written: the digits of a part, how many parts, what stands between. */
const SHAPES: readonly (readonly [digits: string, parts: number, signs: string])[] = [
  ['1,2', 6, ':-'],
  ['1,4', 3, ':.-'],
  ['5,6', 2, ':-'],
  ['12', 1, '-'],
  ['11', 1, '-'],
]
const LONG_SHAPES: typeof SHAPES = [
  ['1,2', 8, ':-'],
  ['1,4', 4, ':.-'],
  ['16', 1, '-'],
]

interface Hardware {
  readonly bits: 48 | 64
  readonly number: bigint
}

function shaped(text: string, shapes: typeof SHAPES, bits: 48 | 64): Hardware | undefined {
  for (const [digits, parts, signs] of shapes)
    for (const sign of signs) {
      const pattern = `^${Array(parts).fill(`[\\da-f]{${digits}}`).join(`\\${sign}`)}$`
      if (!new RegExp(pattern, 'i').test(text)) continue
      const size = bits / 4 / parts
      const hex = text.split(sign).map(part => part.padStart(size, '0'))
      return { bits, number: BigInt(`0x${hex.join('')}`) }
    }
  return undefined
}

/** A hardware address of 48 or 64 bits, or the number of one; undefined for what is none. */
function parseHardware(text: string): Hardware | undefined {
  const number = /^\d+$/.test(text) ? BigInt(text) : undefined
  if (number !== undefined && number >> 64n === 0n) return { bits: number >> 48n === 0n ? 48 : 64, number }
  return shaped(text, SHAPES, 48) ?? shaped(text, LONG_SHAPES, 64)
}

type Write = (number: bigint, bits: number) => string

const grouped =
  (size: number, sign: string, upper = false, bare = false): Write =>
  (number, bits) => {
    const digits = number.toString(16).padStart(bits / 4, '0')
    const parts = (digits.match(new RegExp(`.{${size}}`, 'g')) ?? []).map(part =>
      bare ? part.replace(/^0(?=.)/, '') : part,
    )
    return upper ? parts.join(sign).toUpperCase() : parts.join(sign)
  }

const win = grouped(2, '-', true)
const pgsql = grouped(6, ':')
const WRITTEN: Readonly<Record<string, Write>> = {
  bare: grouped(12, '', true),
  cisco: grouped(4, '.'),
  eui48: win,
  linux: grouped(2, ':'),
  pgsql,
  postgresql: pgsql,
  psql: pgsql,
  unix: grouped(2, ':', false, true),
  win,
}

const hardware =
  (name: string) =>
  (value: Value, args: Bound): Value => {
    const query = soft(args.value('query'))
    const found = parseHardware(soft(value))
    if (!found && query !== '' && query !== 'bool') throw failure(`${name}: not a hardware address: ${soft(value)}`)
    if (query === '') return found ? value : null
    if (query === 'bool') return found ? true : null
    const write = Object.hasOwn(WRITTEN, query) ? WRITTEN[query] : undefined
    if (found && query === 'int') return int(found.number)
    if (!found || !write)
      throw failure(`${name}: unknown filter type: ${query}; there are bool, int, ${Object.keys(WRITTEN).join(', ')}`)
    if (found.bits === 64) throw failure(`${name}: '${query}' is a way to write 48 bits, and ${soft(value)} has 64`)
    return write(found.number, found.bits)
  }

/** The address that a host with this hardware gives itself in an IPv6 network. */
function slaac(value: Value, args: Bound): Value {
  const network: Network | undefined = readAsked(soft(value))
  const found = parseHardware(soft(args.value('query')))
  if (network?.version !== 6 || !found) return false
  const { number } = found
  const long = found.bits === 64 ? number : ((number >> 24n) << 40n) | (0xfffen << 24n) | (number & 0xffffffn)
  const wanted = networkAddress(network) + (long ^ (1n << 57n))
  if (wanted >> 128n > 0n) throw failure(`slaac(): there is no such address in ${soft(value)}`)
  return addressText(wanted, 6)
}

/** Hardware addresses as ansible.utils has them. */
export const HARDWARE_FILTERS: Filters = {
  hwaddr: native("query='', alias='hwaddr'", hardware('hwaddr')),
  macaddr: native("query=''", hardware('macaddr')),
  slaac: native("query=''", slaac),
}
