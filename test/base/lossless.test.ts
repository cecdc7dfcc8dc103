import * as assert from 'uvu/assert'
import { bytesOfText, textOfBytes } from '../../src/base/lossless.ts'
import { suite } from '../support/suite.ts'

const test = suite('base/lossless')

test('text of UTF-8 is what it is', () => {
  for (const text of ['', 'plain', 'ä€😀\0\n', '\ufffd']) {
    assert.is(textOfBytes(Buffer.from(text)), text)
    assert.equal(bytesOfText(text), Buffer.from(text))
  }
})

test('every pair of bytes comes back, in text and alone', () => {
  for (let a = 0; a < 256; a++)
    for (let b = 0; b < 256; b++)
      for (const bytes of [Buffer.of(a, b), Buffer.of(0x61, a, b, 0xe2, 0x82, 0xac)])
        assert.equal(bytesOfText(textOfBytes(bytes)), bytes)
})

test('what is broken, overlong, half a pair or beyond Unicode comes back', () => {
  for (const hex of ['e282', 'f09f98', 'c080', 'eda080', 'edb2a9', 'f4908080', 'f8888080', 'f09f9880ff', 'fffe'])
    assert.is(bytesOfText(textOfBytes(Buffer.from(hex, 'hex'))).toString('hex'), hex)
})

test('a byte that is no UTF-8 is one sign beside the others', () => {
  assert.is(textOfBytes(Buffer.from('fa\u00e7ade', 'latin1')), 'fa\udce7ade')
})

test.run()
