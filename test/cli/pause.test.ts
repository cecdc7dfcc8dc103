import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { REGPLAY } from '../support/program.ts'
import { type Move, noPty, onPty } from '../support/pty.ts'
import { suite } from '../support/suite.ts'

const test = suite('pause at a terminal')
const dir = mkdtempSync(join(tmpdir(), 'regplay-pause-'))
test.after(() => rmSync(dir, { recursive: true }))

interface Row {
  /** The arguments of `pause`. */
  readonly pause: string
  readonly moves: readonly Move[]
  /** What the task after it shows, or the reason why there is none. */
  readonly ends: string | RegExp
  readonly status?: number
  readonly unseen?: string
  /** Lines instead of the moving view. */
  readonly plain?: true
}

const ENTER = 'Press enter to continue, Ctrl+C to interrupt:'
const CHOICE = "Press 'C' to continue the play or 'A' to abort"
const TIMED = "(ctrl+C then 'C' = continue early, ctrl+C then 'A' = abort)"

const ROWS: Readonly<Record<string, Row>> = {
  'a line ends it': { pause: '', moves: [{ expect: ENTER, send: '\r' }], ends: 'typed []' },
  'a line ends it, below lines': { pause: '', moves: [{ expect: ENTER, send: '\r' }], ends: 'typed []', plain: true },
  'what is typed is the result': {
    pause: 'prompt: Well',
    moves: [{ expect: 'Well:', send: 'nox\u007f ünx\u007f\r' }],
    ends: 'typed [no ün]',
  },
  'what is typed may be hidden': {
    pause: 'prompt: Well, echo: false',
    moves: [{ expect: 'Well (output is hidden):', send: 'hunter2\r' }],
    ends: 'typed [<answer to a prompt>]',
    unseen: 'hunter',
  },
  'Ctrl-C, then C goes on': {
    pause: '',
    moves: [
      { expect: ENTER, send: 'x\u0003' },
      { expect: CHOICE, send: 'qC' },
    ],
    ends: 'typed [x]',
  },
  'Ctrl-C, then A fails the task': {
    pause: 'prompt: Well',
    moves: [
      { expect: 'Well:', send: '\u0003' },
      { expect: CHOICE, send: 'a' },
    ],
    ends: /user requested abort!/,
    status: 2,
  },
  'Ctrl-C twice ends the run': {
    pause: '',
    moves: [
      { expect: ENTER, send: '\u0003' },
      { expect: CHOICE, send: '\u0003' },
    ],
    ends: /SIGINT: stopping/,
    status: 130,
  },
  'a time ends by itself': { pause: 'seconds: 1', moves: [{ expect: TIMED, send: 'ignored' }], ends: 'typed []' },
  'a time can be ended early': {
    pause: 'minutes: 10, prompt: Wait',
    moves: [
      { expect: 'Wait:', send: '\u0003' },
      { expect: CHOICE, send: 'c' },
    ],
    ends: 'typed []',
  },
  'a time can be aborted': {
    pause: 'seconds: 600',
    moves: [
      { expect: TIMED, send: '\u0003' },
      { expect: CHOICE, send: 'A' },
    ],
    ends: /user requested abort!/,
    status: 2,
  },
}

const missing = noPty()
for (const [name, row] of Object.entries(ROWS)) {
  if (missing) test.skip(name, missing)
  else test(name, () => judge(row), 40_000)
}

async function judge({ pause, moves, ends, status = 0, unseen, plain }: Row): Promise<void> {
  const playbook = join(dir, 'pause.yml')
  const after = '{ debug: { msg: "typed [{{ r.user_input }}]" } }'
  writeFileSync(
    playbook,
    `- hosts: all\n  gather_facts: false\n  tasks:\n    - { pause: { ${pause} }, register: r }\n    - ${after}\n`,
  )
  const argv = [process.execPath, REGPLAY, 'run', playbook, '-i', 'one,', '-c', 'local', ...(plain ? ['-v'] : [])]
  const ended = await onPty(argv, { moves, limit: 30 })
  if (typeof ends === 'string') assert.ok(ended.screen.includes(ends), ended.screen)
  else assert.match(ended.screen, ends)
  assert.is(ended.status, status, ended.screen)
  if (unseen !== undefined) assert.not.match(ended.screen, unseen)
}

test.run()
