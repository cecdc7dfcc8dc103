import { access } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import type { Diagnostic } from '../base/diagnostic.ts'
import { warning } from './verdict.ts'

/** Warns when a secret file lies in a git work tree that would take it, or already has. Without git on this machine it says so. */
export async function gitWarning(dir: string, file: string): Promise<Diagnostic[]> {
  const tree = await workTree(dir)
  if (tree === undefined) return []
  const git = (...words: string[]) =>
    execa('git', ['-C', dir, ...words], { reject: false, stdin: 'ignore', timeout: 10_000 })
  const tracked = await git('ls-files', '--error-unmatch', '--', file)
  const path = join(dir, file)
  if (tracked.exitCode === 0)
    return [
      warning(
        'ca-key-in-git',
        `${path} is tracked by git in ${tree}: whoever has the repository has the CA's key`,
        'Make a new CA outside of the repository',
      ),
    ]
  const ignored = await git('check-ignore', '-q', '--', file)
  if (ignored.exitCode === 0) return []
  const which = ignored.exitCode === 1 ? 'does not ignore it' : 'may take it: git could not be asked'
  return [
    warning(
      'ca-key-in-git',
      `${path} lies in the git work tree ${tree}, which ${which}`,
      `Add ${file} to .gitignore, or keep the CA outside`,
    ),
  ]
}

async function workTree(dir: string): Promise<string | undefined> {
  for (let at = dir; ; at = dirname(at)) {
    const found = await access(join(at, '.git')).then(
      () => true,
      () => false,
    )
    if (found) return at
    if (at === dirname(at)) return undefined
  }
}
