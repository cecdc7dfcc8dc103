import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { InputError } from '../base/diagnostic.ts'
import { statOf } from '../base/stat.ts'
import { TemplateError } from '../jinja/errors.ts'
import type { Loader } from '../jinja/options.ts'

/** The bytes of a file, opened where they are vaulted. Throws InputError. */
export type OpenContent = (bytes: Buffer, file: string) => Buffer

const isFile = (path: string): boolean => statOf(path)?.isFile() ?? false

/**
 * Files that templates of a task name.
 * @param dirs where they are looked for, the nearest first: each in the folder of its kind, then itself
 */
export const loaderOf =
  (dirs: readonly string[], open: OpenContent | undefined): Loader =>
  (name, from, folder, decode) => {
    const path = name.replace(/^~(?=\/|$)/, homedir())
    // A template looks beside itself first; a lookup stands in a playbook, and has the folders only.
    const beside = folder === undefined && from !== undefined ? [join(dirname(from), path)] : []
    const places = dirs.flatMap(dir => [join(dir, folder ?? 'templates', path), join(dir, path)])
    const file = (isAbsolute(path) ? [path] : [...beside, ...places]).find(isFile)
    return file === undefined ? null : { text: textOf(file, open, decode), file: resolve(file) }
  }

/**
 * Where the lookups `first_found` and `fileglob` look.
 * @param folder what a relative name is below in each directory, before the directory itself
 */
export const placesOf = (dirs: readonly string[], folder: string): string[] =>
  dirs.flatMap(dir => [join(dir, folder), dir])

/** The text of a file for a template, a vault opened. Throws TemplateError. */
function textOf(
  file: string,
  open: OpenContent | undefined,
  decode: ((bytes: Uint8Array) => string) | undefined,
): string {
  try {
    const bytes = readFileSync(file)
    const plain = open ? open(bytes, file) : bytes
    return decode ? decode(plain) : plain.toString('utf8')
  } catch (error) {
    const ours = error instanceof InputError || (error instanceof Error && 'syscall' in error)
    if (!ours) throw error
    throw new TemplateError('template-runtime', `${file} cannot be read: ${error.message}`, { cause: error })
  }
}
