import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import * as assert from 'uvu/assert'
import { CouldNotTell } from '../../src/kit/question.ts'
import { hash } from '../../src/questions/controller.ts'
import { storage, VERIFIED } from '../../src/questions/storage.ts'
import { raw } from '../../src/shell/script.ts'
import { run, SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'

const test = suite('questions/storage')

const V2 = 'docker/registry/v2'
const blob = (digest: string): string => `blobs/sha256/${digest.slice(0, 2)}/${digest}/data`
const [good, seen] = [hash('sha256', 'good'), hash('sha256', 'seen')]
const link = 'repositories/app/_manifests/tags/1/current/link'

let root = ''
const put = (path: string, text: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}
test.before(() => {
  root = mkdtempSync(join(tmpdir(), 'storage '))
  put(`s/${V2}/${blob(good)}`, 'good')
  put(`s/${V2}/${blob(seen)}`, 'not what it was when it was verified')
  put(`s/${V2}/${link}`, `sha256:${good}`)
  put(`s/${V2}/repositories/app/_uploads/1/data`, 'half')
  put(`s/${VERIFIED}`, `${blob(seen)}\n`)
  put('blocked/docker/registry/v2', 'a file')
  mkdirSync(join(root, 'linked'))
  symlinkSync(join(root, 's/docker'), join(root, 'linked/docker'))
})
test.after(() => rmSync(root, { recursive: true }))

for (const shell of SHELLS) {
  const [name] = shell
  const look = (dir: string, verify: 'new' | 'all' = 'new', before = '') => {
    const question = storage(join(root, dir), verify)
    return question.read(run(raw(`${before}${question.script.wire}`), shell))
  }

  test(`${name}: files, tags, and blobs that are not what they are called`, () => {
    const found = look('s')
    assert.equal([...found.files.keys()].sort(), [blob(good), blob(seen), link].sort())
    assert.equal([...found.tags], [[link, `sha256:${good}`]])
    assert.equal([...found.wrong], [])
    assert.equal([...look('s', 'all').wrong], [blob(seen)])
  })

  test(`${name}: nothing there, and links`, () => {
    assert.is(look('none').files.size, 0)
    assert.is(look('blocked').files.size, 0)
    assert.is(look('linked').link, `${join(root, 'linked')}/docker`)
  })

  test(`${name}: a blob that cannot be read does not count as right`, () => {
    const broken = 'openssl() { return 1; }; sha256sum() { return 1; }; '
    assert.throws(
      () => look('s', 'all', broken),
      (error: unknown) => error instanceof CouldNotTell,
    )
  })
}

test.run()
