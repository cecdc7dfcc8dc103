import { DIALECT, type Json, keywords, nullable, TEXT } from './shapes.ts'
import { VARIABLES } from './variables.ts'

const text = (description: string): Json => ({ description, ...TEXT })
const texts = (description: string): Json => ({ description, anyOf: [TEXT, { type: 'array', items: TEXT }] })

const TYPES = ['str', 'int', 'float', 'bool', 'list', 'dict', 'path', 'raw', 'jsonarg', 'json', 'bytes', 'bits']

/** One option of an argument spec; options may hold options. */
const option = (): Json => ({
  type: 'object',
  properties: {
    description: texts('What it is for'),
    type: { description: 'What a value is; str when it does not say', enum: TYPES },
    elements: { description: 'What the items of a list are', enum: TYPES },
    required: { description: 'Whether a value must be given', type: 'boolean' },
    default: { description: 'The value when none is given' },
    choices: { description: 'The values that are allowed', type: ['array', 'object'] },
    aliases: { description: 'Other names of it', type: 'array', items: { type: 'string' } },
    no_log: { description: 'Its value is not shown', type: 'boolean' },
    options: { description: 'What a dict, or each dict of a list, holds', $ref: '#/$defs/options' },
    apply_defaults: { description: 'Give a dict that is not given the defaults of its options', type: 'boolean' },
    version_added: text('The version of the role that brought it'),
    removed_in_version: text('The version of the role that takes it away'),
    ...Object.fromEntries(
      ['mutually_exclusive', 'required_together', 'required_one_of', 'required_if', 'required_by'].map(name => [
        name,
        { description: 'Which options go with each other', type: ['array', 'object'] },
      ]),
    ),
  },
  additionalProperties: false,
})

/** The entry points of a role, each with its options. */
const specs = (): Json => ({
  description: 'What the role takes, by entry point: a file of tasks/ without its ending',
  type: 'object',
  additionalProperties: {
    type: 'object',
    properties: {
      short_description: text('The role in one line'),
      description: texts('The role in some lines'),
      author: texts('Who wrote it'),
      version_added: text('The version of the role that brought this entry point'),
      options: { $ref: '#/$defs/options' },
    },
    additionalProperties: false,
  },
})

const definitions = (): Json => ({
  option: option(),
  options: { description: 'Options by name', type: 'object', additionalProperties: { $ref: '#/$defs/option' } },
})

/** `meta/argument_specs.yml` of a role. */
export const argumentSpecsSchema = (): Json => ({
  $schema: DIALECT,
  $id: 'argument_specs.schema.json',
  title: 'What a role takes',
  type: 'object',
  properties: { argument_specs: specs() },
  required: ['argument_specs'],
  additionalProperties: false,
  $defs: definitions(),
})

/** `meta/main.yml` of a role. */
export function metaSchema(): Json {
  const dependency: Json = {
    type: 'object',
    properties: { ...keywords('role'), vars: { description: 'Variables for the role', ...VARIABLES } },
    anyOf: ['role', 'name', 'src'].map(name => ({ required: [name] })),
  }
  return {
    $schema: DIALECT,
    $id: 'meta.schema.json',
    title: 'What a role says of itself',
    ...nullable({
      type: 'object',
      properties: {
        dependencies: {
          description: 'Roles that run before this one',
          ...nullable({ type: 'array', items: { anyOf: [{ type: 'string' }, dependency] } }),
        },
        allow_duplicates: { description: 'Run again when a play names the role twice', type: 'boolean' },
        argument_specs: specs(),
        galaxy_info: { description: 'What Ansible Galaxy shows; it means nothing here', type: ['object', 'null'] },
        collections: { description: 'Collections of its modules', type: ['array', 'null'], items: { type: 'string' } },
      },
      additionalProperties: false,
    }),
    $defs: definitions(),
  }
}
