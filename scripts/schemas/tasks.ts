import { LOOKUPS } from '../../src/jinja/lookups/all.ts'
import type { Module } from '../../src/kit/module.ts'
import { type ArgsSchema, isMade, type PropertySchema } from '../../src/kit/schema.ts'
import { ACTIONS } from '../../src/playbook/actions.ts'
import { LOOP_CONTROL } from '../../src/playbook/keywords.ts'
import { BOOLEAN, choice, DIALECT, type Json, keywords, orTemplate, SHAPES, TEXT } from './shapes.ts'

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

/** Another name says whose it is. */
const named = (schema: Json, name: string | undefined): Json =>
  name === undefined ? schema : { ...schema, description: `The same as ${name}` }

/** What may stand below a module's key: its parameters, a line of text, or nothing. */
function moduleSchema(args: ArgsSchema, summary: string): Json {
  const given = Object.entries(args.properties).filter(
    ([, property]) => !isMade(property) && property.refused === undefined,
  )
  const properties = given.flatMap(([name, schema]) =>
    [name, ...(schema.aliases ?? [])].map(
      each => [each, named(property(schema), each === name ? undefined : name)] as const,
    ),
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

/** What a file of tasks may hold, each module with its arguments. */
export function tasksSchema(modules: readonly Module[]): Json {
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
