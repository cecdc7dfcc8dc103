import type { Value } from '../../base/value.ts'
import { float, Unsafe } from '../../base/value.ts'
import { failure, TemplateError } from '../errors.ts'
import { prettyText } from '../formats/pretty.ts'
import { flagArgument, integerArgument, optionalText, soft } from '../python/arguments.ts'
import { getAttribute, getItem } from '../python/attributes.ts'
import { type Filters, native, type Runtime } from '../python/callable.ts'
import { equals } from '../python/compare.ts'
import { items } from '../python/iterate.ts'
import {
  finiteDouble,
  intOf,
  isFloat,
  numeric,
  parseFloatText,
  parseInteger,
  roundInt,
  roundTo,
  toDouble,
} from '../python/numbers.ts'
import { Undefined } from '../python/objects.ts'
import { sized, unary } from '../python/operators.ts'
import { toText, truthy, typeName } from '../python/text.ts'

const TRUE: ReadonlySet<string> = new Set(['yes', 'on', '1', 'true'])

/** Ansible's `bool`: words and numbers that mean true; everything else is false. */
export function toBool(value: Value): Value {
  if (typeof value === 'boolean') return value
  const plain = value instanceof Unsafe ? value.text : value
  if (typeof plain === 'string') return TRUE.has(plain.toLowerCase())
  return equals(plain, 1)
}

/** Jinja2's `int`: what cannot be read becomes the default. */
function toInt(value: Value, fallback: Value, base: number): Value {
  const text = typeof value === 'string' ? value : value instanceof Unsafe ? value.text : undefined
  if (text !== undefined) {
    const whole = parseInteger(text, base)
    if (whole !== undefined) return whole
    const real = parseFloatText(text)
    return real === undefined || !Number.isFinite(real) ? fallback : intOf(Math.trunc(real))
  }
  const number = numeric(value)
  if (value instanceof Undefined) throw value.error()
  if (number === undefined) return fallback
  if (!isFloat(number)) return number
  const double = toDouble(number)
  return Number.isFinite(double) ? intOf(Math.trunc(double)) : fallback
}

function toFloat(value: Value, fallback: Value): Value {
  const number = numeric(value)
  if (number !== undefined) return float(finiteDouble(number))
  const real = typeof value === 'string' || value instanceof Unsafe ? parseFloatText(soft(value)) : undefined
  return real === undefined ? fallback : float(real)
}

function round(value: Value, precision: number, method: string): Value {
  if (value instanceof Undefined) throw value.error()
  const number = numeric(value)
  if (number === undefined) throw failure(`type ${typeName(value)} doesn't define __round__ method`)
  if (method === 'common') {
    if (!isFloat(number) && precision >= 0) return number
    return isFloat(number)
      ? float(roundTo(toDouble(number), precision))
      : roundInt(number as number | bigint, -precision)
  }
  if (method !== 'ceil' && method !== 'floor') throw failure('method must be common, ceil or floor')
  const scale = 10 ** precision
  const whole = method === 'ceil' ? Math.ceil(toDouble(number) * scale) : Math.floor(toDouble(number) * scale)
  // Python's ceil and floor give ints, which know no -0
  return float((whole + 0) / scale)
}

/** True for what `default(x, true)` replaces. */
const falsy = (value: Value): boolean => !truthy(value)

const fallback = native(
  "default_value='', boolean=False",
  (value, args) => {
    const missing = value instanceof Undefined || (truthy(args.value('boolean')) && falsy(value))
    return missing ? args.value('default_value') : value
  },
  { lenient: true },
)

const PYTHON_TYPES: Readonly<Record<string, string>> = { Undefined: 'AnsibleUndefined' }

function ternary(value: Value, yes: Value, no: Value, nothing: Value): Value {
  if (value === null && nothing !== null) return nothing
  return truthy(value) ? yes : no
}

/** Takes `container[key]`, then further keys of what that is. */
function extract(key: Value, container: Value, more: Value, run: Runtime): Value {
  const keys = more === null ? [key] : [key, ...(typeof more === 'string' || !isList(more) ? [more] : items(more, run))]
  return keys.reduce<Value>((value, each) => getItem(value, each), container)
}

const isList = (value: Value): boolean => Array.isArray(value) || typeName(value) === 'tuple'

const UNITS = ['Bytes', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB', 'ZB', 'YB']
const BINARY_UNITS = ['Bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB', 'ZiB', 'YiB']

function fileSize(value: Value, binary: boolean): string {
  const real = numeric(toFloat(value, null))
  if (real === undefined) throw failure(`filesizeformat() wants a number, not ${typeName(value)}`)
  const bytes = toDouble(real)
  const base = binary ? 1024 : 1000
  const units = binary ? BINARY_UNITS : UNITS
  if (bytes === 1) return '1 Byte'
  if (bytes < base) return `${BigInt(Math.trunc(bytes))} Bytes`
  for (let index = 1; index < units.length; index++) {
    const unit = base ** (index + 1)
    if (bytes < unit || index === units.length - 1) return `${((base * bytes) / unit).toFixed(1)} ${units[index]}`
  }
  return ''
}

/** Values as such: defaults, numbers, truth, types. */
export const VALUE_FILTERS: Filters = {
  default: fallback,
  d: fallback,
  bool: native('', value => toBool(value)),
  int: native('default=0, base=10', (value, args) =>
    toInt(value, args.value('default'), integerArgument(args, 'base')),
  ),
  float: native('default=?', (value, args) => toFloat(value, args.optional('default') ?? float(0))),
  string: native('', value => toText(value)),
  abs: native('', value => {
    const number = numeric(value)
    if (number === undefined) throw failure(`bad operand type for abs(): '${typeName(value)}'`)
    return toDouble(number) < 0 || Object.is(toDouble(number), -0) ? unary('negative', number) : number
  }),
  round: native("precision=0, method='common'", (value, args) =>
    round(value, integerArgument(args, 'precision'), optionalText(args, 'method') ?? ''),
  ),
  ternary: native('true_val, false_val, none_val=None', (value, args) =>
    ternary(value, args.value('true_val'), args.value('false_val'), args.value('none_val')),
  ),
  mandatory: native(
    'msg=None',
    (value, args) => {
      if (!(value instanceof Undefined)) return value
      const name = value.variable ?? value.part
      const what = name === undefined ? '' : `'${name}' `
      const message = optionalText(args, 'msg') ?? `Mandatory variable ${what}not defined.`
      throw new TemplateError('undefined-variable', message, { variable: value.variable })
    },
    { lenient: true },
  ),
  type_debug: native('', value => PYTHON_TYPES[typeName(value)] ?? typeName(value), { lenient: true }),
  extract: native('container, morekeys=None', (key, args, run) =>
    extract(key, args.value('container'), args.value('morekeys'), run),
  ),
  attr: native('name', (value, args) => {
    const name = soft(args.value('name'))
    if (name.startsWith('_')) throw failure(`access to attribute '${name}' is not allowed`, 'template-unsafe')
    return getAttribute(value, name)
  }),
  filesizeformat: native('binary=False', (value, args) => fileSize(value, flagArgument(args, 'binary'))),
  pprint: native('verbose=False', (value, _args, run) => sized(prettyText(value, run))),
}
