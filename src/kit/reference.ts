import type { ModuleDoc, Returned } from './module-doc.ts'
import { type ArgsSchema, isMade, type PropertySchema } from './schema.ts'

/** The reference of a module, as plain data: `regplay doc` prints it, and docs/modules is made from it. */
export interface Reference {
  readonly name: string
  /** The name with its collection in front. */
  readonly fullName: string
  readonly summary: string
  /** Where it works: on the host, or on the controller whatever the host is. */
  readonly runsOn: 'host' | 'controller'
  /** Whether it can be left in the background (`async` with `poll: 0`). */
  readonly background: boolean
  readonly parameters: readonly Parameter[]
  /** The parameter that takes the words after the module's name. */
  readonly freeForm?: string
  /** Whether it takes any other name as well. */
  readonly anyName: boolean
  /** Which parameters exclude or need each other, a sentence each. */
  readonly rules: readonly string[]
  /** Parameters of Ansible that are refused by name before any host is touched. */
  readonly refused: readonly RefusedParameter[]
  /** Tasks in YAML. */
  readonly examples: string
  /** What the examples need that not every machine has. */
  readonly needs?: string
  readonly returns: readonly ReturnedField[]
  /** Fields whose names are not known before. */
  readonly otherReturns?: string
  readonly differences: readonly string[]
}

/** A parameter that a module takes. */
export interface Parameter {
  readonly name: string
  /** `string`, `path`, `list of string`, `expression` ... */
  readonly type: string
  readonly required: boolean
  readonly default?: unknown
  readonly choices?: readonly string[]
  readonly aliases: readonly string[]
  /** Sentences without their last full stop; empty when the name says it all. */
  readonly description: string
  /** Of an object with known keys. */
  readonly options?: readonly Parameter[]
}

/** A parameter that Ansible has and regplay refuses. */
export interface RefusedParameter {
  readonly name: string
  readonly aliases: readonly string[]
  readonly why: string
}

/** A field of the result, with its name. */
export interface ReturnedField extends Returned {
  readonly name: string
}

/** What a reference is made of: a module, or an action of the engine. */
export interface Documented {
  readonly name: string
  readonly collection: string
  readonly summary: string
  readonly args: ArgsSchema
  readonly local?: boolean
  readonly attended?: true
}

/** The kind of a value, as people would write it. */
function typeOf(schema: PropertySchema): string {
  if (schema.expression) return 'expression'
  if (schema.path) return 'path'
  if (schema.type === 'array') return schema.items?.type ? `list of ${schema.items.type}` : 'list'
  return schema.type ?? 'any'
}

/** What is to be said of a parameter: what it means, where it is looked for, whether it is kept secret. */
function describe(schema: PropertySchema, freeForm: boolean): string {
  const controller = schema.controller ?? schema.items?.controller
  return [
    schema.description ?? '',
    freeForm ? 'Also written right after the name of the module' : '',
    controller === 'playbook' ? "A relative path is one below the playbook's folder" : '',
    controller && controller !== 'playbook' ? `Looked for in ${controller}/ of role and playbook` : '',
    schema.secret ? 'Kept out of every output' : '',
  ]
    .filter(Boolean)
    .join('. ')
}

function parameter(name: string, schema: PropertySchema, required: boolean, freeForm: boolean): Parameter {
  const choices = schema.enum ?? schema.items?.enum
  const inner = schema.properties ?? schema.items?.properties
  const needed = new Set(schema.properties ? schema.required : schema.items?.required)
  return {
    name,
    type: typeOf(schema),
    required,
    ...('default' in schema ? { default: schema.default } : {}),
    ...(choices ? { choices } : {}),
    aliases: schema.aliases ?? [],
    description: describe(schema, freeForm),
    ...(inner
      ? { options: Object.entries(inner).map(([key, value]) => parameter(key, value, needed.has(key), false)) }
      : {}),
  }
}

/** Rules over several parameters, as sentences. */
const rulesOf = ({ exclusive = [], oneOf = [], together = [] }: ArgsSchema): string[] => [
  ...oneOf.map(names => `At least one of ${names.join(', ')} is needed.`),
  ...exclusive.map(names => `Of ${names.join(', ')} only one may be given.`),
  ...together.map(([first, ...others]) => `${first} needs ${others.join(', ')} as well.`),
]

/** Makes the reference; without a `doc`, with what the schema tells. */
export function referenceOf(of: Documented, doc?: ModuleDoc): Reference {
  const { properties, required = [], freeForm, additionalProperties } = of.args
  // What the engine gives a module is given by nobody else.
  const given = Object.entries(properties).filter(([, schema]) => !isMade(schema))
  return {
    name: of.name,
    fullName: `${of.collection}.${of.name}`,
    summary: of.summary,
    runsOn: of.local ? 'controller' : 'host',
    background: !(of.attended || of.local),
    parameters: given
      .filter(([, schema]) => schema.refused === undefined)
      .map(([name, schema]) => parameter(name, schema, required.includes(name), freeForm === name)),
    ...(freeForm === undefined ? {} : { freeForm }),
    anyName: additionalProperties !== false,
    rules: rulesOf(of.args),
    refused: given.flatMap(([name, { refused, aliases = [] }]) =>
      refused === undefined ? [] : [{ name, aliases, why: refused }],
    ),
    examples: doc?.examples.trim() ?? '',
    ...(doc?.needs === undefined ? {} : { needs: doc.needs }),
    returns: Object.entries(doc?.returns ?? {}).map(([name, field]) => ({ name, ...field })),
    ...(doc?.otherReturns === undefined ? {} : { otherReturns: doc.otherReturns }),
    differences: doc?.differences ?? [],
  }
}
