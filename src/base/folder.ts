import { mkdirSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/**
 * Makes a folder and those above it that are missing; one that is there is left as it is. Node's own `recursive` never ends where the
 * system says of a name in a folder that is there that there is no such file, as /proc does.
 * @param mode of every folder that is made, before the umask
 * @throws the system's error (ENOENT, EACCES, ENOTDIR, EEXIST for a file of this name), which names the path
 */
export function makeFolder(path: string, mode = 0o777): void {
  const missing: string[] = []
  for (let at = resolve(path); !isThere(at); at = dirname(at)) missing.push(at)
  for (const folder of missing.reverse()) makeOne(folder, mode)
  if (missing.length === 0 && !statSync(path).isDirectory()) mkdirSync(path)
}

/** Whether something has this name; what stands below a file is not there, and cannot be made either. */
function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined
  } catch (error) {
    if (codeOf(error) === 'ENOTDIR') return false
    throw error
  }
}

/** Somebody else may make the same folder at this moment. */
function makeOne(path: string, mode: number): void {
  try {
    mkdirSync(path, { mode })
  } catch (error) {
    if (codeOf(error) !== 'EEXIST' || !statSync(path).isDirectory()) throw error
  }
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined)
