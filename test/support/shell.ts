import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Answer } from '../../src/shell/answer.ts'
import type { Script } from '../../src/shell/script.ts'

/** The shells that every text for a target must work in, as far as this machine has them. */
export const SHELLS: readonly (readonly [name: string, command: string, args: readonly string[]])[] = (
  [
    ['dash', 'dash', []],
    ['bash', 'bash', ['--posix', '--norc']],
    ['busybox', 'busybox', ['sh']],
  ] as const
).filter(([, command]) => spawnSync(command, ['-c', ':']).error === undefined)

let applets: string | undefined

/** A directory with BusyBox's applets under their own names, made once: there, nothing else is on the PATH. */
function appletDirectory(): string {
  if (applets === undefined) {
    const made = mkdtempSync(join(tmpdir(), 'applets-'))
    process.on('exit', () => rmSync(made, { recursive: true, force: true }))
    spawnSync('busybox', ['--install', '-s', made])
    applets = made
  }
  return applets
}

/** How a shell is started. BusyBox has only its own applets on the PATH. */
export function command([name, file, args]: (typeof SHELLS)[number]): {
  file: string
  args: readonly string[]
  path: string
} {
  if (name !== 'busybox') return { file, args, path: process.env['PATH'] ?? '/usr/sbin:/usr/bin:/sbin:/bin' }
  const path = appletDirectory()
  return { file: join(path, 'sh'), args: [], path }
}

/**
 * Runs a script as the resident shell does: evaluated in a subshell, standard input closed, text on the shell's own
 * standard input.
 */
export function run(
  script: Script,
  shell: (typeof SHELLS)[number],
  options: { cwd?: string; env?: Record<string, string>; stdin?: string } = {},
): Answer {
  const { file, args, path } = command(shell)
  const { stdin } = options
  const quoted = `'${script.wire.replaceAll("'", `'\\''`)}'`
  const done = spawnSync(file, [...args, '-s'], {
    input:
      stdin === undefined
        ? `( eval ${quoted} ) </dev/null\n`
        : `printf %s '${stdin.replaceAll("'", `'\\''`)}' | ( eval ${quoted} )\n`,
    env: { PATH: path, ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    maxBuffer: 64 * 1024 * 1024,
  })
  if (done.error) throw done.error
  return new Answer(done.status, done.stdout, done.stderr)
}
