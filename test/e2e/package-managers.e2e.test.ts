import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as assert from 'uvu/assert'
import { REGPLAY } from '../support/program.ts'
import { siteAvailable } from '../support/site.ts'
import { suite } from '../support/suite.ts'

const test = suite('e2e/package-managers')

/** Milliseconds: dnf takes some seconds each time. */
const LIMIT = 600_000

const HERE = fileURLToPath(new URL('managers', import.meta.url))
const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')
const PACKAGES = ['dnf', 'rpm', 'createrepo-c', 'pacman-package-manager', 'makepkg', 'libarchive-tools', 'zypper']

const dir = mkdtempSync(join(tmpdir(), 'regplay-managers-'))
process.once('exit', () => rmSync(dir, { recursive: true, force: true }))

/** Runs a command on an overlay of this machine's root; what it changes is there for the next one. */
const inside = (...command: readonly string[]) =>
  spawnSync('unshare', ['--mount', 'sh', join(HERE, 'overlay.sh'), dir, ROOT, ...command], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', HOME: '/root', DEBIAN_FRONTEND: 'noninteractive' },
    timeout: LIMIT,
  })

/** Why there is nothing to test with, or null. */
function whyNot(): string | null {
  const why = siteAvailable()
  if (why !== null) return why.replace('the site needs', 'package managers need')
  const bring = () => inside('apt-get', '-q', '-y', 'install', '--no-install-recommends', ...PACKAGES)
  let got = bring()
  // The lists of this machine may be older than what is installed on it.
  if (got.status !== 0 && inside('apt-get', '-q', 'update').status === 0) got = bring()
  return got.status === 0
    ? null
    : `no ${PACKAGES.join(', ')} could be had: ${(got.stderr ?? '').trim().split('\n').at(-1)}`
}

const why = whyNot()
if (why !== null) test.skip('dnf, zypper and pacman', why)
else
  test(
    'dnf, zypper and pacman make it so, once, and tell of it',
    () => {
      const made = inside('sh', join(HERE, 'packages.sh'))
      assert.is(made.status, 0, made.stdout + made.stderr)
      const words = [REGPLAY, 'run', '--events', '/tmp/events', join(HERE, 'site.yml')]
      const ran = inside('sh', '-c', 'cd "$0" && exec "$@"', ROOT, process.execPath, ...words)
      assert.is(ran.status, 0, ran.stdout + ran.stderr)
    },
    LIMIT,
  )

test.run()
