import { createHash } from 'node:crypto'
import { createReadStream, type Stats } from 'node:fs'
import { lstat, open, readdir, readFile, readlink, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { ControllerQuestion, Vantage } from '../kit/question.ts'
import { isVaulted } from '../vault/envelope.ts'
import { SHOWN } from './files.ts'

/** A file of the controller, with what its copies are compared by. */
export interface LocalFile {
  readonly kind: 'file'
  readonly path: string
  readonly size: number
  readonly sha256: string
  /** What Ansible calls `checksum`. */
  readonly sha1: string
  readonly mode: number
  /** The bytes of a file that is small enough to show. */
  readonly bytes?: Buffer
  /** The bytes in a file that is vaulted: copied, and never shown. Sizes and digests are theirs. */
  readonly opened?: Buffer
}

/** How files are looked at. */
interface Looking {
  /** Links in a directory are what they lead to. */
  readonly follow: boolean
  readonly decrypt: boolean
  readonly on: Vantage
}

/** What stands at a path of the controller. Paths in a tree are relative to it, in sorted order, directories first. */
export type Local =
  | LocalFile
  | { readonly kind: 'absent'; readonly why: string }
  | {
      readonly kind: 'directory'
      readonly directories: readonly { readonly path: string; readonly mode: number }[]
      readonly files: readonly (LocalFile & { readonly name: string })[]
      readonly links: readonly { readonly name: string; readonly target: string }[]
    }

/**
 * A file or a whole directory of the controller; links in a directory are links, or what they lead to when followed. Vaulted files
 * are opened unless `decrypt` is false.
 */
export const local = (path: string, { follow = false, decrypt = true } = {}): ControllerQuestion<Local> => ({
  of: 'controller',
  key: `local ${follow} ${decrypt} ${path}`,
  reads: [`controller:${path}`],
  ask: async on => {
    const looking = { follow, decrypt, on }
    try {
      return (await stat(path)).isDirectory() ? await directory(path, looking) : await file(path, looking)
    } catch (error) {
      if (on.signal.aborted || !(error instanceof Error) || !('code' in error)) throw error
      return { kind: 'absent', why: error.message }
    }
  },
})

/** Digests of big files are computed once for all hosts, as long as size and time stay. */
const digests = new Map<string, Promise<{ sha256: string; sha1: string }>>()

async function file(path: string, { decrypt, on }: Looking): Promise<LocalFile> {
  const { signal } = on
  const { size, mode, mtimeMs, ino } = await stat(path)
  const facts = { kind: 'file', path, size, mode: mode & 0o7777 } as const
  const opened = decrypt ? await unvaulted(path, on) : undefined
  if (opened)
    return { ...facts, size: opened.length, sha256: hash('sha256', opened), sha1: hash('sha1', opened), opened }
  if (size <= SHOWN) {
    const bytes = await readFile(path, { signal })
    return { ...facts, size: bytes.length, sha256: hash('sha256', bytes), sha1: hash('sha1', bytes), bytes }
  }
  const key = [path, size, mtimeMs, ino].join('\0')
  const pending = digests.get(key) ?? stream(path)
  digests.set(key, pending)
  pending.catch(() => digests.delete(key))
  return { ...facts, ...(await pending) }
}

/** The bytes in a file that is vaulted; undefined when it is not, or does not begin like one. */
async function unvaulted(path: string, { unvault, signal }: Vantage): Promise<Buffer | undefined> {
  if (!unvault || !isVaulted(await head(path))) return undefined
  return unvault(await readFile(path, { signal }), path)
}

/** What a regular file begins with. */
async function head(path: string): Promise<Buffer> {
  const handle = await open(path)
  try {
    if (!(await handle.stat()).isFile()) return Buffer.alloc(0)
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(64), 0, 64, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

/** The bytes in a file of the controller when it is vaulted, else undefined. */
export const vaultedContent = (path: string): ControllerQuestion<Buffer | undefined> => ({
  of: 'controller',
  key: `vaulted ${path}`,
  reads: [`controller:${path}`],
  ask: async on => {
    try {
      return await unvaulted(path, on)
    } catch (error) {
      // That it is not there is told by whoever wants to read it.
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
      throw error
    }
  },
})

/** Both digests in one reading. */
async function stream(path: string): Promise<{ sha256: string; sha1: string }> {
  const [sha256, sha1] = [createHash('sha256'), createHash('sha1')]
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    sha256.update(chunk)
    sha1.update(chunk)
  }
  return { sha256: sha256.digest('hex'), sha1: sha1.digest('hex') }
}

async function directory(root: string, looking: Looking): Promise<Local> {
  const directories: { path: string; mode: number }[] = []
  const files: (LocalFile & { name: string })[] = []
  const links: { name: string; target: string }[] = []
  const walk = async (below: string, above: readonly string[]): Promise<void> => {
    for (const name of (await readdir(join(root, below))).sort()) {
      const path = below === '' ? name : `${below}/${name}`
      const whole = join(root, path)
      const itself = await lstat(whole)
      const seen = itself.isSymbolicLink() ? await behind(whole, looking.follow, above) : itself
      if (seen === undefined) links.push({ name: path, target: await readlink(whole) })
      else if (seen.isDirectory()) {
        directories.push({ path, mode: seen.mode & 0o7777 })
        await walk(path, [...above, await realpath(whole)])
      } else if (seen.isFile()) files.push({ ...(await file(whole, looking)), name: path })
    }
  }
  await walk('', [await realpath(root)])
  return { kind: 'directory', directories, files, links }
}

/** What a link leads to; undefined where it stays a link: it leads nowhere, or to a directory that it stands in. */
async function behind(path: string, follow: boolean, above: readonly string[]): Promise<Stats | undefined> {
  if (!follow) return undefined
  try {
    return above.includes(await realpath(path)) ? undefined : await stat(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ELOOP'))
      return undefined
    throw error
  }
}

/** A digest in hex. */
export const hash = (algorithm: 'sha1' | 'sha256', data: string | Buffer): string =>
  createHash(algorithm).update(data).digest('hex')
