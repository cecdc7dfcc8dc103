import { failure } from '../errors.ts'
import type { Lookup, LookupContext } from '../options.ts'
import { toText } from '../python/text.ts'
import { askChild, timeoutOf } from './network-child.ts'
import { expandHome, flag, type Options, opened, word } from './shared.ts'

/** Options that variables may give, too, by the names of these. */
const OF_VARIABLES: Readonly<Record<string, string>> = {
  http_agent: 'ansible_lookup_url_agent',
  timeout: 'ansible_lookup_url_timeout',
  ca_path: 'ansible_lookup_url_ca_path',
  follow_redirects: 'ansible_lookup_url_follow_redirects',
}

/** The options of a call, and what variables give where it says nothing. */
function withVariables(options: Options, { scope }: LookupContext): Options {
  const out = new Map(options)
  for (const [name, variable] of Object.entries(OF_VARIABLES)) {
    const value = out.has(name) ? undefined : scope.get(variable)
    if (value !== undefined) out.set(name, value)
  }
  return out
}

function headersOf(options: Options): Record<string, string> {
  const given = options.get('headers')
  const headers: Record<string, string> = { 'user-agent': word(options, 'http_agent') ?? 'ansible-httpget' }
  if (given instanceof Map) for (const [name, value] of given) headers[toText(name).toLowerCase()] = toText(value)
  const user = word(options, 'username')
  if (user !== undefined)
    headers['authorization'] = `Basic ${Buffer.from(`${user}:${word(options, 'password') ?? ''}`).toString('base64')}`
  return headers
}

/** What a URL answers, line by line; as one text with `split_lines=false`. */
export const url: Lookup = {
  run: (terms, given, context) => {
    const options = withVariables(given, context)
    const ca = word(options, 'ca_path')
    const redirects = /^(?:none|no|false)$/i.test(word(options, 'follow_redirects') ?? '') ? 0 : 10
    return opened(terms).flatMap(term => {
      const address = toText(term)
      if (!URL.canParse(address) || !/^https?:/.test(address))
        throw failure(`the lookup 'url' wants http or https, not '${address}'`)
      const { text = '', error } = askChild('url', {
        ...{ url: address, headers: headersOf(options), verify: flag(options, 'validate_certs', true) },
        ...{ timeout: timeoutOf(options), redirects },
        ...(ca === undefined ? {} : { ca: expandHome(ca) }),
      })
      if (error !== undefined) throw failure(`the lookup 'url' could not get ${address}: ${error}`)
      return flag(options, 'split_lines', true) ? text.replace(/\n$/, '').split(/\r?\n/) : [text]
    })
  },
}
