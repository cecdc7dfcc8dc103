// Makes node_modules what package-lock.json says, by content and not by date: clones and caches lie about dates.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const read = file => JSON.parse(readFileSync(file, 'utf8')).packages

/** Whether every package that the lock demands is installed in the version it names. */
export function isInstalled(root) {
  const hidden = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(hidden)) return false
  const installed = read(hidden)
  return Object.entries(read(join(root, 'package-lock.json'))).every(
    ([path, wanted]) => path === '' || wanted.optional || installed[path]?.version === wanted.version,
  )
}

/** Runs `npm ci` when it is needed. Returns false, having said why, when it failed. */
export function install(root) {
  if (isInstalled(root)) return true
  console.log('installing packages: npm ci --ignore-scripts')
  const npm = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (npm.status === 0) return true
  const why = npm.error ? npm.error.message : `exit ${npm.status ?? npm.signal}`
  console.error(`npm ci failed (${why}): the packages of package-lock.json must come from a registry or a cache of npm`)
  return false
}
