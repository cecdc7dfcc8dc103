import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Secret } from '../../src/base/secret.ts'
import k8sSecret from '../../src/modules/k8s_secret.ts'
import { brief, converge, planHere, planWith } from '../support/converge.ts'
import { debian } from '../support/host.ts'
import { SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'

const test = suite('modules/k8s-secret')
const dir = mkdtempSync(join(tmpdir(), 'regplay-k8s-'))
test.after(() => rmSync(dir, { recursive: true, force: true }))

const PASSWORD = `it's "50%" \\n ü`
const WISH = { name: 'reg', registry_url: 'r.example.org:5000', username: 'ann' }
const password = (text = PASSWORD) => ({ password: new Secret(text, 'password') })

for (const shell of SHELLS)
  test(`${shell[0]}: a manifest is made, compared and removed`, async () => {
    const path = join(dir, `${shell[0]}.yml`)
    const made = await converge(k8sSecret, { ...WISH, ...password(), path }, debian, shell)
    assert.deepEqual(made, [`${path}: absent -> pull secret`])
    const text = readFileSync(path, 'utf8')
    const data = /^ {2}\.dockerconfigjson: (\S+)$/m.exec(text)?.[1] ?? ''
    const { auths } = JSON.parse(Buffer.from(data, 'base64').toString()) as { auths: Record<string, { auth: string }> }
    assert.equal(Buffer.from(auths['r.example.org:5000']?.auth ?? '', 'base64').toString(), `ann:${PASSWORD}`)
    assert.ok(!text.includes(PASSWORD))
    assert.equal(statSync(path).mode & 0o777, 0o600)
    const table: [given: object, lines: string[]][] = [
      [{}, []],
      [password('x'), [`${path}: another password -> pull secret`]],
      [{ username: 'bob' }, [`${path}: another user -> pull secret`]],
      [{ registry_url: 'other' }, [`${path}: another registry -> pull secret`]],
      [{ namespace: 'apps' }, [`${path}: another manifest -> pull secret`]],
      [{ state: 'absent' }, [`${path}: file -> absent`]],
    ]
    for (const [given, lines] of table)
      assert.deepEqual(
        brief(await planHere(k8sSecret, { ...WISH, ...password(), path, ...given }, debian, shell)),
        lines,
      )
    writeFileSync(path, 'apiVersion: v1\n')
    await converge(k8sSecret, { ...WISH, ...password(), path }, debian, shell)
    assert.equal(readFileSync(path, 'utf8'), text)
    await converge(k8sSecret, { ...WISH, path, state: 'absent' }, debian, shell)
  })

test('a secret without a password', () => {
  const plan = planWith(k8sSecret, { name: 'a', path: '/a' }, { self: undefined, now: undefined, ids: {} }, debian)
  assert.deepEqual(brief(plan), ['refuse: a secret needs registry_url, username and password'])
})

test('the password is not shown', async () => {
  const [shell] = SHELLS
  assert.ok(shell)
  const plan = await planHere(k8sSecret, { ...WISH, ...password(), path: join(dir, 'none') }, debian, shell)
  assert.ok(!JSON.stringify(plan).includes('50%'))
})

test.run()
