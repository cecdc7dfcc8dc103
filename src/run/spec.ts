import { type Dict, fromJson, type Value } from '../base/value.ts'
import { toText, truthy, typeName } from '../jinja/python/text.ts'
import { coerce, Mismatch } from '../kit/coerce.ts'
import type { PropertySchema } from '../kit/schema.ts'

/** What an argument spec says of one option. */
type Option = Dict

const TYPES: Readonly<Record<string, PropertySchema['type']>> = {
  str: 'string',
  path: 'string',
  int: 'integer',
  float: 'number',
  bool: 'boolean',
  list: 'array',
  dict: 'object',
}

/** Types whose values are text in a form of its own. */
const FORMS: Readonly<Record<string, RegExp>> = {
  bytes: /^\s*\d+(?:\.\d+)?\s*(?:[KMGTPEZY]?(?:B|bytes?)?)\s*$/i,
  bits: /^\s*\d+(?:\.\d+)?\s*(?:[KMGTPEZY]?b(?:its?)?)?\s*$/i,
}

/**
 * Judges values by an argument spec as roles carry it. Every fault is told, in the order of the spec.
 * @param path the options above, for specs within specs
 */
export function faultsBySpec(spec: Dict, given: Dict, path: readonly string[] = []): string[] {
  const values = byRealNames(spec, given)
  const faults: string[] = []
  const where = path.length > 0 ? ` found in ${path.join(' -> ')}` : ''
  const missing = [...spec]
    .filter(([name, option]) => says(option, 'required') && !values.has(name))
    .map(([name]) => text(name))
  if (missing.length > 0) faults.push(`missing required arguments: ${missing.sort().join(', ')}${where}`)
  for (const [name, option] of spec) {
    const value = values.get(name)
    if (value !== undefined && option instanceof Map && (value !== null || mustBe(option)))
      faults.push(...faultsOf(text(name), option, value, path))
  }
  return [...faults, ...unknownNames(spec, given, path)]
}

/** None is as if nothing were given, unless the option must have a value or has one of its own. */
const mustBe = (option: Option): boolean => says(option, 'required') || (option.get('default') ?? null) !== null

function unknownNames(spec: Dict, given: Dict, path: readonly string[]): string[] {
  const known = [...spec].flatMap(([name, option]) => [text(name), ...namesIn(option, 'aliases')])
  const unknown = [...given.keys()].map(text).filter(name => !known.includes(name))
  if (unknown.length === 0) return []
  return [
    `${[...path, unknown.sort().join(', ')].join('.')}. Supported parameters include: ${known.sort().join(', ')}.`,
  ]
}

/** The given values by the names of their options, defaults filled in. */
function byRealNames(spec: Dict, given: Dict): Dict {
  const values: Dict = new Map(given)
  for (const [name, option] of spec) {
    for (const alias of namesIn(option, 'aliases'))
      if (given.has(alias) && !values.has(name)) values.set(name, given.get(alias) ?? null)
    const usual = option instanceof Map ? option.get('default') : undefined
    if (usual !== undefined && !values.has(name)) values.set(name, usual)
  }
  return values
}

function faultsOf(name: string, option: Option, given: Value, path: readonly string[]): string[] {
  const type = text(option.get('type') ?? 'str')
  const typed = typedAs(type, given, name)
  const where = path.length > 0 ? ` found in '${path.join(' -> ')}'.` : ''
  if ('fault' in typed) return [`argument '${name}' is of type ${typeName(given)}${where} and ${typed.fault}`]
  const { value } = typed
  const elements = option.get('elements')
  const items = Array.isArray(value) && elements ? value.flatMap(item => elementFaults(item, text(elements), name)) : []
  return [...items, ...choiceFaults(name, option, value), ...insideFaults(name, option, value, path)]
}

function elementFaults(item: Value, type: string, name: string): string[] {
  const typed = typedAs(type, item, name)
  return 'fault' in typed ? [`Elements value for option '${name}' is of type ${typeName(item)} and ${typed.fault}`] : []
}

/** A value as the type that a spec names. */
function typedAs(type: string, value: Value, name: string): { value: Value } | { fault: string } {
  if (type === 'raw' || type === 'any') return { value }
  const form = FORMS[type]
  const unable = { fault: `we were unable to convert to ${type}: ${reason(type, value)}` }
  if (form) return form.test(text(value)) ? { value } : unable
  if (type === 'json' || type === 'jsonarg') return { value }
  if (!Object.hasOwn(TYPES, type)) return { fault: `its spec asks for the unknown type '${type}'` }
  // Ansible makes a string of anything: lists and mappings too, which roles rely on that write no type.
  if (TYPES[type] === 'string') return { value: value === null ? 'None' : text(value) }
  if (value === null) return unable
  try {
    const schema: PropertySchema = TYPES[type] === undefined ? {} : { type: TYPES[type] }
    return { value: fromJson(coerce(schema, value, name)) }
  } catch (error) {
    if (error instanceof Mismatch) return unable
    throw error
  }
}

const WANTED: Readonly<Record<string, string>> = {
  ...{ int: 'an int', float: 'a float', bool: 'a bool', list: 'a list', dict: 'a dict' },
  ...{ bytes: 'a Byte value', bits: 'a Bit value' },
}

/** Why a value is not of a type, in the words that playbooks look for. */
function reason(type: string, value: Value): string {
  const words = typeof value === 'string'
  if (type === 'dict' && words) return 'dictionary requested, could not parse JSON or key=value'
  if (type === 'bool' && words) return `The value '${value}' is not a valid boolean.`
  const what = type === 'int' ? `"${text(value)}"` : `<class '${typeName(value)}'>`
  return `${what} cannot be converted to ${WANTED[type] ?? `a ${type}`}`
}

function choiceFaults(name: string, option: Option, value: Value): string[] {
  const choices = option.get('choices')
  if (!Array.isArray(choices)) return []
  const words = choices.map(text)
  const odd = (Array.isArray(value) ? value : [value]).map(text).filter(word => !words.includes(word))
  if (odd.length === 0) return []
  return Array.isArray(value)
    ? [`value of ${name} must be one or more of: ${words.join(', ')}. Got no match for: ${odd.join(', ')}`]
    : [`value of ${name} must be one of: ${words.join(', ')}, got: ${odd.join(', ')}`]
}

/** The options of a dict, or of every dict of a list. */
function insideFaults(name: string, option: Option, value: Value, path: readonly string[]): string[] {
  const options = option.get('options')
  if (!(options instanceof Map)) return []
  const within = [...path, name]
  return (Array.isArray(value) ? value : [value]).flatMap(each =>
    each instanceof Map
      ? [...togetherFaults(option, byRealNames(options, each), within), ...faultsBySpec(options, each, within)]
      : [],
  )
}

/** What options demand of each other: only options within options have such rules. */
function togetherFaults(option: Option, values: Dict, path: readonly string[]): string[] {
  const where = ` found in ${path.join(' -> ')}`
  const has = (name: string): boolean => (values.get(name) ?? null) !== null
  const faults: string[] = []
  for (const names of groupsIn(option, 'mutually_exclusive'))
    if (names.filter(has).length > 1) faults.push(`parameters are mutually exclusive: ${names.join('|')}${where}`)
  for (const names of groupsIn(option, 'required_together'))
    if (names.some(has) && !names.every(has))
      faults.push(`parameters are required together: ${names.join(', ')}${where}`)
  for (const names of groupsIn(option, 'required_one_of'))
    if (!names.some(has)) faults.push(`one of the following is required: ${names.join(', ')}${where}`)
  for (const rule of listIn(option, 'required_if'))
    faults.push(...requiredIf(rule, values, has).map(fault => fault + where))
  const by = option.get('required_by')
  if (by instanceof Map)
    for (const [name, needed] of by) {
      const lacking = (Array.isArray(needed) ? needed : [needed]).map(text).filter(each => !has(each))
      if (has(text(name)) && lacking.length > 0)
        faults.push(`missing parameter(s) required by '${text(name)}': ${lacking.join(', ')}${where}`)
    }
  return faults
}

/** A rule `[option, value, [options], any of them is enough]`. */
function requiredIf(rule: Value, values: Dict, has: (name: string) => boolean): string[] {
  if (!Array.isArray(rule)) return []
  const [name = null, wanted = null, needed = null, any = null] = rule
  if (!values.has(name) || text(values.get(name) ?? null) !== text(wanted)) return []
  const names = (Array.isArray(needed) ? needed : [needed]).map(text)
  const lacking = names.filter(each => !has(each))
  const enough = truthy(any) ? lacking.length < names.length : lacking.length === 0
  if (enough) return []
  return [
    `${text(name)} is ${text(wanted)} but ${truthy(any) ? 'any' : 'all'} of the following are missing: ${lacking.join(', ')}`,
  ]
}

const text = (value: Value): string => toText(value)

const says = (option: Value, key: string): boolean => option instanceof Map && truthy(option.get(key) ?? false)

const listIn = (option: Value, key: string): readonly Value[] => {
  const value = option instanceof Map ? option.get(key) : undefined
  return Array.isArray(value) ? value : []
}

const namesIn = (option: Value, key: string): string[] => listIn(option, key).map(text)

/** Lists of names, where a single list of names is one of them. */
const groupsIn = (option: Value, key: string): string[][] => {
  const list = listIn(option, key)
  return list.every(item => !Array.isArray(item))
    ? list.length > 0
      ? [list.map(text)]
      : []
    : list.map(item => (Array.isArray(item) ? item.map(text) : [text(item)]))
}
