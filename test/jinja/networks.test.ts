import { readFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { fromJson, jsonLine, toJson, type Value } from '../../src/base/value.ts'
import { evaluate } from '../../src/jinja/engine.ts'
import { TemplateError } from '../../src/jinja/errors.ts'
import { readJson } from '../../src/jinja/formats/json-read.ts'
import { suite } from '../support/suite.ts'

const test = suite('jinja: filters of addresses and networks')

/** What ansible.utils answers; `networks-oracle.py` asked it. */
interface Row {
  readonly filter: string
  readonly value: unknown
  readonly args: readonly (string | number)[]
  readonly is?: unknown
  readonly error?: true
}

const ROWS = toJson(readJson(readFileSync(new URL('networks.json', import.meta.url), 'utf8'))) as readonly Row[]

const scopeOf = (value: unknown) => ({
  get: (name: string): Value | undefined => (name === 'v' ? fromJson(value) : undefined),
  names: () => ['v'],
})

function answered({ filter, value, args }: Row): unknown {
  try {
    return {
      is: toJson(evaluate(`v | ansible.utils.${filter}(${args.map(arg => jsonLine(arg)).join(', ')})`, scopeOf(value))),
    }
  } catch (error) {
    if (error instanceof TemplateError) return { error: true }
    throw error
  }
}

test('addresses made by chance are answered as ansible.utils answers them', () => {
  assert.ok(ROWS.length >= 1500)
  const wrong = ROWS.flatMap(row => {
    const wanted = row.error ? { error: true } : { is: row.is }
    const got = answered(row)
    return jsonLine(got) === jsonLine(wanted) ? [] : [{ ...row, got }]
  })
  assert.equal(wrong, [])
}, 60_000)

const ask = (expression: string): unknown => toJson(evaluate(expression, scopeOf(null)))

const ANSWERS: Readonly<Record<string, unknown>> = {
  // where the collection's own answer is an accident
  "'2001:db8::/127' | ipaddr('last_usable')": '2001:db8::1',
  "'::1/112' | ipaddr('next_usable')": '::2',
  "'10.0.0.1' | ipaddr('v6')": '::ffff:10.0.0.1/128',
  "'::ffff:10.0.0.1' | ipaddr('v4')": '10.0.0.1/32',
  "'10.0.0.0/31' | network_in_network('10.0.0.1')": true,
  "'nonsense' | network_in_usable('more nonsense')": false,
  "'::/64' | network_in_network('10.0.0.1')": false,
  "['10.0.0.128/24', '10.0.0.0/26'] | cidr_merge('span')": '10.0.0.0/24',
  "['10.0.0.1', '10.0.0.9'] | cidr_merge('span')": '10.0.0.0/28',
  "[] | cidr_merge('span')": null,
  "'::1' | ipaddr('6to4')": false,
  "'3232235777/24' | ipaddr": '192.168.1.1/24',
}

/** What the tests of ansible.utils answer. */
const JUDGED: Readonly<Record<string, boolean>> = {
  "'10.0.0.0/24' is ansible.utils.ip": true,
  "'10.0.0.1/24' is ip": false,
  "'1.2.3' is ip": false,
  "'10.0.0.1/24' is ipv4": false,
  "'0.0.0.255' is ipv4_hostmask": true,
  "'0.0.0.0' is ipv4_hostmask": false,
  "'255.255.0.0' is ipv4_netmask": true,
  "'255.0.255.0' is ipv4_netmask": false,
  "'240.0.0.1' is reserved": true,
  "'240.0.0.0/8' is reserved": false,
  "'::' is reserved": true,
  "'100.64.0.1' is private": false,
  "'100.64.0.1' is public": false,
  "'192.0.0.9' is public": true,
  "'::ffff:1.2.3.4' is public": true,
  "'2002::1' is private": true,
  "'525400abcdef' is mac": true,
  "'nonsense' is subnet_of('10.0.0.0/8')": false,
  "'10.0.2.7' is in_one_network(['10.0.2.0/24', '10.0.2.0/26'])": false,
  "'10.0.2.7' is in_any_network(['10.0.2.0/24', '10.0.2.0/26'])": true,
  "'10.0.0.0/16' is supernet_of('10.0.1.0/24')": true,
}

for (const [expression, wanted] of Object.entries({ ...ANSWERS, ...JUDGED }))
  test(expression, () => assert.equal(ask(expression), wanted))

test.run()
