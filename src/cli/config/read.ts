import { readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { type Diagnostic, InputError } from '../../base/diagnostic.ts'
import { distance, nearest } from '../../base/nearest.ts'
import type { Span } from '../../base/span.ts'
import { type Ini, readIni } from './ini.ts'
import { BadValue } from './kinds.ts'
import { OTHER_FAMILIES, OTHER_KEYS, OTHER_SECTIONS, OTHER_VARIABLES } from './known.ts'
import type { Setting } from './setting.ts'
import { type Config, TABLE } from './table.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** The settings of a run, and where those were written that somebody wrote. */
export interface Settings {
  readonly config: Config
  /** `ANSIBLE_FORKS` or `file:line`, by the name of the setting. */
  readonly origins: ReadonlyMap<keyof Config, string>
  /** The ansible.cfg that was read. */
  readonly file?: string
  readonly warnings: readonly Diagnostic[]
}

const ROWS = Object.entries(TABLE) as [keyof Config, Setting<unknown>][]

/** What holds when nobody says anything. */
export const DEFAULTS = Object.fromEntries(ROWS.map(([name, row]) => [name, row.default])) as unknown as Config

/**
 * Reads Ansible's environment variables and its ansible.cfg: `ANSIBLE_CONFIG`, else the one here, in the home, in /etc/ansible. A variable is
 * stronger than the file. Throws `InputError` when a value is none or cannot be honoured.
 */
export function readSettings(env: Environment, cwd: string): Settings {
  const warnings: Diagnostic[] = []
  const path = findFile(env, cwd, warnings)
  const ini: Ini =
    path === undefined ? { values: new Map(), sections: new Map(), faults: [] } : readIni(read(path), path)
  const faults = [...ini.faults]
  const origins = new Map<keyof Config, string>()
  const values: Partial<Record<keyof Config, unknown>> = {}
  for (const [name, row] of ROWS) {
    const found = written(row, env, ini, path, cwd)
    if (found === undefined) continue
    const refuse = (message: string, remedy: string) =>
      faults.push({
        code: 'setting-value',
        severity: 'error',
        message: `${found.name} is ${JSON.stringify(found.text)}${message}`,
        ...(found.span ? { span: found.span } : {}),
        remedy,
      })
    try {
      const value = row.read(found.text, { base: found.base, cwd, env })
      values[name] = value
      origins.set(name, found.span ? `${found.span.file}:${found.span.line}` : found.name)
      const why = row.refuse?.(value)
      if (why !== undefined) refuse(', which regplay does not do', why)
    } catch (error) {
      if (!(error instanceof BadValue)) throw error
      refuse('', error.message)
    }
  }
  if (faults.length > 0) throw new InputError(faults)
  if (path !== undefined) warnings.push(...unknownKeys(ini, path))
  warnings.push(...unknownVariables(env))
  return {
    config: { ...DEFAULTS, ...values } as Config,
    origins,
    warnings,
    ...(path === undefined ? {} : { file: path }),
  }
}

interface Found {
  readonly name: string
  readonly text: string
  readonly base: string
  readonly span?: Span
}

/** The text of a setting that counts; of several names the last. */
function written(
  row: Setting<unknown>,
  env: Environment,
  ini: Ini,
  path: string | undefined,
  cwd: string,
): Found | undefined {
  const name = row.env.findLast(each => (env[each] ?? '') !== '')
  if (name !== undefined) return { name, text: env[name] ?? '', base: cwd }
  const key = row.ini.findLast(each => ini.values.has(each))
  const value = key === undefined ? undefined : ini.values.get(key)
  if (key === undefined || value === undefined || path === undefined) return undefined
  const text = value.text.replace(/^(["'])([\s\S]*)\1$/, '$2')
  return { name: key.replace(/^.*\./, ''), text, base: dirname(path), span: { file: path, line: value.line, col: 1 } }
}

const warn = (message: string, remedy: string, span?: Span): Diagnostic => ({
  ...{ code: 'setting-unknown', severity: 'warning', message, remedy },
  ...(span ? { span } : {}),
})

/** The first file that is there. One in a folder where everybody may write is passed over: it could run commands as us. */
function findFile(env: Environment, cwd: string, warnings: Diagnostic[]): string | undefined {
  const said = env['ANSIBLE_CONFIG']
  const home = env['HOME'] ?? homedir()
  if (said !== undefined && said !== '') {
    const path = resolve(cwd, said.replace(/^~(?=\/|$)/, home))
    const stats = statSync(path, { throwIfNoEntry: false })
    if (stats) return stats.isDirectory() ? join(path, 'ansible.cfg') : path
    warnings.push(warn(`ANSIBLE_CONFIG is ${said}, and there is no such file`, 'correct it, or unset it'))
  }
  const here = join(cwd, 'ansible.cfg')
  if (statSync(here, { throwIfNoEntry: false })) {
    if ((statSync(cwd).mode & 0o002) === 0) return here
    warnings.push(
      warn(
        `${here} is passed over: everybody may write in this folder`,
        'chmod o-w the folder, or name the file in ANSIBLE_CONFIG',
      ),
    )
  }
  return [join(home, '.ansible.cfg'), '/etc/ansible/ansible.cfg'].find(path =>
    statSync(path, { throwIfNoEntry: false }),
  )
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? String(error)
    throw new InputError(
      [
        {
          ...warn(`${path} cannot be read: ${why}`, 'check its owner and mode'),
          code: 'setting-file',
          severity: 'error',
        },
      ],
      66,
    )
  }
}

const OWN_KEYS = new Set(ROWS.flatMap(([, row]) => row.ini))
const OWN_VARIABLES = new Set(ROWS.flatMap(([, row]) => row.env))

/** Keys that nobody knows, in sections that we know; sections that look like one of these. */
function unknownKeys(ini: Ini, file: string): Diagnostic[] {
  const unknown = [...ini.values].filter(([name]) => {
    const [section = '', key = ''] = name.split(/\.(.*)/)
    return section in OTHER_KEYS && !OWN_KEYS.has(name) && !OTHER_KEYS[section]?.includes(key)
  })
  const keys = [
    ...OWN_KEYS,
    ...Object.entries(OTHER_KEYS).flatMap(([section, all]) => all.map(key => `${section}.${key}`)),
  ]
  const sections = [...ini.sections].filter(([name]) => !(name in OTHER_KEYS) && !OTHER_SECTIONS.has(name))
  return [
    ...unknown.map(([name, { line }]) =>
      told(name.replace('.', ' '), nearest(name, keys)?.split('.')[1], { file, line, col: 1 }),
    ),
    ...sections.flatMap(([name, line]) => {
      const meant = nearest(name, [...Object.keys(OTHER_KEYS)])
      return meant === undefined ? [] : [told(`section ${name}`, meant, { file, line, col: 1 })]
    }),
  ]
}

/** Letters by which a variable may miss its name; all these names begin alike, so more would say nothing. */
const SLIPS = 2

/** Variables that are a slip away from one that we know: others may be of whoever wrote a plugin or a playbook. */
function unknownVariables(env: Environment): Diagnostic[] {
  const known = [...OWN_VARIABLES, ...OTHER_VARIABLES].filter(name => name.startsWith('ANSIBLE_'))
  return Object.keys(env)
    .filter(name => name.startsWith('ANSIBLE_') && !known.includes(name) && !OTHER_FAMILIES.test(name))
    .flatMap(name => {
      const meant = nearest(name, known)
      return meant === undefined || distance(name, meant) > SLIPS ? [] : [told(name, meant)]
    })
}

const told = (name: string, meant: string | undefined, span?: Span): Diagnostic =>
  warn(
    `regplay knows no setting ${name}`,
    meant === undefined ? 'docs/settings.md lists them' : `did you mean ${meant}?`,
    span,
  )
