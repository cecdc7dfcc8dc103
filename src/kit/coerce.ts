import { Secret } from '../base/secret.ts'
import { type Dict, Float, fromJson, Opaque, toJson, Unsafe, type Value, Vaulted } from '../base/value.ts'
import { readJson } from '../jinja/formats/json-read.ts'
import { toText } from '../jinja/python/text.ts'
import type { PropertySchema } from './schema.ts'

/** Stands for a value that only a host can tell: a template that was not rendered. It passes every check. */
export class Unrendered extends Opaque {
  readonly type = 'template'
}
export const UNRENDERED = new Unrendered()

/** What is wrong with a value, said so that it can follow the parameter's name. */
export class Mismatch extends Error {
  readonly remedy: string | undefined
  /** Which item of a list it is about. */
  readonly index: number | undefined
  constructor(message: string, remedy?: string, index?: number) {
    super(message)
    this.remedy = remedy
    this.index = index
  }
}

const TRUE: ReadonlySet<string> = new Set(['y', 'yes', 'on', '1', 'true', 't'])
const FALSE: ReadonlySet<string> = new Set(['n', 'no', 'off', '0', 'false', 'f'])

/**
 * A rendered value as the parameter's type, by Ansible's rules, as plain JSON data. Values of properties marked
 * `expression` are handed through as they are: the engine evaluates them.
 * @param name names the parameter, for labels of secrets and because numbers for a mode are octal
 * @throws Mismatch
 */
export function coerce(schema: PropertySchema, given: Value, name: string): unknown {
  if (given instanceof Unrendered || schema.expression) return given
  const value = given instanceof Unsafe ? given.text : given instanceof Opaque ? fromJson(toJson(given)) : given
  if (value instanceof Vaulted) throw new Mismatch('is still encrypted', 'give the password of this vault')
  if (schema.secret) return new Secret(checkText(schema, asText(schema, value, name)), name)
  switch (schema.type) {
    case 'string':
      return checkText(schema, asText(schema, value, name))
    case 'boolean':
      return asBoolean(value)
    case 'integer':
      return checkNumber(schema, asInteger(value))
    case 'number':
      return checkNumber(schema, asNumber(value))
    case 'array':
      return asList(schema, value, name)
    case 'object':
      return asObject(schema, value, name)
    default:
      return toJson(value)
  }
}

/** A value's kind and, when it is short, the value itself, for messages. */
function shown(value: Value): string {
  if (value instanceof Map) return 'a mapping'
  if (Array.isArray(value)) return 'a list'
  if (value === null) return 'nothing'
  const text = toText(value)
  return text.length > 60 ? `'${text.slice(0, 57)}...'` : `'${text}'`
}

function asText(schema: PropertySchema, value: Value, name: string): string {
  if (typeof value === 'string') return value
  if (value === null) return ''
  if (typeof value === 'boolean' && schema.enum) {
    // a choice that YAML reads as a boolean (`use: no`) is the choice that was written
    const meant = schema.enum.filter(choice => (value ? TRUE : FALSE).has(choice))
    if (meant.length === 1 && meant[0] !== undefined) return meant[0]
  }
  if (Array.isArray(value) || value instanceof Map) throw new Mismatch(`is ${shown(value)} where text is expected`)
  if (typeof value === 'number' && Number.isInteger(value) && /(?:^|_)mode$/.test(name)) return octal(value)
  return toText(value)
}

/** YAML reads 0644 as the number 420; a mode is written in octal. */
function octal(mode: number): string {
  if (mode < 0 || mode > 0o7777) throw new Mismatch(`is the number ${mode}, which is no mode`, 'write it as "0644"')
  return mode.toString(8).padStart(4, '0')
}

function checkText(schema: PropertySchema, text: string): string {
  if (schema.enum && !schema.enum.includes(text))
    throw new Mismatch(`is '${text}'`, `use one of: ${schema.enum.join(', ')}`)
  if (schema.minLength !== undefined && text.length < schema.minLength)
    throw new Mismatch(text === '' ? 'is empty' : `is shorter than ${schema.minLength} characters`)
  if (schema.pattern !== undefined && !patternOf(schema.pattern).test(text))
    throw new Mismatch(
      `is ${schema.secret ? 'not of the right form' : shown(text)}`,
      schema.description ?? `it must match ${schema.pattern}`,
    )
  return text
}

const patterns = new Map<string, RegExp>()
function patternOf(source: string): RegExp {
  const known = patterns.get(source) ?? new RegExp(source, 'u')
  patterns.set(source, known)
  return known
}

/** Ansible's words for true and false, in any case. */
export function asBoolean(value: Value): boolean {
  if (typeof value === 'boolean') return value
  const word = value instanceof Float ? String(value.value) : String(shownScalar(value)).toLowerCase().trim()
  if (TRUE.has(word)) return true
  if (FALSE.has(word)) return false
  throw new Mismatch(`is ${shown(value)} where true or false is expected`)
}

const shownScalar = (value: Value): string => (Array.isArray(value) || value instanceof Map ? '[]' : toText(value))

function asInteger(value: Value): number {
  if (typeof value === 'boolean') return value ? 1 : 0
  const number = numberIn(value)
  if (number === undefined || !Number.isInteger(number))
    throw new Mismatch(`is ${shown(value)} where a whole number is expected`)
  if (!Number.isSafeInteger(number))
    throw new Mismatch(`is ${shown(value)}, which is larger than 2^53`, 'quote it if it is text')
  return number
}

function asNumber(value: Value): number {
  const number = typeof value === 'boolean' ? Number(value) : numberIn(value)
  if (number === undefined || !Number.isFinite(number))
    throw new Mismatch(`is ${shown(value)} where a number is expected`)
  return number
}

function numberIn(value: Value): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof Float) return value.value
  if (typeof value !== 'string') return undefined
  return /^\s*[-+]?(?:\d+(?:_\d+)*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*$/.test(value)
    ? Number(value.replaceAll('_', ''))
    : undefined
}

function checkNumber(schema: PropertySchema, value: number): number {
  if (schema.minimum !== undefined && value < schema.minimum)
    throw new Mismatch(`is ${value}, less than ${schema.minimum}`)
  if (schema.maximum !== undefined && value > schema.maximum)
    throw new Mismatch(`is ${value}, more than ${schema.maximum}`)
  return value
}

/**
 * A list stays; text is split at commas, unless its items are no plain words; any other single value is a list of one. Blanks beside
 * commas are nobody's: Ansible leaves them to the module, of which some (`user`, `dnf`) strip them and the others look for a name with a
 * blank in it, which is not there. A word that has such a blank stands in a list of YAML.
 */
function asList(schema: PropertySchema, value: Value, name: string): unknown[] {
  const { items } = schema
  const words = items === undefined || (!items.expression && items.type !== 'object' && items.type !== 'array')
  const list: readonly Value[] = Array.isArray(value)
    ? value
    : typeof value === 'string' && words
      ? value.split(',').map(word => word.trim())
      : [value]
  if (value instanceof Map && words) throw new Mismatch('is a mapping where a list is expected')
  if (!items) return list.map(plain)
  const coerced = list.map((item, index) => inside(`[${index}]`, () => coerce(items, item, name), index))
  const wrong = schema.judge?.(coerced.map(item => (item === UNRENDERED ? undefined : item)))
  if (wrong) throw new Mismatch(`[${wrong.index}] ${wrong.why}`, wrong.remedy, wrong.index)
  return coerced
}

function asObject(schema: PropertySchema, given: Value, name: string): Record<string, unknown> {
  const value = typeof given === 'string' ? dictIn(given) : given
  if (!(value instanceof Map)) throw new Mismatch(`is ${shown(given)} where a mapping is expected`)
  const out: [string, unknown][] = []
  for (const [key, item] of value) {
    const property = Array.isArray(key) || key instanceof Map ? '' : toText(key)
    const own =
      schema.properties && Object.hasOwn(schema.properties, property) ? schema.properties[property] : undefined
    const rest = schema.additionalProperties
    if (!own && rest === false) throw new Mismatch(`has the unknown key '${property}'`, keysOf(schema))
    const inner = own ?? (typeof rest === 'object' ? rest : undefined)
    if (inner && item === null && inner.type !== undefined) continue
    out.push([property, inner ? inside(`.${property}`, () => coerce(inner, item, own ? property : name)) : plain(item)])
  }
  for (const [key, inner] of Object.entries(schema.properties ?? {}))
    if (inner.default !== undefined && !out.some(([known]) => known === key)) out.push([key, inner.default])
  const missing = schema.required?.find(key => !out.some(([known]) => known === key))
  if (missing !== undefined) throw new Mismatch(`lacks the key '${missing}'`)
  return Object.fromEntries(out)
}

const keysOf = (schema: PropertySchema): string => `known keys: ${Object.keys(schema.properties ?? {}).join(', ')}`

const plain = (value: Value): unknown => (value instanceof Unrendered ? value : toJson(value))

function inside<T>(where: string, work: () => T, index?: number): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof Mismatch)
      throw new Mismatch(`${where} ${error.message}`.replace(/^(\S+) ([[.])/, '$1$2'), error.remedy, index)
    throw error
  }
}

/** A dict written as text: JSON, or `key=value` pairs with commas or blanks between them. */
function dictIn(text: string): Dict | undefined {
  if (text.trimStart().startsWith('{')) {
    try {
      const value = readJson(text)
      return value instanceof Map ? value : undefined
    } catch {
      return undefined
    }
  }
  const out: Dict = new Map()
  for (const pair of pairsIn(text)) {
    const equals = pair.indexOf('=')
    if (equals <= 0) return undefined
    out.set(pair.slice(0, equals), pair.slice(equals + 1))
  }
  return out.size === 0 ? undefined : out
}

/** Text divided at commas and blanks outside quotes; quotes and backslashes go, and what they protect stays. */
function pairsIn(text: string): string[] {
  const out = ['']
  let quote = ''
  let escaped = false
  const add = (char: string): void => void out.push(`${out.pop()}${char}`)
  for (const char of text) {
    if (escaped) add(char)
    else if (quote === '' ? char === '"' || char === "'" : char === quote) quote = quote === '' ? char : ''
    else if (quote === '' && /[\s,]/.test(char)) out.push('')
    else if (char !== '\\') add(char)
    escaped = char === '\\' && !escaped
  }
  return out.filter(pair => pair !== '')
}
