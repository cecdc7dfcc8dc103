import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as assert from 'uvu/assert'
import { siteAvailable } from '../support/site.ts'
import { suite } from '../support/suite.ts'

const test = suite('e2e/deb822')

/** Milliseconds: some dozens of tasks, and apt-get for each source. */
const LIMIT = 300_000

const HERE = fileURLToPath(new URL('deb822', import.meta.url))
const OVERLAY = fileURLToPath(new URL('managers/overlay.sh', import.meta.url))
const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')

const why = siteAvailable() ?? (spawnSync('gpg', ['--version']).status === 0 ? null : 'gpg signs the archive')
// Ansible 2.14 has no such module to compare with: its idempotence is measured here, and apt is the judge of what it writes.
if (why !== null) test.skip('sources of packages', why)
else
  test(
    'sources are written once, predicted, and what apt understands, with keys as texts and as files',
    () => {
      const dir = mkdtempSync(join(tmpdir(), 'regplay-deb822-'))
      try {
        const words = ['sh', OVERLAY, dir, ROOT, 'sh', join(HERE, 'run.sh'), HERE, ROOT, process.execPath]
        const { status, stdout, stderr } = spawnSync(
          'unshare',
          ['--mount', '--pid', '--fork', '--kill-child', ...words],
          {
            encoding: 'utf8',
            env: { PATH: process.env['PATH'] ?? '', HOME: '/root' },
            timeout: LIMIT,
          },
        )
        assert.is(status, 0, stdout + stderr)
      } finally {
        rmSync(dir, { recursive: true, force: true })
      }
    },
    LIMIT,
  )

test.run()
