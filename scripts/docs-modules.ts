// Writes docs/modules/README.md from the modules themselves: node --import tsx scripts/docs-modules.ts
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Module } from '../src/kit/module.ts'
import type { PropertySchema } from '../src/kit/schema.ts'

const PAGE = fileURLToPath(new URL('../docs/modules/README.md', import.meta.url))

const HEAD = `# Modules

Written by \`npm run docs\` from the modules themselves; do not edit. A module of Ansible's name takes Ansible's parameters and
returns its fields. What it does not take is refused by name, with the reason, before any host is touched. Each has two
names: the short one, and the one with its collection in front.

`

/** Text for a cell of a table. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

const code = (text: string): string => `\`${text}\``

/** The kind of a value, as people would write it. */
function kind(schema: PropertySchema): string {
  if (schema.expression) return 'expression'
  if (schema.enum) return schema.enum.map(code).join(', ')
  const type = schema.type === 'array' && schema.items?.type ? `list of ${schema.items.type}` : (schema.type ?? 'any')
  return schema.path ? 'path' : type === 'array' ? 'list' : type
}

/** What else is to be said of a parameter: where it is looked for, other names, whether it is kept secret. */
function notes(schema: PropertySchema, freeForm: boolean): string {
  const { description, aliases = [], secret } = schema
  const controller = schema.controller ?? schema.items?.controller
  return [
    description ?? '',
    freeForm ? 'Also written right after the name of the module' : '',
    controller ? `Looked for in ${code(`${controller}/`)} of role and playbook` : '',
    secret ? 'Kept out of every output' : '',
    aliases.length > 0 ? `Also called ${aliases.map(code).join(', ')}` : '',
  ]
    .filter(Boolean)
    .join('. ')
}

function defaultOf(name: string, schema: PropertySchema, required: ReadonlySet<string>): string {
  if (required.has(name)) return '**needed**'
  return schema.default === undefined ? '' : code(JSON.stringify(schema.default))
}

function section({ name, collection, summary, args, local }: Module): string {
  const required = new Set(args.required ?? [])
  const all = Object.entries(args.properties).filter(([, schema]) => schema.renders === undefined)
  const refused = all.filter(([, schema]) => schema.refused !== undefined)
  const rows = all
    .filter(([, schema]) => schema.refused === undefined)
    .map(([key, schema]) => {
      const cells = [code(key), kind(schema), defaultOf(key, schema, required), notes(schema, args.freeForm === key)]
      return `| ${cells.map(cell).join(' | ')} |`
    })
  const lines = [`## ${name}`, '', `${code(`${collection}.${name}`)}: ${summary}.`, '']
  if (local) lines.push('Runs on the controller, whatever the host is.', '')
  if (rows.length > 0) lines.push('| Parameter | Kind | Default | Means |', '|---|---|---|---|', ...rows, '')
  if (typeof args.additionalProperties === 'object') lines.push('Takes any other name as well.', '')
  if (refused.length > 0)
    lines.push('Refused:', '', ...refused.map(([key, schema]) => `- ${code(key)}: ${schema.refused}`), '')
  return lines.join('\n')
}

/** The whole page. The same modules give the same text. */
export function modulesPage(modules: readonly Module[]): string {
  const sorted = [...modules].sort((left, right) => (left.name < right.name ? -1 : 1))
  const table = sorted.map(({ name, summary }) => `| [${name}](#${name}) | ${cell(summary)} |`)
  return `${HEAD}| Module | What it does |\n|---|---|\n${table.join('\n')}\n\n${sorted.map(section).join('\n')}`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { modules } = await import('../src/modules/index.ts')
  mkdirSync(fileURLToPath(new URL('.', `file://${PAGE}`)), { recursive: true })
  writeFileSync(PAGE, modulesPage(modules))
}
