import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { suite } from '../support/suite.ts'
import { disagreement, type Oracle } from './support/oracle.ts'

const test = suite('jinja: agreement with Python')
const read = (name: string): Oracle => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8')) as Oracle

const CHAINS = 'an attribute of an undefined value is undefined in Ansible and can be defaulted; plain Jinja2 raises'
const LIST = 'what a filter yields lazily becomes a list in Ansible; plain Jinja2 prints a generator'
const ENCODING =
  'the missing else of an inline if is an empty text; the recorded answer is how a lenient Undefined was encoded'
const STANDIN = 'the lookup was a stand-in when the answers were recorded'

/** Where we differ on purpose, and why. */
const DIFFERENCES = new Map<string, string>([
  ['undefined_var.x | default("d")', CHAINS],
  ['d.nope.deeper | default("d")', CHAINS],
  ['users | selectattr("a.b", "undefined") | list | length', CHAINS],
  ["{{ users | map(attribute='name') }}", LIST],
  ['("a" if fa)', ENCODING],
  ['n if n > 10', ENCODING],
  ['lookup("env", "HOME")', STANDIN],
  ['query("x") | length', STANDIN],
  ["{{ lookup('env', 'X') }}", STANDIN],
  ['lst | random(seed=1) in lst', "Ansible's random takes a seed; Jinja2's does not"],
])

for (const name of ['oracle.json', 'answers.json']) {
  test(`${name}: every answer is Python's`, () => {
    const oracle = read(name)
    const wrong = oracle.cases.flatMap(each => {
      const fault = disagreement(each, oracle)
      return fault === undefined || DIFFERENCES.has(each.source)
        ? []
        : [`${each.kind} ${JSON.stringify(each.source)} ${fault}`]
    })
    assert.deepEqual(wrong, [])
    assert.ok(oracle.cases.length >= 363)
  }, 60_000)
}

test('every difference on purpose is one', () => {
  const oracles = ['oracle.json', 'answers.json'].map(read)
  for (const source of DIFFERENCES.keys()) {
    const differs = oracles.some(oracle =>
      oracle.cases.some(each => each.source === source && disagreement(each, oracle) !== undefined),
    )
    assert.ok(differs, `we agree with Python on ${source}: take it off the list`)
  }
})

test.run()
