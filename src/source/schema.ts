import AjvModule, { type AnySchemaObject, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import type { Diagnostic } from '../base/diagnostic.ts'
import { didYouMean } from '../base/nearest.ts'
import { toJson } from '../base/value.ts'
import { type Node, toValue } from './node.ts'

/** A CommonJS package: its class stands in `default` or is the module, depending on who loads it. */
const Ajv = 'default' in AjvModule ? (AjvModule.default as unknown as typeof AjvModule.Ajv2020) : AjvModule

let ajv: InstanceType<typeof AjvModule.Ajv2020> | undefined
const compiled = new WeakMap<AnySchemaObject, ValidateFunction>()

/** A schema as a function, made at its first use: making one takes longer than using it a thousand times. */
function validator(schema: AnySchemaObject): ValidateFunction {
  const known = compiled.get(schema)
  if (known) return known
  ajv ??= new Ajv({ allErrors: true, verbose: true, strict: true, strictRequired: false, allowUnionTypes: true })
  const made = ajv.compile(schema)
  compiled.set(schema, made)
  return made
}

/** The faults of a tree by a JSON Schema (2020-12), each at the node that it is about; what follows from another is left out. */
export function checkSchema(schema: AnySchemaObject, node: Node): Diagnostic[] {
  const validate = validator(schema)
  if (validate(toJson(toValue(node)))) return []
  const errors = validate.errors ?? []
  const known = new Set<string>()
  return withoutCascades(errors).flatMap(error => {
    const fault = faultOf(error, node)
    const id = `${fault.span?.line} ${fault.span?.col} ${fault.message}`
    if (known.has(id)) return []
    known.add(id)
    return [fault]
  })
}

/** Errors that only say that another error happened further in. */
const WRAPPERS: ReadonlySet<string> = new Set(['anyOf', 'oneOf', 'allOf', 'if', 'not', '$ref'])

/**
 * Of an object with an unknown key whose nearest known key is plain, `required` is a consequence (the key was misspelled);
 * of alternatives, only the errors deepest in the data tell something.
 */
function withoutCascades(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const misspelled = new Set(
    errors
      .filter(error => error.keyword === 'additionalProperties' && suggestion(error) !== '')
      .map(error => error.instancePath),
  )
  const telling = errors.filter(
    error => !WRAPPERS.has(error.keyword) && !(error.keyword === 'required' && misspelled.has(error.instancePath)),
  )
  const alternatives = errors.filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf')
  const kept = telling.filter(error => {
    const choice = alternatives.find(({ schemaPath }) => error.schemaPath.startsWith(`${schemaPath}/`))
    if (!choice) return true
    const depth = Math.max(
      ...telling.filter(({ schemaPath }) => schemaPath.startsWith(`${choice.schemaPath}/`)).map(depthOf),
    )
    return depthOf(error) === depth
  })
  return kept.length > 0 ? kept : errors
}

/** How far in the data an error stands; of the same place, another type tells least: a different alternative was meant. */
const depthOf = ({ instancePath, keyword }: ErrorObject): number =>
  2 * instancePath.split('/').length + (keyword === 'type' ? 0 : 1)

/** `; did you mean ...` for an unknown key or a value that is none of the choices. */
function suggestion(error: ErrorObject): string {
  const params: Readonly<Record<string, unknown>> = error.params
  if (error.keyword === 'additionalProperties' || error.keyword === 'unevaluatedProperties') {
    const key = params['additionalProperty'] ?? params['unevaluatedProperty']
    return didYouMean(String(key), Object.keys(error.parentSchema?.['properties'] ?? {}))
  }
  const choices = params['allowedValues']
  return Array.isArray(choices) && typeof error.data === 'string' ? didYouMean(error.data, choices.map(String)) : ''
}

function faultOf(error: ErrorObject, root: Node): Diagnostic {
  const params: Readonly<Record<string, unknown>> = error.params
  const extra = params['additionalProperty'] ?? params['unevaluatedProperty']
  const { span, name } = locate(root, error.instancePath, extra === undefined ? undefined : String(extra))
  const where = name === '' ? 'the document' : `'${name}'`
  const description = error.parentSchema?.['description']
  const fault = (message: string, remedy?: string): Diagnostic => ({
    code: `schema-${error.keyword.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`,
    severity: 'error',
    message,
    span,
    ...(remedy === undefined ? {} : { remedy }),
  })
  if (extra !== undefined) {
    const known = Object.keys(error.parentSchema?.['properties'] ?? {})
    return fault(
      `unknown key '${String(extra)}'${suggestion(error)}`,
      known.length > 0 ? `known: ${known.join(', ')}` : undefined,
    )
  }
  const choices = params['allowedValues']
  if (Array.isArray(choices))
    return fault(`${where} is ${shown(error.data)}${suggestion(error)}`, `use one of: ${choices.join(', ')}`)
  if (error.keyword === 'required') return fault(`${where} lacks '${String(params['missingProperty'])}'`, 'add it')
  if (error.keyword === 'type')
    return fault(`${where} is ${shown(error.data)}, ${String(params['type'])} is expected`, text(description))
  return fault(`${where} ${error.message ?? 'is not right'}`, text(description))
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

const shown = (data: unknown): string => {
  if (Array.isArray(data)) return 'a list'
  if (data !== null && typeof data === 'object') return 'a mapping'
  return typeof data === 'string' ? `'${data.slice(0, 60)}'` : String(data)
}

/** The node that a JSON pointer names, or its key when the key is what is wrong; as near as the tree goes. */
function locate(root: Node, pointer: string, key?: string): { span: Node['span']; name: string } {
  let node = root
  let name = ''
  const steps = pointer
    .split('/')
    .slice(1)
    .map(step => step.replaceAll('~1', '/').replaceAll('~0', '~'))
  for (const step of steps) {
    const next: Node | undefined =
      node.kind === 'sequence'
        ? node.items[Number(step)]
        : node.kind === 'mapping'
          ? node.entries.find(entry => entry.key.text === step)?.value
          : undefined
    if (!next) break
    node = next
    name = /^\d+$/.test(step) ? `${name}[${step}]` : step
  }
  const wrong =
    key !== undefined && node.kind === 'mapping' ? node.entries.find(entry => entry.key.text === key) : undefined
  return { span: wrong?.key.span ?? node.span, name }
}
