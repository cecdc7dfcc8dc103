import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import pamd from '../../src/modules/pamd.ts'
import { withPam } from '../../src/modules/shared/pam.ts'
import { brief, converge, planWith } from '../support/converge.ts'
import { debian } from '../support/host.ts'
import { SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'

const test = suite('modules/pamd')

const TEXT = `# a service
auth\t required   pam_env.so
auth [success=1 default = ignore] pam_unix.so  nullok try_first_pass
@include common-auth

# the end
session optional pam_motd.so motd=/run/motd [a b]
session optional pam_motd.so
`
/** The same, written as rules are written once one changes. */
const LINES = [
  '# a service',
  'auth       required pam_env.so',
  'auth       [success=1 default=ignore] pam_unix.so nullok try_first_pass',
  '@include common-auth',
  '',
  '# the end',
  'session    optional pam_motd.so motd=/run/motd [a b]',
  'session    optional pam_motd.so',
]
const ENV = { type: 'auth', control: 'required', module_path: 'pam_env.so' }
const UNIX = { type: 'auth', control: '[success=1 default=ignore]', module_path: 'pam_unix.so' }
const MOTD = { type: 'session', control: 'optional', module_path: 'pam_motd.so' }
const FRESH = { new_type: 'auth', new_control: 'sufficient', new_module_path: 'pam_x.so' }
const X = 'auth       sufficient pam_x.so'

/** What is wanted, the text that comes of it, and how many rules are another way. */
const CASES: Record<string, [wish: Record<string, unknown>, after: string, count: number]> = {
  'rules go, all that are meant': [{ ...MOTD, state: 'absent' }, text(LINES.slice(0, 6)), 2],
  'what is meant is not there': [{ ...MOTD, control: 'required', state: 'absent' }, TEXT, 0],
  'a control changes': [
    { ...ENV, new_control: 'requisite' },
    text(LINES.with(1, 'auth       requisite pam_env.so')),
    1,
  ],
  'a rule is as it should be': [{ ...UNIX, new_type: 'auth', module_arguments: ['nullok', 'try_first_pass'] }, TEXT, 0],
  'all arguments are others': [
    { ...UNIX, module_arguments: ['debug x=1'] },
    text(LINES.with(2, 'auth       [success=1 default=ignore] pam_unix.so debug x=1')),
    1,
  ],
  'no arguments are left': [
    { ...UNIX, module_arguments: [''] },
    text(LINES.with(2, 'auth       [success=1 default=ignore] pam_unix.so')),
    1,
  ],
  'arguments are added, and get values': [
    { ...MOTD, state: 'args_present', module_arguments: ['motd=/etc/motd', 'noupdate'] },
    text([
      ...LINES.slice(0, 6),
      'session    optional pam_motd.so motd=/etc/motd [a b] noupdate',
      'session    optional pam_motd.so motd=/etc/motd noupdate',
    ]),
    2,
  ],
  'an argument goes': [
    { ...UNIX, state: 'args_absent', module_arguments: ['nullok', 'other'] },
    text(LINES.with(2, 'auth       [success=1 default=ignore] pam_unix.so try_first_pass')),
    1,
  ],
  'a rule comes before another': [{ ...UNIX, ...FRESH, state: 'before' }, text(LINES.toSpliced(2, 0, X)), 1],
  'the first rule comes before all': [{ ...ENV, ...FRESH, state: 'before' }, text(LINES.toSpliced(1, 0, X)), 1],
  'its neighbour is that rule already': [
    { ...UNIX, state: 'before', new_type: 'auth', new_control: 'required', new_module_path: 'pam_env.so' },
    TEXT,
    0,
  ],
  'a rule comes after another, with arguments': [
    { ...ENV, ...FRESH, state: 'after', module_arguments: ['a', 'b=c'] },
    text(LINES.toSpliced(2, 0, `${X} a b=c`)),
    1,
  ],
  'a rule comes after each, and after the last': [
    { ...MOTD, ...FRESH, state: 'after' },
    text([...LINES.slice(0, 7), X, ...LINES.slice(7), X]),
    2,
  ],
}

function text(lines: readonly string[]): string {
  return lines.map(line => `${line}\n`).join('')
}

const [dash] = SHELLS
if (dash === undefined) throw new Error('there is no shell')

for (const [title, [wish, after]] of Object.entries(CASES))
  test(title, async () => {
    const dir = mkdtempSync(join(tmpdir(), 'regplay-pamd-'))
    try {
      writeFileSync(join(dir, 'x'), TEXT)
      await converge(pamd, { name: 'x', path: dir, ...wish }, debian, dash)
      assert.is(readFileSync(join(dir, 'x'), 'utf8'), after)
      assert.equal(readdirSync(dir), ['x'])
    } finally {
      rmSync(dir, { recursive: true })
    }
  })

const FILE = { type: 'file', mode: 0o644, uid: 0, gid: 0, owner: 'root', group: 'root', size: 1, identity: '1:1' }
const seen = (content: string | undefined): Record<string, unknown> => ({
  self: content === undefined ? undefined : FILE,
  real: '/etc/pam.d/x',
  text: content,
  parent: undefined,
  ids: {},
})

for (const [title, [wish, after, count]] of Object.entries(CASES))
  test(`told: ${title}`, () => {
    const plan = planWith(pamd, { name: 'x', ...wish }, seen(TEXT), debian)
    assert.is(plan.kind, count === 0 ? 'ok' : 'change')
    assert.is(
      plan.kind === 'change' ? plan.deed['change_count'] : 'result' in plan ? plan.result['change_count'] : undefined,
      count,
    )
    if (plan.kind === 'change') assert.is(plan.edits[0]?.texts?.after, after)
  })

test('of an argument that stands there twice, the last value counts', () => {
  const at = { type: 'auth', control: 'required', path: 'a.so' }
  const rule = 'auth       required a.so x=1 x=2\n'
  assert.equal(withPam(rule, { at, state: 'args_present', args: ['x=2'] }), { text: rule, count: 0 })
  const other = withPam(rule, { at, state: 'args_present', args: ['x=1'] })
  assert.equal(other, { text: 'auth       required a.so x=1 x=1\n', count: 1 })
})

const FAULTS: Record<string, [content: string | undefined, wish: Record<string, unknown>, why: string]> = {
  'no such service': [undefined, ENV, 'Unable to open/read PAM module file /etc/pam.d/x: it does not exist'],
  'a line that is no rule': ['auth required a.so\nhello\n', ENV, 'Rule is not valid hello'],
  'a rule on several lines': ['auth required a.so \\\n x\n', ENV, 'Rule is not valid auth required a.so \\'],
  'an unknown control': [
    'auth perhaps a.so\n',
    ENV,
    'Rule control, perhaps, is not valid in rule auth       perhaps a.so',
  ],
  'a new control that is none': [
    'auth required pam_env.so\n',
    { ...ENV, new_control: '[success=well]' },
    'Rule control action, well, is not valid in rule auth       [success=well] pam_env.so',
  ],
  'brackets are one argument': [
    TEXT,
    { ...ENV, state: 'args_present', module_arguments: ['[a b]'] },
    "Unable to process bracketed '[' complex arguments with 'args_present'. Please use 'updated'.",
  ],
  'what to insert is not said': [
    TEXT,
    { ...ENV, state: 'after', new_type: 'auth' },
    'state is after but all of the following are missing: new_control, new_module_path',
  ],
  'which arguments is not said': [
    TEXT,
    { ...ENV, state: 'args_absent' },
    'state is args_absent but all of the following are missing: module_arguments',
  ],
}

for (const [title, [content, wish, why]] of Object.entries(FAULTS))
  test(`refused: ${title}`, () =>
    assert.equal(brief(planWith(pamd, { name: 'x', ...wish }, seen(content), debian)), [`refuse: ${why}`]))

test.run()
