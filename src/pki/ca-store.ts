import { type FileHandle, lstat, open, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type Diagnostic, InputError } from '../base/diagnostic.ts'
import { makeFolder } from '../base/folder.ts'
import type { Secret } from '../base/secret.ts'
import type { Certificate } from './certificate.ts'
import { gitWarning } from './git-guard.ts'
import { makeCa } from './issue.ts'
import { judgeAnchors, judgeKey } from './judge.ts'
import { placeNew, removeLeftovers } from './new-file.ts'
import { readPem } from './pem.ts'
import { keyFileBytes, makeKey, openKey } from './private-key.ts'
import { fault } from './verdict.ts'

/** The file of the CA's certificate: public, given to every client. */
export const CA_FILE = 'ca.pem'
/** The file of the CA's private key: it never leaves this directory. */
export const CA_KEY_FILE = 'ca-key.pem'

/** A directory of the controller that holds a certificate authority. */
export interface Authority {
  readonly dir: string
  /** The whole of ca.pem, normalised: only certificates, LF, no text around them. */
  readonly certificatePem: string
  /** The first certificate of ca.pem; the one that signs when there is a key. */
  readonly certificate: Certificate
  readonly anchors: readonly Certificate[]
  /** Absent when the CA is someone else's and only its certificate is here. */
  readonly key?: Secret
  readonly warnings: readonly Diagnostic[]
}

/** What stands in a CA directory. `key-only` is what a run leaves that died between the two files: the next one goes on from it. */
export type AuthorityState =
  | { readonly state: 'absent' }
  | { readonly state: 'key-only'; readonly key: Secret }
  | { readonly state: 'ready'; readonly authority: Authority }
  | { readonly state: 'unusable'; readonly faults: readonly Diagnostic[] }

/**
 * Looks at a CA directory; changes nothing.
 *
 * @param external the CA is someone else's: ca.pem alone is right
 */
export async function readAuthority(
  directory: string,
  { now, external = false }: { now: Date; external?: boolean },
): Promise<AuthorityState> {
  const dir = resolve(directory)
  const faults: Diagnostic[] = []
  const certificateFile = join(dir, CA_FILE)
  const keyFile = join(dir, CA_KEY_FILE)
  const certificateBytes = await readOrAbsent(certificateFile, faults)
  const key = await readKey(keyFile, faults)
  if (key) faults.push(...(await judgeDirectory(dir)))
  if (!certificateBytes) {
    if (faults.length > 0) return { state: 'unusable', faults }
    return key ? { state: 'key-only', key } : { state: 'absent' }
  }
  const pem = readPem(certificateBytes, certificateFile)
  faults.push(...pem.faults)
  if (pem.keys.length > 0)
    faults.push(
      fault(
        'ca-file-holds-key',
        `${certificateFile} holds a private key; this file goes to every client, which would publish the CA's key`,
        `Move the PRIVATE KEY block to ${keyFile} (mode 0600); if the file ever left this machine, make a new CA`,
      ),
    )
  const [first] = pem.certificates
  if (first || pem.faults.length === 0) faults.push(...judgeAnchors(pem.certificates, certificateFile, now))
  if (first && key) faults.push(...judgeKey(first, key, certificateFile))
  if (!key && !external && faults.every(({ severity }) => severity === 'warning'))
    faults.push(
      fault(
        'ca-key-missing',
        `${certificateFile} is there, ${keyFile} is not: nothing can be signed`,
        `Put the key beside it; or, when the CA is someone else's, give the finished certificate and key of the registry; or move ${CA_FILE} away to have a new CA made`,
      ),
    )
  if (!first || faults.some(({ severity }) => severity === 'error')) return { state: 'unusable', faults }
  if (key) faults.push(...(await gitWarning(dir, CA_KEY_FILE)))
  const authority: Authority = {
    dir,
    certificatePem: pem.certificates.map(({ pem: text }) => text).join(''),
    certificate: first,
    anchors: pem.certificates,
    warnings: faults,
    ...(key && { key }),
  }
  return { state: 'ready', authority }
}

/**
 * Reads the CA of a directory, or makes one there. Key first, then certificate, each complete before it has its name: a run
 * that dies in between leaves a key, from which the next run makes the certificate. Two runs at once end with one CA.
 *
 * @throws InputError when what is there must not or cannot be used
 */
export async function ensureAuthority(
  directory: string,
  request: { readonly name: string; readonly days: number; readonly bits: number; readonly now: Date },
): Promise<{ readonly made: boolean; readonly authority: Authority }> {
  const dir = resolve(directory)
  const before = await readAuthority(dir, request)
  if (before.state === 'unusable') throw new InputError(before.faults)
  if (before.state === 'ready') return { made: false, authority: before.authority }
  makeFolder(dir, 0o700)
  await removeLeftovers(dir, [CA_FILE, CA_KEY_FILE])
  if (before.state === 'absent') {
    const { key } = await makeKey({ bits: request.bits, label: 'CA key' })
    await placeNew(join(dir, CA_KEY_FILE), keyFileBytes(key), 0o600)
  }
  // Read back what is there now: when two runs raced, the other's key counts.
  const middle = await readAuthority(dir, request)
  if (middle.state === 'key-only') {
    const { certificatePem } = await makeCa({ ...request, key: middle.key })
    await placeNew(join(dir, CA_FILE), Buffer.from(certificatePem), 0o644)
  }
  const after = await readAuthority(dir, request)
  if (after.state === 'ready') return { made: true, authority: after.authority }
  throw new InputError(
    after.state === 'unusable'
      ? after.faults
      : [fault('ca-vanished', `${dir} was changed by someone else while the CA was being made`, 'Run again')],
  )
}

async function readOrAbsent(file: string, faults: Diagnostic[]): Promise<Buffer | undefined> {
  try {
    return await readFile(file)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    faults.push(
      fault(
        'file-unreadable',
        `${file} cannot be read: ${(cause as Error).message}`,
        'Check the path and its permissions',
      ),
    )
    return undefined
  }
}

/** Reads the key through one handle, so that what is judged is what is read. */
async function readKey(file: string, faults: Diagnostic[]): Promise<Secret | undefined> {
  let handle: FileHandle | undefined
  try {
    const named = await lstat(file)
    const oddity = named.isSymbolicLink() ? 'a symbolic link' : named.isFile() ? undefined : 'not a regular file'
    if (oddity) {
      faults.push(fault('ca-key-odd', `${file} is ${oddity}`, 'Put the key itself there, as a file of mode 0600'))
      return undefined
    }
    handle = await open(file, 'r')
    const { mode, uid } = await handle.stat()
    const me = process.getuid?.() ?? uid
    if (uid !== me)
      faults.push(
        fault('ca-key-owner', `${file} belongs to user ${uid}, and this is user ${me}`, `chown ${me} ${file}`),
      )
    if ((mode & 0o077) !== 0)
      faults.push(
        fault(
          'ca-key-readable',
          `${file} has mode 0${(mode & 0o777).toString(8)}: others may read the CA's key`,
          `chmod 600 ${file}; if others may have read it, make a new CA`,
        ),
      )
    return keyOf(await handle.readFile(), file, faults)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT')
      faults.push(
        fault(
          'file-unreadable',
          `${file} cannot be read: ${(cause as Error).message}`,
          'Check the path and its permissions',
        ),
      )
    return undefined
  } finally {
    await handle?.close()
  }
}

function keyOf(bytes: Buffer, file: string, faults: Diagnostic[]): Secret | undefined {
  const pem = readPem(bytes, file)
  faults.push(...pem.faults)
  const [first] = pem.keys
  if (first?.encrypted)
    faults.push(
      fault(
        'key-encrypted',
        `the key in ${file} is encrypted`,
        `Decrypt it: openssl pkey -in ${file} -out NEW (mode 0600)`,
      ),
    )
  else if (first) return usable(first.key, file, faults)
  else if (pem.faults.length === 0)
    faults.push(
      fault(
        'key-missing',
        pem.certificates.length > 0
          ? `${file} holds a certificate where a private key should be`
          : `${file} holds no private key`,
        `The certificate belongs into ${CA_FILE}, the key into ${CA_KEY_FILE}`,
      ),
    )
  return undefined
}

/** A block that is called a key, and is one. */
function usable(key: Secret, file: string, faults: Diagnostic[]): Secret | undefined {
  try {
    openKey(key)
    return key
  } catch (cause) {
    faults.push(
      fault(
        'key-unreadable',
        `the key in ${file} cannot be read: ${(cause as Error).message}`,
        `Put back the right ${CA_KEY_FILE}; or move it and ${CA_FILE} away to have a new CA made`,
      ),
    )
    return undefined
  }
}

/** The directory of a key: nobody else may put files there. */
async function judgeDirectory(dir: string): Promise<Diagnostic[]> {
  const { mode, uid } = await lstat(dir)
  const me = process.getuid?.() ?? uid
  if (uid !== me && uid !== 0)
    return [fault('ca-dir-owner', `${dir} belongs to user ${uid}, and this is user ${me}`, `chown ${me} ${dir}`)]
  if ((mode & 0o022) !== 0)
    return [
      fault(
        'ca-dir-writable',
        `${dir} has mode 0${(mode & 0o777).toString(8)}: others may replace the CA's key`,
        `chmod 700 ${dir}`,
      ),
    ]
  return []
}
