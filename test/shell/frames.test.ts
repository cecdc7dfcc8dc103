import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join as joinPath } from 'node:path'
import * as assert from 'uvu/assert'
import { Secret } from '../../src/base/secret.ts'
import type { Answer } from '../../src/shell/answer.ts'
import { TripDecoder } from '../../src/shell/decoder.ts'
import { encodeTrip, type FramedFragment, newMark } from '../../src/shell/frames.ts'
import { raw, sh } from '../../src/shell/script.ts'
import { suite } from '../support/suite.ts'
import { missing, shells, type TestShell } from './shells.ts'

const test = suite('frames')

/** Feeds a trip to a shell on stdin, as a resident shell gets it, and decodes what it says. */
function trip({ argv }: TestShell, fragments: readonly (FramedFragment & { keep?: number })[], before = ''): Answer[] {
  const mark = newMark()
  const [program = 'sh', ...args] = argv
  const run = spawnSync(program, args, {
    input: `LC_ALL=C; export LC_ALL\n${before}${encodeTrip(fragments, mark)}`,
    maxBuffer: 256 * 1024 * 1024,
  })
  const decoder = new TripDecoder(mark, fragments)
  decoder.stdout(run.stdout)
  decoder.stderr(run.stderr)
  assert.ok(decoder.done, `${argv.join(' ')}: ${run.stderr.toString().slice(0, 500)}`)
  return decoder.answers()
}

const codes = (answers: readonly Answer[]): (number | null)[] => answers.map(answer => answer.code)

/** Every character that a word can hold, and what has hurt shells before. */
const HOSTILE: Readonly<Record<string, string>> = {
  'every character from 1 to 255': Array.from({ length: 255 }, (_, i) => String.fromCharCode(i + 1)).join(''),
  'quotes within quotes': `'"'"'\\'' "\\"" \`id\` $(id) $\{HOME} $'x' !! !x`,
  newlines: '\n\na\n\nb\n\n\n',
  'a trailing backslash': 'a\\',
  'backslashes only': '\\\\\\',
  'a leading dash': '-n -e --',
  'printf directives': '%s %d %% \\n \\0101 \\c rest',
  'carriage returns': 'a\r\nb\r',
  'a function end': '}\nregplay_trip\n',
  'a here-document end': 'EOF\n',
  unicode: 'grüße, 日本語, 🐳, ÁÂ\u0081\u0088',
  nothing: '',
  '100 KB': 'x\'y"\n'.repeat(20_000),
}

for (const name of missing) test.skip(name, `${name} is not installed`)

for (const shell of shells) {
  const named = (what: string): string => `${shell.name}: ${what}`

  for (const [what, text] of Object.entries(HOSTILE))
    test(named(`a word comes back byte by byte: ${what}`), () => {
      const [word, input, secret] = trip(shell, [
        { script: sh`printf %s ${text}` },
        { script: raw('cat'), stdin: text },
        { script: raw('cat >&2'), stdin: new Secret(text, 'password') },
      ])
      assert.is(word?.stdout, text)
      assert.is(input?.stdout, text)
      assert.is(secret?.stderr, text)
      assert.is(secret?.stdout, '')
    })

  test(named('all 256 bytes come back'), () => {
    const octal = Array.from({ length: 256 }, (_, i) => `\\${i.toString(8).padStart(3, '0')}`).join('')
    const [answer] = trip(shell, [{ script: sh`printf ${octal}` }])
    assert.equal(
      [...(answer?.stdoutBytes ?? [])],
      Array.from({ length: 256 }, (_, i) => i),
    )
  })

  test(named('statuses, exits and syntax errors stay in their fragments'), () => {
    const answers = trip(shell, [
      { script: raw('exit 3') },
      { script: raw('if then (') },
      { script: raw("echo 'never closed") },
      { script: raw('cd /; x=1; echo one') },
      { script: raw('echo $x-unset; kill -9 $(exec sh -c "echo \\$PPID")') },
      { script: raw('set -e; false; echo not reached') },
      { script: raw('exec echo replaced') },
      { script: raw('no_such_command_at_all') },
      { script: raw('') },
      { script: raw('return 4 2>/dev/null; exit 4') },
    ])
    assert.is(answers[0]?.code, 3)
    assert.ok((answers[1]?.code ?? 0) > 0)
    assert.is.not(answers[1]?.stderr, '')
    assert.ok((answers[2]?.code ?? 0) > 0)
    assert.is(answers[3]?.stdout, 'one\n')
    assert.is(answers[4]?.stdout, '-unset\n')
    assert.ok((answers[4]?.code ?? 0) > 128)
    assert.equal([answers[5]?.code, answers[5]?.stdout], [1, ''])
    assert.is(answers[6]?.stdout, 'replaced\n')
    assert.is(answers[7]?.code, 127)
    assert.is(answers[8]?.code, 0)
    assert.is(answers[9]?.code, 4)
  })

  test(named('a critical failure skips those that depend on it, and only those'), () => {
    const answers = trip(shell, [
      { script: raw('exit 1') },
      { script: raw('echo a'), unlessFailed: true },
      { script: raw('exit 2'), critical: true },
      { script: raw('echo b'), unlessFailed: true, critical: true },
      { script: raw('echo c') },
      { script: raw('echo d'), unlessFailed: true },
    ])
    assert.equal(codes(answers), [1, 0, 2, null, 0, null])
    assert.equal(
      answers.map(answer => answer.stdout),
      ['', 'a\n', '', '', 'c\n', ''],
    )
  })

  test(named('a fragment cannot eat the script, and input that nobody reads does no harm'), () => {
    const answers = trip(shell, [
      { script: raw('cat; read x; echo "got $?"') },
      { script: raw('exit 5'), stdin: 'y'.repeat(200_000) },
      { script: raw('echo last') },
    ])
    assert.is(answers[0]?.stdout, 'got 1\n')
    assert.is(answers[1]?.code, 5)
    assert.is(answers[1]?.stderr, '')
    assert.is(answers[2]?.stdout, 'last\n')
  })

  test(named('noise before the trip, and traces and functions that a fragment prints, are no frames'), () => {
    const answers = trip(
      shell,
      [
        { script: raw('set; set -x; : traced') },
        { script: raw('typeset -f 2>/dev/null || :') },
        { script: raw('echo end') },
      ],
      'echo noise; echo noise >&2\n',
    )
    assert.is(answers.length, 3)
    assert.is.not(answers[0]?.stdout.includes('noise'), true)
    assert.is(answers[2]?.stdout, 'end\n')
  })

  test(named('a text that is cut off runs nothing, wherever it is cut'), () => {
    const dir = mkdtempSync(joinPath(tmpdir(), 'regplay-cut-'))
    try {
      const text = encodeTrip([{ script: sh`: >${dir}/ran` }, { script: raw('echo "two"') }], newMark())
      const [program = 'sh', ...args] = shell.argv
      const step = Math.ceil(text.length / 40)
      for (let end = 0; end < text.length - 2; end += step) {
        spawnSync(program, args, { input: text.slice(0, end) })
        assert.not.ok(existsSync(joinPath(dir, 'ran')), `ran when cut at ${end} of ${text.length}`)
      }
      for (let end = text.length - 14; end < text.length - 1; end++) {
        spawnSync(program, args, { input: text.slice(0, end) })
        assert.not.ok(existsSync(joinPath(dir, 'ran')), `ran when cut at ${end} of ${text.length}`)
      }
      spawnSync(program, args, { input: text })
      assert.ok(existsSync(joinPath(dir, 'ran')), 'the whole text runs')
    } finally {
      rmSync(dir, { recursive: true })
    }
  })
}

test('a NUL byte is refused before anything is sent', () => {
  assert.throws(() => encodeTrip([{ script: raw('a\0b') }], newMark()), /NUL/)
  assert.throws(() => encodeTrip([{ script: raw('cat'), stdin: 'a\0b' }], newMark()), /NUL/)
})

test('marks differ', () => {
  assert.is.not(newMark(), newMark())
  assert.match(newMark(), /^[0-9a-f]{32}$/)
})

test.run()
