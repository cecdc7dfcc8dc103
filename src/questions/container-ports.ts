/** `[ip:][host:]container[/protocol]` as docker's own notation of a published port. */
export function parsePort(text: string): { readonly key: string; readonly binding: string } {
  const [spec = '', protocol = 'tcp'] = text.split('/')
  const parts = spec.split(':')
  const inside = parts.at(-1) ?? ''
  const outside = parts.at(-2) ?? ''
  const address = parts
    .slice(0, -2)
    .join(':')
    .replace(/^\[(.*)\]$/, '$1')
  return { key: `${inside}/${protocol}`, binding: `${address === '0.0.0.0' ? '' : address}:${outside}` }
}

/** `8000-8002:80-82/udp` port by port. */
export function expandPort(text: string): string[] {
  const [spec = '', protocol] = text.split('/')
  const parts = spec.split(':')
  const inside = portsIn(parts.at(-1) ?? '')
  const outside = parts.length > 1 ? portsIn(parts.at(-2) ?? '') : ['']
  const address = parts.slice(0, -2).join(':')
  return inside.map((port, index) => {
    // One port of a range, by the daemon's choice.
    const out = outside.length === inside.length ? outside[index] : (parts.at(-2) ?? '')
    const before = parts.length === 1 ? '' : `${address === '' ? '' : `${address}:`}${out}:`
    return `${before}${port}${protocol === undefined ? '' : `/${protocol}`}`
  })
}

/** A port, or all of a range. */
function portsIn(text: string): string[] {
  const [first = 0, last = first] = text.split('-').map(Number)
  return text.includes('-') ? Array.from({ length: last - first + 1 }, (_, i) => String(first + i)) : [text]
}

/** The port with an address before it, where it has none. */
export function withAddress(text: string, address: string | undefined): string {
  if (address === undefined || address === '') return text
  const ports = text.split('/')[0]?.split(':').length ?? 1
  const shown = address.includes(':') ? `[${address}]` : address
  return ports > 2 ? text : ports === 2 ? `${shown}:${text}` : `${shown}::${text}`
}

const ADDRESS = /^(?:[0-9.]+|\[[0-9A-Fa-f:.]+\])$/

/** Why a port cannot be published. */
export function portFault(text: string): string | undefined {
  const open = text.indexOf('[')
  if (open >= 0 && !text.includes(']', open))
    return `Cannot find closing "]" in input "${text}" for opening "[" at index ${open + 1}!`
  const parts = (text.split('/')[0] ?? '').replace(/\[[^\]]*\]/, found => found.replaceAll(':', '_')).split(':')
  if (parts.length > 3)
    return `Invalid port description "${text}" - expected 1 to 3 colon-separated parts, but got ${parts.length}. Maybe you forgot to use square brackets ([...]) around an IPv6 address?`
  const address = parts.length === 3 ? (parts[0] ?? '').replaceAll('_', ':') : ''
  return address === '' || ADDRESS.test(address)
    ? undefined
    : `Bind addresses for published ports must be IPv4 or IPv6 addresses, not hostnames. Use the dig lookup to resolve hostnames. (Found hostname: ${address})`
}
