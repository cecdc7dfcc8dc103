/** Kinds of names, by their prefix in any case, as OpenSSL writes them. */
const KINDS: Readonly<Record<string, string>> = { dns: 'DNS', ip: 'IP', email: 'email', uri: 'URI', rid: 'RID' }

/** A name such as `DNS:a.example` as kind and value, undefined for what is none that is written here. */
export function alternative(name: string): [kind: string, value: string] | undefined {
  const colon = name.indexOf(':')
  const kind = KINDS[name.slice(0, Math.max(0, colon)).toLowerCase()]
  return kind === undefined ? undefined : [kind, name.slice(colon + 1)]
}
