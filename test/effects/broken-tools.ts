import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Runs in a world where tools of these names fail without a word. */
export async function withBroken(dir: string, names: readonly string[], body: () => Promise<void>): Promise<void> {
  const bin = mkdtempSync(join(dir, 'bin-'))
  for (const name of names) writeFileSync(join(bin, name), '#!/bin/sh\ncat >/dev/null\nexit 1\n', { mode: 0o755 })
  const path = process.env['PATH']
  process.env['PATH'] = `${bin}:${path}`
  try {
    await body()
  } finally {
    process.env['PATH'] = path
  }
}
