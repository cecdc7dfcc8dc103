import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { conduct } from '../conduct.ts'
import type { Desk } from '../desk.ts'
import type { AdhocOptions } from '../options.ts'
import { askPasswords } from '../passwords.ts'

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
  const tasks = { tags: [], skipTags: [], check: false, detailedExitcode: false, forceHandlers: false }
  try {
    return await conduct({ ...options, ...tasks, ...passwords, playbooks: [file] }, desk)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}
