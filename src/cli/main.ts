import { CommanderError } from 'commander'
import { formatDiagnostic, InputError } from '../base/diagnostic.ts'
import { Mask } from '../report/mask.ts'
import { visible } from '../report/visible.ts'
import { bugText } from './bug.ts'
import { readSettings } from './config/read.ts'
import type { Desk } from './desk.ts'
import { EXIT, SIGNALS } from './exit.ts'
import { program } from './program.ts'
import { Interrupted, listen } from './signals.ts'
import { leave, sink } from './streams.ts'
import { version } from './version.ts'

const SHOW_CURSOR = '\u001b[?25h'

const mask = new Mask()
const out = sink(process.stdout, mask)
const err = sink(process.stderr, mask)

/** Ends the process at once, the cursor back where a live view may have hidden it. */
function now(status: number): never {
  if (process.stdout.isTTY) out.write(SHOW_CURSOR)
  leave(status)
}

/** The status that an error ends with, after telling people what they need to know. */
function statusOf(error: unknown): number {
  if (error instanceof Interrupted) return SIGNALS[error.by]
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage
  if (error instanceof InputError) {
    err.write(`${visible(error.faults.map(formatDiagnostic).join('\n'))}\n`)
    return error.exit
  }
  err.write(visible(bugText(error, version(), process.argv[2] ?? '')))
  return EXIT.bug
}

process.on('uncaughtException', error => now(statusOf(error)))
process.on('unhandledRejection', error => now(statusOf(error)))

/** Runs what the arguments say; returns the status to exit with. */
async function main(args: readonly string[]): Promise<number> {
  const stop = listen(err.write, now)
  const desk = (): Desk => {
    const { config, warnings, file } = readSettings(process.env, process.cwd())
    for (const warning of warnings) err.write(`${visible(formatDiagnostic(warning))}\n`)
    return { out, err, mask, stop, env: process.env, config, ...(file === undefined ? {} : { configFile: file }) }
  }
  let status: number = EXIT.done
  const commands = program(
    version(),
    async (load, options) => {
      const at = desk()
      status = await (await load()).default(options(at), at)
    },
    { out: out.write, err: err.write },
  )
  try {
    await commands.parseAsync(args, { from: 'user' })
  } catch (error) {
    status = statusOf(error)
  }
  const by = stop.by()
  await Promise.all([out.drained(), err.drained()])
  return by === undefined ? status : SIGNALS[by]
}

leave(await main(process.argv.slice(2)))
