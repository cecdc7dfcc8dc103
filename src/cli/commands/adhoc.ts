import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Desk } from '../desk.ts'
import { exitOf } from '../exit.ts'
import type { AdhocOptions } from '../options.ts'
import { askPasswords } from '../passwords.ts'
import { openScreen } from '../screen.ts'
import { perform } from '../wire.ts'

interface ModuleOptions extends AdhocOptions {
  readonly module: 'ping' | 'setup'
}

/** A playbook of one task. JSON is YAML, so that a pattern needs no thought about quoting. */
const playbookOf = ({ module, pattern }: ModuleOptions): string =>
  JSON.stringify([{ name: module, hosts: pattern, gather_facts: false, tasks: [{ name: module, [module]: {} }] }])

/** `regplay ping` and `regplay facts`: one module on the hosts of a pattern. */
export default async function adhoc(options: ModuleOptions, desk: Desk): Promise<number> {
  const passwords = await askPasswords(options, desk)
  const dir = mkdtempSync(join(tmpdir(), 'regplay-'))
  const file = join(dir, `${options.module}.yml`)
  writeFileSync(file, playbookOf(options), { mode: 0o600 })
  const screen = await openScreen(options, desk.out, desk.err, desk.mask)
  const tasks = { tags: [], skipTags: [], check: false, detailedExitcode: false, forceHandlers: false }
  try {
    const ending = await perform(
      { ...options, ...tasks, ...passwords, playbooks: [file] },
      screen.emit,
      desk.stop.signal,
    )
    const by = desk.stop.by()
    return exitOf({ ...ending, detailed: false, ...(by ? { signal: by } : {}) })
  } finally {
    await screen.close()
    rmSync(dir, { recursive: true, force: true })
  }
}
