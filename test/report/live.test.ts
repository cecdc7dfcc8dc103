import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import * as assert from 'uvu/assert'
import { noPty, onPty } from '../support/pty.ts'
import { suite } from '../support/suite.ts'

const test = suite('live')
const PROGRAM = ['node', '--import', 'tsx', fileURLToPath(new URL('live-program.ts', import.meta.url))] as const

/** What the live view itself may write: moving the cursor, clearing, colours. */
const OURS = /\u001b\[(?:\?25[hl]|\d*[ABGK]|[\d;]*m)/g

const missing = noPty()
const onTerminal = (name: string, body: () => Promise<void>) =>
  missing === undefined ? test(name, body, 30_000) : test.skip(name, missing)

onTerminal('a terminal sees rows, counts, transfers and failures in full', async () => {
  const { screen, status } = await onPty(PROGRAM)
  assert.is(status, 0)
  assert.match(screen, /put config {2}2 running/)
  assert.match(
    screen,
    /web: sending a\\x1b\[2Kb\\x1b\]0;title\\x07c\\x0dd\\x9b31me\\u202ef 1000 B of 2.0 KiB \(50%\)|1000 B of/,
  )
  const lines = screen.replace(OURS, '').split(/\r?\n/)
  assert.ok(lines.some(line => /put config {2}1 changed, 1 failed$/.test(line)))
  assert.ok(lines.includes('  remedy: make room'))
  assert.ok(lines.some(line => line.startsWith('fatal: [db]: FAILED! => {"changed": false, "msg": "no space ')))
  assert.ok(lines.some(line => line.includes('"msg": "hello ')))
  assert.ok(lines.some(line => line.startsWith('[WARNING]: [web] mind the gap')))
  assert.ok(lines.some(line => line.startsWith('db                         : ok=0')))
  assert.is(lines.filter(line => line.startsWith('PLAY RECAP')).length, 1)
})

onTerminal('nothing of a host acts on the terminal, and the cursor comes back', async () => {
  const { screen } = await onPty(PROGRAM)
  const rest = screen.replace(OURS, '')
  assert.not.ok(/[\u001b\u0007\u009b\u202e]/.test(rest), JSON.stringify(rest))
  assert.ok(screen.lastIndexOf('\u001b[?25h') > screen.lastIndexOf('\u001b[?25l'))
})

onTerminal('secrets are masked in rows too', async () => {
  const { screen } = await onPty(PROGRAM)
  assert.match(screen, 'task with <password>')
  assert.not.match(screen, 'hunter2')
})

onTerminal('signals are left to us', async () => {
  const { screen, status } = await onPty(PROGRAM)
  assert.is(status, 0)
  assert.match(screen, 'SIGINT came to us')
  assert.match(screen, 'the end')
})

onTerminal('NO_COLOR: rows without colours', async () => {
  const { screen } = await onPty(PROGRAM, { env: { NO_COLOR: '1' } })
  assert.not.ok(/\u001b\[[\d;]*m/.test(screen))
  assert.ok(/\u001b\[\?25l/.test(screen))
})

const QUIET: Record<string, { env?: Record<string, string>; columns?: number }> = {
  'a build server': { env: { CI: 'true' } },
  'a dumb terminal': { env: { TERM: 'dumb' } },
  'a terminal without a size': { columns: 0 },
}
for (const [name, options] of Object.entries(QUIET)) {
  onTerminal(`${name} gets lines`, async () => {
    const { screen } = await onPty(PROGRAM, options)
    assert.not.match(screen, '\u001b[?25l')
    assert.match(screen, 'TASK [put config] ****')
  })
}

test('a pipe gets lines without colours', () => {
  const { stdout, status } = spawnSync(process.execPath, PROGRAM.slice(1), { encoding: 'utf8' })
  assert.is(status, 0)
  assert.not.match(stdout, '\u001b')
  assert.match(stdout, 'TASK [task with <password>] ****')
  assert.match(stdout, '\nchanged: [web]\n')
})

test.run()
