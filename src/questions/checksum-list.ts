import type { ControllerQuestion } from '../kit/question.ts'
import { CouldNotTell } from '../kit/question.ts'

/** The digest that a published list of checksums (`sha256sum`'s format, or the digest alone) holds for a file name. */
export const publishedChecksum = (url: string, name: string): ControllerQuestion<string> => ({
  of: 'controller',
  key: `checksum ${name} in ${url}`,
  reads: [`net:${url}`],
  ask: async ({ signal }) => {
    let text: string
    try {
      const reply = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(30_000)]) })
      if (!reply.ok) throw new CouldNotTell(`${url} answered ${reply.status} ${reply.statusText}`)
      text = await reply.text()
    } catch (error) {
      if (signal.aborted || error instanceof CouldNotTell) throw error
      throw new CouldNotTell(`the checksums at ${url} cannot be fetched: ${(error as Error).message}`)
    }
    return checksumOf(text, name, url)
  },
})

/** Picks the line of a file, by the last part of its path; a list of one needs no name. */
export function checksumOf(text: string, name: string, from: string): string {
  const lines = text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '')
  for (const line of lines) {
    const [, digest, path = ''] = /^\\?([0-9a-fA-F]{32,128})\s+\*?(.*)$/.exec(line) ?? []
    if (digest !== undefined && path.split('/').at(-1) === name) return digest.toLowerCase()
    const bsd = /^\w+ ?\((.*)\) ?= ?([0-9a-fA-F]{32,128})$/.exec(line)
    if (bsd?.[2] !== undefined && bsd[1] === name) return bsd[2].toLowerCase()
  }
  const [only, ...more] = lines
  if (only !== undefined && more.length === 0 && /^[0-9a-fA-F]{32,128}$/.test(only)) return only.toLowerCase()
  throw new CouldNotTell(`there is no checksum of ${name} in ${from}`)
}
