import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Memory that looks like a directory: nothing of it reaches a disk. */
const MEMORY = '/dev/shm'

/** A secret in a file for a program that can only read files: in memory where there is such a place, alone in a directory that is its owner's. */
export class PrivateFile {
  readonly path: string
  readonly #dir: string
  /** The program was ended in the middle: nothing must stay. */
  readonly #onExit = (): void => this.remove()

  /** @param ending of the name, by which editors know the language */
  constructor(bytes: Uint8Array, ending: string) {
    this.#dir = mkdtempSync(join(place(), 'regplay-vault-'))
    process.once('exit', this.#onExit)
    this.path = join(this.#dir, `secret${ending}`)
    const fd = openSync(this.path, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600)
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done)
    } finally {
      closeSync(fd)
    }
  }

  read(): Buffer {
    return readFileSync(this.path)
  }

  /** Overwrites the file, and removes it with everything that an editor left beside it. */
  remove(): void {
    process.off('exit', this.#onExit)
    const size = statSync(this.path, { throwIfNoEntry: false })?.size ?? 0
    if (size > 0) {
      const fd = openSync(this.path, constants.O_WRONLY)
      try {
        writeSync(fd, Buffer.alloc(size))
        fsyncSync(fd)
      } finally {
        closeSync(fd)
      }
    }
    rmSync(this.#dir, { recursive: true, force: true })
  }
}

function place(): string {
  try {
    accessSync(MEMORY, constants.W_OK | constants.X_OK)
    return MEMORY
  } catch {
    return tmpdir()
  }
}
