import { execFileSync } from 'node:child_process'
import * as assert from 'uvu/assert'
import type { Event } from '../../src/base/event.ts'
import { Secret, watchSecrets } from '../../src/base/secret.ts'
import { Mask, masked } from '../../src/report/mask.ts'
import { suite } from '../support/suite.ts'
import { hostResult } from './events.ts'

const test = suite('mask')
const VALUE = `pä$s'w"o\\rd &/+ x`

const maskOf = (...values: readonly string[]): Mask => {
  const mask = new Mask()
  for (const value of values) mask.add(new Secret(value, 'password'))
  return mask
}

const shell = (script: string, ...args: readonly string[]) =>
  execFileSync('bash', ['--norc', '-c', script, '-', ...args], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8' },
  })

/** Ways in which a value comes back from shells, servers and encodings. */
const FORMS: Record<string, string> = {
  'as it is': VALUE,
  JSON: JSON.stringify(VALUE).slice(1, -1),
  'JSON in JSON': JSON.stringify(JSON.stringify(VALUE)).slice(3, -3),
  'ASCII JSON': VALUE.replace('ä', '\\u00e4').replaceAll('\\r', '\\\\r').replaceAll('"', '\\"'),
  'a URL': encodeURIComponent(VALUE),
  'a form': new URLSearchParams({ x: VALUE }).toString().slice(2),
  'a URL in lower case': encodeURIComponent(VALUE).replace(/%../g, code => code.toLowerCase()),
  base64: Buffer.from(VALUE).toString('base64'),
  base64url: Buffer.from(VALUE).toString('base64url'),
  hex: Buffer.from(VALUE).toString('hex'),
  'single quotes': VALUE.replaceAll("'", `'\\''`),
  "bash's printf %q": shell('printf %q "$1"', VALUE),
}
for (const [name, form] of Object.entries(FORMS)) {
  test(name, () => assert.is(maskOf(VALUE).text(`<<${form}>>`), '<<<password>>>'))
}

test('base64 with other bytes around it', () => {
  for (const around of ['', 'u', 'us', 'use', 'user:']) {
    const text = Buffer.from(`${around}${VALUE}${around}`).toString('base64')
    const swept = maskOf(VALUE).text(text)
    assert.ok(swept.includes('<password>'), around)
    assert.not.ok(Buffer.from(swept.replace('<password>', ''), 'base64').toString().includes('w"o'), around)
  }
})

test('base64 in lines', () => {
  const key = 'k'.repeat(20) + 'e'.repeat(100) + 'y'.repeat(30)
  const wrapped = shell('printf %s "$1" | base64', key)
  assert.is(maskOf(key).text(wrapped), '<password>\n<password>\n<password>\n')
})

test('lines of a secret of several lines, but not what all keys share', () => {
  const key = '-----BEGIN KEY-----\nMIIabcdefgh\nijklmnopqr\n-----END KEY-----\n'
  const mask = maskOf(key)
  assert.is(mask.text('read MIIabcdefgh from it'), 'read <password> from it')
  assert.is(mask.text('-----BEGIN KEY-----'), '-----BEGIN KEY-----')
  assert.is(mask.text(JSON.stringify({ key })), '{"key":"<password>"}')
})

test('short values are no secrets', () => assert.is(maskOf('abc').text('abcd'), 'abcd'))
test('the longest form wins', () => assert.is(maskOf('secret', 'secret-more').text('secret-more'), '<password>'))
test('nothing known, nothing done', () => assert.is(new Mask().text(VALUE), VALUE))

test('data keeps its shape', () => {
  const data = { list: ['a', 4711, { '4711x': true }], none: null }
  assert.equal(maskOf('4711').data(data), { list: ['a', '<password>', { '<password>x': true }], none: null })
})

test('a secret that arises later is known from its beginning', () => {
  const mask = new Mask()
  assert.is(mask.text('it is late-comer'), 'it is late-comer')
  const late = new Secret('late-comer', 'vault value')
  assert.is(mask.text('it is late-comer'), `it is ${late}`)
})

test('a watcher of secrets may go', () => {
  const seen: string[] = []
  const stop = watchSecrets(secret => void seen.push(secret.label))
  new Secret('x', 'one')
  stop()
  new Secret('x', 'two')
  assert.equal(seen, ['one'])
})

test('a password that is a word of ours spoils nothing that renderers go by', () => {
  const mask = maskOf('host-result', 'changed', 'unreachable', '1234', 'debug')
  const sweep = (event: Event): Event => {
    let out = event
    masked(mask, swept => {
      out = swept
    })(event)
    return out
  }
  const event = hostResult({ status: 'changed', ms: 1234, msg: 'changed', result: { stdout: '1234' } })
  const kept = { ...event, msg: '<password>', result: { stdout: '<password>' } }
  assert.equal(sweep(event), kept)
  const counts = { ok: 1234, changed: 1, unreachable: 0, failed: 0, skipped: 0, rescued: 0, ignored: 0 }
  const recap: Event = { type: 'recap', hosts: { web: counts } }
  assert.equal(sweep(recap), recap)
})

test('events are swept before anybody sees them', () => {
  const seen: Event[] = []
  masked(
    maskOf('hunter2'),
    event => void seen.push(event),
  )(hostResult({ msg: 'is hunter2', result: { stdout: 'hunter2' } }))
  assert.not.ok(JSON.stringify(seen).includes('hunter2'))
  assert.is(seen[0]?.type, 'host-result')
})

test('a vault of many secrets, and one of many lines', () => {
  const line = (i: number) => `line ${i} of a long secret ${i * 31}`
  const mask = maskOf(
    ...Array.from({ length: 500 }, (_, i) => `secret-${i * 7919}-value`),
    Array.from({ length: 1000 }, (_, i) => line(i)).join('\n'),
  )
  assert.is(
    mask.text(`a secret-${7919 * 41}-value, ${line(999)}; secret-1-value`),
    'a <password>, <password>; secret-1-value',
  )
})

test('at one place the longest form counts, and forms may touch', () => {
  assert.is(
    maskOf('abcd', 'abcdefgh').text('abcdefgh abcdabcd abcdef abc'),
    '<password> <password><password> <password>ef abc',
  )
})

test.run()
