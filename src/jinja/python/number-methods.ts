import type { Value } from '../../base/value.ts'
import { type Filters, native } from './callable.ts'
import { type Num, numeric, toDouble } from './numbers.ts'

const number = (value: Value): Num => numeric(value) ?? 0

/** Methods of int. */
export const INT_METHODS: Filters = {
  bit_length: native('', self => {
    const own = number(self)
    const value = typeof own === 'bigint' ? own : BigInt(toDouble(own))
    return value === 0n ? 0 : (value < 0n ? -value : value).toString(2).length
  }),
  is_integer: native('', () => true),
}

/** Methods of float. */
export const FLOAT_METHODS: Filters = {
  is_integer: native('', self => Number.isInteger(toDouble(number(self)))),
}
