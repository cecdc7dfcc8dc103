import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { atEnd, notAtEnd } from '../../src/shell/at-end.ts'
import { sh } from '../../src/shell/script.ts'
import { command, SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'

const test = suite('at-end')
const dir = mkdtempSync(join(tmpdir(), 'regplay-at-end-'))
test.after(() => rmSync(dir, { recursive: true, force: true }))

/** How a subshell ends, and in which way its text is run. */
const ENDS: Record<string, [text: string, around?: (text: string) => string]> = {
  'its text ends': [':'],
  'it exits': ['exit 3'],
  'its group is hung up': ['kill -HUP 0; sleep 1'],
  'its group is ended': ['kill -TERM 0; sleep 1'],
  'nobody reads what it says any more': ['sleep 0.2; printf x; printf y', text => `{ ${text}\n} | :`],
}

for (const shell of SHELLS)
  for (const [end, [text, around = (whole: string) => whole]] of Object.entries(ENDS))
    test(`${shell[0]}: what is to be done is done when ${end}`, async () => {
      const file = join(dir, "a file's")
      const { file: program, args, path } = command(shell)
      const left = async (script: string): Promise<boolean> => {
        writeFileSync(file, '')
        const started = spawn(program, [...args, '-c', around(`( ${script} )`)], {
          ...{ detached: true, stdio: 'ignore', env: { PATH: path } },
        })
        await once(started, 'close')
        // A shell that is hung up is not waited for by those that are hung up with it
        for (let i = 0; i < 10 && existsSync(file); i++) await sleep(50)
        return existsSync(file)
      }
      assert.is(await left(`${atEnd(sh`rm -f -- ${file}`).wire}\n${text}`), false)
      assert.is(await left(`${atEnd(sh`rm -f -- ${file}`).wire}\n${notAtEnd.wire}\n${text}`), true)
    })

test.run()
