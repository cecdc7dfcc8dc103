import * as assert from 'uvu/assert'
import { toJson } from '../../src/base/value.ts'
import { evaluate } from '../../src/jinja/engine.ts'
import { TemplateError } from '../../src/jinja/errors.ts'
import { suite } from '../support/suite.ts'

const test = suite('jinja: filters of collections')

const ask = (expression: string): unknown => toJson(evaluate(expression, { get: () => undefined, names: () => [] }))

/** What community.general documents, and passlib and Python answer. */
const ANSWERS: Record<string, unknown> = {
  '[[1, 2], ["a", "b"]] | community.general.dict': { 1: 2, a: 'b' },
  '"v" | community.general.dict_kv("k")': { k: 'v' },
  '["a", "b", "a"] | community.general.counter': { a: 2, b: 1 },
  '[{"n": "a", "x": 1}, {"n": "b"}] | community.general.groupby_as_dict("n")': { a: { n: 'a', x: 1 }, b: { n: 'b' } },
  '[1, 2] | community.general.lists_union([2, 3], [4])': [1, 2, 3, 4],
  '[[1, 2], [2, 3]] | community.general.lists_union(flatten=true)': [1, 2, 3],
  '[1, 2, 3] | community.general.lists_intersect([2, 3, 4], [3])': [3],
  '[1, 2, 3] | community.general.lists_difference([2], [3])': [1],
  '[1, 2] | community.general.lists_symmetric_difference([2, 3])': [1, 3],
  '[{"n": "b", "x": 1}, {"n": "a"}] | community.general.lists_mergeby([{"n": "b", "y": 2}], "n")': [
    { n: 'a' },
    { n: 'b', x: 1, y: 2 },
  ],
  '[[{"n": "a", "l": [1]}], [{"n": "a", "l": [2]}]] | lists_mergeby(index="n", list_merge="append", recursive=true)': [
    { n: 'a', l: [1, 2] },
  ],
  '["2.10", "2.9", "2.1"] | community.general.version_sort': ['2.1', '2.9', '2.10'],
  '["2.10", "2.9"] | version_sort(reverse=true)': ['2.10', '2.9'],
  '[{"a_x": 1, "b": 2}] | community.general.keep_keys(target=["a_x"])': [{ a_x: 1 }],
  '[{"a_x": 1, "b": 2}] | keep_keys("a_", matching_parameter="starts_with")': [{ a_x: 1 }],
  '[{"a_x": 1, "b": 2}] | community.general.remove_keys(target="_x$", matching_parameter="regex")': [{ b: 2 }],
  '[{"a": 1, "b": 2}] | community.general.replace_keys(target=[{"before": "a", "after": "z"}])': [{ z: 1, b: 2 }],
  '{"a": 1, "b": 2} | ansible.utils.keep_keys(target=["a"])': { a: 1 },
  '"x,y\\n1,2\\n" | community.general.from_csv': [{ x: '1', y: '2' }],
  '"1;2" | from_csv(delimiter=";", fieldnames=["p", "q"])': [{ p: '1', q: '2' }],
  '"[s]\\nK=v\\n" | community.general.from_ini': { s: { k: 'v' } },
  '{"s": {"k": 1}} | community.general.to_ini': '[s]\nk = 1\n\n',
  '"1h 30m" | community.general.to_minutes': 90,
  '"1d 1h" | to_seconds': 90_000,
  '"90s" | community.general.to_time_unit("m")': 1.5,
  '"2week 3847m" | to_milliseconds': 1_440_420_000,
  '"1000mo" | to_weeks': 4285.714285714285,
  '"1mo" | to_days(month=28)': 28,
  '"5years" | to_months(month=30, year=360)': 60,
  '"x, y\\n1, 2\\n" | from_csv(skipinitialspace=true)': [{ x: '1', y: '2' }],
  '"x\\n1,2,3\\n" | from_csv | string': "[{'x': '1', None: ['2', '3']}]",
  '"a\\n\\"b\\"c\\n" | from_csv': [{ a: 'bc' }],
  '"\ufeffa\\n1\\n" | from_csv': [{ a: '1' }],
  // Python's Random draws the same
  "'52:54:00' | random_mac(seed='x')": '52:54:00:60:a1:7b',
  "'00' | community.general.random_mac(seed='test')": '00:e6:a7:d5:24:a9',
  '"hello" | community.general.crc32': '3610a686',
  '"e\u0301" | community.general.unicode_normalize | length': 1,
  "'secret' | password_hash('md5', 'saltsalt')": '$1$saltsalt$9xy1btjgzLYfb7hivXtC//',
  "'secret' | password_hash('bcrypt', '1234567890123456789012', rounds=4)":
    '$2b$04$123456789012345678901u//h8y7tq3SNKU3W0iQ9NrkyT8n5fXPS',
  "'secret' | password_hash('blowfish', '1234567890123456789012', rounds=4, ident='2a') | truncate(7, true, '', 0)":
    '$2a$04$',
  "'x' | password_hash('bcrypt', rounds=4) is match('[$]2b[$]04[$].{53}$')": true,
  "'x' | password_hash('md5') is match('[$]1[$].{8}[$].{22}$')": true,
  '"10.0.0.0/8" | ansible.utils.network_in_network("10.1.1.0/24")': true,
  '"10.0.0.0/8" | network_in_network("11.0.0.1")': false,
  '"10.0.0.0/24" | ansible.utils.network_in_usable("10.0.0.255")': false,
  '"10.0.0.0/24" | network_in_usable("10.0.0.254")': true,
  '["10.0.0.1", "192.168.1.1", "x"] | ansible.utils.reduce_on_network("192.168.0.0/16")': ['192.168.1.1'],
  '"10.0.0.0/30" | ansible.utils.usable_range': {
    number_of_ips: 4,
    usable_ips: ['10.0.0.0', '10.0.0.1', '10.0.0.2', '10.0.0.3'],
  },
  '["10.0.0.0/25", "10.0.0.128/25", "10.0.1.0/24", "10.0.0.7"] | ansible.utils.cidr_merge': ['10.0.0.0/23'],
  '["10.0.0.0/24", "10.0.3.0/24"] | cidr_merge("span")': '10.0.0.0/22',
  '"1a:2B:3c:4d:5e:6f" | ansible.utils.hwaddr("cisco")': '1a2b.3c4d.5e6f',
  '"1a2b.3c4d.5e6f" | macaddr("linux")': '1a:2b:3c:4d:5e:6f',
  '"1a2b" | hwaddr': null,
  '"fdcf:1894:23b5:d38c::/64" | ansible.utils.slaac("c2:31:b3:83:bf:2b")': 'fdcf:1894:23b5:d38c:c031:b3ff:fe83:bf2b',
  '"192.168.1.5" | ansible.utils.ip4_hex(":")': 'c0:a8:01:05',
  '"1234::1" | ansible.utils.ipv6form("expand")': '1234:0000:0000:0000:0000:0000:0000:0001',
  '"192.168.122.10/24" | ansible.utils.previous_nth_usable(2)': '192.168.122.8',
  '"10.0.0.1" is ansible.utils.ipv4_address and "10.0.0.0/8" is not ansible.utils.ipv4_address': true,
  '"::1" is ansible.utils.ipv6 and "x" is not ansible.utils.ip': true,
  '"10.1.1.1" is ansible.utils.in_network("10.0.0.0/8")': true,
  '"10.1.1.1" is ansible.utils.in_any_network(["192.168.0.0/16", "10.0.0.0/8"])': true,
  '"10.1.1.0/24" is ansible.utils.subnet_of("10.0.0.0/8") and "10.0.0.0/8" is supernet_of("10.1.1.0/24")': true,
  '"127.0.0.1" is ansible.utils.loopback and "224.0.0.1" is ansible.utils.multicast': true,
  '"10.0.0.1" is ansible.utils.private and "8.8.8.8" is ansible.utils.public': true,
  '"255.255.0.0" is ansible.utils.ipv4_netmask and "0.0.255.255" is ansible.utils.ipv4_hostmask': true,
  '"aa:bb:cc:dd:ee:ff" is ansible.utils.mac and "0.0.0.0" is ansible.utils.unspecified': true,
}

for (const [expression, wanted] of Object.entries(ANSWERS))
  test(expression, () => assert.equal(ask(expression), wanted))

const FAULTS: Record<string, RegExp> = {
  '[[1]] | community.general.dict': /pairs/,
  '[{"n": 1}, {"n": 1}] | groupby_as_dict("n")': /Multiple sequence entries have attribute value 1/,
  '["1.0", "a"] | version_sort': /cannot be compared/,
  '[1] | keep_keys("a")': /a list of dicts is wanted, got int/,
  '[{}] | keep_keys("a", matching_parameter="like")': /matching_parameter must be/,
  '"1x" | to_seconds': /can not interpret following string: 1x/,
  '"1s" | to_time_unit("lightyears")': /can not convert to the following unit: lightyears/,
  '"1s" | to_seconds(second=1)': /unknown keyword arguments: second/,
  '"a\\n\\"b\\"c\\n" | from_csv(strict=true)': /Unable to process file/,
  '"a\\n\\"b" | from_csv(strict=true)': /unexpected end of data/,
  '{"a": 1} | counter': /must be a sequence/,
  '[{}] | counter': /hashable elements/,
  '"a" | groupby_as_dict("n")': /Input is not a sequence/,
  '[1] | groupby_as_dict("n")': /element #0 is not a mapping/,
  '[{}] | groupby_as_dict("n")': /not contained in element #0/,
  '0 | random_mac': /Invalid value type/,
  "'zz' | random_mac": /zz not hexa byte/,
  "'0:1:2:3:4:5' | random_mac": /5 colon/,
  '"a" | from_csv(dialect="nope")': /no dialect/,
  "'x' | password_hash('bcrypt', 'short')": /22 letters/,
  "'x' | password_hash('bcrypt', '1234567890123456789012', rounds=30)": /take too long/,
  "'x' | password_hash('md5', 'longer than eight')": /at most 8 letters/,
}

for (const [expression, wanted] of Object.entries(FAULTS))
  test(`${expression} is wrong`, () =>
    assert.throws(
      () => ask(expression),
      (error: unknown) => error instanceof TemplateError && wanted.test(error.message),
    ))

test.run()
