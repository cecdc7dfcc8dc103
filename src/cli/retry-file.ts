import { writeFileSync } from 'node:fs'
import { basename, dirname, extname, join, resolve } from 'node:path'
import type { Recap } from '../base/event.ts'
import { makeFolder } from '../base/folder.ts'
import type { Config } from './config/table.ts'
import { isRefusal } from './output-file.ts'

/**
 * Writes the hosts that failed or were lost into a file for `--limit @FILE`, when the settings want one: beside the playbook, or in the
 * folder that they name.
 * @returns what to tell people: how to retry, or why there is no file; undefined when there is nothing to retry
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
  const path = join(dir, `${basename(playbook, extname(playbook))}.retry`)
  try {
    makeFolder(dir)
    writeFileSync(path, lost.map(([host]) => `${host}\n`).join(''))
  } catch (error) {
    if (!isRefusal(error)) throw error
    return `the hosts to retry cannot be written into ${path}: ${error.code}`
  }
  return `to retry, use: --limit @${path}`
}
