// Writes docs/modules: a page for each module and a table of all, from the modules themselves: node --import tsx scripts/docs-modules.ts
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Module } from '../src/kit/module.ts'
import { COMMON_RETURNS } from '../src/kit/module-doc.ts'
import type { Parameter, Reference } from '../src/kit/reference.ts'
import { type AnsibleParameters, committed } from './ansible-parameters.ts'

const FOLDER = fileURLToPath(new URL('../docs/modules/', import.meta.url))

const HEAD = `# Modules

Written by \`npm run docs\` from the modules themselves; do not edit. \`regplay doc NAME\` tells the same in a terminal.

A module of Ansible's name takes Ansible's parameters and returns its fields. What it does not take is refused by name, with the
reason, before any host is touched. Each has two names: the short one, and the one with its collection in front.

The third column counts the parameters of Ansible's module that are taken here; "refused" are known by name, with what to do in their place.
`

/** Text for a cell of a table. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
const code = (text: string): string => `\`${text}\``
const codes = (words: readonly string[]): string => words.map(code).join(', ')
const row = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`

/** How the parameters of Ansible's module are met. */
export interface Coverage {
  readonly all: number
  readonly taken: number
  /** Refused by name. */
  readonly refused: readonly string[]
  /** Neither taken nor refused: an unknown parameter. */
  readonly unknown: readonly string[]
}

/** Whether a module takes one of Ansible's parameters: by its name, as the words after its own, or as any name. */
function takes(reference: Reference, name: string): boolean {
  if (reference.parameters.some(own => own.name === name || own.aliases.includes(name))) return true
  if (/^(?:free[-_]form|_raw_params)$/.test(name)) return reference.freeForm !== undefined
  return name === 'key_value' && reference.anyName
}

/** Counts the parameters of Ansible's module of this name; undefined when none is known. */
export function coverageOf(reference: Reference, { modules }: AnsibleParameters): Coverage | undefined {
  const names = modules[reference.fullName]
  if (names === undefined) return undefined
  const open = names.filter(name => !takes(reference, name))
  const isRefused = (name: string): boolean =>
    reference.refused.some(own => own.name === name || own.aliases.includes(name))
  return {
    all: names.length,
    taken: names.length - open.length,
    refused: open.filter(isRefused),
    unknown: open.filter(name => !isRefused(name)),
  }
}

const means = ({ description, aliases, options }: Parameter): string =>
  [
    description,
    options ? `With ${options.map(option => code(option.name)).join(', ')}` : '',
    aliases.length > 0 ? `Also called ${codes(aliases)}` : '',
  ]
    .filter(Boolean)
    .join('. ')

const rowOf = (parameter: Parameter): string =>
  row([
    code(parameter.name),
    parameter.choices ? codes(parameter.choices) : parameter.type,
    parameter.required ? '**needed**' : parameter.default === undefined ? '' : code(JSON.stringify(parameter.default)),
    means(parameter),
  ])

/** What of Ansible's parameters is missing, for the page. */
function openText(reference: Reference, known: AnsibleParameters): string[] {
  const met = coverageOf(reference, known)
  if (!met || met.unknown.length === 0) return []
  return [
    `Takes ${met.taken} of the ${met.all} parameters of Ansible's module; these are not known: ${codes(met.unknown)}.`,
  ]
}

/** The page of one module. */
export function modulePage(reference: Reference, known: AnsibleParameters): string {
  const { parameters, rules, refused, returns, otherReturns, differences } = reference
  const part = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : [`## ${title}`, '', ...lines, '']
  const where = reference.runsOn === 'controller' ? ['Runs on the controller, whatever the host is.', ''] : []
  return [
    `# ${reference.name}`,
    '',
    `Written by \`npm run docs\`; do not edit. [All modules](README.md)`,
    '',
    `${code(reference.fullName)}: ${reference.summary}.`,
    '',
    ...where,
    ...part('Parameters', [
      ...(parameters.length > 0 ? [row(['Parameter', 'Kind', 'Default', 'Means']), '|---|---|---|---|'] : []),
      ...parameters.map(rowOf),
      ...(reference.anyName ? ['', 'Takes any other name as well.'] : []),
      ...(rules.length > 0 ? ['', ...rules] : []),
    ]),
    ...part(
      'Refused',
      refused.map(({ name, aliases, why }) => `- ${codes([name, ...aliases])}: ${why}`),
    ),
    ...part('Not known', openText(reference, known)),
    ...(reference.examples === ''
      ? []
      : part('Examples', [
          ...(reference.needs === undefined ? [] : [`They need ${reference.needs}.`, '']),
          ...['```yaml', reference.examples, '```'],
        ])),
    ...part('Returns', [
      ...(returns.length > 0 ? [row(['Field', 'Kind', 'When', 'Holds']), '|---|---|---|---|'] : []),
      ...returns.map(({ name, type, when, what }) => row([code(name), type, when, what])),
      ...(returns.length > 0 && otherReturns !== undefined ? [''] : []),
      ...(otherReturns === undefined ? [] : [otherReturns]),
    ]),
    ...part(
      'Differences',
      differences.map(sentence => `- ${sentence}`),
    ),
  ].join('\n')
}

/** Refused parameters in few words, for a cell. */
function refusedText({ refused, unknown }: Coverage, page: string): string {
  return [
    codes(refused),
    unknown.length > 6 ? `[${unknown.length} not known](${page}#not-known)` : '',
    unknown.length > 0 && unknown.length <= 6 ? `not known: ${codes(unknown)}` : '',
  ]
    .filter(Boolean)
    .join(', ')
}

function tableRow(reference: Reference, known: AnsibleParameters): string {
  const { name, summary, differences, fullName } = reference
  const met = coverageOf(reference, known)
  const ours = fullName.startsWith('regplay.')
  return row([
    `[${name}](${name}.md)`,
    summary,
    met ? `${met.taken} of ${met.all}` : ours ? 'not in Ansible' : 'newer than the Ansible that was asked',
    met ? refusedText(met, `${name}.md`) : '',
    differences.length > 0 ? `[${differences.length}](${name}.md#differences)` : '',
  ])
}

const table = (references: readonly Reference[], known: AnsibleParameters): string[] => [
  row(['Module', 'What it does', 'Parameters', 'Refused', 'Differences']),
  '|---|---|---|---|---|',
  ...references.map(reference => tableRow(reference, known)),
]

/** The table of all modules, and of those that are not here. */
function tablePage(
  references: readonly Reference[],
  actions: readonly Reference[],
  others: readonly Module[],
  known: AnsibleParameters,
): string {
  const asked = Object.entries(known.versions).map(([name, version]) => `${name} ${version}`)
  const remedies = new Map<string, string[]>()
  for (const { collection, name, refused = '' } of others)
    remedies.set(refused, [...(remedies.get(refused) ?? []), `${collection}.${name}`])
  return [
    HEAD,
    ...table(references, known),
    '',
    `Ansible's parameters are those of ${asked.join(', ')} (\`npm run ansible-parameters\`).`,
    '',
    '## Actions of the engine',
    '',
    'These steer the run and work on no machine.',
    '',
    ...table(actions, known),
    '',
    '## In every result',
    '',
    ...Object.entries(COMMON_RETURNS).map(([name, what]) => `- ${code(name)}: ${what}`),
    '',
    'In the tables of fields, `always` means every result of a task that did not fail, `done` every one that is not of a dry run.',
    '',
    '## Not here',
    '',
    'These are known by name: `regplay check` tells what to do in their place, and a host that gets to one fails.',
    '',
    ...[...remedies].flatMap(([remedy, names]) => [`- ${remedy}: ${codes(names)}`]),
    '',
  ].join('\n')
}

/** Every file of docs/modules by its name. The same modules give the same texts. */
export async function modulePages(): Promise<ReadonlyMap<string, string>> {
  const { references } = await import('../src/cli/references.ts')
  const { foreign } = await import('../src/modules/shared/foreign.ts')
  const { modules, actions } = await references()
  const known = committed()
  return new Map([
    ['README.md', tablePage(modules, actions, foreign, known)],
    ...[...modules, ...actions].map(reference => [`${reference.name}.md`, modulePage(reference, known)] as const),
  ])
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const pages = await modulePages()
  mkdirSync(FOLDER, { recursive: true })
  for (const file of readdirSync(FOLDER)) if (!pages.has(file)) rmSync(join(FOLDER, file))
  for (const [file, text] of pages) writeFileSync(join(FOLDER, file), text)
}
