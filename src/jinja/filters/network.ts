import type { Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { contains, hostBits, lastAddress, type Network, networkAddress, parseNetwork, width } from '../formats/ip.ts'
import { integer, integerArgument, soft } from '../python/arguments.ts'
import { type Bound, type Filters, native } from '../python/callable.ts'
import { isInt } from '../python/numbers.ts'
import { Tuple } from '../python/objects.ts'
import { truthy, typeName } from '../python/text.ts'
import { type Asked, address, IP_QUERIES, neighbour, readAsked, withPrefix } from './ip-queries.ts'

type Version = 4 | 6 | undefined

/** The address at an index of a network, counted from its end when negative; false beyond. */
function at(asked: Asked, query: string): Value {
  if (hostBits(asked) === 0n) return asked.withPrefix ? withPrefix(asked.address, asked) : address(asked.address, asked)
  const index = /^[-+]?\d+$/.test(query) ? BigInt(query) : undefined
  const size = 1n << hostBits(asked)
  if (index === undefined || index < -size || index >= size) return false
  return withPrefix(index < 0n ? lastAddress(asked) + index + 1n : networkAddress(asked) + index, asked)
}

/** One value asked; false when it is no address. */
function ask(value: Value, query: string, version: Version, alias: string): Value {
  if (!truthy(value) || value === true) return false
  const asked = readAsked(soft(value), version)
  if (!asked) return false
  const known = Object.hasOwn(IP_QUERIES, query) ? IP_QUERIES[query] : undefined
  const range = known || /^\d+$/.test(query) ? undefined : parseNetwork(query, true)
  if (version !== undefined && asked.version !== version) return false
  if (known) return known(asked)
  if (range) return contains(range, asked) ? asked.text : null
  if (/^[-+]?(?:\d+\.?\d*|\.\d+)$/.test(query)) return at(asked, query)
  const names = Object.keys(IP_QUERIES).filter(Boolean).join(', ')
  throw failure(`${alias}: unknown filter type: ${query}; there are ${names}, numbers and networks`)
}

/** A version as the argument gives it: 4, 6 or nothing. */
function versionOf(value: Value): Version {
  if (!truthy(value)) return undefined
  const number = Number(soft(value))
  if (number === 4 || number === 6) return number
  throw failure(`ipaddr: there are the versions 4 and 6, not '${soft(value)}'`)
}

const isList = (value: Value): value is Value[] | Tuple => Array.isArray(value) || value instanceof Tuple
const listOf = (value: Value[] | Tuple): readonly Value[] => (value instanceof Tuple ? value.items : value)

const asked =
  (fixed?: 4 | 6) =>
  (value: Value, args: Bound): Value => {
    const alias = fixed === undefined ? 'ipaddr' : `ipv${fixed}`
    const version = fixed ?? versionOf(args.value('version'))
    const query = soft(args.value('query'))
    if (isList(value))
      return listOf(value)
        .map(item => ask(item, query, version, alias))
        .filter(truthy)
    if (typeof value !== 'boolean' && !isInt(value) && value !== null && typeName(value) !== 'str')
      throw failure(`Unrecognized type ${typeName(value)} for ${alias} filter`)
    return ask(value, query, version, alias)
  }

const SUPERNETS_ONLY = 'an address by itself lies in networks that are larger'

/** `ipsubnet(prefix, index)` of an address by itself: the networks that it lies in, the largest first. */
function supernet(network: Network, prefix: number, index: number): Value {
  const bits = width(network.version)
  if (index > bits + 1 - index || index < prefix - bits) return false
  const wanted = index < 0 ? bits + index : prefix + index
  if (wanted < prefix || wanted >= bits) throw failure(`ipsubnet(): there is no network /${wanted}; ${SUPERNETS_ONLY}`)
  const wide = { ...network, prefix: wanted }
  return withPrefix(networkAddress(wide), wide)
}

/** Which subnet of `outer` a network is, counted from one. */
function place(network: Network, outer: Network): Value {
  const bits = BigInt(width(network.version))
  if (
    outer.version !== network.version ||
    !contains(outer, { ...network, prefix: Math.max(network.prefix, outer.prefix) })
  )
    throw failure(
      `ipsubnet(): ${withPrefix(network.address, network)} is not in the subnet ${withPrefix(networkAddress(outer), outer)}`,
    )
  if (network.prefix < outer.prefix) throw failure('ipsubnet(): the network holds the subnet that it should be in')
  const within = network.address - networkAddress(outer)
  return String((within >> (bits - BigInt(network.prefix))) + 1n)
}

function subnet(value: Value, args: Bound): Value {
  const found = readAsked(soft(value))
  if (!found) return false
  const network = { ...found, address: networkAddress(found) }
  const query = soft(args.value('query'))
  if (query === '') return withPrefix(network.address, network)
  const bits = width(network.version)
  const given = args.value('index')
  const index = given === null ? undefined : integer(typeof given === 'string' ? Number(given) : given, 'index')
  if (!/^\d+$/.test(query)) {
    const outer = readAsked(query)
    if (!outer) throw failure(`You must pass a valid subnet or IP address; ${query} is invalid`)
    return place(network, outer)
  }
  const prefix = Number(query)
  if (prefix > bits) return false
  if (network.prefix === bits) return supernet(network, prefix, index ?? 0)
  if (prefix < network.prefix) {
    if (index === undefined) throw failure(`Requested subnet size of ${query} is invalid`)
    return index === 0 ? withPrefix(network.address, { ...network, prefix }) : false
  }
  const count = 1n << BigInt(prefix - network.prefix)
  if (index === undefined) return String(count)
  const wanted = index < 0 ? BigInt(index) + count : BigInt(index)
  if (wanted < 0n || wanted >= count) return false
  return withPrefix(network.address + (wanted << BigInt(bits - prefix)), { ...network, prefix })
}

function moved(value: Value, args: Bound): Value {
  const network = parseNetwork(soft(value), true)
  if (!network) throw failure(`You must pass a valid IP address; ${soft(value)} is invalid`)
  const wanted = network.address + BigInt(integerArgument(args, 'amount'))
  if (wanted < 0n || wanted >> BigInt(width(network.version)) > 0n)
    throw failure(
      `ipmath(): the result is outside valid IP address boundary: ${soft(value)} and ${soft(args.value('amount'))}`,
    )
  return address(wanted, network)
}

function wrap(value: Value): Value {
  if (isList(value))
    return listOf(value).map(item =>
      ask(item, '', undefined, 'ipwrap') ? ask(item, 'wrap', undefined, 'ipwrap') : item,
    )
  const known = ask(value, '', undefined, 'ipwrap')
  return known === false ? value : ask(known, 'wrap', undefined, 'ipwrap')
}

function nthHost(value: Value, args: Bound): Value {
  const network = readAsked(soft(value))
  const query = soft(args.value('query'))
  if (!network || !/^-?\d+$/.test(query)) return false
  const [index, size] = [BigInt(query), 1n << hostBits(network)]
  if (index >= size) return false
  if (index < -size) throw failure(`nthhost(): ${soft(value)} has no address ${query}`)
  return address(index < 0n ? lastAddress(network) + index + 1n : networkAddress(network) + index, network)
}

const QUERY = "query='', version=False, alias='ipaddr'"

const shifted = (sign: 1n | -1n) =>
  native('offset', (value, args) => {
    const network = readAsked(soft(value))
    const offset = BigInt(integerArgument(args, 'offset'))
    return network ? neighbour(network, sign * offset) : false
  })

/** IP addresses and networks as ansible.utils asks them. */
export const NETWORK_FILTERS: Filters = {
  ipaddr: native(QUERY, asked()),
  ipv4: native("query=''", asked(4)),
  ipv6: native("query=''", asked(6)),
  ipwrap: native("query=''", wrap),
  ipsubnet: native("query='', index=None", subnet),
  ipmath: native('amount', moved),
  nthhost: native("query=''", nthHost),
  next_nth_usable: shifted(1n),
  previous_nth_usable: shifted(-1n),
}
