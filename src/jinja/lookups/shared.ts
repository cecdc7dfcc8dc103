import { homedir } from 'node:os'
import { posix } from 'node:path'
import type { Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { decodedText } from '../filters/charset.ts'
import type { LookupContext } from '../options.ts'
import { DictView, Tuple } from '../python/objects.ts'
import { toText, truthy, typeName } from '../python/text.ts'

/** The options of a lookup by name. */
export type Options = ReadonlyMap<string, Value>

/** The items of a list-like term; undefined for anything else. */
export const listOf = (term: Value): readonly Value[] | undefined => {
  if (Array.isArray(term)) return term
  return term instanceof Tuple || term instanceof DictView ? term.items : undefined
}

/** The terms with lists among them opened, one level. */
export const opened = (terms: readonly Value[]): Value[] => terms.flatMap(term => [...(listOf(term) ?? [term])])

/** An option that is true or false. */
export const flag = (options: Options, name: string, fallback: boolean): boolean =>
  truthy(options.get(name) ?? fallback)

/** An option that is text; None is as if it were not given. */
export function word(options: Options, name: string): string | undefined {
  const value = options.get(name)
  return value === undefined || value === null ? undefined : toText(value)
}

/** The name of a variable or a setting, or a pattern for names. */
export function nameOf(term: Value): string {
  if (typeof term === 'string') return term
  throw failure(`Invalid setting identifier, "${toText(term)}" is not a string, its a <class '${typeName(term)}'>`)
}

export const expandHome = (path: string): string => path.replace(/^~(?=\/|$)/, homedir())

/** A file by the loader that the host program gives; it knows roles and their directories. */
export function load(
  name: string,
  what: string,
  { options }: LookupContext,
  folder: 'files' | 'templates' = 'files',
  encoding = 'utf-8',
): { text: string; file: string } {
  if (!options.loader) throw failure(`the lookup '${what}' has no files here`)
  const decode = /^utf[-_]?8$/i.test(encoding) ? undefined : (bytes: Uint8Array) => decodedText(bytes, encoding)
  const found = options.loader(name, options.span?.file, folder, decode)
  if (!found)
    throw failure(`the lookup '${what}' found no file '${name}': No such file or directory`, 'template-not-found')
  return found
}

/** The directories in which a relative name may stand: what the host program says, else beside the text and where we run. */
export function places(context: LookupContext): readonly string[] {
  if (context.options.places) return context.options.places
  const beside = context.options.span ? [posix.dirname(posix.resolve(context.options.span.file))] : []
  return [...beside.flatMap(place => [posix.join(place, 'files'), place]), process.cwd()]
}

const WORD = /(?:[^\s"']|"(?:[^"\\]|\\.)*"|'[^']*')+/g

/** `key words name=value ...`: what lookups take in one text; values may stand in quotes. */
export function keyAndOptions(
  what: string,
  term: string,
  options: Options,
  known: readonly string[],
): { key: string; given: Options } {
  const given = new Map(options)
  const words: string[] = []
  for (const part of term.match(WORD) ?? []) {
    const [, name, value] = /^(\w+)=([\s\S]*)$/.exec(part) ?? []
    if (name === undefined) words.push(part)
    else if (known.includes(name)) given.set(name, (value ?? '').replace(/^(["'])([\s\S]*)\1$/, '$2'))
    else throw failure(`the lookup '${what}': ${name} is not a valid option; there are ${known.join(', ')}`)
  }
  return { key: words.join(' '), given }
}
