import * as assert from 'uvu/assert'
import { Answer } from '../../src/shell/answer.ts'
import { HELLO, readHello } from '../../src/transport/hello.ts'
import { plain } from '../../src/transport/plain.ts'
import { run, SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'

const test = suite('hello')

const hello = (lines: readonly string[]) =>
  readHello('h', new Answer(0, ['uid 0', 'user root', 'home /root', ...lines].join('\n')), 1000, 1002)

const FAMILIES: readonly (readonly [readonly string[], string, string, string])[] = [
  [['os ID=debian', 'os VERSION_ID="12"'], 'debian', 'debian', '12'],
  [['os ID=ubuntu', 'os ID_LIKE=debian', 'os VERSION_ID="24.04"'], 'debian', 'ubuntu', '24.04'],
  [['os ID="rocky"', 'os ID_LIKE="rhel centos fedora"', 'os VERSION_ID="9.3"'], 'redhat', 'rocky', '9.3'],
  [["os ID='alpine'", 'os VERSION_ID=3.20.1'], 'alpine', 'alpine', '3.20.1'],
  [['os ID="opensuse-leap"', 'os ID_LIKE="suse opensuse"'], 'suse', 'opensuse-leap', ''],
  [['os ID=manjaro', 'os ID_LIKE=arch'], 'arch', 'manjaro', ''],
  [['os ID=strange', 'os ID_LIKE="odd ubuntu"'], 'debian', 'strange', ''],
  [['has busybox'], 'busybox', 'unknown', ''],
  [[], 'unknown', 'unknown', ''],
]
for (const [lines, family, id, version] of FAMILIES)
  test(`${lines.join(', ') || 'nothing'} is ${family}`, () => {
    const info = hello(lines)
    assert.equal([info.family, info.id, info.version], [family, id, version])
  })

for (const [lines, init] of [
  [['first systemd', 'has systemd'], 'systemd'],
  [['first init', 'has systemd'], 'systemd'],
  [['first init', 'has openrc'], 'openrc'],
  [['first init'], 'sysv'],
  [['first sh'], 'none'],
  [['first tini', 'has systemd'], 'none'],
] as const)
  test(`${lines.join(', ')} is ${init}`, () => assert.is(hello(lines).init, init))

test('tools, names with spaces and the clock', () => {
  const info = hello(['tool tar', 'tool docker', 'system Linux', 'machine x86_64', 'time 1061'])
  assert.equal([...info.tools], ['tar', 'docker'])
  assert.is(info.clockSkew, 60)
  assert.equal([info.system, info.machine, info.home], ['Linux', 'x86_64', '/root'])
})

for (const shell of SHELLS)
  test(`${shell[0]}: what the environment says of proxies`, () => {
    const env = { http_proxy: "http://p:1/it's $a b", NO_PROXY: '', HTTPS_PROXY: 'q:2' }
    const { proxies } = readHello('h', run(HELLO, shell, { env }), 0, 0)
    assert.equal(Object.fromEntries(proxies), env)
  })

test('a shell that says something else is an error of the world', () => {
  assert.throws(() => readHello('h', new Answer(0, 'garbage'), 0, 0), /bin\/sh of h does not work/)
})

test('what a machine says is shown without escape codes, on one line, its end only', () => {
  assert.is(plain('\x1b[2Ja\x1b]0;title\x07b\r\n\x1b[31mc\x1b[0m\x00\n'), 'ab | c')
  assert.is(plain('x'.repeat(1000), 10), `... ${'x'.repeat(10)}`)
})

test.run()
