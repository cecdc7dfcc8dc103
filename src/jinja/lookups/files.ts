import { existsSync } from 'node:fs'
import { posix } from 'node:path'
import type { Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { MARK_NAMES, withMark } from '../header.ts'
import { USUAL_MARKS } from '../marks.ts'
import type { Lookup, RenderOptions } from '../options.ts'
import { matching } from '../python/glob.ts'
import { DictView, Tuple, Undefined } from '../python/objects.ts'
import { toText, truthy, typeName } from '../python/text.ts'
import { templateVariables } from '../template-file.ts'
import { expandHome, flag, load, opened, places, word } from './shared.ts'

/** The text of a file on the controller, without the blanks at its end. */
const file: Lookup = {
  run: (terms, options, context) =>
    opened(terms).map(term => {
      let { text } = load(toText(term), 'file', context)
      if (flag(options, 'lstrip', false)) text = text.trimStart()
      return flag(options, 'rstrip', true) ? text.trimEnd() : text
    }),
}

/** The text of a file on the controller as it is, a vault opened. */
const unvault: Lookup = {
  run: (terms, _options, context) => opened(terms).map(term => load(toText(term), 'unvault', context).text),
}

/** The marks and flags that options of the lookup ask for. */
function styleOf(options: ReadonlyMap<string, Value>): RenderOptions {
  let marks = USUAL_MARKS
  for (const name of MARK_NAMES) {
    const text = word(options, name)
    if (text !== undefined) marks = withMark(marks, name, text)
  }
  const [trim, lstrip] = [options.get('trim_blocks'), options.get('lstrip_blocks')]
  return {
    ...(marks === USUAL_MARKS ? {} : { marks }),
    ...(trim === undefined ? {} : { trimBlocks: truthy(trim) }),
    ...(lstrip === undefined ? {} : { lstripBlocks: truthy(lstrip) }),
  }
}

/** A template on the controller, rendered. */
const template: Lookup = {
  run: (terms, options, context) => {
    const given = options.get('template_vars')
    const variables = new Map<string, Value>()
    if (given instanceof Map) for (const [key, value] of given.entries()) variables.set(toText(key), value)
    const style = styleOf(options)
    return opened(terms).map(term => {
      const found = load(toText(term), 'template', context, 'templates')
      return context.renderFile(
        found.text,
        found.file,
        new Map([...templateVariables(found.file), ...variables]),
        style,
      )
    })
  },
}

/** The plain files whose names match, of the first place that has any. */
const fileglob: Lookup = {
  run: (terms, _options, context) =>
    opened(terms).flatMap(term => {
      const path = expandHome(toText(term))
      const [directory, pattern] = [posix.dirname(path), posix.basename(path)]
      const all = places(context).map(place => posix.resolve(place, directory))
      // With a directory of its own a name belongs to the first that there is; without, to the first that has matches
      const roots = directory === '.' ? all : all.filter(each => existsSync(each)).slice(0, 1)
      if (roots.length === 0) context.options.warn?.(`the lookup 'fileglob' found no directory '${directory}'`)
      return roots.map(root => matching(root, pattern)).find(found => found.length > 0) ?? []
    }),
}

interface Search {
  readonly files: string[]
  readonly paths: string[]
  skip: boolean
}

const words = (value: Value, between: RegExp): string[] => {
  const list = Array.isArray(value)
    ? value
    : value instanceof Tuple || value instanceof DictView
      ? value.items
      : [value]
  return list
    .flatMap(item => (typeof item === 'string' ? item.split(between) : [toText(item)]))
    .filter(word => word !== '')
}

/** The names to look for, in order: terms, lists of them, and dicts with files, paths and skip. */
function searched(terms: readonly Value[], options: ReadonlyMap<string, Value>): Search {
  const search: Search = {
    files: [],
    paths: [],
    skip: flag(options, 'skip', false) || options.get('errors') === 'ignore',
  }
  const add = (term: Value): void => {
    if (term instanceof Undefined) throw term.error()
    if (term instanceof Map) {
      const [files, paths] = [words(term.get('files') ?? [], /[,;]/), words(term.get('paths') ?? [], /[,:;]/)]
      search.files.push(
        ...(paths.length === 0 ? files : paths.flatMap(path => files.map(name => posix.join(path, name)))),
      )
      if (truthy(term.get('skip') ?? false)) search.skip = true
    } else if (typeof term === 'string') search.files.push(term)
    else if (Array.isArray(term)) for (const each of term) add(each)
    else throw failure(`the lookup 'first_found' wants names of files, not '${typeName(term)}'`)
  }
  for (const term of terms) add(term)
  const [files, paths] = [words(options.get('files') ?? [], /[,;]/), words(options.get('paths') ?? [], /[,:;]/)]
  search.files.push(...(paths.length === 0 ? files : paths.flatMap(path => files.map(name => posix.join(path, name)))))
  return search
}

/** The first of several files that there is. */
const firstFound: Lookup = {
  run: (terms, options, context) => {
    const { files, skip } = searched(terms, options)
    for (const name of files) {
      const path = expandHome(name)
      if (posix.isAbsolute(path)) {
        if (existsSync(path)) return [path]
        continue
      }
      const place = places(context).find(each => existsSync(posix.join(each, path)))
      if (place !== undefined) return [posix.resolve(place, path)]
    }
    if (skip) return []
    throw failure(
      `the lookup 'first_found' found none of ${files.map(name => `'${name}'`).join(', ')}`,
      'template-not-found',
    )
  },
}

/** Lookups that read files on the controller. */
export const FILE_LOOKUPS: Readonly<Record<string, Lookup>> = {
  ...{ file, unvault, template, fileglob },
  first_found: firstFound,
}
