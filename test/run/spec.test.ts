import * as assert from 'uvu/assert'
import { type Dict, fromJson } from '../../src/base/value.ts'
import { faultsBySpec } from '../../src/run/spec.ts'
import { suite } from '../support/suite.ts'

const test = suite('run: argument specs')
const dictOf = (value: unknown): Dict => fromJson(value) as Dict

/** A spec, what is given, and the faults. */
const ROWS: [spec: unknown, given: unknown, faults: string[]][] = [
  [{ n: { type: 'int', required: true } }, {}, ['missing required arguments: n']],
  [{ n: { type: 'int' } }, { n: null }, []],
  [
    { n: { type: 'int', required: true } },
    { n: null },
    ['argument \'n\' is of type NoneType and we were unable to convert to int: "None" cannot be converted to an int'],
  ],
  [
    { l: { type: 'list', required: true } },
    { l: null },
    [
      "argument 'l' is of type NoneType and we were unable to convert to list: <class 'NoneType'> cannot be converted to a list",
    ],
  ],
  [{ s: { required: true } }, { s: null }, []],
  [{ s: { default: '' }, p: { type: 'path' } }, { s: [{ a: 1 }], p: ['x'] }, []],
  [{ s: { choices: ['a'] } }, { s: ['a'] }, ["value of s must be one of: a, got: ['a']"]],
  [
    { d: { type: 'dict', options: { b: { type: 'bool' } } } },
    { d: { b: 'perhaps' } },
    [
      "argument 'b' is of type str found in 'd'. and we were unable to convert to bool: The value 'perhaps' is not a valid boolean.",
    ],
  ],
  [
    { d: { type: 'dict' } },
    { d: 'x' },
    [
      "argument 'd' is of type str and we were unable to convert to dict: dictionary requested, could not parse JSON or key=value",
    ],
  ],
  [
    { f: { type: 'list', elements: 'float' } },
    { f: [1, 'x'] },
    [
      "Elements value for option 'f' is of type str and we were unable to convert to float: <class 'str'> cannot be converted to a float",
    ],
  ],
  [{ b: { type: 'bytes' } }, { b: '10MB' }, []],
  [{ n: { type: 'int' } }, { n: '5' }, []],
]

for (const [spec, given, faults] of ROWS)
  test(`${JSON.stringify(given)} by ${JSON.stringify(spec)}`, () =>
    assert.equal(faultsBySpec(dictOf(spec), dictOf(given)), faults))

test.run()
