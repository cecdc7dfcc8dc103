import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import cron from '../../src/modules/cron.ts'
import { tableLines } from '../../src/modules/shared/crontab.ts'
import { brief, converge, planHere, planWith } from '../support/converge.ts'
import { busybox, debian } from '../support/host.ts'
import { SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'

const test = suite('modules/cron')
const dir = mkdtempSync(join(tmpdir(), 'regplay-cron-'))
test.after(() => rmSync(dir, { recursive: true, force: true }))

const JOB = '#Ansible: a job\n'
const TABLES: Record<string, [before: string | undefined, wish: Record<string, unknown>, after: string | undefined]> = {
  'a first job': [undefined, { job: 'x', minute: '*/5' }, `${JOB}*/5 * * * * root x\n`],
  'a job after others': ['A=b\n', { job: 'x %', special_time: 'reboot' }, `A=b\n${JOB}@reboot root x %\n`],
  'a job that is there': [`${JOB}* * * * * root x\n`, { job: 'x\n' }, `${JOB}* * * * * root x\n`],
  'a job that changes': [`${JOB}1 * * * * root x\n#e\n`, { job: 'y', hour: '2' }, `${JOB}* 2 * * * root y\n#e\n`],
  'a job that rests': [`${JOB}* * * * * root x\n`, { job: 'x', disabled: true }, `${JOB}#* * * * * root x\n`],
  'a job without a name gets it': ['#c\n* * * * * root x\n', { job: 'x' }, `#c\n${JOB}* * * * * root x\n`],
  'a job of another name': [
    '#Ansible: b\n* * * * * root x\n',
    { job: 'x' },
    `#Ansible: b\n* * * * * root x\n${JOB}* * * * * root x\n`,
  ],
  'a job goes': [`A=b\n${JOB}* * * * * root x\n`, { state: 'absent' }, 'A=b\n'],
  'the last job takes the file along': [`\n${JOB}* * * * * root x\n`, { state: 'absent' }, undefined],
  'a job that is not there need not go': ['A=b\n', { state: 'absent' }, 'A=b\n'],
  'a line end that is missing': ['A=b', { state: 'absent' }, 'A=b\n'],
  'a variable stands first': ['#c\n', { name: 'A', job: 'b c', env: true }, 'A="b c"\n#c\n'],
  'a variable after another': ['B=1\nC=1\n', { name: 'A', job: 'b', env: true, insertafter: 'B' }, 'B=1\nA="b"\nC=1\n'],
  'a variable before another': [
    'B=1\nC=1\n',
    { name: 'A', job: 'b', env: true, insertbefore: 'C' },
    'B=1\nA="b"\nC=1\n',
  ],
  'a variable changes where it is': [
    'B=1\nA=1\n',
    { name: 'A', job: 'b', env: true, insertbefore: 'B' },
    'B=1\nA="b"\n',
  ],
  'a variable goes': ['B=1\nA=1\n', { name: 'A', env: true, state: 'absent' }, 'B=1\n'],
}

for (const shell of SHELLS)
  for (const [title, [before, wish, after]] of Object.entries(TABLES))
    test(`${shell[0]}: ${title}`, async () => {
      const cron_file = join(mkdtempSync(join(dir, "t'")), 'file')
      if (before !== undefined) writeFileSync(cron_file, before)
      const lines = await converge(cron, { name: 'a job', user: 'root', cron_file, ...wish }, debian, shell)
      assert.is(existsSync(cron_file) ? readFileSync(cron_file, 'utf8') : undefined, after)
      assert.is(lines.length > 0, before !== after)
    })

const REFUSED: Record<string, [wish: Record<string, unknown>, why: RegExp]> = {
  'a file without a user': [{ job: 'x', user: undefined }, /must specify user/],
  'two times': [{ job: 'x', hour: '1', special_time: 'daily' }, /or special time/],
  'no job': [{}, /must specify 'job'/],
  'a place for a job': [{ job: 'x', insertafter: 'A' }, /valid only with env/],
  'a name with a blank': [{ job: 'x', env: true }, /Invalid name/],
  'no such variable': [{ name: 'A', job: 'x', env: true, insertafter: 'B' }, /'B' not found/],
  "the system's own table": [{ job: 'x', cron_file: '/etc/crontab' }, /Will not manage/],
}
for (const [title, [wish, why]] of Object.entries(REFUSED))
  test(`refused: ${title}`, async () => {
    const [shell] = SHELLS
    const given = { name: 'a job', user: 'root', cron_file: join(dir, 'none'), ...wish }
    if (shell) assert.match(brief(await planHere(cron, given, debian, shell)).join(), why)
  })

const user = (wish: Record<string, unknown>, table: string | undefined, host = debian) =>
  planWith(cron, { name: 'a job', job: 'x', ...wish }, { path: undefined, table }, host)

test("a user's table is written as a whole, its old text kept on demand", () => {
  const plan = user({ user: 'ann', backup: true }, 'A=b\n')
  if (plan.kind !== 'change') throw new Error(plan.kind)
  const [copy, write] = plan.edits.map(edit => edit.by)
  assert.is(copy?.kind === 'put' && copy.path, plan.result['backup_file'])
  assert.equal(write?.kind === 'run' && [write.script.shown, write.stdin], [
    'crontab -u ann -',
    `A=b\n${JOB}* * * * * x\n`,
  ])
  assert.equal([plan.result['jobs'], plan.result['envs']], [['a job'], ['A']])
  const own = user({ user: 'root' }, '')
  assert.is(
    own.kind === 'change' && own.edits[0]?.by.kind === 'run' && own.edits[0].by.script.shown.replace('  ', ' '),
    'crontab -',
  )
})

test('a host without cron is told so; names that cron ignores are warned of', () => {
  assert.equal(brief(user({}, undefined, busybox)), ['refuse: box has no crontab'])
  const plan = planWith(
    cron,
    { name: 'n', job: 'a\nb', user: 'root', cron_file: 'a.b' },
    { path: '/etc/cron.d/a.b' },
    debian,
  )
  assert.is('result' in plan && Array.isArray(plan.result['warnings']) && plan.result['warnings'].length, 2)
})

test('lines that cron wrote above a table are none of it', () =>
  assert.equal(
    tableLines(
      '# DO NOT EDIT THIS FILE - edit the master and reinstall.\n# (/tmp/x installed on y)\n# (Cron version x)\nA=b\n',
    ),
    ['A=b'],
  ))

for (const shell of SHELLS)
  test(`${shell[0]}: the table of this user is read where there is cron`, async () => {
    const plan = await planHere(cron, { name: 'regplay test', job: 'x' }, debian, shell)
    assert.match(brief(plan).join(), /^(crontab of root: other jobs -> the wanted jobs|refuse: web1 has no crontab)$/)
  })

test.run()
