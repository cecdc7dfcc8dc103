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

/**
 * Runs a script as the resident shell does: evaluated in a subshell, standard input closed, text on the shell's own
 * standard input. BusyBox has only its own applets on the PATH.
 */
export function run(
  script: Script,
  shell: (typeof SHELLS)[number],
  options: { cwd?: string; env?: Record<string, string>; stdin?: string } = {},
): Answer {
  const [name, command, args] = shell
  const { stdin } = options
  const quoted = `'${script.wire.replaceAll("'", `'\\''`)}'`
  const path = name === 'busybox' ? appletDirectory() : (process.env['PATH'] ?? '/usr/sbin:/usr/bin:/sbin:/bin')
  const done = spawnSync(name === 'busybox' ? join(path, 'sh') : command, [...(name === 'busybox' ? [] : args), '-s'], {
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
