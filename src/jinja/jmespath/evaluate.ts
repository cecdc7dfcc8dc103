import type { Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import type { Nesting } from '../python/callable.ts'
import { compare, equals } from '../python/compare.ts'
import { sliceIndices } from '../python/iterate.ts'
import { numeric } from '../python/numbers.ts'
import type { Comparator, Node } from './ast.ts'
import { type Argument, callFunction } from './functions.ts'
import { isTrue, listOf } from './values.ts'

/** The value of an expression for data; null where the data has no such part. */
export function search(node: Node, data: Value, run: Nesting): Value {
  run.enter()
  const value = found(node, data, run)
  run.leave()
  return value
}

function found(node: Node, data: Value, run: Nesting): Value {
  switch (node.kind) {
    case 'current':
      return data
    case 'literal':
      return node.value
    case 'field':
      return data instanceof Map ? (data.get(node.name) ?? null) : null
    case 'index':
      return listOf(data)?.at(node.index) ?? null
    case 'slice':
      return sliced(data, node.parts)
    case 'sub':
      return search(node.right, search(node.left, data, run), run)
    case 'projection':
      return projected(node, data, run)
    case 'filter': {
      const list = listOf(search(node.left, data, run))
      return list
        ? mapped(
            list.filter(item => isTrue(search(node.test, item, run))),
            node.right,
            run,
          )
        : null
    }
    case 'flatten': {
      const list = listOf(search(node.left, data, run))
      return list ? list.flatMap(item => [...(listOf(item) ?? [item])]) : null
    }
    case 'list':
      return data === null ? null : node.items.map(item => search(item, data, run))
    case 'hash':
      return data === null ? null : new Map(node.entries.map(([key, value]) => [key, search(value, data, run)]))
    case 'and': {
      const left = search(node.left, data, run)
      return isTrue(left) ? search(node.right, data, run) : left
    }
    case 'or': {
      const left = search(node.left, data, run)
      return isTrue(left) ? left : search(node.right, data, run)
    }
    case 'not':
      return !isTrue(search(node.operand, data, run))
    case 'compare':
      return compared(node.operator, search(node.left, data, run), search(node.right, data, run))
    case 'call':
      return callFunction(
        node.name,
        node.args.map(argument => argumentOf(argument, data, run)),
        run,
      )
    case 'reference':
      throw failure('json_query: &expression may only be the argument of a function')
  }
}

const argumentOf = (node: Node, data: Value, run: Nesting): Argument =>
  node.kind === 'reference'
    ? { value: null, apply: item => search(node.expression, item, run) }
    : { value: search(node, data, run) }

function sliced(data: Value, [start = null, stop = null, step = null]: readonly (number | null)[]): Value {
  const list = listOf(data)
  return list ? sliceIndices({ start, stop, step }, list.length).map(index => list[index] ?? null) : null
}

function projected(node: Extract<Node, { kind: 'projection' }>, data: Value, run: Nesting): Value {
  const left = search(node.left, data, run)
  const list = node.over === 'list' ? listOf(left) : left instanceof Map ? [...left.values()] : undefined
  return list ? mapped(list, node.right, run) : null
}

/** What an expression gives for each item, without nulls. */
const mapped = (list: readonly Value[], right: Node, run: Nesting): Value[] =>
  list.map(item => search(right, item, run)).filter(item => item !== null)

/** Equality tells numbers and booleans apart; only numbers (and texts) have an order. */
function compared(operator: Comparator, left: Value, right: Value): Value {
  if (operator === '==') return same(left, right)
  if (operator === '!=') return !same(left, right)
  const ordered =
    (typeof left === 'string' && typeof right === 'string') ||
    (typeof left !== 'boolean' &&
      typeof right !== 'boolean' &&
      [left, right].every(side => numeric(side) !== undefined))
  if (!ordered) return null
  const sign = compare(left, right)
  if (operator === '<') return sign < 0
  if (operator === '<=') return sign <= 0
  return operator === '>' ? sign > 0 : sign >= 0
}

const same = (left: Value, right: Value): boolean =>
  (typeof left === 'boolean') === (typeof right === 'boolean') && equals(left, right)
