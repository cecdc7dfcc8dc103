import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { InputError } from '../base/diagnostic.ts'
import { type OpenFile, readVarsFile } from '../inventory/adjacent.ts'
import { TemplateError } from '../jinja/errors.ts'
import { toText } from '../jinja/python/text.ts'
import { type Mapping, type Node, scalar } from '../source/node.ts'
import type { HostScope } from './scope.ts'

/**
 * Where a file of variables is looked for.
 * @param dir the directory of the playbook
 */
export function varsFilePlaces(name: string, dir: string): readonly string[] {
  const path = name.replace(/^~(?=\/)/, homedir())
  return path.startsWith('/') ? [path] : [join(dir, 'vars', path), resolve(dir, path)]
}

/** What a play's `vars_files` are looked for with, for one host. */
export interface Finder {
  /** Changes when something new is known of any host. */
  readonly stamp: string
  readonly host: string
  /** Facts were gathered: a name that still cannot be made out is a fault. */
  readonly hasFacts: boolean
  /** The host's variables, with those of the files that were read so far. */
  scope(read: readonly Mapping[]): HostScope
}

/**
 * `vars_files` of a play. Their names may hold facts, so each host has its own, and they are looked for again when more is known. An
 * entry that is a list means the first of its files that exists.
 */
export class VarsFiles {
  readonly #entries: readonly Node[]
  readonly #dir: string
  readonly #open: OpenFile | undefined
  readonly #read = new Map<string, Mapping>()
  readonly #found = new Map<string, { readonly stamp: string; readonly maps: readonly Mapping[] }>()

  /** @param dir the directory of the playbook */
  constructor(entries: readonly Node[], dir: string, open?: OpenFile) {
    this.#entries = entries
    this.#dir = dir
    this.#open = open
  }

  get none(): boolean {
    return this.#entries.length === 0
  }

  /** The variables of each file, in order. Throws TemplateError when one is not there or cannot be read. */
  for(finder: Finder): readonly Mapping[] {
    const known = this.#found.get(finder.host)
    if (known?.stamp === finder.stamp) return known.maps
    const maps: Mapping[] = []
    for (const entry of this.#entries) {
      const file = this.#find(entry, finder, maps)
      if (file !== undefined) maps.push(this.#contents(file, entry))
    }
    this.#found.set(finder.host, { stamp: finder.stamp, maps })
    return maps
  }

  /** The file that an entry means; undefined when its name waits for facts. */
  #find(entry: Node, finder: Finder, read: readonly Mapping[]): string | undefined {
    const tried: string[] = []
    try {
      for (const choice of entry.kind === 'sequence' ? entry.items : [entry]) {
        for (const path of varsFilePlaces(toText(finder.scope(read).render(choice)), this.#dir)) {
          if (existsSync(path)) return path
          tried.push(path)
        }
      }
    } catch (error) {
      if (error instanceof TemplateError && error.code === 'undefined-variable' && !finder.hasFacts) return undefined
      throw error
    }
    throw new TemplateError('template-runtime', `there is no file of variables; looked for ${tried.join(', ')}`, {
      span: entry.span,
    })
  }

  #contents(file: string, entry: Node): Mapping {
    const known = this.#read.get(file)
    if (known) return known
    try {
      const entries = [...readVarsFile(file, 'vars_files', this.#open)].map(([name, { node, span }]) => ({
        key: scalar(name, span),
        value: node,
      }))
      const contents: Mapping = { kind: 'mapping', entries, span: { file, line: 1, col: 1 } }
      this.#read.set(file, contents)
      return contents
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      throw new TemplateError('template-runtime', error.message, { span: entry.span, cause: error })
    }
  }
}
