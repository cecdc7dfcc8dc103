import assert from 'node:assert/strict'
import { shaCrypt } from '../../src/base/sha-crypt.ts'
import { Float, type Value } from '../../src/base/value.ts'
import { evaluate } from '../../src/jinja/engine.ts'
import { TemplateError } from '../../src/jinja/errors.ts'
import type { Scope } from '../../src/jinja/options.ts'
import { suite } from '../support/suite.ts'

const test = suite('jinja: filters that Python has no library for')
const scope: Scope = { get: () => undefined, names: () => [] }

/** What glibc's crypt(3) answers. */
const HASHES: readonly (readonly ['sha256' | 'sha512', string, string, number, string])[] = [
  ['sha256', 'Hello world!', 'saltstring', 5000, '$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5'],
  [
    'sha256',
    'Hello world!',
    'saltstringsaltstring',
    10000,
    '$5$rounds=10000$saltstringsaltst$3xv.VbSHBb41AL9AvLeujZkZRBAwqFMz2.opqey6IcA',
  ],
  ['sha256', 'pä', 'q', 1000, '$5$rounds=1000$q$ICLq/1DIQNeBcuZujsaK93/UAqO7mChyT50REEaZCI8'],
  [
    'sha512',
    'Hello world!',
    'saltstring',
    5000,
    '$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1',
  ],
  [
    'sha512',
    'we have a short salt string but not a short password, quite long, longer than sixty-four bytes in all',
    'anotherlongsalts',
    1400,
    '$6$rounds=1400$anotherlongsalts$hi5gLa6hVrhzDAbQAUcmlo.NMzRPgjWiIlhJbnxHr.1vVdljJZevu.17eWuIDluZnKPm/3mptY/bIlO705yu00',
  ],
  [
    'sha512',
    '',
    'ab',
    5000,
    '$6$ab$xnh5Qsr2NdbFw1PgdZie7nLON3gv.S.23iQDBqAzkdoXPtDnVSpludXkM5UWybQO3OI7hBj9wHg9Ow6sUWD60/',
  ],
]

test('password hashes are those of crypt(3)', () => {
  for (const [kind, password, salt, rounds, wanted] of HASHES)
    assert.equal(shaCrypt(kind, password, salt, rounds), wanted)
  assert.equal(
    evaluate("'Hello world!' | password_hash('sha256', 'saltstring', rounds=5000)", scope),
    '$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5',
  )
})

const ROWS: readonly (readonly [string, Value])[] = [
  ["'192.168.1.5/24' | ipaddr('address')", '192.168.1.5'],
  ["'192.168.1.5/24' | ipaddr('network')", '192.168.1.0'],
  ["'192.168.1.5/24' | ipaddr('netmask')", '255.255.255.0'],
  ["'192.168.1.5/255.255.255.0' | ipaddr('prefix')", 24],
  ["'192.168.1.5/24' | ipaddr('broadcast')", '192.168.1.255'],
  ["'192.168.1.5/24' | ipaddr('subnet')", '192.168.1.0/24'],
  ["'192.168.1.5/24' | ipaddr('size')", 256],
  ["'192.168.1.0/24' | ipaddr(5)", '192.168.1.5/24'],
  ["'192.168.1.0/24' | ipaddr(-1)", '192.168.1.255/24'],
  ["'10.0.0.1' | ipaddr('192.168.0.0/16')", null],
  ["'nope' | ipaddr", false],
  ["'256.0.0.1' | ansible.utils.ipaddr", false],
  ["['10.0.0.1', 'x', '::1'] | ipv4", ['10.0.0.1']],
  ["['10.0.0.1', 'x', '::1'] | ipv6", ['::1']],
  ["'2001:db8::1' | ipwrap", '[2001:db8::1]'],
  ["'10.0.0.1' | ipwrap", '10.0.0.1'],
  ["['8.8.8.8', '10.1.1.1'] | ipaddr('public')", ['8.8.8.8']],
  ["'2001:0db8:0000:0000:0000:0000:0000:0001/64' | ipaddr('network')", '2001:db8::'],
  ["'10.0.0.0/16' | ipsubnet(24, 3)", '10.0.3.0/24'],
  ["'10.0.0.255' | ipmath(1)", '10.0.1.0'],
  ["'https://u:p@Host.example:8443/a/b?q=1#f' | urlsplit('hostname')", 'host.example'],
  ["'https://u:p@Host.example:8443/a/b?q=1#f' | urlsplit('port')", 8443],
  ["('https://u:p@h/a?q=1#f' | urlsplit).path", '/a'],
  ["'a%20b+c' | urldecode", 'a b c'],
  ['1048576 | human_readable', '1.00 MB'],
  ["1048576 | human_readable(unit='K')", '1024.00 KB'],
  ['10 | human_readable(isbits=true)', '10.00 bits'],
  ["'1.5K' | human_to_bytes", 1536],
  ["'10' | human_to_bytes('M')", 10485760],
  ["'1MB' | human_to_bytes", 1048576],
  ["'%Y-%m-%d %H:%M' | strftime(0, utc=true)", '1970-01-01 00:00'],
  ['[1.0, 2] | type_debug', 'list'],
  ["'a' | mandatory", 'a'],
  ["'$ANSIBLE_VAULT;1.1' is vault_encrypted", true],
  ["'/etc' is abs", true],
  ["'/' is directory", true],
  ["'/nope/nope' is exists", false],
  ["'52:54:00' | random_mac(seed='x') | length", 17],
  ['2.0 | float', new Float(2)],
]

test('filters', () => {
  for (const [source, wanted] of ROWS) assert.deepEqual(evaluate(source, scope), wanted, source)
})

test('filters refuse what they cannot do', () => {
  const sources = [
    'nothing | mandatory',
    "nothing | mandatory('give it')",
    "'10.0.0.1' | ipaddr('nope')",
    "'x' | password_hash('nope', 'ab')",
    "'1X' | human_to_bytes",
    "'###' | b64decode",
    "'/w==' | b64decode",
    "'x' | comment('nope')",
    "'a' | urlsplit('nope')",
  ]
  for (const source of sources) assert.throws(() => evaluate(source, scope), TemplateError, source)
})

test.run()
