import { spawnSync } from 'node:child_process'

/** Shells that may stand behind /bin/sh, with the arguments that make them behave as one. */
const CANDIDATES: readonly (readonly [string, readonly string[]])[] = [
  ['dash', ['dash']],
  ['bash', ['bash', '--posix']],
  ['busybox', ['busybox', 'sh']],
  ['mksh', ['mksh', '-o', 'sh']],
  ['yash', ['yash', '-o', 'posix']],
  ['posh', ['posh']],
  ['zsh', ['zsh', '--emulate', 'sh']],
]

export interface TestShell {
  readonly name: string
  readonly argv: readonly string[]
}

const installed = (program: string): boolean =>
  spawnSync('sh', ['-c', 'command -v -- "$1"', 'sh', program]).status === 0

/** The shells that are here; dash, bash and busybox must be, the others are tested where they are installed. */
export const shells: readonly TestShell[] = CANDIDATES.filter(([name]) => installed(name)).map(([name, argv]) => ({
  name,
  argv,
}))

/** Shells that are missing, to be reported as skipped. */
export const missing: readonly string[] = CANDIDATES.map(([name]) => name).filter(name => !installed(name))
