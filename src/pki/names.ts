import { isIP, isIPv6 } from 'node:net'

/** A name that a server is called by, in the type that a certificate gives it. */
export interface ServerName {
  readonly kind: 'ip' | 'dns'
  readonly value: string
}

/** `[fd00::1]` and `fd00::1` are the same address; names are compared in lower case and without the final dot. */
export function serverName(host: string): ServerName {
  const bare = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host
  return isIP(bare)
    ? { kind: 'ip', value: canonicalIp(bare) }
    : { kind: 'dns', value: bare.toLowerCase().replace(/\.$/, '') }
}

/** An address in its shortest form (RFC 5952), so that texts can be compared. */
export const canonicalIp = (address: string): string =>
  isIPv6(address) ? new URL(`http://[${address}]/`).hostname.slice(1, -1) : address

/** Text that someone meant as an IPv4 address and that is none: `10.0.0`, `010.0.0.1`, `1.2.3.4.5`, `0x7f.1`. */
export const looksLikeIp = (name: string): boolean =>
  /^(0x[0-9a-f]+|\d+)(\.(0x[0-9a-f]+|\d+))*\.?$/i.test(name) && !isIP(name)

/**
 * What is wrong with a DNS name, as words that follow it, or undefined. Letters, digits and hyphens only (RFC 1123), for
 * that is what Docker's references and Go's TLS take; a leading `*.` is allowed when `wildcard` says so.
 */
export function dnsNameFault(name: string, { wildcard = false } = {}): string | undefined {
  const labels = name.split('.')
  if (wildcard && labels.length > 2 && labels[0] === '*') labels.shift()
  if (name === '') return 'is empty'
  if (name.length > 253) return `has ${name.length} characters, a DNS name has at most 253`
  if (looksLikeIp(name)) return 'is neither an IP address nor a DNS name'
  for (const label of labels) {
    if (label === '') return 'has an empty label (two dots, or a dot at the start)'
    if (label.length > 63) return `has a label of ${label.length} characters, at most 63 are allowed`
    if (label.includes('_')) return 'has an underscore, which Docker and TLS do not take in a host name'
    if (/[^\x00-\x7f]/.test(label)) return 'has letters outside ASCII: write it in its xn-- form'
    if (!/^[A-Za-z0-9-]+$/.test(label)) return 'has characters other than letters, digits, hyphens and dots'
    if (label.startsWith('-') || label.endsWith('-')) return 'has a label that starts or ends with a hyphen'
  }
  return undefined
}
