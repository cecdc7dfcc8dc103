import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, extname, join, resolve } from 'node:path'
import type { Recap } from '../base/event.ts'
import type { Config } from './config/table.ts'

/**
 * Writes the hosts that failed or were lost into a file for `--limit @FILE`, when the settings want one: beside the playbook, or in the
 * folder that they name.
 * @returns its path; undefined when there is nothing to retry
 */
export function writeRetryFile(
  playbook: string | undefined,
  { hosts }: Recap,
  { retryFiles, retryFilesPath }: Config,
): string | undefined {
  if (!retryFiles || playbook === undefined) return undefined
  const lost = Object.entries(hosts).filter(([, { failed, unreachable }]) => failed > 0 || unreachable > 0)
  if (lost.length === 0) return undefined
  const dir = retryFilesPath ?? dirname(resolve(playbook))
  mkdirSync(dir, { recursive: true })
  const path = join(dir, `${basename(playbook, extname(playbook))}.retry`)
  writeFileSync(path, lost.map(([host]) => `${host}\n`).join(''))
  return path
}
