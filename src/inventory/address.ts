import { isIPv4, isIPv6 } from 'node:net'

/** A host as an inventory names it: names (more than one when a range stood there), a port, or the reason why not. */
export interface HostNames {
  readonly names: readonly string[]
  readonly port?: number
}

export interface HostFault {
  readonly message: string
  readonly remedy: string
  readonly code: 'host-name' | 'host-range' | 'port-range'
}

/** One range may not stand for more hosts than this. */
const RANGE_LIMIT = 10_000

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
const RANGE = /\[([^[\]]*:[^[\]]*)\]/
const NAME = /^[\p{L}\p{N}_](?:[\p{L}\p{N}_-]|\.(?!\.|$))*$/u

/**
 * Reads `name`, `name:port`, `[v6]:port`, and ranges in them: `web[01:20:2].example.org`, `db-[a:f]`.
 * The grammar is narrower than Ansible's on purpose: a name ends up in messages, file names and arguments, so it may not begin
 * with `-` nor hold blanks, slashes or anything that a shell would read.
 */
export function parseHost(text: string): HostNames | HostFault {
  const { name, port } = splitPort(text)
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65535))
    return {
      code: 'port-range',
      message: `${JSON.stringify(text)} has the port ${JSON.stringify(port)}`,
      remedy: 'a port is a whole number from 1 to 65535',
    }
  const names = expandRanges(name)
  if ('message' in names) return names
  for (const each of names) {
    const why = nameFault(each)
    if (why !== undefined) return { code: 'host-name', ...why }
  }
  return port === undefined ? { names } : { names, port: Number(port) }
}

/** Why a text may not be a host's name or address; undefined when it may. */
export function nameFault(name: string): { message: string; remedy: string } | undefined {
  const shown = JSON.stringify(name)
  if (name.startsWith('-'))
    return {
      message: `the host name ${shown} begins with "-"`,
      remedy: 'a host may not begin with "-": it would be read as an option',
    }
  if (name.length > 253)
    return { message: `a host name of ${name.length} characters`, remedy: 'a host name has at most 253' }
  if (isIPv4(name) || isIPv6(name) || NAME.test(name)) return undefined
  if (name === '---')
    return { message: 'a line of "---"', remedy: 'this looks like YAML: give the file the ending .yml' }
  const at = name.indexOf('@')
  if (at > 0)
    return {
      message: `the host name ${shown} holds a user`,
      remedy: `write ${name.slice(at + 1)} ansible_user=${name.slice(0, at)}`,
    }
  return {
    message: `${shown} is no host name`,
    remedy:
      'a host name is made of letters, digits, "-", "_" and single dots; an address is IPv4 or IPv6 ([..]:port with a port)',
  }
}

/** `[v6]:22` and `name:22` have a port; a bare IPv6 address has none, and the colons of a range are its own. */
function splitPort(text: string): { name: string; port?: string } {
  const bracketed = /^\[([^[\]]*)\](?::(.*))?$/.exec(text)
  if (bracketed?.[1] !== undefined && isIPv6(bracketed[1]))
    return bracketed[2] === undefined ? { name: bracketed[1] } : { name: bracketed[1], port: bracketed[2] }
  if (isIPv6(text)) return { name: text }
  const plain = /^((?:[^:[\]]|\[[^\]]*\])*):([^:[\]]*)$/.exec(text)
  if (plain?.[1] && plain[2] !== undefined) return { name: plain[1], port: plain[2] }
  return { name: text }
}

/** Every name that a pattern with ranges stands for; the leftmost range varies slowest. */
export function expandRanges(pattern: string): readonly string[] | HostFault {
  const found = RANGE.exec(pattern)
  if (found?.[1] === undefined) return [pattern]
  const values = rangeValues(found[1], pattern)
  if ('message' in values) return values
  const head = pattern.slice(0, found.index)
  const tails = expandRanges(pattern.slice(found.index + found[0].length))
  if ('message' in tails) return tails
  if (values.length * tails.length > RANGE_LIMIT)
    return rangeFault(
      pattern,
      `stands for ${values.length * tails.length} hosts`,
      `a range may stand for at most ${RANGE_LIMIT}`,
    )
  return values.flatMap(value => tails.map(tail => head + value + tail))
}

const rangeFault = (pattern: string, what: string, remedy: string): HostFault => ({
  code: 'host-range',
  message: `the range in ${JSON.stringify(pattern)} ${what}`,
  remedy,
})

/** `1:3`, `01:10:2`, `:5`, `a:f` as the texts they stand for. */
function rangeValues(range: string, pattern: string): readonly string[] | HostFault {
  const [first = '', last = '', by = '1', ...more] = range.split(':')
  const begin = first === '' ? '0' : first
  if (more.length > 0 || !/^\d+$/.test(by) || Number(by) === 0)
    return rangeFault(pattern, 'is none', 'write [begin:end] or [begin:end:step], the step 1 or more')
  if (last === '') return rangeFault(pattern, 'has no end', 'write [begin:end]')
  const step = Number(by)
  const from = LETTERS.indexOf(begin)
  const to = LETTERS.indexOf(last)
  if (begin.length === 1 && last.length === 1 && from >= 0 && to >= 0) {
    if (from > to) return rangeFault(pattern, 'ends before it begins', 'write the smaller bound first')
    return [...LETTERS.slice(from, to + 1)].filter((_letter, index) => index % step === 0)
  }
  if (!/^\d+$/.test(begin) || !/^\d+$/.test(last))
    return rangeFault(pattern, 'has bounds of different kinds', 'both bounds are numbers, or both are one letter')
  const padded = begin.length > 1 && begin.startsWith('0')
  if (padded && begin.length !== last.length)
    return rangeFault(
      pattern,
      'has bounds of different length',
      'with leading zeros both bounds have the same number of digits',
    )
  const low = Number(begin)
  const high = Number(last)
  if (low > high) return rangeFault(pattern, 'ends before it begins', 'write the smaller bound first')
  const count = Math.floor((high - low) / step) + 1
  if (count > RANGE_LIMIT)
    return rangeFault(pattern, `stands for ${count} hosts`, `a range may stand for at most ${RANGE_LIMIT}`)
  return Array.from({ length: count }, (_none, index) => {
    const text = String(low + index * step)
    return padded ? text.padStart(begin.length, '0') : text
  })
}
