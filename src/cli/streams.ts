import { closeSync, fstatSync } from 'node:fs'
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

/**
 * Lets go of the standard streams. Node resets the terminal when it exits and aborts (SIGABRT) when the terminal is gone;
 * a descriptor that is closed it leaves alone.
 */
export function letGo(): void {
  for (const fd of [0, 1, 2]) {
    try {
      fstatSync(fd)
      closeSync(fd)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EBADF') throw error
    }
  }
}
