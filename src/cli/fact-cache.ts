import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { type Diagnostic, InputError } from '../base/diagnostic.ts'
import { makeFolder } from '../base/folder.ts'
import { statOf } from '../base/stat.ts'
import type { Value } from '../base/value.ts'
import { readJson } from '../jinja/formats/json-read.ts'
import { jsonText } from '../jinja/formats/json-write.ts'
import type { FactKeeper } from '../vars/memory.ts'
import type { Config } from './config/table.ts'

/** What of the settings says where facts are kept. */
export type CacheConfig = Pick<
  Config,
  'factCaching' | 'factCachingConnection' | 'factCachingPrefix' | 'factCachingTimeout'
>

/**
 * Facts in a folder, one JSON file a host, as Ansible's `jsonfile` keeps them: either may read what the other wrote. Undefined when
 * facts live for one run only.
 * @throws InputError when there is no folder to keep them in
 */
export function factCache(config: CacheConfig): FactKeeper | undefined {
  if (config.factCaching !== 'jsonfile') return undefined
  const dir = config.factCachingConnection
  if (dir === undefined) throw refusal('jsonfile needs a folder', 'set fact_caching_connection to a folder')
  try {
    makeFolder(dir, 0o700)
  } catch (error) {
    throw refusal(`${dir}: ${reasonOf(error)}`, 'set fact_caching_connection to a folder that can be written to')
  }
  return new JsonFiles(`${dir}/${config.factCachingPrefix}`, config.factCachingTimeout)
}

class JsonFiles implements FactKeeper {
  /** What file names begin with, the folder included. */
  readonly #begin: string
  /** Seconds; 0 is for ever. */
  readonly #timeout: number

  constructor(begin: string, timeout: number) {
    this.#begin = begin
    this.#timeout = timeout
  }

  load(host: string): ReadonlyMap<string, Value> | undefined {
    const file = this.#file(host)
    const stats = file === undefined ? undefined : statOf(file)
    if (file === undefined || !stats || (this.#timeout > 0 && Date.now() - stats.mtimeMs > this.#timeout * 1000))
      return undefined
    try {
      const facts = readJson(readFileSync(file, 'utf8'))
      if (!(facts instanceof Map)) throw new Error('it holds no JSON object')
      const gathered = facts.delete(GATHERED)
      return new Map([
        ...[...facts].map(([name, value]) => [String(name), value] as const),
        // By this a run knows it; Ansible's own files need not have it
        ...(gathered ? [['ansible_module_setup', true] as const] : []),
      ])
    } catch (error) {
      throw refusal(
        `the kept facts ${file} cannot be read: ${reasonOf(error)}`,
        'remove the file, or run with --flush-cache',
      )
    }
  }

  save(host: string, facts: ReadonlyMap<string, Value>): void {
    const file = this.#file(host)
    if (file === undefined) return
    const all = new Map<Value, Value>(facts)
    if (facts.has('module_setup')) all.set(GATHERED, true)
    const text = jsonText(all, STYLE, FREE)
    // Beside it, then in its place: another run may be reading
    writeFileSync(`${file}.${process.pid}`, text, { mode: 0o600 })
    renameSync(`${file}.${process.pid}`, file)
  }

  forget(host: string): void {
    const file = this.#file(host)
    if (file !== undefined) rmSync(file, { force: true })
  }

  /** A task may be delegated to any name; one that is a path is not written to. */
  #file(host: string): string | undefined {
    return /^\.{0,2}$|[/\0]/.test(host) ? undefined : this.#begin + host
  }
}

/** By this Ansible knows that facts were gathered. */
const GATHERED = '_ansible_facts_gathered'

const STYLE = { indent: '    ', sortKeys: true, ascii: true, separators: [', ', ': '] } as const
const FREE = { enter: () => undefined, leave: () => undefined }

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const refusal = (message: string, remedy: string): InputError =>
  new InputError([{ code: 'fact-cache', severity: 'error', message, remedy } satisfies Diagnostic])
