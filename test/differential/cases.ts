import { readdirSync, readFileSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Float, Unsafe, type Value } from '../../src/base/value.ts'
import { toValue } from '../../src/source/node.ts'
import { parseYaml } from '../../src/source/yaml.ts'

/** A difference that is meant: why, and what each side says where that is always the same. */
export type Difference = string | { readonly why: string; readonly ansible?: unknown; readonly regplay?: unknown }

/** One call of a module, the same for both sides. */
export interface Case {
  /** File and number: `copy-12`. It is the name of the task and, without the hyphen, what accounts and the like may be called. */
  readonly id: string
  /** Name of the case file, without its ending. */
  readonly file: string
  /** What people read: the name, and which row or combination of the table. */
  readonly title: string
  /** Shell text, run as root in the case's directory before anything else. */
  readonly setup: string
  /** Shell text whose output is compared after every phase, for what is on no disk. */
  readonly look: string
  /** How the second run ends when it is not `ok` by nature. */
  readonly again: string
  /** Where it runs: in worlds, or on hosts with systemd. */
  readonly on: 'world' | 'site'
  /** Cases of one such name are in a world with none but their like. */
  readonly apart: string
  /** How the run ends of a module that Ansible has not here: only what regplay promises is judged. */
  readonly alone: string
  /** A layer of `layers/` above the root file system of its world, or none. */
  readonly layer: string
  /** Paths below the case's directory that are neither read nor compared, nor what is below them. */
  readonly unread: readonly string[]
  readonly differs: Readonly<Record<string, Difference>>
  /** The task as Ansible's language has it. */
  readonly task: Readonly<Record<string, unknown>>
}

/** What an entry of a case file may say besides the module and keywords of tasks. */
interface Own {
  name?: string
  setup?: string
  look?: string
  again?: string
  on?: 'world' | 'site'
  apart?: string
  alone?: string
  layer?: string
  unread?: string[]
  differs?: Record<string, Difference>
  each?: Record<string, unknown[]>
  rows?: unknown[]
  defaults?: Record<string, unknown>
}

type Entry = Own & Record<string, unknown>

const OWN = [
  'name',
  'setup',
  'look',
  'again',
  'on',
  'apart',
  'alone',
  'layer',
  'unread',
  'differs',
  'each',
  'rows',
  'defaults',
]
const KEYWORDS = [
  ...[
    'become',
    'become_user',
    'become_method',
    'become_flags',
    'remote_user',
    'environment',
    'vars',
    'args',
    'no_log',
    'diff',
  ],
  ...[
    'delegate_to',
    'delegate_facts',
    'run_once',
    'timeout',
    'async',
    'poll',
    'until',
    'retries',
    'delay',
    'loop',
    'register',
  ],
  ...['changed_when', 'failed_when', 'when', 'throttle', 'port', 'module_defaults'],
]

/** Length of what a title tells of a row. */
const TOLD = 90

/** Names of the case files of a folder, without their endings, sorted. */
export const caseFiles = (folder: string): string[] =>
  readdirSync(folder)
    .filter(name => ['.yml', '.ts'].includes(extname(name)))
    .map(name => basename(name, extname(name)))
    .sort()

/**
 * The cases of NAME.yml, or of NAME.ts, whose default export is the same list.
 * @throws Error with the file and entry when an entry is not what the README says
 */
export async function readCases(folder: string, name: string): Promise<Case[]> {
  const entries = await readEntries(folder, name)
  const cases: Case[] = []
  let defaults: Entry = {}
  for (const [i, entry] of entries.entries()) {
    try {
      if (entry.defaults) defaults = { ...defaults, ...entry.defaults }
      else for (const made of expand(entry, defaults)) cases.push(finish(name, cases.length + 1, made))
    } catch (error) {
      throw new Error(`${name}: entry ${i + 1} (${entry.name ?? 'no name'}): ${(error as Error).message}`)
    }
  }
  const titles = new Set<string>()
  for (const { title } of cases) {
    if (titles.has(title)) throw new Error(`${name}: two cases are called "${title}"`)
    titles.add(title)
  }
  return cases
}

async function readEntries(folder: string, name: string): Promise<Entry[]> {
  const yaml = join(folder, `${name}.yml`)
  let list: unknown
  if (readdirSync(folder).includes(`${name}.yml`)) {
    const { node, faults } = parseYaml(readFileSync(yaml, 'utf8'), yaml)
    if (faults[0]) throw new Error(`${yaml}:${faults[0].span?.line}: ${faults[0].message}`)
    list = node ? plain(toValue(node)) : []
  } else list = ((await import(pathToFileURL(join(folder, `${name}.ts`)).href)) as { default: unknown }).default
  if (!Array.isArray(list)) throw new Error(`${name}: a list of cases is expected`)
  return list as Entry[]
}

/** Mappings as objects; text that is no template, and floats, stay what they are. */
function plain(value: Value): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, of]) => [String(key), plain(of)]))
  return Array.isArray(value) ? value.map(plain) : value
}

interface Made {
  readonly entry: Entry
  readonly title: string
  readonly module: string
  readonly args: unknown
  readonly vars: Readonly<Record<string, unknown>>
}

/** All cases of an entry: each row, with each combination of the variables. */
function expand(given: Entry, defaults: Entry): Made[] {
  const differs = { ...defaults.differs, ...given.differs }
  const entry: Entry = { ...defaults, ...given, differs }
  const modules = Object.keys(entry).filter(key => !OWN.includes(key) && !KEYWORDS.includes(key))
  const [module] = modules
  if (module === undefined || modules.length > 1)
    throw new Error(`one module is expected, found: ${modules.join(', ') || 'none'}`)
  if (typeof entry.name !== 'string') throw new Error('a name is missing')
  const { name } = entry
  const rows = entry.rows ?? [undefined]
  return rows.flatMap(row =>
    combinations(entry.each ?? {}).map(vars => ({
      entry,
      title: [name, row === undefined ? '' : brief(row), Object.keys(vars).length === 0 ? '' : brief(vars)]
        .filter(Boolean)
        .join(': '),
      module,
      args: merge(entry[module], row),
      vars,
    })),
  )
}

const merge = (args: unknown, row: unknown): unknown =>
  isRecord(row) && (isRecord(args) || args === null || args === undefined) ? { ...(args ?? {}), ...row } : (row ?? args)

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Float) &&
  !(value instanceof Unsafe)

function brief(value: unknown): string {
  const text = flow(value)
    .replace(/^\{|\}$/g, '')
    .replace(/"(\w+)":/g, '$1:')
  return text.length > TOLD ? `${text.slice(0, TOLD)}...` : text
}

function combinations(each: Readonly<Record<string, unknown[]>>): Record<string, unknown>[] {
  return Object.entries(each).reduce<Record<string, unknown>[]>(
    (made, [name, values]) => made.flatMap(vars => values.map(value => ({ ...vars, [name]: value }))),
    [{}],
  )
}

/** Folder of all cases on hosts. */
export const CASES = '/srv/cases'

/** The case's directory on the host. */
export const directoryOf = (one: Case): string => `${CASES}/${one.file}/${one.id.split('-').at(-1)}`

/** A name for accounts and the like of a case, at most 32 characters. */
export const nameOf = (one: Case): string => one.id.replaceAll(/[-_]/g, '')

function finish(file: string, number: number, { entry, title, module, args, vars }: Made): Case {
  const keywords = Object.fromEntries(KEYWORDS.flatMap(key => (key in entry ? [[key, entry[key]]] : [])))
  const bare = { id: `${file}-${number}`, file, title }
  const made: Case = {
    ...bare,
    setup: entry.setup ?? '',
    look: entry.look ?? '',
    again: entry.again ?? 'ok',
    on: entry.on ?? 'world',
    apart: entry.apart ?? entry.layer ?? '',
    alone: entry.alone ?? '',
    layer: entry.layer ?? '',
    unread: entry.unread ?? [],
    differs: entry.differs ?? {},
    task: {},
  }
  const names = { d: directoryOf(made), id: nameOf(made) }
  const task = {
    name: made.id,
    [module]: args,
    ...keywords,
    vars: { ...names, ...(keywords['vars'] as object), ...vars },
    ignore_errors: true,
  }
  return { ...made, task }
}

/** A value as YAML of one line, in ASCII. */
export function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`
  if (value instanceof Unsafe) return `!unsafe ${flow(value.text)}`
  if (value instanceof Float)
    return Number.isFinite(value.value) ? value.value.toFixed(1) : `.${String(value.value).slice(0, 3).toLowerCase()}`
  if (isRecord(value))
    return `{${Object.entries(value)
      .map(([key, of]) => `${flow(key)}: ${flow(of)}`)
      .join(', ')}}`
  if (typeof value === 'bigint') return String(value)
  return JSON.stringify(value ?? null).replace(/[^\x20-\x7e]/gu, letter => {
    const code = letter.codePointAt(0) ?? 0
    return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`
  })
}

/** One play with a line for each case, so that a line tells which case it is. */
export const playOf = (cases: readonly Case[], host: string, vars: Readonly<Record<string, unknown>>): string =>
  [
    `- hosts: ${host}`,
    '  gather_facts: false',
    `  vars: ${flow(vars)}`,
    '  tasks:',
    ...cases.map(one => `  - ${flow(one.task)}`),
    '',
  ].join('\n')

/** The case of a line of `playOf`. */
export const caseOfLine = (cases: readonly Case[], line: number): Case | undefined => cases[line - 5]
