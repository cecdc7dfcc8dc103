// Writes schemas/ from keywords, modules and events: node --import tsx scripts/schemas.ts [--check]
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Module } from '../src/kit/module.ts'
import { eventsSchema } from './schemas/events.ts'
import { playbookSchema } from './schemas/playbook.ts'
import { argumentSpecsSchema, metaSchema } from './schemas/role.ts'
import { tasksSchema } from './schemas/tasks.ts'
import { inventorySchema, varsSchema } from './schemas/variables.ts'

const FOLDER = fileURLToPath(new URL('../schemas/', import.meta.url))

/** The files of `schemas/` for these modules, by name. The same modules give the same bytes. */
export function schemas(modules: readonly Module[]): Readonly<Record<string, string>> {
  const all = {
    'argument_specs.schema.json': argumentSpecsSchema(),
    'events.schema.json': eventsSchema(),
    'inventory.schema.json': inventorySchema(),
    'meta.schema.json': metaSchema(),
    'playbook.schema.json': playbookSchema(),
    'tasks.schema.json': tasksSchema(modules),
    'vars.schema.json': varsSchema(),
  }
  return Object.fromEntries(Object.entries(all).map(([name, schema]) => [name, `${JSON.stringify(schema, null, 1)}\n`]))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { modules } = await import('../src/modules/index.ts')
  mkdirSync(FOLDER, { recursive: true })
  for (const [name, text] of Object.entries(schemas(modules))) {
    const path = join(FOLDER, name)
    if (!process.argv.includes('--check')) writeFileSync(path, text)
    else if (readFileSync(path, 'utf8') !== text) {
      console.error(`schemas/${name} is not what the modules say: run node --import tsx scripts/schemas.ts`)
      process.exitCode = 1
    }
  }
}
