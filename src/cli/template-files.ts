import { readFileSync } from 'node:fs'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { statOf } from '../base/stat.ts'
import type { Loader } from '../jinja/options.ts'

/** Where a name is looked for below each directory. */
const FOLDERS = ['templates', 'files', 'vars', '.']

/**
 * Files for templates that stand in no play: beside the text that names them, then below the working directory.
 * @param open opens what is vaulted
 */
export const loadBeside =
  (open: (bytes: Buffer, file: string) => Buffer): Loader =>
  (name, from, _folder, decode) => {
    const roots = isAbsolute(name) ? [''] : [...(from === undefined ? [] : [dirname(resolve(from))]), process.cwd()]
    const paths = isAbsolute(name) ? [name] : roots.flatMap(root => FOLDERS.map(folder => join(root, folder, name)))
    const file = paths.find(path => statOf(path)?.isFile())
    if (file === undefined) return null
    const bytes = open(readFileSync(file), file)
    return { text: decode ? decode(bytes) : bytes.toString('utf8'), file }
  }
