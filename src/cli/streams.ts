import { closeSync } from 'node:fs'
import { isatty } from 'node:tty'
import type { Mask } from '../report/mask.ts'

/** A stream that whoever reads it may close at any time without the rollout noticing. */
export interface Sink {
  write(text: string): void
  /** Resolves when everything is out, or cannot get out any more. */
  drained(): Promise<void>
}

/** Longest wait for a reader at the end, in milliseconds. */
const PATIENCE = 5000

/** Everything that is printed goes through here: known secrets are masked, and a closed pipe is not an error of ours. */
export function sink(stream: NodeJS.WriteStream, mask: Mask): Sink {
  let open = true
  // EPIPE when `| head` has seen enough, EIO when the terminal is gone; whatever it is, hosts must not feel it.
  stream.on('error', () => {
    open = false
  })
  return {
    write: text => {
      if (open) stream.write(mask.text(text))
    },
    drained: () =>
      new Promise(resolve => {
        if (!open) return resolve()
        setTimeout(resolve, PATIENCE).unref()
        stream.write('', () => resolve())
        stream.once('error', () => resolve())
      }),
  }
}

const STANDARD = [0, 1, 2]
const TERMINALS = STANDARD.filter(fd => isatty(fd))

/**
 * Ends the process. When it exits Node resets the terminals that it began with, and aborts (SIGABRT) over one that is gone;
 * a descriptor that is closed it leaves alone.
 */
export function leave(status: number): never {
  if (TERMINALS.some(fd => !isatty(fd))) {
    for (const fd of STANDARD) {
      try {
        closeSync(fd)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EBADF') throw error
      }
    }
  }
  process.exit(status)
}
