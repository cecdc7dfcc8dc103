import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import type { Module } from '../../src/kit/module.ts'
import type { Report } from '../../src/kit/plan.ts'
import command from '../../src/modules/command.ts'
import rawModule from '../../src/modules/raw.ts'
import { execute } from '../../src/modules/shared/command.ts'
import { expanding, split } from '../../src/modules/shared/words.ts'
import shellModule from '../../src/modules/shell.ts'
import { sh } from '../../src/shell/script.ts'
import { make, planHere } from '../support/converge.ts'
import { debian } from '../support/host.ts'
import { run as runHere, SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'

const test = suite('modules/command, shell, raw')

for (const shell of SHELLS) {
  const run = async (module: Module, args: Record<string, unknown>): Promise<Report> => {
    const plan = await planHere(module, args, debian, shell)
    if (plan.kind !== 'act') throw new Error(`not an act but ${plan.kind}: ${'reason' in plan ? plan.reason : ''}`)
    const [outcome] = make(plan, shell)
    if (outcome === undefined) throw new Error('nothing was run')
    return plan.report(outcome)
  }

  test(`${shell[0]}: words reach a command as they are`, async () => {
    const words = [
      'a b',
      "it's",
      '$(id)',
      '`id`',
      '*',
      '',
      'new\nline',
      '-n',
      'ü',
      '"',
      '\\',
      ';',
      '# x',
      '$NOT_SET_ANYWHERE',
      '$' + '{NOT_SET_ANYWHERE}x',
    ]
    const report = await run(command, { argv: ['printf', '[%s]', ...words] })
    assert.is(report.result['stdout'], words.map(word => `[${word}]`).join(''))
    assert.is(report.changed, true)
  })

  test(`${shell[0]}: no builtins, no operators, but home and variables`, async () => {
    const report = await run(command, { _raw_params: 'echo "a  b" ; echo \'$PATH\' | ~/x' })
    assert.match(String(report.result['stdout']), /^a {2}b ; echo \/\S+ \| \S*\/x$/)
    const kept = await run(command, { _raw_params: "echo '$PATH'", expand_argument_vars: false })
    assert.is(kept.result['stdout'], '$PATH')
  })

  test(`${shell[0]}: what is reported`, async () => {
    const failed = await run(shellModule, { _raw_params: 'echo out; echo err >&2; exit 3' })
    assert.equal(
      [
        failed.failed,
        failed.result['rc'],
        failed.result['stdout'],
        failed.result['stderr_lines'],
        failed.result['cmd'],
      ],
      ['non-zero return code', 3, 'out', ['err'], 'echo out; echo err >&2; exit 3'],
    )
    const absent = await run(command, { _raw_params: 'no-such-command-anywhere x' })
    assert.is(absent.failed, "[Errno 2] No such file or directory: 'no-such-command-anywhere'")
    const { cmd, rc, stderr } = absent.result
    assert.equal([cmd, rc, stderr], ['no-such-command-anywhere x', 2, ''])
    const lines = await run(shellModule, { _raw_params: 'printf "a\\nb\\n\\n"', strip_empty_ends: false })
    assert.equal(lines.result['stdout_lines'], ['a', 'b', ''])
    assert.is((await run(rawModule, { _raw_params: 'echo "$0"; false; echo x' })).result['stdout'], '/bin/sh\nx\n')
    assert.is((await run(shellModule, { _raw_params: 'cat', stdin: "it's\nin" })).result['stdout'], "it's\nin")
    assert.is(
      (await run(command, { _raw_params: 'wc -c', stdin: 'four', stdin_add_newline: false })).result['stdout'],
      '4',
    )
  })

  test(`${shell[0]}: creates, removes and chdir`, async () => {
    const root = mkdtempSync(join(tmpdir(), 'command-'))
    writeFileSync(join(root, 'made it'), '')
    const skipped = await planHere(shellModule, { _raw_params: 'false', creates: 'made*', chdir: root }, debian, shell)
    assert.equal('result' in skipped && [skipped.kind, skipped.result['msg'], skipped.result['rc']], [
      'ok',
      "Did not run command since 'made*' exists",
      0,
    ])
    const gone = await planHere(command, { _raw_params: 'false', removes: join(root, 'none') }, debian, shell)
    assert.is(gone.kind, 'ok')
    const report = await run(command, {
      _raw_params: 'pwd',
      chdir: root,
      removes: join(root, 'made it'),
      creates: 'none',
    })
    assert.is(report.result['stdout'], root)
    rmSync(root, { recursive: true })
  })

  test(`${shell[0]}: a folder is entered by its real path, or nothing is run`, async () => {
    const root = mkdtempSync(join(tmpdir(), 'command-'))
    mkdirSync(join(root, 'real/in'), { recursive: true })
    symlinkSync('real', join(root, 'link'))
    const through = await run(shellModule, { _raw_params: 'dirname "$PWD"', chdir: join(root, 'link/in') })
    assert.is(through.result['stdout'], join(root, 'real'))
    const none = join(root, 'none')
    const lost = await run(shellModule, { _raw_params: `touch ${root}/ran\ntouch ${root}/ran`, chdir: none })
    assert.equal(
      [lost.failed, lost.changed, lost.result['rc']],
      [`Unable to change directory before execution: ${none}`, false, null],
    )
    assert.not.ok(existsSync(join(root, 'ran')))
    rmSync(root, { recursive: true })
  })
}

/** Words, and what they are on a host where HOME is `/h o` and SET is `v 'q" *`. */
const EXPANDED: readonly (readonly [word: string, wanted: string])[] = [
  ['~', '/h o'],
  ['~/x', '/h o/x'],
  ['~x', '~x'],
  ['a~', 'a~'],
  ['$SET', `v 'q" *`],
  [`$${'{SET}'}x$SET`, `v 'q" *xv 'q" *`],
  ['$UNSET', '$UNSET'],
  [`$${"{UNSET}}'"}`, `$${"{UNSET}}'"}`],
  [`$${'{SET'}`, `$${'{SET'}`],
  ['$(id)`id`$1$$', '$(id)`id`$1$$'],
  ['{a,b}\\*?[a]', '{a,b}\\*?[a]'],
  ['', ''],
]
for (const shell of SHELLS)
  test(`${shell[0]}: words are expanded once, and stay one word`, () => {
    const words = EXPANDED.flatMap(([word]) => [expanding(word), sh`${'|'}`])
    const script = execute([sh`printf`, sh`${'%s'}`, ...words])
    const { stdout } = runHere(script, shell, { env: { HOME: '/h o', SET: `v 'q" *` } })
    assert.equal(
      stdout.split('|').slice(0, -1),
      EXPANDED.map(([, wanted]) => wanted),
    )
  })

test('words are split as Python splits them', () => {
  for (const [line, wanted] of [
    ['a b  c', ['a', 'b', 'c']],
    [`a "b c" 'd "e"' f\\ g`, ['a', 'b c', 'd "e"', 'f g']],
    ['x="1 2"', ['x=1 2']],
    [`"" ''`, ['', '']],
    ['"a\\"b\\$c\\\\"', ['a"b\\$c\\']],
    ['a # b', ['a', '#', 'b']],
    ['a\nb', ['a', 'b']],
  ] as const)
    assert.equal(split(line), wanted)
  assert.throws(() => split('a "b'), /No closing quotation/)
})

test.run()
