import { openSync } from 'node:fs'
import { ReadStream, WriteStream } from 'node:tty'
import { InputError } from '../base/diagnostic.ts'
import { Secret } from '../base/secret.ts'
import { EXIT } from './exit.ts'
import { Interrupted } from './signals.ts'

const [ENTER, NEWLINE, END, INTERRUPT, ERASE, DELETE, KILL] = [0x0d, 0x0a, 0x04, 0x03, 0x08, 0x7f, 0x15]

/** The line so far, as bytes; a full line is a string. */
type Typed = Buffer | string

/** Takes one byte that was typed. */
function type(line: Buffer, byte: number): Typed {
  if (byte === ENTER || byte === NEWLINE || byte === END) return line.toString('utf8')
  if (byte === KILL) return Buffer.alloc(0)
  if (byte !== ERASE && byte !== DELETE) return Buffer.concat([line, Buffer.of(byte)])
  // One character, which may be several bytes.
  return Buffer.from(line.toString('utf8').replace(/[\s\S]$/u, ''))
}

/** The terminal of this process, whatever its standard streams are. */
function terminal(purpose: string): number {
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
 * Asks for a password on the terminal without showing it. Ctrl-C is handed to this process as SIGINT.
 * @param label what it is, for the prompt and for its mask
 */
export const askSecret = async (prompt: string, label: string, signal: AbortSignal): Promise<Secret> =>
  new Secret(await ask(prompt, label, false, signal), label)

/** Asks for a line on the terminal, seen as it is typed. `purpose` says what it is. */
export const askText = (prompt: string, purpose: string, signal: AbortSignal): Promise<string> =>
  ask(prompt, purpose, true, signal)

/** Asks for a line on the terminal without showing it, for those who need its text. */
export const askHidden = (prompt: string, purpose: string, signal: AbortSignal): Promise<string> =>
  ask(prompt, purpose, false, signal)

function ask(prompt: string, purpose: string, shown: boolean, signal: AbortSignal): Promise<string> {
  const fd = terminal(purpose)
  const input = new ReadStream(fd)
  // The write side shares the descriptor: closing the read side closes both.
  const output = new WriteStream(fd)
  return new Promise((resolve, reject) => {
    let line: Buffer = Buffer.alloc(0)
    const end = (done: () => void) => {
      signal.removeEventListener('abort', abort)
      input.setRawMode(false)
      // Where what is typed is shown, so was the end of the line.
      output.write(shown ? '' : '\n', () => {
        input.destroy()
        done()
      })
    }
    const abort = () => end(() => reject(signal.reason))
    signal.addEventListener('abort', abort, { once: true })
    // A terminal that is gone reads as an error or as an end, perhaps before its signal arrives.
    const gone = () => reject(signal.reason ?? new Interrupted('SIGHUP'))
    input.on('error', gone)
    input.on('end', gone)
    output.on('error', gone)
    if (!shown) input.setRawMode(true)
    output.write(prompt)
    input.on('data', (bytes: Buffer) => {
      for (const byte of bytes) {
        if (byte === INTERRUPT) return void process.kill(process.pid, 'SIGINT')
        const typed = type(line, byte)
        if (typeof typed === 'string') return end(() => resolve(typed))
        line = typed
      }
    })
  })
}
