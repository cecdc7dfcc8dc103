import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/**
 * A number of the commit that is tested, from 0 to 16,777,215: what is left to chance differs from commit to commit, and the same commit
 * is judged the same each time. 0 where there is no checkout of git.
 */
export const commitNumber: number = (() => {
  try {
    const here = fileURLToPath(new URL('.', import.meta.url))
    const commit = execFileSync('git', ['rev-parse', 'HEAD'], {
      cwd: here,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return Number.parseInt(commit.trim().slice(-6), 16)
  } catch {
    return 0
  }
})()

/** The seed of a test by chance: REGPLAY_SEED, which repeats a run, or one of the commit. */
export const SEED = Number(process.env['REGPLAY_SEED'] ?? commitNumber % 1_000_000)
