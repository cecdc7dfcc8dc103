import { createHash, randomBytes } from 'node:crypto'
import { open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { makeFolder } from '../base/folder.ts'
import { type FileIdentity, identify, sameFile } from './file-identity.ts'

/** Where the controller keeps what it learned about archives (XDG Base Directory). */
const archiveCacheDir = (env: NodeJS.ProcessEnv = process.env): string =>
  join(
    env['XDG_CACHE_HOME']?.startsWith('/') ? env['XDG_CACHE_HOME'] : join(homedir(), '.cache'),
    'regplay',
    'archives',
  )

/** A record that says of which file it is. */
interface OfFile {
  readonly version: number
  readonly file: FileIdentity
}

/**
 * What `read` makes of a file, remembered by the file's path, size, time and inode, so that a second run need not read
 * gigabytes again. A cache that cannot be read or written costs time and nothing else; faults are never remembered. The 64 records
 * that were used last are kept.
 *
 * @param kind keeps different readings of one file apart
 */
export async function remembered<T extends OfFile>(
  kind: string,
  version: number,
  file: string,
  read: () => Promise<T>,
  dir = archiveCacheDir(),
): Promise<T> {
  const identity = await identify(file).catch(() => undefined)
  if (!identity) return read()
  // A checksum that is put beside the archive later must be looked at.
  const sidecar = await identify(`${file}.sha256`).catch(() => undefined)
  const key = createHash('sha256')
    .update(JSON.stringify([kind, version, identity, sidecar]))
    .digest('hex')
  const path = join(dir, `${key}.json`)
  const known = await recall<T>(path, version, identity)
  if (known) return known
  const value = await read()
  if (sameFile(value.file, identity)) await remember(path, dir, value)
  return value
}

async function recall<T extends OfFile>(path: string, version: number, identity: FileIdentity): Promise<T | undefined> {
  try {
    const value = JSON.parse(await readFile(path, 'utf8')) as T
    if (value.version !== version || !sameFile(value.file, identity)) return undefined
    await use(path).catch(() => undefined)
    return value
  } catch {
    // Absent, unreadable or half a file: the archive itself is read instead.
    return undefined
  }
}

/** Makes a record one of the newest, so that it stays when others go: its first byte is written over itself. */
async function use(path: string): Promise<void> {
  const handle = await open(path, 'r+')
  try {
    await handle.write('{', 0)
  } finally {
    await handle.close()
  }
}

async function remember(path: string, dir: string, value: unknown): Promise<void> {
  try {
    makeFolder(dir, 0o700)
    const part = `${path}.${process.pid}.${randomBytes(4).toString('hex')}.part`
    const handle = await open(part, 'w', 0o600)
    try {
      await handle.writeFile(JSON.stringify(value))
    } finally {
      await handle.close()
    }
    await rename(part, path)
    await prune(dir)
  } catch {
    // A full disk or a read-only home must not fail a run: the next one reads the archive again.
  }
}

/** How many records are kept. An archive that changes or moves leaves one behind that nobody asks for any more. */
const KEPT = 64

/** Removes the records that were not used for longest, and with them what a killed run left half written. */
async function prune(dir: string): Promise<void> {
  const names = (await readdir(dir)).filter(name => /^[0-9a-f]{64}\.json(\.|$)/.test(name))
  if (names.length <= KEPT) return
  const used = async (name: string) => ({ name, at: (await stat(join(dir, name))).mtimeMs })
  const records = await Promise.all(names.map(used))
  records.sort((one, other) => other.at - one.at)
  for (const { name } of records.slice(KEPT)) await rm(join(dir, name), { force: true })
}
