import { isIP } from 'node:net'
import { alternative } from './general-name.ts'
import { section, unwritable, value } from './openssl-config.ts'

/** Where it is published which certificates were revoked. */
export interface RevocationPoint {
  readonly full_name?: readonly string[] | undefined
  readonly crl_issuer?: readonly string[] | undefined
  readonly reasons?: readonly string[] | undefined
}

/** What a request says beside the names and uses of its certificate. */
export interface MoreExtensions {
  readonly name_constraints_permitted?: readonly string[] | undefined
  readonly name_constraints_excluded?: readonly string[] | undefined
  readonly name_constraints_critical: boolean
  readonly crl_distribution_points?: readonly RevocationPoint[] | undefined
  readonly authority_key_identifier?: string | undefined
}

/** Reasons by Ansible's names, as OpenSSL writes them. */
export const REASONS: Readonly<Record<string, string>> = {
  key_compromise: 'keyCompromise',
  ca_compromise: 'CACompromise',
  affiliation_changed: 'affiliationChanged',
  superseded: 'superseded',
  cessation_of_operation: 'cessationOfOperation',
  certificate_hold: 'certificateHold',
  privilege_withdrawn: 'privilegeWithdrawn',
  aa_compromise: 'AACompromise',
}

/** What of these cannot be written down, as a sentence; undefined when all can. */
export function extensionFault(wish: MoreExtensions): string | undefined {
  const { name_constraints_permitted: permitted = [], name_constraints_excluded: excluded = [] } = wish
  for (const name of [...permitted, ...excluded])
    if (constrained(name) === undefined)
      return `the constraint ${name} is none of DNS:, IP:ADDRESS/BITS, email: and URI:`
  for (const { full_name: full, crl_issuer: issuer, reasons } of wish.crl_distribution_points ?? []) {
    if (!full?.length && !issuer?.length) return 'a distribution point needs full_name or crl_issuer'
    if (reasons?.length === 0) return 'reasons of a distribution point are an empty list'
    for (const name of [...(full ?? []), ...(issuer ?? [])])
      if (alternative(name) === undefined || unwritable(name))
        return `the name ${name} of a distribution point is none of DNS:, IP:, email:, URI: and RID:`
  }
  return undefined
}

/** Lines of the section of extensions, and the sections that they name. */
export function extensionLines(wish: MoreExtensions): { lines: [string, string][]; sections: string[] } {
  const { name_constraints_permitted: permitted = [], name_constraints_excluded: excluded = [] } = wish
  const trees = (kind: string, names: readonly string[]): [string, string][] =>
    names.map((name, i) => {
      const [type = '', text = ''] = constrained(name) ?? []
      return [`${kind};${type}.${i}`, value(text)]
    })
  const constraints = [...trees('permitted', permitted), ...trees('excluded', excluded)]
  const points = wish.crl_distribution_points ?? []
  const id = wish.authority_key_identifier?.replaceAll(':', '')
  const lines: [string, string][] = []
  if (constraints.length > 0)
    lines.push(['nameConstraints', `${wish.name_constraints_critical ? 'critical,' : ''}@constraints`])
  if (points.length > 0) lines.push(['crlDistributionPoints', points.map((_point, i) => `point${i}`).join(',')])
  if (id !== undefined) lines.push(['authorityKeyIdentifier', `DER:${sequence(tagged(0x80, id))}`])
  return {
    lines,
    sections: [
      section('constraints', constraints),
      ...points.flatMap((point, i) => {
        const named = (key: string, names: readonly string[] | undefined) =>
          names?.length
            ? { line: [[key, `@${key}${i}`]] as [string, string][], section: namesIn(`${key}${i}`, names) }
            : undefined
        const full = named('fullname', point.full_name)
        const issuer = named('CRLissuer', point.crl_issuer)
        const reasons = point.reasons?.map(reason => REASONS[reason] ?? reason).join(',')
        const why: [string, string][] = reasons === undefined ? [] : [['reasons', reasons]]
        return [
          section(`point${i}`, [...(full?.line ?? []), ...(issuer?.line ?? []), ...why]),
          ...(full ? [full.section] : []),
          ...(issuer ? [issuer.section] : []),
        ]
      }),
    ],
  }
}

/** A section of general names. */
export const namesIn = (name: string, names: readonly string[]): string =>
  section(
    name,
    names.flatMap((one, i): [string, string][] => {
      const found = alternative(one)
      return found ? [[`${found[0]}.${i}`, value(found[1])]] : []
    }),
  )

/** A constraint as kind and value: of addresses, the network and its mask. */
function constrained(name: string): readonly [kind: string, value: string] | undefined {
  const found = alternative(name)
  if (found === undefined || found[0] === 'RID' || unwritable(name)) return undefined
  if (found[0] !== 'IP') return found
  const [, address = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(found[1]) ?? []
  const family = isIP(address)
  const most = family === 6 ? 128 : 32
  const length = bits === undefined ? most : Number(bits)
  return family === 0 || length > most ? undefined : ['IP', `${address}/${maskOf(length, family === 6)}`]
}

function maskOf(length: number, six: boolean): string {
  const ones = '1'.repeat(length).padEnd(six ? 128 : 32, '0')
  const parts = ones.match(six ? /.{16}/g : /.{8}/g) ?? []
  return parts.map(part => Number.parseInt(part, 2).toString(six ? 16 : 10)).join(six ? ':' : '.')
}

/** DER of a short value, in hex. */
const tagged = (tag: number, hex: string): string =>
  [tag, hex.length / 2].map(byte => byte.toString(16).padStart(2, '0')).join('') + hex

const sequence = (hex: string): string => tagged(0x30, hex)
