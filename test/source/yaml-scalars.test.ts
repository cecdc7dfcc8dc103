import { readFileSync } from 'node:fs'
import { equal, ok } from 'uvu/assert'
import { Float, type Value } from '../../src/base/value.ts'
import { toValue } from '../../src/source/node.ts'
import { parseYaml } from '../../src/source/yaml.ts'
import { suite } from '../support/suite.ts'

const test = suite('source/yaml: scalars as PyYAML reads them')

interface Row {
  readonly source: string
  readonly value?: unknown
  readonly error?: string
}

const rows: readonly Row[] = JSON.parse(readFileSync(new URL('./yaml-scalars.json', import.meta.url), 'utf8'))

/** The encoding of yaml-scalars.py. Python prints some floats in other forms; both are compared by what they read as. */
function encode(value: Value): unknown {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value))) return { int: String(value) }
  if (typeof value === 'number') return { float: value }
  if (value instanceof Float) return { float: value.value }
  if (Array.isArray(value)) return { list: value.map(encode) }
  if (value instanceof Map) return { dict: [...value].map(([key, item]) => [encode(key), encode(item)]) }
  return { other: typeof value }
}

const decode = (answer: unknown): unknown =>
  JSON.parse(JSON.stringify(answer), (key, value) =>
    key === 'float' && typeof value === 'string' ? Number(value.replace(/inf/, 'Infinity')) : value,
  )

ok(rows.length > 150)
for (const row of rows)
  test(JSON.stringify(row.source), () => {
    const { node, faults } = parseYaml(row.source, 'x.yml')
    if (row.error) return ok(faults.some(fault => fault.severity === 'error'))
    equal(faults, [])
    const value = node && toValue(node)
    ok(value instanceof Map)
    equal(encode(value.get('k') ?? null), decode(row.value))
  })

test.run()
