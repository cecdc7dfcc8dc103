import type { Diagnostic } from '../base/diagnostic.ts'
import { Secret } from '../base/secret.ts'
import { type Certificate, readCertificate } from './certificate.ts'
import { elements, readDer, readOid } from './der.ts'
import { fault } from './verdict.ts'

/** A private key as it stood in a file. */
export interface PemKey {
  readonly key: Secret
  readonly encrypted: boolean
}

/** What a PEM file holds, in its order, and what is wrong with it. Keys are secrets from the first moment. */
export interface PemFile {
  readonly certificates: readonly Certificate[]
  readonly keys: readonly PemKey[]
  readonly faults: readonly Diagnostic[]
}

/** Far above any real chain, far below what could hurt. */
const MAX_BYTES = 1024 * 1024
const MAX_CERTIFICATES = 100

const KEY_LABEL = /^(RSA |EC |DSA |ENCRYPTED )?PRIVATE KEY$/

const empty = (found: Diagnostic): PemFile => ({ certificates: [], keys: [], faults: [found] })

/**
 * Reads PEM: certificates and unencrypted or encrypted private keys in any order, with text around them, CRLF, a byte order
 * mark. Everything else is named for what it is, together with the command that converts it.
 *
 * @param name how messages call the file
 */
export function readPem(bytes: Buffer | string, name: string): PemFile {
  const raw = typeof bytes === 'string' ? Buffer.from(bytes) : bytes
  const wrong = foreignKind(raw, name)
  if (wrong) return empty(wrong)
  const text = raw.toString('utf8')
  const blocks = splitBlocks(text.replace(/^\uFEFF/, ''), name)
  const faults: Diagnostic[] = [...blocks.faults]
  if (text.startsWith('\uFEFF'))
    faults.push({
      code: 'pem-bom',
      severity: 'warning',
      message: `${name} starts with a byte order mark, with which the registry finds no PEM in it at all`,
      remedy: 'It is left out of what is installed; save the file as UTF-8 without BOM',
    })
  const certificates: Certificate[] = []
  const keys: PemKey[] = []
  for (const block of blocks.found) {
    if (block.kind === 'key') keys.push(block)
    else if (certificates.length === MAX_CERTIFICATES) {
      faults.push(
        fault(
          'pem-too-big',
          `${name} holds more than ${MAX_CERTIFICATES} certificates`,
          'Keep only the ones that are needed',
        ),
      )
      break
    } else {
      try {
        certificates.push(readCertificate(block.der))
      } catch (cause) {
        faults.push(damaged(name, certificates.length + 1, cause))
      }
    }
  }
  return { certificates, keys, faults }
}

const damaged = (name: string, number: number, cause: unknown): Diagnostic =>
  fault(
    'certificate-damaged',
    `certificate ${number} of ${name} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
    'Fetch the file again from where the certificate was issued',
  )

/** Names a file that is no PEM at all. */
function foreignKind(raw: Buffer, name: string): Diagnostic | undefined {
  if (raw.length === 0) return fault('pem-empty', `${name} is empty`, 'Give a PEM file')
  if (raw.length > MAX_BYTES)
    return fault(
      'pem-too-big',
      `${name} has ${raw.length} bytes, a certificate file has at most ${MAX_BYTES}`,
      'Give a PEM file',
    )
  if ((raw[0] === 0xff && raw[1] === 0xfe) || (raw[0] === 0xfe && raw[1] === 0xff))
    return fault('pem-utf16', `${name} is UTF-16 text`, 'Save it as UTF-8 or ASCII')
  const kind = raw[0] === 0x30 ? derKind(raw) : undefined
  if (kind) return fault('pem-is-der', `${name} is ${kind.what}, not PEM`, `Convert it: ${kind.convert(name)}`)
  const text = raw.toString('latin1')
  if (!text.includes('-----BEGIN '))
    return fault(
      'pem-none',
      /^\s*</.test(text)
        ? `${name} is an HTML or XML page, not PEM`
        : `${name} holds no PEM: nothing in it starts with -----BEGIN`,
      'Give a text file with -----BEGIN CERTIFICATE-----',
    )
  return undefined
}

interface Kind {
  readonly what: string
  readonly convert: (name: string) => string
}

/** Which DER structure starts these bytes, when it is one that people have. */
function derKind(raw: Buffer): Kind | undefined {
  try {
    const [first, second] = elements(readDer(raw).content)
    if (first?.tag === 0x06)
      return readOid(first.content) === '1.2.840.113549.1.7.2'
        ? { what: 'PKCS#7', convert: f => `openssl pkcs7 -inform DER -in ${f} -print_certs -out ${f}.pem` }
        : undefined
    if (first?.tag === 0x02 && first.content[0] === 3 && second?.tag === 0x30)
      return { what: 'PKCS#12 (.p12, .pfx)', convert: f => `openssl pkcs12 -in ${f} -noenc -out ${f}.pem` }
    if (first?.tag === 0x02)
      return { what: 'a private key in DER', convert: f => `openssl pkey -inform DER -in ${f} -out ${f}.pem` }
    if (first?.tag === 0x30)
      return { what: 'a certificate in DER', convert: f => `openssl x509 -inform DER -in ${f} -out ${f}.pem` }
  } catch {
    // Not DER after all: the caller says that it found no PEM.
  }
  return undefined
}

type Block = { readonly kind: 'certificate'; readonly der: Buffer } | ({ readonly kind: 'key' } & PemKey)

interface Blocks {
  readonly found: readonly Block[]
  readonly faults: readonly Diagnostic[]
}

/** Splits text into PEM blocks by lines (RFC 7468), strictly inside the blocks and leniently between them. */
function splitBlocks(text: string, name: string): Blocks {
  const found: Block[] = []
  const faults: Diagnostic[] = []
  let label: string | undefined
  let body: string[] = []
  let since = 0
  const again = 'Copy the file again, as it is'
  for (const [index, line] of text.split(/\r\n|\n|\r/).entries()) {
    const edge = /^([ \t]*)-----(BEGIN|END) ([A-Z0-9 ]+)-----[ \t]*$/.exec(line)
    const where = `line ${index + 1} of ${name}`
    if (edge?.[1] !== undefined && edge[1] !== '') {
      faults.push(
        fault(
          'pem-indented',
          `${where} is indented: the registry and Docker do not find the certificate then`,
          'Remove the spaces before the lines',
        ),
      )
      return { found, faults }
    }
    if (edge?.[2] === 'BEGIN') {
      if (label !== undefined)
        faults.push(fault('pem-truncated', `the ${label} of line ${since} of ${name} has no END line`, again))
      label = edge[3]
      body = []
      since = index + 1
    } else if (edge && label === undefined) {
      faults.push(fault('pem-truncated', `${where} ends a ${edge[3]} that never began`, again))
    } else if (edge && label !== undefined) {
      if (edge[3] !== label)
        faults.push(fault('pem-truncated', `${where} ends a ${edge[3]}, but line ${since} began a ${label}`, again))
      else readBlock(label, body, `${name} (line ${since})`, found, faults)
      label = undefined
    } else if (label !== undefined) body.push(line)
    else if (/[\x00-\x08\x0e-\x1f\x7f]/.test(line))
      faults.push(fault('pem-garbage', `${where} holds binary data outside of any PEM block`, again))
  }
  if (label !== undefined)
    faults.push(fault('pem-truncated', `the ${label} of line ${since} of ${name} has no END line`, again))
  return { found, faults }
}

/** Turns the lines between BEGIN and END into a block, or says why not. */
function readBlock(label: string, body: readonly string[], place: string, found: Block[], faults: Diagnostic[]): void {
  if (KEY_LABEL.test(label)) {
    const encrypted = label.startsWith('ENCRYPTED') || body.some(line => /^Proc-Type:.*ENCRYPTED/.test(line))
    const pem = [`-----BEGIN ${label}-----`, ...body, `-----END ${label}-----`, ''].join('\n')
    found.push({ kind: 'key', key: new Secret(pem, 'private key'), encrypted })
    return
  }
  if (label === 'CERTIFICATE' || label === 'X509 CERTIFICATE') {
    const base64 = body.join('').replaceAll(/[ \t]/g, '')
    if (base64 === '' || base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64))
      faults.push(
        fault('pem-truncated', `the certificate of ${place} is no whole base64 text`, 'Copy the file again, as it is'),
      )
    else found.push({ kind: 'certificate', der: Buffer.from(base64, 'base64') })
    return
  }
  const other = otherLabel(label, place)
  if (other) faults.push(other)
}

/** What a block is that is neither certificate nor key; parameters before an EC key are dropped without a word. */
function otherLabel(label: string, place: string): Diagnostic | undefined {
  if (label === 'EC PARAMETERS' || label === 'DH PARAMETERS') return undefined
  if (label === 'PKCS7')
    return fault('pem-is-pkcs7', `${place} is PKCS#7`, 'Convert it: openssl pkcs7 -in FILE -print_certs -out FILE.pem')
  if (label === 'TRUSTED CERTIFICATE')
    return fault(
      'pem-trusted',
      `${place} is a TRUSTED CERTIFICATE, which only OpenSSL reads`,
      'Convert it: openssl x509 -in FILE -out FILE.pem',
    )
  if (label === 'OPENSSH PRIVATE KEY')
    return fault(
      'pem-ssh-key',
      `${place} is an SSH key, not the key of a certificate`,
      'Give the key that belongs to the certificate',
    )
  if (label.endsWith('CERTIFICATE REQUEST'))
    return fault(
      'pem-request',
      `${place} is a request for a certificate, not a certificate`,
      'Have it signed by the CA, and give what the CA returns',
    )
  return fault(
    'pem-other',
    `${place} is a ${label}, neither a certificate nor a private key`,
    'Remove it from the file',
  )
}
