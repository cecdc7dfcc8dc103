import { equal } from 'uvu/assert'
import { checkSchema } from '../../src/source/schema.ts'
import { parseYaml } from '../../src/source/yaml.ts'
import { suite } from '../support/suite.ts'

const test = suite('source/schema')

const SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: { type: 'string' },
    state: { enum: ['started', 'stopped'] },
    port: { type: 'integer', minimum: 1 },
    'a/b': { type: 'array', items: { type: 'object', required: ['k'], properties: { k: { type: 'string' } } } },
    either: {
      anyOf: [
        { type: 'string' },
        { type: 'object', additionalProperties: false, properties: { file: { type: 'string' } } },
      ],
    },
  },
}

const ROWS: readonly (readonly [yaml: string, faults: readonly string[]])[] = [
  ['name: x', []],
  ['state: started\n', ["1:1 schema-required the document lacks 'name'"]],
  ['nmae: x', ["1:1 schema-additional-properties unknown key 'nmae'; did you mean 'name'?"]],
  ['name: x\nzzz: 1\n', ["2:1 schema-additional-properties unknown key 'zzz'"]],
  ['name: 5', ["1:7 schema-type 'name' is 5, string is expected"]],
  ['name: x\nstate: startd', ["2:8 schema-enum 'state' is 'startd'; did you mean 'started'?"]],
  ['name: x\nport: 0', ["2:7 schema-minimum 'port' must be >= 1"]],
  ['name: x\na/b:\n- k: v\n- {}\n', ["4:3 schema-required 'a/b[1]' lacks 'k'"]],
  ['name: x\neither: {fiel: y}\n', ["2:10 schema-additional-properties unknown key 'fiel'; did you mean 'file'?"]],
  ['[1]', ['1:1 schema-type the document is a list, object is expected']],
]
for (const [yaml, expected] of ROWS)
  test(JSON.stringify(yaml), () => {
    const { node } = parseYaml(yaml, 'x.yml')
    if (!node) throw new Error('no document')
    equal(
      checkSchema(SCHEMA, node).map(({ code, message, span }) => `${span?.line}:${span?.col} ${code} ${message}`),
      expected,
    )
  })

test.run()
