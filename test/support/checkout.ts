import { cpSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** A throw-away checkout that holds some of our files, some new ones, and our installed packages. */
export function checkout(ours: readonly string[], fresh: Readonly<Record<string, string>>): string {
  const dir = mkdtempSync(join(tmpdir(), 'regplay-checkout-'))
  symlinkSync(join(root, 'node_modules'), join(dir, 'node_modules'))
  for (const path of ours) cpSync(join(root, path), join(dir, path), { recursive: true })
  for (const [path, text] of Object.entries(fresh)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileSync(join(dir, path), text)
  }
  return dir
}
