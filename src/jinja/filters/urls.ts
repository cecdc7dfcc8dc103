import type { Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { optionalText, soft } from '../python/arguments.ts'
import { type Bound, type Filters, native } from '../python/callable.ts'

/** Python's urlsplit, as a dict. */
export function urlParts(url: string): Map<Value, Value> {
  const [, scheme = '', , netloc = '', path = '', , query = '', , fragment = ''] =
    /^(?:([A-Za-z][A-Za-z\d+.-]*):)?(\/\/([^/?#]*))?([^?#]*)(\?([^#]*))?(#([\s\S]*))?$/.exec(url) ?? []
  const at = netloc.lastIndexOf('@')
  const [user, password] = at < 0 ? [null, null] : splitOnce(netloc.slice(0, at), ':')
  const [, bracketed, plain, port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(netloc.slice(at + 1)) ?? []
  const host = bracketed ?? plain
  return new Map<Value, Value>([
    ['fragment', fragment],
    ['hostname', host ? host.toLowerCase() : null],
    ['netloc', netloc],
    ['password', password],
    ['path', path],
    ['port', port === undefined ? null : Number(port)],
    ['query', query],
    ['scheme', scheme.toLowerCase()],
    ['username', user],
  ])
}

const splitOnce = (text: string, sign: string): [string, string | null] => {
  const at = text.indexOf(sign)
  return at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + 1)]
}

function urlSplit(value: Value, args: Bound): Value {
  const all = urlParts(soft(value))
  const wanted = optionalText(args, 'query') ?? ''
  if (wanted === '') return all
  const part = all.get(wanted)
  if (part === undefined) throw failure(`unknown URL component: ${wanted}; there are ${[...all.keys()].join(', ')}`)
  return part
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw failure(`'${text}' is not percent-encoded UTF-8`)
  }
}

/** URLs. */
export const URL_FILTERS: Filters = {
  urlsplit: native("query='', alias='urlsplit'", urlSplit),
  urldecode: native('', value => decode(soft(value))),
}
