import { realpath, stat } from 'node:fs/promises'

/** Which file was read: another size, time or inode is another file. */
export interface FileIdentity {
  /** Real path. */
  readonly path: string
  readonly size: number
  readonly mtimeMs: number
  readonly ino: number
}

/** The identity that a path has now. Throws what the file system says when it has none. */
export async function identify(file: string): Promise<FileIdentity> {
  const path = await realpath(file)
  const { size, mtimeMs, ino } = await stat(path)
  return { path, size, mtimeMs, ino }
}

/** Nobody wrote to the file in between, as far as its inode tells. */
export const sameFile = (a: FileIdentity, b: FileIdentity): boolean =>
  a.path === b.path && a.size === b.size && a.mtimeMs === b.mtimeMs && a.ino === b.ino
