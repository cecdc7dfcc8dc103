import { elements, readDer, readOid } from './der.ts'

/** Attribute types of names by the words that Ansible uses for them. */
const WORDS: Readonly<Record<string, string>> = {
  '2.5.4.3': 'commonName',
  '2.5.4.4': 'surname',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'countryName',
  '2.5.4.7': 'localityName',
  '2.5.4.8': 'stateOrProvinceName',
  '2.5.4.9': 'streetAddress',
  '2.5.4.10': 'organizationName',
  '2.5.4.11': 'organizationalUnitName',
  '2.5.4.12': 'title',
  '2.5.4.17': 'postalCode',
  '2.5.4.42': 'givenName',
  '2.5.4.43': 'initials',
  '2.5.4.44': 'generationQualifier',
  '2.5.4.46': 'dnQualifier',
  '2.5.4.65': 'pseudonym',
  '2.5.4.97': 'organizationIdentifier',
  '0.9.2342.19200300.100.1.1': 'userId',
  '0.9.2342.19200300.100.1.25': 'domainComponent',
  '1.2.840.113549.1.9.1': 'emailAddress',
  '1.3.6.1.4.1.311.60.2.1.1': 'jurisdictionLocalityName',
  '1.3.6.1.4.1.311.60.2.1.2': 'jurisdictionStateOrProvinceName',
  '1.3.6.1.4.1.311.60.2.1.3': 'jurisdictionCountryName',
}

/** The attributes of a name (RFC 5280, 4.1.2.4) in their order: `['commonName', 'www.example.org']`. */
export const readName = (der: Buffer): [type: string, value: string][] =>
  elements(readDer(der).content)
    .flatMap(set => elements(set.content))
    .map(attribute => {
      const [type, value] = elements(attribute.content)
      const oid = type ? readOid(type.content) : ''
      return [WORDS[oid] ?? oid, value ? textOf(value.tag, value.content) : '']
    })

/** A string of ASN.1; BMPString has two bytes a character, big end first. */
function textOf(tag: number, content: Buffer): string {
  if (tag !== 0x1e) return content.toString(tag === 0x14 ? 'latin1' : 'utf8')
  const swapped = Buffer.from(content.subarray(0, content.length & ~1))
  return swapped.swap16().toString('utf16le')
}

/** Short words of RFC 4514, section 3; other types are written by their OID. */
const SHORT: Readonly<Record<string, string>> = {
  commonName: 'CN',
  countryName: 'C',
  domainComponent: 'DC',
  localityName: 'L',
  organizationName: 'O',
  organizationalUnitName: 'OU',
  stateOrProvinceName: 'ST',
  streetAddress: 'STREET',
  userId: 'UID',
}

/** A name on one line as RFC 4514 writes it: the last attribute first, special characters behind a backslash. */
export const nameText = (der: Buffer): string =>
  readName(der)
    .reverse()
    .map(([type, value]) => `${SHORT[type] ?? type}=${value.replaceAll(/[,+"\\<>;]|^[ #]| $/g, '\\$&')}`)
    .join(',')
