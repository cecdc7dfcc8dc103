import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Diagnostic } from '../../src/base/diagnostic.ts'
import { toJson } from '../../src/base/value.ts'
import { Builder } from '../../src/inventory/builder.ts'
import { readIni } from '../../src/inventory/ini.ts'
import { toList } from '../../src/inventory/list.ts'
import type { Host, Inventory } from '../../src/inventory/model.ts'
import { VariableStore } from '../../src/vars/store.ts'
import { OF_INVENTORY, written } from '../../src/vars/written.ts'

/** An inventory from INI text. */
export function fromIni(text: string): { inventory: Inventory; faults: Diagnostic[] } {
  const builder = new Builder()
  readIni(text, 'hosts', builder)
  builder.inventory.reconcile()
  return { inventory: builder.inventory, faults: builder.faults }
}

const storeOf = (inventory: Inventory): VariableStore =>
  new VariableStore({ inventory, run: { playbookDir: '/nowhere', version: '0' } })

/** The variables of a host as JSON data, not rendered. */
export const hostVariables = (inventory: Inventory, host: string): Record<string, unknown> =>
  toJson(written(storeOf(inventory).scope(host), OF_INVENTORY)) as Record<string, unknown>

/** What `--list` shows, as JSON data, without the profile, which is always the same. */
export function listed(inventory: Inventory): Record<string, unknown> {
  const store = storeOf(inventory)
  const view = {
    inventory,
    hostVars: (host: Host) => written(store.scope(host.name), OF_INVENTORY),
    groupVars: () => new Map(),
    export: false,
  }
  const { _meta, ...groups } = toJson(toList(view)) as { _meta: { hostvars: unknown } }
  return { _meta: { hostvars: _meta.hostvars }, ...groups }
}

/** `line:col code`, short enough for tables. */
export const short = (faults: readonly Diagnostic[]): string[] =>
  faults.map(({ span, code }) => (span ? `${span.line}:${span.col} ${code}` : code))

/** Runs something in a directory with these files, which is removed afterwards. */
export async function withFiles<T>(
  files: Readonly<Record<string, string>>,
  use: (dir: string) => T | Promise<T>,
): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), 'regplay-inventory-'))
  try {
    for (const [name, text] of Object.entries(files)) {
      const path = join(dir, name)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, text, { mode: text.startsWith('#!') ? 0o755 : 0o644 })
    }
    return await use(dir)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}
