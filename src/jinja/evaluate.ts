import type { Value } from '../base/value.ts'
import type { Arguments, Expr } from './ast.ts'
import { failure } from './errors.ts'
import type { Frame } from './frame.ts'
import { ITEMS_OF_STEP, LONGEST_TEXT } from './limits.ts'
import { isEmbedded } from './parse-lookup.ts'
import { getAttribute, getItem, getSlice } from './python/attributes.ts'
import { Callable, type Given, NOTHING_GIVEN } from './python/callable.ts'
import { put } from './python/compare.ts'
import { items } from './python/iterate.ts'
import { foundOr, Tuple, Undefined } from './python/objects.ts'
import { binary, compares, sized, unary } from './python/operators.ts'
import { repr, toText, truthy, typeName } from './python/text.ts'
import { sealed } from './sealed.ts'

/** The value of an expression. `captured` is what a filter without an input filters. */
export function evaluate(node: Expr, frame: Frame, captured?: Value): Value {
  const { run } = frame
  run.enter()
  const value = compute(node, frame, captured)
  if (typeof value === 'string' && value.length > LONGEST_TEXT) sized(value)
  run.leave()
  return value
}

function compute(node: Expr, frame: Frame, captured: Value | undefined): Value {
  const { run } = frame
  switch (node.kind) {
    case 'constant':
      return run.options.embedded && typeof node.value === 'string' && isEmbedded(node.value)
        ? run.embedded(node.value)
        : node.value
    case 'embedded':
      run.at = node.at
      return run.embedded(node.source)
    case 'name':
      run.at = node.at
      return foundOr(frame.find(node.name), `'${node.name}' is undefined`, node.name)
    case 'list':
      return node.items.map(item => evaluate(item, frame))
    case 'tuple':
      return new Tuple(node.items.map(item => evaluate(item, frame)))
    case 'dict':
      return dictOf(node, frame)
    case 'attribute': {
      const object = evaluate(node.object, frame, captured)
      run.at = node.at
      return getAttribute(object, node.name)
    }
    case 'item':
      return itemOf(node, frame, captured)
    case 'slice':
      throw failure('a slice stands where no slice can be')
    case 'call':
      return callOf(node, frame, captured)
    case 'filter': {
      const input = node.input
        ? (sealed(node.name, node.input, frame) ?? evaluate(node.input, frame, captured))
        : (captured ?? null)
      const given = givenOf(node.args, frame)
      run.at = node.at
      return run.filter(node.name, input, given)
    }
    case 'test': {
      const input = sealed(node.name, node.input, frame) ?? evaluate(node.input, frame, captured)
      const given = givenOf(node.args, frame)
      run.at = node.at
      return run.test(node.name, input, given) !== node.negated
    }
    case 'not':
      return !truth(node.operand, frame)
    case 'negative':
    case 'positive': {
      const operand = evaluate(node.operand, frame)
      run.at = node.at
      return unary(node.kind, operand)
    }
    case 'binary': {
      const left = evaluate(node.left, frame)
      const right = evaluate(node.right, frame)
      run.at = node.at
      return binary(node.operator, left, right, run)
    }
    case 'and': {
      const left = evaluate(node.left, frame)
      run.at = node.left.at
      return truthy(left) ? evaluate(node.right, frame) : left
    }
    case 'or': {
      const left = evaluate(node.left, frame)
      run.at = node.left.at
      return truthy(left) ? left : evaluate(node.right, frame)
    }
    case 'concat': {
      const parts = node.parts.map(part => {
        const value = evaluate(part, frame)
        run.at = part.at
        return toText(value)
      })
      return parts.join('')
    }
    case 'compare':
      return comparisonOf(node, frame)
    case 'conditional':
      if (truth(node.test, frame)) return evaluate(node.then, frame)
      if (node.otherwise) return evaluate(node.otherwise, frame)
      return new Undefined('the inline if-expression evaluated to false and no else section was defined', undefined, {
        lenient: true,
      })
  }
}

/** The truth of an expression; an undefined value is an error at its place. */
export function truth(node: Expr, frame: Frame): boolean {
  const value = evaluate(node, frame)
  if (value instanceof Undefined) frame.run.at = node.at
  return truthy(value)
}

function dictOf(node: Extract<Expr, { kind: 'dict' }>, frame: Frame): Value {
  const map = new Map<Value, Value>()
  for (const pair of node.pairs) {
    const key = evaluate(pair.key, frame)
    frame.run.at = pair.key.at
    put(map, key, evaluate(pair.value, frame))
  }
  return map
}

function itemOf(node: Extract<Expr, { kind: 'item' }>, frame: Frame, captured: Value | undefined): Value {
  const object = evaluate(node.object, frame, captured)
  const { key } = node
  if (key.kind !== 'slice') {
    const index = evaluate(key, frame)
    frame.run.at = node.at
    return getItem(object, index)
  }
  const part = (expr: Expr | null): Value => (expr ? evaluate(expr, frame) : null)
  const slice = { start: part(key.start), stop: part(key.stop), step: part(key.step) }
  frame.run.at = node.at
  const taken = getSlice(object, slice)
  if (Array.isArray(taken)) frame.run.charge(taken.length / ITEMS_OF_STEP)
  return taken
}

function comparisonOf(node: Extract<Expr, { kind: 'compare' }>, frame: Frame): boolean {
  let left = evaluate(node.first, frame)
  for (const { operator, value } of node.rest) {
    const right = evaluate(value, frame)
    frame.run.at = left instanceof Undefined ? node.first.at : right instanceof Undefined ? value.at : node.at
    if (!compares(operator, left, right)) return false
    left = right
  }
  return true
}

function callOf(node: Extract<Expr, { kind: 'call' }>, frame: Frame, captured: Value | undefined): Value {
  const callee = evaluate(node.callee, frame, captured)
  const given = givenOf(node.args, frame)
  frame.run.at = node.at
  return callValue(callee, given, frame)
}

/** Calls a value, or says that it cannot be called. */
export function callValue(callee: Value, given: Given, frame: Frame): Value {
  if (callee instanceof Callable) {
    frame.run.charge(1)
    return callee.call(given, frame.run)
  }
  if (callee instanceof Undefined) throw callee.error()
  throw failure(`'${typeName(callee)}' object is not callable`)
}

/** The arguments of a call, evaluated from left to right. */
export function givenOf(args: Arguments, frame: Frame): Given {
  const { positional, named, rest, namedRest } = args
  if (!rest && !namedRest && named.length === 0) {
    return positional.length === 0
      ? NOTHING_GIVEN
      : { ...NOTHING_GIVEN, positional: positional.map(item => evaluate(item, frame)) }
  }
  const list = positional.map(item => evaluate(item, frame))
  const map = new Map<string, Value>()
  for (const argument of named) map.set(argument.name, evaluate(argument.value, frame))
  if (rest) for (const item of items(evaluate(rest, frame), frame.run)) list.push(item)
  if (namedRest) {
    const more = evaluate(namedRest, frame)
    if (!(more instanceof Map)) throw failure(`argument after ** must be a mapping, not ${typeName(more)}`)
    for (const [key, value] of more.entries()) {
      if (typeof key !== 'string') throw failure('keywords must be strings')
      if (map.has(key)) throw failure(`got multiple values for keyword argument ${repr(key)}`)
      map.set(key, value)
    }
  }
  return { positional: list, named: map }
}
