import { openSync, readFileSync } from 'node:fs'
import { ReadStream, WriteStream } from 'node:tty'
import { InputError } from '../base/diagnostic.ts'
import { EXIT } from './exit.ts'
import { Interrupted } from './signals.ts'

/** What a talk at the terminal has in its hands. */
export interface Talk<T> {
  write(text: string | Uint8Array): void
  /** Ends the talk with this, after a last text. */
  end(value: T, last?: string): void
}

/** One side of a talk: takes what is typed, byte by byte, and may have something to clean up. */
export interface Listener {
  key(byte: number): void
  leave?(): void
}

/** The terminal of this process, whatever its standard streams are. */
function open(purpose: string): number {
  try {
    return openSync('/dev/tty', 'r+')
  } catch {
    throw new InputError(
      [
        {
          code: 'no-terminal',
          severity: 'error',
          message: `there is no terminal to ask for the ${purpose}`,
          remedy: 'set it as a variable, in a vault-encrypted file for example, or run from a terminal',
        },
      ],
      EXIT.usage,
    )
  }
}

/**
 * Talks with whoever sits at the terminal until the talk ends itself. In raw mode every key comes at once and is not
 * shown, Ctrl-C among them; else the terminal shows and hands over whole lines.
 * @param purpose what is asked for, for the message where there is no terminal
 * @throws InputError without a terminal; the signal's reason, or Interrupted where the terminal goes away
 */
export function talk<T>(
  purpose: string,
  raw: boolean,
  signal: AbortSignal,
  begin: (talk: Talk<T>) => Listener,
): Promise<T> {
  const fd = open(purpose)
  const input = new ReadStream(fd)
  // The write side shares the descriptor: closing the read side closes both.
  const output = new WriteStream(fd)
  return new Promise((resolve, reject) => {
    let over = false
    const close = (last: string, done: () => void): void => {
      if (over) return
      over = true
      signal.removeEventListener('abort', abort)
      listener.leave?.()
      input.setRawMode(false)
      output.write(last, () => {
        input.destroy()
        done()
      })
    }
    const abort = (): void => close(raw ? '\n' : '', () => reject(signal.reason))
    signal.addEventListener('abort', abort, { once: true })
    // A terminal that is gone reads as an error or as an end, perhaps before its signal arrives.
    const gone = (): void => {
      listener.leave?.()
      reject(signal.reason ?? new Interrupted('SIGHUP'))
    }
    input.on('error', gone)
    input.on('end', gone)
    output.on('error', gone)
    if (raw) input.setRawMode(true)
    const listener = begin({
      write: text => void output.write(text),
      end: (value, last = '') => close(last, () => resolve(value)),
    })
    input.on('data', (bytes: Buffer) => {
      for (const byte of bytes) if (!over) listener.key(byte)
    })
  })
}

/**
 * Whether somebody sits at standard input: it is a terminal, and this process is not in the background of it, where whoever
 * reads is stopped. Where the kernel does not say who is in front, the terminal will do.
 */
export function attended(): boolean {
  if (process.stdin.isTTY !== true) return false
  try {
    const [, , group, , , front] = readFileSync('/proc/self/stat', 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    return group === front
  } catch {
    return true
  }
}
