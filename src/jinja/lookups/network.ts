import { failure } from '../errors.ts'
import type { Lookup } from '../options.ts'
import { toText, truthy } from '../python/text.ts'
import { askChild, timeoutOf } from './network-child.ts'
import { flag, opened, word } from './shared.ts'
import { url } from './url.ts'

/** A record as dig's +short prints it. */
function short(record: unknown): string {
  if (typeof record === 'string') return record
  if (Array.isArray(record)) return record.join('')
  const { priority, exchange, weight, port, name } = record as Record<string, unknown>
  if (exchange !== undefined) return `${String(priority)} ${String(exchange)}.`
  return port === undefined
    ? JSON.stringify(record)
    : `${String(priority)} ${String(weight)} ${String(port)} ${String(name)}.`
}

const NOT_THERE: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA'])

const DIG_OPTIONS: ReadonlySet<string> = new Set(['qtype', 'timeout', 'fail_on_error'])

/** Records of the DNS: `lookup('dig', 'name', 'qtype=A', '@server')`. */
const dig: Lookup = {
  run: (terms, options) => {
    const given = new Map(options)
    const [names, servers]: [string[], string[]] = [[], []]
    for (const term of opened(terms).map(toText)) {
      const [, key, value] = /^(\w+)=(.*)$/.exec(term) ?? []
      if (term.startsWith('@')) servers.push(...term.slice(1).split(','))
      else if (key !== undefined) given.set(key, value ?? '')
      else names.push(...term.split(/\s+/))
    }
    for (const [key, value] of given) {
      // Records as dicts are asked for by flat=0
      if (DIG_OPTIONS.has(key) || (key === 'flat' && truthy(value) && toText(value) !== '0')) continue
      throw failure(`the lookup 'dig' takes no ${key}=${toText(value)} here: it knows ${[...DIG_OPTIONS].join(', ')}`)
    }
    return names.flatMap(full => {
      const [name = '', type = word(given, 'qtype') ?? 'A'] = full.split('/')
      const { found, error } = askChild('dig', {
        ...{ name: name.replace(/\.$/, ''), type: type.toUpperCase(), servers },
        timeout: timeoutOf(given),
      })
      if (error === undefined) return Array.isArray(found) ? found.map(short) : [short(found)]
      if (!NOT_THERE.has(error) || flag(given, 'fail_on_error', false))
        throw failure(`the lookup 'dig' could not resolve ${name}: ${error}`)
      return error === 'ENOTFOUND' ? ['NXDOMAIN'] : ['']
    })
  },
}

/** Lookups that ask the network from the controller. */
export const NETWORK_LOOKUPS: Readonly<Record<string, Lookup>> = { url, dig }
