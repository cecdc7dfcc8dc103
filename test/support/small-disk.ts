import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Suite } from './suite.ts'

/** A test on a file system of so little room (`1m`, `4k`); skipped where none can be mounted. */
export function onSmallDisk(test: Suite, name: string, size: string, body: (disk: string) => unknown): void {
  const disk = mkdtempSync(join(tmpdir(), 'regplay-disk-'))
  const mounted =
    process.getuid?.() === 0 && spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', disk]).status === 0
  test.after(() => {
    if (mounted) spawnSync('umount', [disk])
    rmSync(disk, { recursive: true, force: true })
  })
  if (mounted) test(name, () => body(disk))
  else test.skip(name, `needs root and mount, for a file system of ${size}`)
}
