import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { receiving, stepsOf } from '../../src/effects/mirror-script.ts'
import type { Mirror } from '../../src/kit/effect.ts'
import copy from '../../src/modules/copy.ts'
import file from '../../src/modules/file.ts'
import lineinfile from '../../src/modules/lineinfile.ts'
import { hasFlags } from '../../src/modules/shared/flags.ts'
import { relabelled, wantedLabel } from '../../src/modules/shared/label.ts'
import user from '../../src/modules/user.ts'
import { worn } from '../../src/questions/worn.ts'
import { raw, Script, sh } from '../../src/shell/script.ts'
import { brief, planHere, planWith } from '../support/converge.ts'
import { busybox, debian } from '../support/host.ts'
import { LabelledHost } from '../support/labels.ts'
import { SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'

const test = suite('modules/labels and attributes')

const INHERITED = 'system_u:object_r:inherited_t:s0'
const POLICY = 'system_u:object_r:policy_t:s0'
const OWN = 'staff_u:object_r:own_t:s0:c1,c2'

const LABELS: Record<string, [wish: object, seen: object, label: string, becomes: string]> = {
  'a part alone': [{ setype: 'x_t' }, { mls: true }, OWN, 'staff_u:object_r:x_t:s0:c1,c2'],
  'all parts': [
    { seuser: 'a_u', serole: 'b_r', setype: 'c_t', selevel: 's1:c3' },
    { mls: true },
    OWN,
    'a_u:b_r:c_t:s1:c3',
  ],
  'a level where there are none': [{ setype: 'c_t', selevel: 's1' }, { mls: false }, 'a_u:b_r:x_t', 'a_u:b_r:c_t'],
  'the word of the policy': [
    { seuser: '_default', setype: '_default' },
    { mls: true, usual: POLICY },
    OWN,
    'system_u:object_r:policy_t:s0:c1,c2',
  ],
  'a policy without a word': [{ setype: '_default', seuser: 'a_u' }, { mls: true }, OWN, 'a_u:object_r:own_t:s0:c1,c2'],
  'a file system with one label for all': [
    { setype: 'x_t' },
    { mls: true, fixed: 'system_u:object_r:nfs_t:s0' },
    'system_u:object_r:nfs_t:s0',
    'system_u:object_r:nfs_t:s0',
  ],
}
for (const [title, [wish, seen, label, becomes]] of Object.entries(LABELS))
  test(`a label: ${title}`, () =>
    assert.is(relabelled(label, wantedLabel(wish, seen as Parameters<typeof wantedLabel>[1]) ?? {}), becomes))

const FLAGS: readonly (readonly [now: string, word: string, has: boolean])[] = [
  ['e', '=e', true],
  ['de', '=ed', true],
  ['de', '=e', false],
  ['eI', '=e', true],
  ['', '=', true],
  ['de', '+d', true],
  ['de', '+di', false],
  ['de', '-i', true],
  ['de', '-di', false],
  ['e', '+', true],
]
for (const [now, word, has] of FLAGS)
  test(`attributes ${now || 'none'} are ${has ? '' : 'not '}what chattr ${word} makes`, () =>
    assert.is(hasFlags(now, word), has))

for (const shell of SHELLS) {
  const label = (host: LabelledHost, path: string): string => host.run(sh`stat -c '%C' -- ${path}`).stdout.trim()
  const give = (host: LabelledHost, path: string, text: string): void =>
    assert.is(host.run(sh`chcon -- ${text} ${path}`).stderr, '')

  test(`${shell[0]}: a file that is replaced keeps its label, and so does its backup`, async () => {
    const host = new LabelledHost(shell)
    const path = join(host.root, 'files/f')
    writeFileSync(path, 'a\n')
    give(host, path, OWN)
    const plan = await host.plan(lineinfile, { path, line: 'b', backup: true }, debian)
    host.make(plan)
    assert.is(label(host, path), OWN)
    const names = readdirSync(join(host.root, 'files'))
    assert.is(names.length, 2)
    for (const name of names) assert.is(label(host, join(host.root, 'files', name)), OWN)
  })

  test(`${shell[0]}: a new file has the label of the policy before it has its name`, async () => {
    const host = new LabelledHost(shell)
    const path = join(host.root, 'files/f')
    host.make(await host.plan(copy, { dest: path, content: 'a' }, debian))
    assert.is(label(host, path), POLICY)
    const calls = host.run(sh`cat ${join(host.root, 'labels/calls')}`).stdout
    assert.match(calls, /^.*\/\.regplay\.\w+\n$/)
    const none = join(host.root, 'files/none')
    host.make(await host.plan(copy, { dest: none, content: 'a' }, debian))
    assert.is(label(host, none), INHERITED)
  })

  test(`${shell[0]}: without matchpathcon, restorecon labels a new file, and spares one that is there`, async () => {
    const host = new LabelledHost(shell, ['matchpathcon'])
    const path = join(host.root, 'files/f')
    host.make(await host.plan(copy, { dest: path, content: 'a', setype: 'x_t' }, debian))
    assert.is(label(host, path), 'system_u:object_r:x_t:s0')
    give(host, path, OWN)
    host.make(await host.plan(copy, { dest: path, content: 'b' }, debian))
    assert.is(label(host, path), OWN)
    const refused = await host.plan(copy, { dest: path, content: 'b', setype: '_default' }, debian).catch(String)
    assert.match(String(refused), /there is no matchpathcon: install libselinux-utils/)
  })

  test(`${shell[0]}: a label that is asked for is shown, given, and then fine`, async () => {
    const host = new LabelledHost(shell)
    const path = join(host.root, 'files/f')
    writeFileSync(path, 'a')
    give(host, path, OWN)
    const wish = { path, setype: 'x_t', selevel: 's0' }
    const plan = await host.plan(file, wish, debian)
    assert.equal(brief(plan), [`secontext: ${OWN} -> staff_u:object_r:x_t:s0`])
    host.make(plan)
    const after = await host.plan(file, wish, debian)
    assert.equal(brief(after), [])
    assert.is(after.kind === 'ok' && after.result['secontext'], 'staff_u:object_r:x_t:s0')
    assert.equal(brief(await host.plan(file, { path, setype: '_default' }, debian)), [
      'secontext: staff_u:object_r:x_t:s0 -> staff_u:object_r:policy_t:s0',
    ])
    const both = await host.plan(copy, { dest: path, content: 'b', setype: 'y_t', mode: '0600' }, debian)
    host.make(both)
    assert.is(label(host, path), 'staff_u:object_r:y_t:s0')
    assert.equal(brief(await host.plan(copy, { dest: path, content: 'b', setype: 'y_t', mode: '0600' }, debian)), [])
  })

  test(`${shell[0]}: directories that are made, and trees, get the label`, async () => {
    const host = new LabelledHost(shell)
    const path = join(host.root, 'files/a/b')
    const wish = { path, state: 'directory', setype: 'x_t' }
    host.make(await host.plan(file, wish, debian))
    assert.is(label(host, path), 'system_u:object_r:x_t:s0')
    assert.equal(brief(await host.plan(file, wish, debian)), [])
    writeFileSync(join(path, 'f'), '')
    const tree = { ...wish, recurse: true }
    host.make(await host.plan(file, tree, debian))
    assert.is(label(host, join(path, 'f')), 'system_u:object_r:x_t:s0')
    assert.equal(brief(await host.plan(file, tree, debian)), [])
  })

  test(`${shell[0]}: a file copied on the host keeps the label of the one it replaces`, async () => {
    const host = new LabelledHost(shell)
    const [src, dest] = [join(host.root, 'files/src'), join(host.root, 'files/dest')]
    writeFileSync(src, 'new')
    writeFileSync(dest, 'old')
    give(host, dest, OWN)
    host.make(await host.plan(copy, { src, dest, remote_src: true }, debian))
    assert.is(label(host, dest), OWN)
    assert.is(label(host, src), INHERITED)
  })

  test(`${shell[0]}: files of a tree keep the labels of those that they replace`, () => {
    const host = new LabelledHost(shell, ['matchpathcon'])
    const [from, into] = [join(host.root, 'from'), join(host.root, 'files')]
    mkdirSync(from)
    for (const name of ['old', 'new', 'odd name']) writeFileSync(join(from, name), name)
    writeFileSync(join(into, 'old'), 'before')
    writeFileSync(join(into, 'odd name'), 'before')
    give(host, join(into, 'old'), OWN)
    give(host, join(into, 'odd name'), OWN)
    const files = ['old', 'new', 'odd name'].map(path => ({ path, source: path, size: 3 }))
    const mirror: Mirror = {
      ...{ kind: 'mirror', way: 'within', from, into, stage: '.stage' },
      ...{ clear: [], directories: [], files, links: [], remove: [], dress: [] },
    }
    writeFileSync(join(host.root, 'steps'), stepsOf(mirror).replaceAll('/sys/fs/selinux', join(host.root, 'selinux')))
    const script = receiving(mirror).wire.replace(/tar -x .*/, () => sh`cp ${join(host.root, 'steps')} "$g"/steps`.wire)
    const answer = host.run(new Script(script))
    assert.is(answer.stderr, '')
    assert.is(answer.code, 0)
    assert.is(label(host, join(into, 'old')), OWN)
    assert.is(label(host, join(into, 'odd name')), OWN)
    assert.is(label(host, join(into, 'new')), POLICY)
  })

  test(`${shell[0]}: a host without chcon is told of before anything is changed`, () => {
    const host = new LabelledHost(shell)
    const question = worn({ path: join(host.root, 'files/f') }, { setype: 'x_t' })
    if (question.of !== 'target') throw new Error('nothing is asked')
    const answer = host.run(sh`${raw('command() { [ "$2" != chcon ]; }')}\n${question.script}`)
    assert.throws(() => question.read(answer), /SELinux is on, and there is no chcon: install coreutils/)
  })

  test(`${shell[0]}: where SELinux is off nobody asks for labels`, async () => {
    const root = new LabelledHost(shell).root
    const path = join(root, 'files/f')
    writeFileSync(path, 'a')
    const wish = { path, seuser: 'a_u', setype: 'x_t', selevel: '_default' }
    const plan = await planHere(file, wish, debian, shell)
    assert.equal(brief(plan), [])
    assert.not('secontext' in (plan.kind === 'ok' ? plan.result : {}))
  })
}

const NEW_USER = { seen: undefined, same: undefined, housed: true, shadow: undefined, key: undefined }

test('user: a new account logs in as an SELinux user; an account that is there keeps its own', () => {
  const script = (host: typeof debian) => {
    const plan = planWith(user, { name: 'ann', seuser: 'staff_u' }, NEW_USER, host)
    const by = plan.kind === 'change' ? plan.edits[0]?.by : undefined
    return by?.kind === 'run' ? by.script.shown : JSON.stringify(plan)
  }
  assert.match(script(debian), /^useradd .*-Z staff_u -- ann/)
  assert.not.match(script(busybox), /staff_u/)
})

test.run()
