import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'
import { type Diagnostic, InputError } from '../base/diagnostic.ts'
import { LARGEST_SOURCE } from './yaml.ts'

/**
 * Reads a text that a person wrote: a regular file of at most 8 MiB in UTF-8, a byte order mark removed.
 * @throws InputError with exit 66 when the file is missing or not readable, 65 when it is no text that we can use
 */
export function readSource(file: string): string {
  return decode(readBytes(file), file)
}

function readBytes(file: string): Buffer {
  let handle: number
  try {
    // without O_NONBLOCK, opening a FIFO that nobody writes to would wait for ever
    handle = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    throw missing(file, error)
  }
  try {
    const found = fstatSync(handle)
    if (!found.isFile())
      throw refuse(
        file,
        'source-kind',
        found.isDirectory() ? 'it is a directory' : 'it is not a regular file',
        'name a file',
      )
    if (found.size > LARGEST_SOURCE)
      throw refuse(
        file,
        'source-size',
        `it is ${(found.size / 1024 / 1024).toFixed(1)} MiB long, the limit is 8 MiB`,
        'keep large data in files of their own and copy them',
      )
    return readFileSync(handle)
  } finally {
    closeSync(handle)
  }
}

function decode(bytes: Buffer, file: string): string {
  const [a, b] = bytes
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff) || (a === 0 && b !== 0) || (a !== undefined && b === 0))
    throw refuse(file, 'source-encoding', 'it is in UTF-16 or UTF-32', 'save it as UTF-8')
  const nul = bytes.indexOf(0)
  if (nul >= 0) throw refuse(file, 'source-encoding', `it holds a NUL byte at offset ${nul}`, 'is it a text file?')
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw refuse(file, 'source-encoding', `it is not valid UTF-8 (${firstInvalid(bytes)})`, 'save it as UTF-8')
  }
}

/** The line in which decoding fails. */
function firstInvalid(bytes: Buffer): string {
  let line = 1
  for (let start = 0; start <= bytes.length; line++) {
    const end = bytes.indexOf(10, start)
    const slice = bytes.subarray(start, end < 0 ? bytes.length : end)
    if (slice.toString('utf8').includes('\uFFFD') && !slice.includes('\uFFFD')) return `line ${line}`
    if (end < 0) break
    start = end + 1
  }
  return 'in its last character'
}

const fault = (file: string, code: string, message: string, remedy: string): Diagnostic => ({
  code,
  severity: 'error',
  message: `${file} cannot be used: ${message}`,
  span: { file, line: 1, col: 1, offset: 0 },
  remedy,
})

const refuse = (file: string, code: string, message: string, remedy: string): InputError =>
  new InputError([fault(file, code, message, remedy)])

function missing(file: string, error: unknown): InputError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
  const why: Record<string, readonly [string, string]> = {
    ENOENT: ['there is no such file', 'check the path; relative paths are meant from the working directory'],
    ENOTDIR: ['a part of its path is no directory', 'check the path'],
    EACCES: ['it may not be read', 'check its mode and owner'],
    ENAMETOOLONG: ['its name is too long', 'check the path'],
    ELOOP: ['its symlinks form a circle', 'check where the links point'],
    ENXIO: ['it is not a regular file', 'name a file'],
  }
  const [message, remedy] = why[code] ?? [`the system says ${code}`, 'check the path']
  return new InputError([fault(file, 'source-missing', message, remedy)], 66)
}
