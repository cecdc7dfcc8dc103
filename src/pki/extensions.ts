import { type Der, elements, readDer, readOid } from './der.ts'
import { nameText } from './distinguished-name.ts'
import { canonicalIp, type ServerName } from './names.ts'

/** An extension of a certificate or of a request, by its OID in a map. */
export interface Extension {
  readonly critical: boolean
  /** The DER inside of the octet string. */
  readonly value: Buffer
}

/** Bits of keyUsage in their order, by the names of RFC 5280 as OpenSSL writes them. */
export const USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
]

/** The extensions of a list of them (`Extensions` of RFC 5280, 4.1), by OID. */
export function readExtensions(list: Der): Map<string, Extension> {
  const found = new Map<string, Extension>()
  for (const extension of elements(list.content)) {
    const [oid, ...rest] = elements(extension.content)
    const value = rest.at(-1)
    if (!oid || !value) continue
    const critical = rest.length > 1 && rest[0]?.tag === 0x01 && rest[0].content[0] !== 0
    found.set(readOid(oid.content), { critical, value: value.content })
  }
  return found
}

/** basicConstraints. */
export function readConstraints(
  extension: Extension | undefined,
): { readonly ca: boolean; readonly pathLength?: number } | undefined {
  if (!extension) return undefined
  const parts = elements(readDer(extension.value).content)
  const ca = parts.some(part => part.tag === 0x01 && part.content[0] !== 0)
  const length = parts.find(part => part.tag === 0x02)
  return length && length.content.length > 0 && length.content.length <= 4
    ? { ca, pathLength: length.content.readUIntBE(0, length.content.length) }
    : { ca }
}

/** keyUsage, as names of `USAGES`. */
export function readUsage(extension: Extension | undefined): string[] | undefined {
  if (!extension) return undefined
  const bits = readDer(extension.value).content.subarray(1)
  return USAGES.filter((_name, i) => ((bits[i >> 3] ?? 0) >> (7 - (i & 7))) & 1)
}

/** The OIDs of an extension that is a list of them, such as extendedKeyUsage. */
export const readOids = (extension: Extension | undefined): string[] | undefined =>
  extension && elements(readDer(extension.value).content).map(({ content }) => readOid(content))

/** The names of a subjectAltName by which a server is called; others are passed over. */
export function readNames(extension: Extension | undefined): ServerName[] {
  if (!extension) return []
  const names: ServerName[] = []
  for (const name of elements(readDer(extension.value).content)) {
    if (name.tag === 0x82) names.push({ kind: 'dns', value: name.content.toString('latin1') })
    if (name.tag === 0x87) names.push({ kind: 'ip', value: addressText(name.content) })
  }
  return names
}

/** Every name of a subjectAltName as OpenSSL's configuration writes it: `DNS:a.example`, `IP:10.0.0.1`, `email:...`. */
export const generalNames = (extension: Extension | undefined): string[] | undefined =>
  extension && readGeneralNames(readDer(extension.value).content)

/** The same of the content of any list of names. */
export const readGeneralNames = (content: Buffer): string[] =>
  elements(content).map(({ tag, content }) => {
    const text = content.toString('utf8')
    if (tag === 0x81) return `email:${text}`
    if (tag === 0x82) return `DNS:${text}`
    if (tag === 0x86) return `URI:${text}`
    if (tag === 0x87) return `IP:${addressText(content)}`
    if (tag === 0x88) return `RID:${readOid(content)}`
    if (tag === 0xa4) return `dirName:${nameText(content)}`
    const [type, holder] = elements(content)
    return `otherName:${type ? readOid(type.content) : ''};${holder ? pairs(holder.content) : ''}`
  })

const pairs = (bytes: Buffer): string => bytes.toString('hex').match(/../g)?.join(':') ?? ''

/** The bytes of an iPAddress as text; a length that is neither 4 nor 16 shows as hex. */
function addressText(bytes: Buffer): string {
  if (bytes.length === 4) return [...bytes].join('.')
  if (bytes.length !== 16) return `0x${bytes.toString('hex')}`
  return canonicalIp(Array.from({ length: 8 }, (_part, i) => bytes.readUInt16BE(i * 2).toString(16)).join(':'))
}

/** The key identifier of an authorityKeyIdentifier. */
export const readAuthorityKeyId = (extension: Extension | undefined): Buffer | undefined =>
  extension && elements(readDer(extension.value).content).find(part => part.tag === 0x80)?.content
