import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LOOKUPS } from '../src/jinja/lookups/all.ts'
import type { Module } from '../src/kit/module.ts'
import type { ArgsSchema, PropertySchema } from '../src/kit/schema.ts'
import { ACTIONS } from '../src/playbook/actions.ts'
import { KEYWORDS, LOOP_CONTROL, type Place, type Shape } from '../src/playbook/keywords.ts'

const FOLDER = fileURLToPath(new URL('../schemas/', import.meta.url))
const DIALECT = 'https://json-schema.org/draft/2020-12/schema'

type Json = { readonly [key: string]: unknown }

const TEMPLATE: Json = { $ref: 'tasks.schema.json#/$defs/template' }
const STEPS: Json = { $ref: 'tasks.schema.json#/$defs/steps' }

/** A schema that a template may stand for too. Editors read YAML 1.2, in which `yes` is text: it is allowed for booleans. */
const orTemplate = (...choices: readonly Json[]): Json => ({ anyOf: [...choices, TEMPLATE] })

const BOOLEAN = orTemplate({ type: 'boolean' }, { enum: ['yes', 'no', 'on', 'off', 'Yes', 'No', 'True', 'False'] })
const TEXT: Json = { type: ['string', 'number', 'boolean'] }
const TEXTS: Json = { anyOf: [TEXT, { type: 'array', items: TEXT }] }

const SHAPES: Readonly<Record<Shape, Json>> = {
  any: {},
  text: TEXT,
  identifier: { type: 'string', pattern: '^[A-Za-z_][A-Za-z0-9_]*$' },
  boolean: BOOLEAN,
  integer: orTemplate({ type: 'integer', minimum: 0 }),
  number: orTemplate({ type: 'number', minimum: 0 }),
  mapping: orTemplate({ type: 'object' }),
  mappings: orTemplate({ type: 'object' }, { type: 'array', items: orTemplate({ type: 'object' }) }),
  texts: TEXTS,
  conditions: TEXTS,
  list: orTemplate({ type: 'array' }),
  steps: { anyOf: [STEPS, { type: 'null' }] },
}

/** The keywords that may stand somewhere, for `properties`. Refused ones are left out, so that editors mark them. */
function keywords(...places: readonly Place[]): Json {
  const known = Object.entries(KEYWORDS).filter(
    ([, word]) => word.refused === undefined && word.places.some(each => places.includes(each)),
  )
  return Object.fromEntries(known.map(([name, { shape, description }]) => [name, { description, ...SHAPES[shape] }]))
}

/** A module's parameter as people may write it: before templates are rendered and types are coerced. */
function property(schema: PropertySchema): Json {
  const { description, enum: choices, minimum, maximum } = schema
  const about = { ...(description === undefined ? {} : { description }), ...defaultOf(schema) }
  const limits = { ...(minimum === undefined ? {} : { minimum }), ...(maximum === undefined ? {} : { maximum }) }
  if (schema.expression) return { ...about, ...TEXT }
  switch (schema.type) {
    case 'string':
      return {
        ...about,
        ...(choices ? orTemplate({ enum: choices }) : { type: ['string', 'number', 'boolean', 'null'] }),
      }
    case 'boolean':
      return { ...about, ...BOOLEAN }
    case 'integer':
    case 'number':
      return { ...about, anyOf: [{ type: schema.type, ...limits }, { type: 'string' }] }
    case 'array':
      return {
        ...about,
        anyOf: [{ type: 'array', items: schema.items ? property(schema.items) : {} }, TEXT, ...single(schema)],
      }
    case 'object':
      return { ...about, anyOf: [objectOf(schema), { type: 'string' }] }
    default:
      return about
  }
}

const defaultOf = ({ default: value }: PropertySchema): Json => (value === undefined ? {} : { default: value })

/** One mapping may stand for a list of one. */
const single = ({ items }: PropertySchema): Json[] => (items?.type === 'object' ? [objectOf(items)] : [])

function objectOf({ properties = {}, additionalProperties = true }: PropertySchema): Json {
  return {
    type: 'object',
    properties: Object.fromEntries(Object.entries(properties).map(([name, inner]) => [name, property(inner)])),
    additionalProperties:
      typeof additionalProperties === 'boolean' ? additionalProperties : property(additionalProperties),
  }
}

/** What may stand below a module's key: its parameters, a line of text, or nothing. */
function moduleSchema(args: ArgsSchema, summary: string): Json {
  const given = Object.entries(args.properties).filter(
    ([, { renders, refused }]) => renders === undefined && refused === undefined,
  )
  const properties = given.flatMap(([name, schema]) =>
    [name, ...(schema.aliases ?? [])].map(each => [each, property(schema)] as const),
  )
  const namesOf = (name: string): string[] => [name, ...(args.properties[name]?.aliases ?? [])]
  const required = (args.required ?? [])
    .filter(name => name !== args.freeForm)
    .map(name => ({ anyOf: namesOf(name).map(each => ({ required: [each] })) }))
  return {
    description: summary,
    anyOf: [
      {
        type: 'object',
        properties: Object.fromEntries(properties),
        additionalProperties: args.additionalProperties === false ? false : {},
        ...(required.length > 0 ? { allOf: required } : {}),
      },
      { type: ['string', 'null'] },
    ],
  }
}

const STEERING: Readonly<Record<string, string>> = {
  import_tasks: 'Reads the tasks of another file in here, before the run',
  include_tasks: 'Reads the tasks of another file when it comes to it',
  import_role: 'Reads a role in here, before the run',
  include_role: 'Reads a role when it comes to it',
  include_vars: 'Reads variables from files of the controller',
  meta: 'Steers the run',
}

/** Every action by its full name, in order. */
function actions(modules: readonly Module[]): { names: readonly string[]; full: string; schema: Json }[] {
  const own = modules.map(({ name, collection, args, summary }) => ({
    name,
    collection,
    schema: moduleSchema(args, summary),
  }))
  const steering = Object.entries(ACTIONS).map(([name, args]) => ({
    name,
    collection: 'ansible.builtin',
    schema: moduleSchema(args, STEERING[name] ?? name),
  }))
  return [...own.filter(({ name }) => !Object.hasOwn(ACTIONS, name)), ...steering]
    .map(({ name, collection, schema }) => ({
      names: [name, `${collection}.${name}`],
      full: `${collection}.${name}`,
      schema,
    }))
    .sort((a, b) => (a.full < b.full ? -1 : 1))
}

/** `if`, `then`, `else`: editors then tell the faults of the part that was meant, and not those of both. */
const choice = (condition: Json, yes: Json, no: Json): Json =>
  Object.fromEntries([
    ['if', condition],
    ['then', yes],
    ['else', no],
  ])

function tasksSchema(modules: readonly Module[]): Json {
  const all = actions(modules)
  const calls = Object.fromEntries(
    all.flatMap(({ names, full }) => names.map(name => [name, { $ref: `#/$defs/${full}` }] as const)),
  )
  const loops = Object.fromEntries(
    Object.keys(LOOKUPS)
      .sort()
      .map(name => [`with_${name}`, {}]),
  )
  const control = Object.fromEntries(Object.entries(LOOP_CONTROL).map(([name, shape]) => [name, SHAPES[shape]]))
  return {
    $schema: DIALECT,
    $id: 'tasks.schema.json',
    title: 'A file of tasks of regplay',
    anyOf: [{ $ref: '#/$defs/steps' }, { type: 'null' }],
    $defs: {
      template: { type: 'string', pattern: '\\{[{%#]' },
      steps: {
        type: 'array',
        items: choice({ $ref: '#/$defs/isBlock' }, { $ref: '#/$defs/block' }, { $ref: '#/$defs/task' }),
      },
      isBlock: { type: 'object', anyOf: ['block', 'rescue', 'always'].map(name => ({ required: [name] })) },
      block: { type: 'object', properties: keywords('block'), required: ['block'], additionalProperties: false },
      task: {
        type: 'object',
        properties: {
          ...keywords('task', 'handler'),
          loop_control: { type: 'object', properties: control, additionalProperties: false },
          ...loops,
          ...calls,
        },
        additionalProperties: false,
      },
      ...Object.fromEntries(all.map(({ full, schema }) => [full, schema])),
    },
  }
}

const VARIABLES: Json = { type: 'object', propertyNames: { pattern: '^[A-Za-z_][A-Za-z0-9_]*$' } }

function playbookSchema(): Json {
  const role: Json = {
    type: 'object',
    properties: { ...keywords('role') },
    anyOf: [{ required: ['role'] }, { required: ['name'] }],
  }
  const play: Json = {
    type: 'object',
    properties: {
      ...keywords('play'),
      hosts: { description: KEYWORDS['hosts']?.description, ...TEXTS },
      vars: { description: KEYWORDS['vars']?.description, ...VARIABLES },
      roles: {
        description: KEYWORDS['roles']?.description,
        type: ['array', 'null'],
        items: { anyOf: [{ type: 'string' }, role] },
      },
    },
    required: ['hosts'],
    additionalProperties: false,
  }
  return {
    $schema: DIALECT,
    $id: 'playbook.schema.json',
    title: 'A playbook of regplay',
    type: 'array',
    items: choice(
      { type: 'object', required: ['import_playbook'] },
      { type: 'object', properties: keywords('import_playbook'), additionalProperties: false },
      play,
    ),
  }
}

function inventorySchema(): Json {
  const nullable = (schema: Json): Json => ({ anyOf: [schema, { type: 'null' }] })
  const variables = nullable(VARIABLES)
  return {
    $schema: DIALECT,
    $id: 'inventory.schema.json',
    title: 'A YAML inventory of regplay',
    type: 'object',
    additionalProperties: { $ref: '#/$defs/group' },
    $defs: {
      group: nullable({
        type: 'object',
        properties: {
          hosts: nullable({
            type: 'object',
            description: 'Hosts and their variables',
            additionalProperties: variables,
          }),
          children: nullable({
            type: 'object',
            description: 'Groups in this group',
            additionalProperties: { $ref: '#/$defs/group' },
          }),
          vars: { description: 'Variables of all hosts of the group', ...variables },
        },
        additionalProperties: false,
      }),
    },
  }
}

const varsSchema = (): Json => ({
  $schema: DIALECT,
  $id: 'vars.schema.json',
  title: 'A file of variables of regplay',
  anyOf: [VARIABLES, { type: 'null' }],
})

/** The files of `schemas/` for these modules, by name. The same modules give the same bytes. */
export function schemas(modules: readonly Module[]): Readonly<Record<string, string>> {
  const all = {
    'inventory.schema.json': inventorySchema(),
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
