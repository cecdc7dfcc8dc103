import type { Diagnostic } from '../base/diagnostic.ts'
import { didYouMean } from '../base/nearest.ts'
import type { Span } from '../base/span.ts'
import { type Dict, Float, type Value, Vaulted } from '../base/value.ts'
import type { Mapping, Node } from '../source/node.ts'
import { coerce, Mismatch, UNRENDERED } from './coerce.ts'
import { type ArgsSchema, isMade, type PropertySchema } from './schema.ts'

/** Where an argument was written, or an item of it; without a name, where the task was. */
export type Places = (name?: string, index?: number) => Span | undefined

export interface Resolved {
  /** Plain JSON data of the type that the schema means; incomplete when there are faults. */
  readonly args: Readonly<Record<string, unknown>>
  readonly faults: readonly Diagnostic[]
}

/**
 * Rendered arguments as the module gets them: aliases resolved, values turned into their types by Ansible's rules, defaults
 * filled in, secrets hidden, and everything checked. What the engine serves itself is left to it: values marked
 * `expression` come through unchanged, `renders` and `delegation` properties are not given, `controller` paths are not looked up.
 */
export function resolveArgs(schema: ArgsSchema, given: Dict, places: Places): Resolved {
  const faults: Diagnostic[] = []
  const found = named(schema, given, places, faults)
  const args: [string, unknown][] = []
  for (const [name, { value, written }] of found) {
    const property = propertyOf(schema, name)
    if (!property) continue
    try {
      args.push([name, coerce(property, value, name)])
    } catch (error) {
      if (!(error instanceof Mismatch)) throw error
      const joint = /^[[.]/.test(error.message) ? '' : ' '
      const remedy = error.remedy ?? property.description
      faults.push(
        fault(
          'argument-value',
          `the argument '${written}'${joint}${error.message}`,
          places(written, error.index),
          remedy,
        ),
      )
    }
  }
  checkTogether(schema, found, places, faults)
  for (const [name, property] of Object.entries(schema.properties))
    if (property.default !== undefined && !found.has(name)) args.push([name, property.default])
  return { args: Object.fromEntries(args), faults }
}

/**
 * The faults in a task's arguments that can be seen before any host is known. A value that holds a template may become
 * anything; what it may stand beside is checked all the same.
 */
export function checkArgsStatic(schema: ArgsSchema, args: Mapping, freeForm: Node | undefined): Diagnostic[] {
  const given: Dict = new Map()
  const spans = new Map<string, Span>()
  const faults: Diagnostic[] = []
  const dynamic = args.entries.some(entry => entry.key.text === '_variable_params')
  for (const { key, value } of args.entries) {
    if (key.text === '_variable_params') continue
    given.set(key.text, staticValue(value))
    const name = canonical(schema, key.text)
    const unsaid = name === undefined || (value.kind === 'scalar' && value.value === null)
    spans.set(key.text, unsaid ? key.span : value.span)
    const property = propertyOf(schema, name ?? key.text)
    if (property) faults.push(...lookalikes(key.text, value, property))
  }
  if (freeForm && schema.freeForm !== undefined) {
    given.set(schema.freeForm, staticValue(freeForm))
    spans.set(schema.freeForm, freeForm.span)
  }
  const itemOf = (name: string, index: number): Span | undefined => {
    const node = args.entries.find(({ key }) => key.text === name)?.value
    return node?.kind === 'sequence' ? node.items[index]?.span : undefined
  }
  const placeOf: Places = (name, index) =>
    name === undefined
      ? args.span
      : ((index === undefined ? undefined : itemOf(name, index)) ?? spans.get(name) ?? args.span)
  const resolved = resolveArgs(schema, given, placeOf)
  const doubted = new Set(faults.filter(({ severity }) => severity === 'error').map(({ span }) => span))
  return [
    ...faults,
    ...resolved.faults.filter(found => !doubted.has(found.span) && !(dynamic && found.code === 'argument-missing')),
  ]
}

interface Argument {
  readonly value: Value
  readonly written: string
}

/** The given arguments by their real names. Nothing given for a typed parameter is the same as not giving it. */
function named(schema: ArgsSchema, given: Dict, places: Places, faults: Diagnostic[]): Map<string, Argument> {
  const found = new Map<string, Argument>()
  for (const [key, value] of given) {
    const written = String(key)
    const name = canonical(schema, written)
    if (name === undefined) {
      const known = namesOf(schema)
      const what =
        schema.title === undefined ? `unknown argument '${written}'` : `Invalid options for ${schema.title}: ${written}`
      const message = `${what}${didYouMean(written, known)}`
      faults.push(fault('argument-unknown', message, places(written), `known: ${known.join(', ')}`))
      continue
    }
    const property = propertyOf(schema, name)
    // A template may yet be omitted.
    if (property?.refused !== undefined && value === UNRENDERED) continue
    if (property?.refused !== undefined && value !== null) {
      faults.push(
        fault(
          'argument-refused',
          `the argument '${written}' is not supported: ${property.refused}`,
          places(written),
          'remove it',
        ),
      )
      continue
    }
    if (value === null && property?.type !== undefined) continue
    const other = found.get(name)
    if (other && other.written !== written)
      faults.push(
        fault(
          'argument-twice',
          `'${other.written}' and '${written}' are the same argument`,
          places(written),
          'give one of them',
        ),
      )
    found.set(name, { value, written })
  }
  return found
}

function checkTogether(
  schema: ArgsSchema,
  found: ReadonlyMap<string, Argument>,
  places: Places,
  faults: Diagnostic[],
): void {
  const missing = (message: string, remedy: string): void =>
    void faults.push(fault('argument-missing', message, places(), remedy))
  const shown = (names: readonly string[]): string => names.map(label).join(', ')
  const lacking = (schema.required ?? []).filter(name => !found.has(name)).sort()
  if (lacking.length > 0)
    missing(
      `missing required arguments: ${lacking.map(label).join(', ')}`,
      lacking.map(name => `${label(name)}: ${schema.properties[name]?.description ?? 'give it'}`).join('\n'),
    )
  for (const names of schema.oneOf ?? [])
    if (!names.some(name => found.has(name)))
      missing(`one of the following is required: ${shown(names)}`, 'give one of them')
  for (const [first = '', ...others] of schema.together ?? []) {
    const absent = found.has(first) ? others.filter(name => !found.has(name)) : []
    if (absent.length > 0)
      missing(`parameters are required together: ${shown([first, ...others])}`, `give ${shown(absent)} too`)
  }
  for (const names of schema.exclusive ?? []) {
    const both = names.filter(name => found.has(name) && found.get(name)?.value !== UNRENDERED)
    const last = found.get(both.at(-1) ?? '')
    if (both.length > 1)
      faults.push(
        fault(
          'argument-exclusive',
          `parameters are mutually exclusive: ${both.map(label).join('|')}`,
          places(last?.written),
          'give one of them',
        ),
      )
  }
}

const label = (name: string): string => (name === '_raw_params' ? 'free form' : name)

/** A fault, with a remedy that is never empty. */
const fault = (code: string, message: string, span: Span | undefined, remedy?: string): Diagnostic => ({
  code,
  severity: 'error',
  message,
  ...(span === undefined ? {} : { span }),
  ...(remedy === undefined ? {} : { remedy }),
})

const propertyOf = (schema: ArgsSchema, name: string): PropertySchema | undefined =>
  Object.hasOwn(schema.properties, name)
    ? schema.properties[name]
    : schema.additionalProperties === false
      ? undefined
      : schema.additionalProperties

/** Real name by name or alias, made once per schema. */
const tables = new WeakMap<ArgsSchema, ReadonlyMap<string, string>>()

function tableOf(schema: ArgsSchema): ReadonlyMap<string, string> {
  const known = tables.get(schema)
  if (known) return known
  const table = new Map<string, string>()
  const given = Object.entries(schema.properties).filter(([, property]) => !isMade(property))
  for (const [name, { aliases = [] }] of given) for (const alias of aliases) table.set(alias, name)
  for (const [name] of given) table.set(name, name)
  tables.set(schema, table)
  return table
}

/** The real name of a parameter; undefined when the module has none of that name. */
export const canonical = (schema: ArgsSchema, name: string): string | undefined =>
  tableOf(schema).get(name) ?? (schema.additionalProperties === false ? undefined : name)

const namesOf = (schema: ArgsSchema): string[] =>
  [...tableOf(schema).keys()]
    .filter(name => !name.startsWith('_') && schema.properties[name]?.refused === undefined)
    .sort()

/** Whether text holds something for Jinja. */
export const isTemplated = (text: string): boolean => /\{[{%#]/.test(text)

/** A node as a value in which everything that is not known yet is `UNRENDERED`. */
function staticValue(node: Node): Value {
  if (node.kind === 'sequence') return node.items.map(staticValue)
  if (node.kind === 'mapping') return new Map(node.entries.map(({ key, value }) => [key.value, staticValue(value)]))
  if (node.value instanceof Vaulted) return UNRENDERED
  return typeof node.value === 'string' && isTemplated(node.value) ? UNRENDERED : node.value
}

/** Numbers that do not mean what they look like: `mode: 644`, `version: 2.10`. */
function lookalikes(name: string, node: Node, property: PropertySchema): Diagnostic[] {
  if (node.kind !== 'scalar' || !node.plain || property.type !== 'string' || property.expression) return []
  const { value, text, span } = node
  if (/(?:^|_)mode$/.test(name) && typeof value === 'number' && value !== 0 && !/^0[0-7]/.test(text))
    return [
      fault(
        'argument-mode',
        `the mode ${text} is a decimal number, which in octal is ${value.toString(8)}`,
        span,
        `write it as text: ${name}: "0${text}"`,
      ),
    ]
  const printed = value instanceof Float ? undefined : String(value)
  if (
    (typeof value === 'number' || value instanceof Float) &&
    !/mode$/.test(name) &&
    text !== printed &&
    /\./.test(text) &&
    /0$/.test(text)
  )
    return [
      {
        code: 'argument-number',
        severity: 'warning',
        message: `'${name}: ${text}' is a number and becomes the text ${value instanceof Float ? `${value.value}.0` : printed}`,
        span,
        remedy: `quote it: ${name}: "${text}"`,
      },
    ]
  return []
}
