import { createHash, createHmac } from 'node:crypto'

/** One file of known hosts, as text. */
export interface KnownHostsFile {
  readonly path: string
  readonly text: string
}

/** A line that speaks of the host. */
export interface KnownLine {
  readonly file: string
  readonly line: number
  readonly type: string
  /** `SHA256:...` as ssh-keygen -l prints it. */
  readonly fingerprint: string
}

/** What the files say of a host and the key that it showed. */
export type Verdict =
  | { readonly is: 'trusted' }
  | { readonly is: 'unknown'; readonly fingerprint: string; readonly type: string; readonly authority?: KnownLine }
  | {
      readonly is: 'changed'
      readonly fingerprint: string
      readonly type: string
      readonly known: readonly [KnownLine, ...KnownLine[]]
    }
  | { readonly is: 'revoked'; readonly fingerprint: string; readonly by: KnownLine }

interface Entry extends KnownLine {
  readonly marker: '' | '@revoked' | '@cert-authority'
  readonly names: string
  readonly key: Buffer
}

/** `SHA256:` and unpadded base64, as OpenSSH shows a key. */
export const fingerprint = (key: Buffer): string =>
  `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`

/** The algorithm's name, which every public key blob begins with. */
export const keyType = (key: Buffer): string => {
  if (key.length < 4) return 'unknown'
  const length = key.readUInt32BE(0)
  return length > 64 ? 'unknown' : key.toString('latin1', 4, 4 + length)
}

/** How OpenSSH writes a host in known_hosts: bare for port 22, else `[host]:port`. */
export const knownName = (host: string, port: number): string =>
  port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`

/**
 * OpenSSH's verdict (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT) on the key that a host showed. A host that is known only by
 * keys of other types counts as changed: the client offers the known types first, so the server must have lost them.
 */
export function verdict(files: readonly KnownHostsFile[], name: string, key: Buffer): Verdict {
  const shown = { fingerprint: fingerprint(key), type: keyType(key) }
  const lines = entriesFor(files, name)
  const revoked = lines.find(entry => entry.marker === '@revoked' && entry.key.equals(key))
  if (revoked) return { is: 'revoked', fingerprint: shown.fingerprint, by: revoked }
  const plain = lines.filter(entry => entry.marker === '')
  if (plain.some(entry => entry.key.equals(key))) return { is: 'trusted' }
  const [first, ...rest] = plain
  if (first) return { is: 'changed', ...shown, known: [first, ...rest] }
  const authority = lines.find(entry => entry.marker === '@cert-authority')
  return { is: 'unknown', ...shown, ...(authority ? { authority } : {}) }
}

/** The key types by which a host is known, to be offered first in the handshake. */
export const knownTypes = (files: readonly KnownHostsFile[], name: string): string[] => [
  ...new Set(
    entriesFor(files, name)
      .filter(entry => entry.marker === '')
      .map(entry => entry.type),
  ),
]

function entriesFor(files: readonly KnownHostsFile[], name: string): Entry[] {
  return files.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, i) => {
      const entry = parseLine(line, path, i + 1)
      return entry && namesMatch(entry.names, name) ? [entry] : []
    }),
  )
}

function parseLine(line: string, file: string, number: number): Entry | null {
  const words = line.trim().split(/[ \t]+/)
  if (words[0] === undefined || words[0] === '' || words[0].startsWith('#')) return null
  const marker = words[0].startsWith('@') ? words.shift() : ''
  if (marker !== '' && marker !== '@revoked' && marker !== '@cert-authority') return null
  const [names, type, base64] = words
  if (names === undefined || type === undefined || base64 === undefined) return null
  const key = Buffer.from(base64, 'base64')
  if (keyType(key) !== type) return null
  return { marker, names, key, type, file, line: number, fingerprint: fingerprint(key) }
}

/** A hashed name, or a list of patterns in which one `!` match refuses. */
function namesMatch(names: string, name: string): boolean {
  if (names.startsWith('|')) return hashMatches(names, name)
  let matched = false
  for (const pattern of names.toLowerCase().split(',')) {
    const negated = pattern.startsWith('!')
    if (!wildcard(negated ? pattern.slice(1) : pattern, name)) continue
    if (negated) return false
    matched = true
  }
  return matched
}

function hashMatches(hashed: string, name: string): boolean {
  const [, version, salt, digest] = hashed.split('|')
  if (version !== '1' || salt === undefined || digest === undefined) return false
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === digest
}

/** `*` and `?` as OpenSSH's match_pattern has them; everything else stands for itself. No backtracking beyond one star. */
export function wildcard(pattern: string, text: string): boolean {
  let p = 0
  let t = 0
  let star = -1
  let mark = 0
  while (t < text.length) {
    if (pattern[p] === '*') {
      star = p
      p += 1
      mark = t
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) {
      p += 1
      t += 1
    } else if (star >= 0) {
      p = star + 1
      mark += 1
      t = mark
    } else return false
  }
  while (pattern[p] === '*') p += 1
  return p === pattern.length
}
