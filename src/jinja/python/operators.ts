import { Unsafe, type Value } from '../../base/value.ts'
import type { BinaryOperator, Comparison } from '../ast.ts'
import { failure } from '../errors.ts'
import { LONGEST_TEXT } from '../limits.ts'
import type { Runtime } from './callable.ts'
import { compare, equals, Ordered } from './compare.ts'
import { contains } from './iterate.ts'
import {
  add,
  divide,
  floorDivide,
  isInt,
  modulo,
  multiply,
  type Num,
  negate,
  numeric,
  power,
  subtract,
} from './numbers.ts'
import { Tuple, Undefined } from './objects.ts'
import { percentFormat } from './percent-format.ts'
import { typeName } from './text.ts'

const NUMERIC: Readonly<Record<BinaryOperator, (left: Num, right: Num) => Value>> = {
  '+': add,
  '-': subtract,
  '*': multiply,
  '/': divide,
  '//': floorDivide,
  '%': modulo,
  '**': power,
}

const plain = (value: Value): Value => (value instanceof Unsafe ? value.text : value)

function refused(operator: string, left: Value, right: Value): Error {
  const sign = operator === '**' ? '** or pow()' : operator
  return failure(`unsupported operand type(s) for ${sign}: '${typeName(left)}' and '${typeName(right)}'`)
}

/** An object that takes part in arithmetic (times and durations). */
export abstract class Reckoning extends Ordered {
  /** The result, or undefined when the operator does not fit. */
  abstract reckon(operator: BinaryOperator, other: Value): Value | undefined
}

/** Refuses a text longer than any output may be. */
export function sized(text: string): string {
  if (text.length > LONGEST_TEXT) throw failure(`a text grows over ${LONGEST_TEXT / 1024 / 1024} MiB`, 'template-limit')
  return text
}

/** Repeats a str, list or tuple; undefined when neither side is one. */
function repeated(left: Value, right: Value, run: Runtime): Value | undefined {
  const [what, times] = isInt(left) || typeof left === 'boolean' ? [right, left] : [left, right]
  if (!isInt(times) && typeof times !== 'boolean') return undefined
  const count = Math.max(0, Number(times))
  if (typeof what === 'string') {
    if (what.length * count > LONGEST_TEXT)
      throw failure(`a text grows over ${LONGEST_TEXT / 1024 / 1024} MiB`, 'template-limit')
    return what.repeat(count)
  }
  const items = Array.isArray(what) ? what : what instanceof Tuple ? what.items : undefined
  if (!items) return undefined
  run.charge(items.length * count)
  const out = items.length === 0 ? [] : Array.from({ length: count }, () => items).flat()
  return Array.isArray(what) ? out : new Tuple(out)
}

/** `left operator right`, as Python computes it. */
export function binary(operator: BinaryOperator, leftValue: Value, rightValue: Value, run: Runtime): Value {
  const [left, right] = [plain(leftValue), plain(rightValue)]
  const [a, b] = [numeric(left), numeric(right)]
  if (a !== undefined && b !== undefined) return NUMERIC[operator](a, b)
  // What is formatted is asked for part by part: a format without parts needs nothing
  if (operator === '%' && typeof left === 'string') return sized(percentFormat(left, right))
  for (const side of [left, right]) if (side instanceof Undefined) throw side.error()
  if (operator === '+') {
    if (typeof left === 'string') {
      if (typeof right !== 'string') throw failure(`can only concatenate str (not "${typeName(right)}") to str`)
      return sized(left + right)
    }
    if (Array.isArray(left) && Array.isArray(right)) {
      run.charge(left.length + right.length)
      return [...left, ...right]
    }
    if (left instanceof Tuple && right instanceof Tuple) {
      run.charge(left.items.length + right.items.length)
      return new Tuple([...left.items, ...right.items])
    }
  }
  if (operator === '*') {
    const result = repeated(left, right, run)
    if (result !== undefined) return result
  }
  const result = left instanceof Reckoning ? left.reckon(operator, right) : undefined
  if (result === undefined) throw refused(operator, left, right)
  return result
}

export function unary(kind: 'negative' | 'positive', value: Value): Value {
  const number = numeric(value)
  if (number !== undefined) return kind === 'negative' ? negate(number) : number
  if (value instanceof Undefined) throw value.error()
  throw failure(`bad operand type for unary ${kind === 'negative' ? '-' : '+'}: '${typeName(value)}'`)
}

/** One link of a chain of comparisons. */
export function compares(operator: Comparison, left: Value, right: Value): boolean {
  switch (operator) {
    case '==':
      return equals(left, right)
    case '!=':
      return !equals(left, right)
    case 'in':
      return contains(right, left)
    case 'not in':
      return !contains(right, left)
    case '<':
      return compare(left, right, operator) < 0
    case '<=':
      return compare(left, right, operator) <= 0
    case '>':
      return compare(left, right, operator) > 0
    default:
      return compare(left, right, operator) >= 0
  }
}
