import { Secret } from '../base/secret.ts'
import type { Pause, Paused } from '../run/ports.ts'
import { talk } from './terminal.ts'

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

/** What the terminal must be told so that it shows the line as it is after a byte. */
const echoOf = (before: Buffer, after: Buffer): string | Uint8Array => {
  if (after.length > before.length) return after.subarray(before.length)
  const gone = [...before.toString('utf8')].length - [...after.toString('utf8')].length
  return '\b \b'.repeat(gone)
}

const interrupt = (): void => void process.kill(process.pid, 'SIGINT')

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
  return talk(purpose, !shown, signal, ({ write, end }) => {
    let line: Buffer = Buffer.alloc(0)
    write(prompt)
    return {
      key: byte => {
        if (byte === INTERRUPT) return interrupt()
        const typed = type(line, byte)
        // Where what is typed is shown, so was the end of the line.
        if (typeof typed === 'string') return end(typed, shown ? '' : '\n')
        line = typed
      },
    }
  })
}

/**
 * Pauses at the terminal: for a time, or until a line is typed. Ctrl-C asks whether to go on (C) or to abort (A); once more,
 * it is handed to this process as SIGINT.
 */
export const askPause = ({ seconds, shown, tell }: Pause, signal: AbortSignal): Promise<Paused> =>
  talk('pause', true, signal, ({ write, end }) => {
    let line: Buffer = Buffer.alloc(0)
    let asked = false
    const over = (aborted: boolean): void => end({ typed: line.toString('utf8'), aborted }, '\n')
    tell()
    const timer = seconds === undefined ? undefined : setTimeout(over, seconds * 1000, false)
    return {
      leave: () => clearTimeout(timer),
      key: byte => {
        if (asked) {
          const letter = String.fromCharCode(byte).toLowerCase()
          if (byte === INTERRUPT) interrupt()
          else if (letter === 'a' || letter === 'c') over(letter === 'a')
          return
        }
        if (byte === INTERRUPT) {
          clearTimeout(timer)
          asked = true
          return write("\nPress 'C' to continue the play or 'A' to abort\n")
        }
        if (seconds !== undefined) return
        const typed = type(line, byte)
        if (typeof typed === 'string') return over(false)
        if (shown) write(echoOf(line, typed))
        line = typed
      },
    }
  })
