// Another Node to run the tests with: the npm packages node-PLATFORM-ARCH carry nothing but the binary.
import { run } from './child.js'

export const SECOND = 24

/**
 * Fetches the second Node through npm's cache.
 * @returns {Promise<{path: string} | {reason: string}>}
 */
export async function secondNode(root) {
  const platform = process.platform === 'darwin' ? 'bin-darwin' : process.platform
  const name = `node-${platform}-${process.arch}@${SECOND}`
  const args = ['exec', '--yes', `--package=${name}`, '--', 'node', '-p', 'process.version + " " + process.execPath']
  const child = await run('npm', args, { cwd: root, limit: 180 })
  const found = new RegExp(`^v${SECOND}\\.\\S+ (.+)$`, 'm').exec(child.output)
  if (child.code === 0 && found) return { path: found[1] }
  const why = child.late ? 'npm took longer than 180 s' : (child.output.trim().split('\n').at(0) ?? '')
  return { reason: `${name} cannot be fetched: ${why.slice(0, 200)}` }
}
