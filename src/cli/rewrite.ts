import { randomBytes } from 'node:crypto'
import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { InputError } from '../base/diagnostic.ts'

/** How a file is to be written. */
export interface Rewriting {
  /** What stood there is a secret: its bytes are overwritten once nobody can see them any more. */
  readonly wipe?: boolean
  /** What is written is a secret: only the owner may read it from now on. */
  readonly secret?: boolean
}

/** Makes a file hold these bytes, as a whole or not at all. Owner and mode stay; a new file is its owner's alone. Links are followed. */
export function rewrite(path: string, bytes: Uint8Array, { wipe = false, secret = false }: Rewriting = {}): void {
  const before = statSync(path, { throwIfNoEntry: false })
  const target = before ? realpathSync(path) : resolve(path)
  const part = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.part`)
  try {
    const old = wipe && before ? openSync(target, constants.O_WRONLY | constants.O_NOFOLLOW) : undefined
    try {
      writePart(part, bytes, before, secret)
      renameSync(part, target)
      syncDirectory(dirname(target))
      if (old !== undefined) overwrite(old)
    } finally {
      if (old !== undefined) closeSync(old)
    }
  } catch (error) {
    throw unwritable(path, error)
  } finally {
    removeIfThere(part)
  }
}

function writePart(part: string, bytes: Uint8Array, like: Stats | undefined, secret: boolean): void {
  const { O_CREAT, O_EXCL, O_WRONLY } = constants
  const fd = openSync(part, O_CREAT | O_EXCL | O_WRONLY, 0o600)
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done)
    const made = fstatSync(fd)
    if (like && (made.uid !== like.uid || made.gid !== like.gid)) fchownSync(fd, like.uid, like.gid)
    if (like) fchmodSync(fd, like.mode & (secret ? 0o700 : 0o7777))
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

/** Zeros over what is left of a file that has no name any more; one with another name is still somebody's. */
export function overwrite(fd: number): void {
  const { nlink, size } = fstatSync(fd)
  if (nlink > 0) return
  const zeros = Buffer.alloc(Math.min(size, 1 << 20))
  for (let done = 0; done < size; ) done += writeSync(fd, zeros, 0, Math.min(zeros.length, size - done), done)
  fsyncSync(fd)
}

function syncDirectory(path: string): void {
  const fd = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY)
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

function removeIfThere(path: string): void {
  try {
    unlinkSync(path)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
}

function unwritable(path: string, error: unknown): unknown {
  if (!(error instanceof Error && 'code' in error && 'syscall' in error)) return error
  return new InputError([
    {
      code: 'file-unwritable',
      severity: 'error',
      message: `the file cannot be written (${error.syscall}: ${error.code}); it is as it was`,
      span: { file: path, line: 1, col: 1 },
      remedy: 'check the mode and owner of its directory, and that there is space',
    },
  ])
}
