import { KEYWORDS, type Place, type Shape } from '../../src/playbook/keywords.ts'

export const DIALECT = 'https://json-schema.org/draft/2020-12/schema'

export type Json = { readonly [key: string]: unknown }

const TEMPLATE: Json = { $ref: 'tasks.schema.json#/$defs/template' }
const STEPS: Json = { $ref: 'tasks.schema.json#/$defs/steps' }

/** A schema that a template may stand for too. Editors read YAML 1.2, in which `yes` is text: it is allowed for booleans. */
export const orTemplate = (...choices: readonly Json[]): Json => ({ anyOf: [...choices, TEMPLATE] })

export const BOOLEAN = orTemplate(
  { type: 'boolean' },
  { enum: ['yes', 'no', 'on', 'off', 'Yes', 'No', 'True', 'False'] },
)
export const TEXT: Json = { type: ['string', 'number', 'boolean'] }
export const TEXTS: Json = { anyOf: [TEXT, { type: 'array', items: TEXT }] }

export const SHAPES: Readonly<Record<Shape, Json>> = {
  any: {},
  text: TEXT,
  identifier: { type: 'string', pattern: '^[A-Za-z_][A-Za-z0-9_]*$' },
  boolean: BOOLEAN,
  integer: orTemplate({ type: 'integer', minimum: 0 }),
  number: orTemplate({ type: 'number', minimum: 0 }),
  percentage: orTemplate({ type: 'number', minimum: 0 }, { type: 'string', pattern: '^[0-9]+([.][0-9]+)?%?$' }),
  connection: TEXT,
  mapping: orTemplate({ type: 'object' }),
  mappings: orTemplate({ type: 'object' }, { type: 'array', items: orTemplate({ type: 'object' }) }),
  texts: TEXTS,
  conditions: TEXTS,
  list: orTemplate({ type: 'array' }),
  steps: { anyOf: [STEPS, { type: 'null' }] },
}

/** The keywords that may stand somewhere, for `properties`. Refused ones are left out, so that editors mark them. */
export function keywords(...places: readonly Place[]): Json {
  const known = Object.entries(KEYWORDS).filter(
    ([, word]) => word.refused === undefined && word.places.some(each => places.includes(each)),
  )
  return Object.fromEntries(known.map(([name, { shape, description }]) => [name, { description, ...SHAPES[shape] }]))
}

/** `if`, `then`, `else`: editors then tell the faults of the part that was meant, and not those of both. */
export const choice = (condition: Json, yes: Json, no: Json): Json =>
  Object.fromEntries([
    ['if', condition],
    ['then', yes],
    ['else', no],
  ])

export const nullable = (schema: Json): Json => ({ anyOf: [schema, { type: 'null' }] })
