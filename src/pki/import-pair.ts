import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Diagnostic } from '../base/diagnostic.ts'
import type { Secret } from '../base/secret.ts'
import type { Certificate } from './certificate.ts'
import { orderChain } from './chain.ts'
import { type PemKey, readPem } from './pem.ts'
import { normaliseKey } from './private-key.ts'
import { fault, warning } from './verdict.ts'

/** A brought certificate, ready to be installed: what the registry is to serve, leaf first, and its key. */
export interface ImportedPair {
  /** Leaf first, then its issuers; the root is left out, for clients have it. */
  readonly certificatePem: string
  readonly chain: readonly Certificate[]
  /** PKCS#8 PEM. */
  readonly key: Secret
  /** A root that was in the files: what clients may be given. */
  readonly root?: Certificate
}

export interface Import {
  readonly pair?: ImportedPair
  readonly faults: readonly Diagnostic[]
}

/** The files that certbot keeps for a domain (`live/DOMAIN`), of which only these two count. */
const CERTBOT = ['fullchain.pem', 'privkey.pem']

/**
 * Reads a certificate and its key from where people have them: one PEM with both, two or more files in any order, or a
 * certbot `live` directory, whose links are followed. Judges only what keeps them from being put together; whether the
 * certificate is good is `judgeServer`'s to say.
 */
export async function importPair(paths: readonly string[]): Promise<Import> {
  const faults: Diagnostic[] = []
  const certificates: Certificate[] = []
  const keys: PemKey[] = []
  for (const path of await expand(paths, faults)) {
    const bytes = await readSmall(path, faults)
    if (!bytes) continue
    const pem = readPem(bytes, path)
    faults.push(...pem.faults)
    keys.push(...pem.keys)
    for (const certificate of pem.certificates)
      if (!certificates.some(({ fingerprint }) => fingerprint === certificate.fingerprint))
        certificates.push(certificate)
  }
  if (faults.some(({ severity }) => severity === 'error')) return { faults }
  const where = paths.join(' and ')
  const key = oneKey(keys, where, faults)
  if (certificates.length === 0)
    faults.push(
      fault(
        'no-certificate',
        `${where} holds no certificate${keys.length > 0 ? ', only a private key' : ''}`,
        'Give the certificate too',
      ),
    )
  if (!key || certificates.length === 0) return { faults }
  const { chain, strangers } = orderChain(certificates, key)
  for (const { subject } of strangers)
    faults.push(
      warning(
        'chain-stranger',
        `${where} also holds the certificate of ${subject}, which is no part of the chain; it is left out`,
        'Remove it from the file',
      ),
    )
  const root = chain.length > 1 ? chain.find(({ selfSigned }) => selfSigned) : undefined
  const served = chain.filter(certificate => certificate !== root)
  const certificatePem = served.map(({ pem }) => pem).join('')
  return { pair: { certificatePem, chain: served, key, ...(root && { root }) }, faults }
}

/** Directories become the files that count in them. */
async function expand(paths: readonly string[], faults: Diagnostic[]): Promise<string[]> {
  const files: string[] = []
  for (const path of paths) {
    const names = await readdir(path).catch(() => undefined)
    if (!names) files.push(path)
    else if (CERTBOT.every(name => names.includes(name))) files.push(...CERTBOT.map(name => join(path, name)))
    else
      faults.push(
        fault(
          'not-a-pair',
          `${path} is a directory without ${CERTBOT.join(' and ')}`,
          'Give the certificate file and the key file, or the live directory of certbot',
        ),
      )
  }
  return files
}

async function readSmall(path: string, faults: Diagnostic[]): Promise<Buffer | undefined> {
  try {
    const seen = await stat(path)
    if (!seen.isFile() && !seen.isDirectory())
      faults.push(fault('file-unreadable', `${path} is no regular file`, 'Give a PEM file'))
    else if (seen.size <= 8 * 1024 * 1024) return await readFile(path)
    else faults.push(fault('pem-too-big', `${path} has ${seen.size} bytes; that is no certificate`, 'Give a PEM file'))
  } catch (cause) {
    const dangling = (cause as NodeJS.ErrnoException).code === 'ENOENT'
    faults.push(
      fault(
        'file-unreadable',
        `${path} ${dangling ? 'is not there, or is a link to nothing' : `cannot be read: ${(cause as Error).message}`}`,
        'Check the path; of certbot keep the archive directory that live points to',
      ),
    )
  }
  return undefined
}

function oneKey(keys: readonly PemKey[], where: string, faults: Diagnostic[]): Secret | undefined {
  const [first] = keys
  if (!first) {
    faults.push(fault('key-missing', `${where} holds no private key`, 'Give the key file too'))
    return undefined
  }
  if (keys.length > 1)
    faults.push(fault('key-ambiguous', `${where} holds ${keys.length} private keys`, 'Give the one of the server'))
  else if (first.encrypted)
    faults.push(
      fault(
        'key-encrypted',
        `the key in ${where} is encrypted`,
        'Decrypt it: openssl pkey -in KEY -out NEW (mode 0600)',
      ),
    )
  else {
    try {
      return normaliseKey(first.key)
    } catch (cause) {
      faults.push(
        fault(
          'key-unreadable',
          `the key in ${where} cannot be read: ${(cause as Error).message}`,
          'Export it again as PEM',
        ),
      )
    }
  }
  return undefined
}
