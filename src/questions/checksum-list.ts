import type { Asking } from '../kit/effect.ts'
import { ask, type ControllerQuestion, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import { sh } from '../shell/script.ts'
import { page } from './page.ts'

/**
 * The digest that a published list of checksums (`sha256sum`'s format, or the digest alone) holds for a file name. It comes by
 * the way that the file itself comes.
 */
export const publishedChecksum = (list: Asking, name: string): ControllerQuestion<string> => ({
  of: 'controller',
  key: `checksum ${name} in ${JSON.stringify(list)}`,
  reads: [`net:${list.url}`],
  ask: async on => checksumOf((await page(list, on)).toString(), name, list.url),
})

/** The digest that a list of checksums on the target holds for a file name. */
export const listedChecksum = (path: string, name: string): TargetQuestion<string> =>
  ask(sh`cat -- ${path}`, [`path:${path}`], answer => {
    if (!answer.ok) throw new CouldNotTell(`the checksums in ${path} cannot be read: ${answer.stderr.trim()}`)
    return checksumOf(answer.stdout, name, path)
  })

/** Picks the line of a file, by the last part of its path; a list of one needs no name. Signs behind a digest are none of it. */
export function checksumOf(text: string, name: string, from: string): string {
  const lines = text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '')
  for (const line of lines) {
    const [, digest, path = ''] = /^\\?([0-9a-fA-F]{32,128})\W*\s+\*?(.*)$/.exec(line) ?? []
    if (digest !== undefined && path.split('/').at(-1) === name) return digest.toLowerCase()
    const bsd = /^\w+ ?\((.*)\) ?= ?([0-9a-fA-F]{32,128})\W*$/.exec(line)
    if (bsd?.[2] !== undefined && bsd[1] === name) return bsd[2].toLowerCase()
  }
  const [only, ...more] = lines
  const alone = /^([0-9a-fA-F]{32,128})\W*$/.exec(only ?? '')?.[1]
  if (alone !== undefined && more.length === 0) return alone.toLowerCase()
  throw new CouldNotTell(`there is no checksum of ${name} in ${from}`)
}
