import { accessSync, constants, openSync, writeFileSync } from 'node:fs'
import { type Diagnostic, InputError } from '../base/diagnostic.ts'
import { makeFolder } from '../base/folder.ts'

/** Files that a command writes beside the screen. What cannot be written is refused before any host is touched. */

/** Whether the system refused something (a file that cannot be opened, a disk that is full). */
export const isRefusal = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'syscall' in error && 'code' in error

/** Opens a file to be written anew ('w') or added to ('a'); only its owner reads what is new. Throws `InputError`. */
export const openOutput = (path: string, flags: 'w' | 'a', what: string): number =>
  attempt(path, what, () => openSync(path, flags, 0o600))

/** Makes a file hold this text. Throws `InputError`. */
export const writeOutput = (path: string, text: string, what: string): void =>
  attempt(path, what, () => writeFileSync(path, text, { mode: 0o600 }))

/** Makes a folder where there is none, and sees that it can be written to. Throws `InputError`. */
export const outputFolder = (path: string, what: string): void =>
  attempt(path, what, () => {
    makeFolder(path)
    accessSync(path, constants.W_OK | constants.X_OK)
  })

function attempt<T>(path: string, what: string, act: () => T): T {
  try {
    return act()
  } catch (error) {
    if (!isRefusal(error)) throw error
    const fault: Diagnostic = {
      code: 'output-unwritable',
      severity: 'error',
      message: `${what} cannot be written: ${error.code}`,
      span: { file: path, line: 1, col: 1 },
      remedy: 'check the path, its owner and mode, and that there is space',
    }
    throw new InputError([fault])
  }
}

/** Writes until the system refuses one, which is told once: whatever becomes of a file, hosts must not feel it. */
export function enduring<A extends readonly unknown[]>(
  path: string,
  write: (...given: A) => void,
  warn: (message: string) => void,
): (...given: A) => void {
  let open = true
  return (...given) => {
    if (!open) return
    try {
      write(...given)
    } catch (error) {
      if (!isRefusal(error)) throw error
      open = false
      warn(`${path} cannot be written (${error.code}): what is missing there is shown here only, and the run goes on`)
    }
  }
}
