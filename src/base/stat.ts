import { type Stats, statSync } from 'node:fs'

/** What the system answers of names that nothing can have. */
const IMPOSSIBLE: ReadonlySet<unknown> = new Set(['ENOTDIR', 'ENAMETOOLONG', 'ELOOP', 'ERR_INVALID_ARG_VALUE'])

/**
 * What stands at a path of the controller, links followed, or undefined. Paths come from playbooks: one that leads below a
 * file, is too long, goes round in links or has a NUL in it is the path of nothing.
 * @throws the system's error where it may not be looked at (EACCES)
 */
export function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch (error) {
    if (error instanceof Error && 'code' in error && IMPOSSIBLE.has(error.code)) return undefined
    throw error
  }
}
