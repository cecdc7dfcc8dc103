import { createHash } from 'node:crypto'
import * as assert from 'uvu/assert'
import { InputError } from '../../src/base/diagnostic.ts'
import { Secret } from '../../src/base/secret.ts'
import { passwordText } from '../../src/vault/aes256.ts'
import { badId, formatEnvelope, isVaulted, parseEnvelope, VaultFormat } from '../../src/vault/envelope.ts'
import { Keyring, passwordOf, seal, type VaultKey } from '../../src/vault/keyring.ts'
import { suite } from '../support/suite.ts'
import { ansible, type Case, noAnsible } from './ansible.ts'

const test = suite('vault/format')
const SPAN = { file: 'secrets.yml', line: 3, col: 7 }
const b64 = (data: string | Buffer): string => Buffer.from(data).toString('base64')
const key = (id: string, password: string | Buffer): VaultKey => ({
  id,
  password: new Secret(passwordText(Buffer.from(password)), 'vault password'),
})
/** Salt that a test can say again. */
const saltOf = (name: string): Buffer => createHash('sha256').update(name).digest()

const PLAIN: Record<string, Buffer> = {
  empty: Buffer.alloc(0),
  'one byte': Buffer.from('x'),
  'a block': Buffer.from('0123456789abcdef'),
  'a block and one': Buffer.from('0123456789abcdefg'),
  YAML: Buffer.from('db_password: hunter2\ndb_port: 5432\n'),
  unicode: Buffer.from('pässwörd: ☃ 𝄞 日本語\n'),
  CRLF: Buffer.from('a: 1\r\nb: 2\r\n'),
  binary: Buffer.from(Array.from({ length: 512 }, (_, i) => i % 256)),
  'a mebibyte': Buffer.from(Array.from({ length: 1 << 20 }, (_, i) => (i * 31 + (i >> 8)) % 256)),
  'template text': Buffer.from('{{ other }} {% raw %}'),
}
const PASSWORDS: Record<string, Buffer> = {
  plain: Buffer.from('hunter2'),
  unicode: Buffer.from('pässwörd ☃'),
  'no text': Buffer.from([0xff, 0xfe, 0x80, 0x01]),
}
const IDS = [null, 'default', 'prod', 'my id@2']

const missing = noAnsible()
if (missing) test.skip('Ansible opens what we vault, and we what Ansible vaults', missing)
else
  test('Ansible opens what we vault, and we what Ansible vaults', () => {
    const all = Object.entries(PLAIN).flatMap(([what, plain]) =>
      Object.entries(PASSWORDS).flatMap(([which, password]) =>
        IDS.map(id => ({ name: `${what}, ${which}, ${id}`, plain, password, id })),
      ),
    )
    const some = all.filter(({ plain }, index) => plain.length < 4096 || index % 5 === 0)
    const ours = some.map(({ name, plain, password, id }) => seal(plain, key(id ?? 'default', password), saltOf(name)))
    const answers = ansible([
      ...some.map(
        ({ name, plain, password, id }): Case => ({
          ...{ do: 'encrypt', plain: b64(plain), password: b64(password), id, salt: b64(saltOf(name)) },
        }),
      ),
      ...some.map(({ password }, index): Case => {
        return { do: 'decrypt', text: ours[index] ?? '', keys: [['some', b64(password)]], strict: false }
      }),
    ])
    some.forEach(({ name, plain, password, id }, index) => {
      const theirs = answers[index]?.text ?? ''
      assert.is(theirs, ours[index], `the same text: ${name}`)
      assert.is(answers[some.length + index]?.plain, b64(plain), `Ansible opens ours: ${name}`)
      const opened = new Keyring([key('some', password)]).open(theirs, SPAN)
      assert.is(Buffer.compare(opened.plain, plain), 0, `we open Ansible's: ${name}`)
      assert.is(opened.id, id === null || id === 'default' ? undefined : id, name)
    })
  }, 60_000)

const SEALED = seal(Buffer.from('hunter2 is no password\n'), key('default', 'right'), saltOf('mangled'))
const LINES = SEALED.trimEnd().split('\n')
/** Texts that were not copied whole or not left alone. The code that tells it; `ours` where Ansible sees no fault or cannot tell. */
const MANGLED: Record<string, [text: string, code: 'vault-format' | 'vault-password']> = {
  'cut in the middle': [`${LINES.slice(0, 3).join('\n')}\n`, 'vault-format'],
  'the last digit is lost': [SEALED.trimEnd().slice(0, -1), 'vault-format'],
  'the last byte is lost': [SEALED.trimEnd().slice(0, -4), 'vault-password'],
  'only a header': [`${LINES[0]}\n`, 'vault-format'],
  'a line is lost': [LINES.filter((_, i) => i !== 2).join('\n'), 'vault-format'],
  'a letter that is no digit': [SEALED.replace(/\n../, '\nzz'), 'vault-format'],
  'no cipher': ['$ANSIBLE_VAULT;1.1\n3132\n', 'vault-format'],
  'another cipher': [SEALED.replace('AES256', 'AES'), 'vault-format'],
  'salt of another text': [
    [
      ...LINES.slice(0, 1),
      seal(Buffer.from('x'), key('default', 'right'), saltOf('o')).split('\n')[1],
      ...LINES.slice(2),
    ].join('\n'),
    'vault-password',
  ],
}
const refused = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    const [fault] = error.faults
    assert.equal(fault?.span, SPAN)
    assert.ok((fault?.remedy ?? '').length > 10, 'it says what to do')
    return `${fault?.code}: ${fault?.message}`
  }
  throw new Error('nothing was refused')
}
for (const [name, [text, code]] of Object.entries(MANGLED))
  test(`mangled: ${name}`, () => {
    assert.match(
      refused(() => new Keyring([key('default', 'right')]).open(text, SPAN)),
      new RegExp(`^${code}: `),
    )
  })
if (missing) test.skip('Ansible refuses what we refuse', missing)
else
  test('Ansible refuses what we refuse', () => {
    const texts = Object.entries(MANGLED)
    const answers = ansible(
      texts.map(([, [text]]): Case => ({ do: 'decrypt', text, keys: [['default', b64('right')]], strict: false })),
    )
    for (const [index, [name]] of texts.entries()) assert.ok(answers[index]?.error, name)
  })

const FORGIVEN: Record<string, string> = {
  'line ends of Windows': SEALED.replaceAll('\n', '\r\n'),
  'no line end at the end': SEALED.trimEnd(),
  'blanks behind the header': SEALED.replace('\n', '  \n'),
  'capital digits': LINES.map((line, i) => (i === 0 ? line : line.toUpperCase())).join('\n'),
  '1.2 without an id': SEALED.replace('1.1', '1.2'),
  'one long line': `${LINES[0]}\n${LINES.slice(1).join('')}`,
}
for (const [name, text] of Object.entries(FORGIVEN))
  test(`forgiven: ${name}`, () =>
    assert.is(new Keyring([key('default', 'right')]).open(text, SPAN).plain.toString(), 'hunter2 is no password\n'))

const PROD = seal(Buffer.from('p'), key('prod', 'prod-pw'), saltOf('prod'))
const PLAINLY = seal(Buffer.from('d'), key('default', 'dev-pw'), saltOf('dev'))
const [DEV_KEY, PROD_KEY, WRONG] = [key('dev', 'dev-pw'), key('prod', 'prod-pw'), key('prod', 'wrong')]
/** Which of several passwords opens a text, or the fault. */
const CHOICES: Record<string, [text: string, keys: VaultKey[], strict: boolean, said: string | RegExp]> = {
  'the id finds its key': [PROD, [DEV_KEY, PROD_KEY], false, 'prod'],
  'a key of another id fits': [PLAINLY, [PROD_KEY, DEV_KEY], false, 'dev'],
  'two keys of one id': [PROD, [WRONG, PROD_KEY], false, 'prod'],
  'strict: the id finds its key': [PROD, [DEV_KEY, PROD_KEY], true, 'prod'],
  'strict: no other key is tried': [PLAINLY, [DEV_KEY], true, /^vault-locked: .*no password has this id/],
  'no key at all': [PROD, [], false, /^vault-locked: .* of the vault id 'prod' .*no vault password was given/],
  'a wrong password': [PROD, [WRONG], false, /^vault-password: .*; tried: 'prod'$/],
  'an id that nobody gave': [PROD, [DEV_KEY], false, /^vault-locked: .*'prod'; tried: 'dev'$/],
  'several wrong ones': [
    PLAINLY,
    [PROD_KEY, key('default', 'no')],
    false,
    /^vault-password: .*; tried: 'default', 'prod'$/,
  ],
}
for (const [name, [text, keys, strict, said]] of Object.entries(CHOICES))
  test(`choice: ${name}`, () => {
    const open = () => new Keyring(keys, strict).open(text, SPAN)
    if (typeof said === 'string') assert.is(open().key.id, said)
    else assert.match(refused(open), said)
  })
if (missing) test.skip('Ansible chooses as we do', missing)
else
  test('Ansible chooses as we do', () => {
    const cases = Object.entries(CHOICES)
    const answers = ansible(
      cases.map(([, [text, keys, strict]]): Case => {
        const given = keys.map(({ id, password }): [string, string] => [id, b64(password.reveal())])
        return { do: 'decrypt', text, keys: given, strict }
      }),
    )
    for (const [index, [name, [, , , said]]] of cases.entries())
      assert.is(answers[index]?.plain !== undefined, typeof said === 'string', name)
  })

test('a text is opened once, however often it is used', () => {
  const ring = new Keyring([PROD_KEY])
  assert.is(ring.open(PROD, SPAN), ring.open(PROD, SPAN))
})

const FILES: Record<string, [bytes: string, strip: 'blanks' | 'lines', wanted: string]> = {
  'a line end': ['hunter2\n', 'blanks', 'hunter2'],
  CRLF: ['hunter2\r\n', 'blanks', 'hunter2'],
  'blanks around': [' \thunter 2 \n\n', 'blanks', 'hunter 2'],
  'what a script prints keeps its blanks': [' hunter2 \n', 'lines', ' hunter2 '],
  'a vaulted password file': [seal(Buffer.from('inner\n'), PROD_KEY, saltOf('f')), 'blanks', 'inner'],
}
for (const [name, [bytes, strip, wanted]] of Object.entries(FILES))
  test(`password file: ${name}`, () =>
    assert.is(passwordOf(Buffer.from(bytes), strip, new Keyring([PROD_KEY]), SPAN), wanted))

test('what is a vault is seen in text and bytes', () => {
  for (const data of [SEALED, Buffer.from(SEALED)]) assert.ok(isVaulted(data))
  for (const data of ['', 'a', ' $ANSIBLE_VAULT;1.1;AES256', Buffer.from('$ANSIBLE')]) assert.not(isVaulted(data))
})

test('ids that would spoil a header', () => {
  for (const id of ['a;b', 'a\nb', 'ünï', '']) assert.ok(badId(id), id)
  for (const id of ['a', 'my id@2', 'prod.eu']) assert.not(badId(id), id)
})

test('an envelope is read as it was written', () => {
  const body = 'ab'.repeat(100)
  assert.equal(parseEnvelope(formatEnvelope(body, 'dev')), { id: 'dev', body })
  assert.equal(parseEnvelope(formatEnvelope(body)), { id: undefined, body })
  assert.throws(
    () => parseEnvelope('$ANSIBLE_VAULT;9.9;AES256\nab\n'),
    (error: unknown) => error instanceof VaultFormat,
  )
})

test.run()
