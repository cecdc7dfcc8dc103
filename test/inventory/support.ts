import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Diagnostic } from '../../src/base/diagnostic.ts'
import { Builder } from '../../src/inventory/builder.ts'
import { readIni } from '../../src/inventory/ini.ts'
import type { Inventory } from '../../src/inventory/model.ts'

/** An inventory from INI text. */
export function fromIni(text: string): { inventory: Inventory; faults: Diagnostic[] } {
  const builder = new Builder()
  readIni(text, 'hosts', builder)
  builder.inventory.reconcile()
  return { inventory: builder.inventory, faults: builder.faults }
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
