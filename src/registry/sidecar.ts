import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { ArchiveError } from './archive-error.ts'

/**
 * The sha256 that the file `ARCHIVE.sha256` beside an archive states, in lower case, or undefined without such a file. Reads
 * what sha256sum, shasum and `openssl dgst` write, in either case and with either line end.
 *
 * @throws ArchiveError when the file is there and states nothing usable
 */
export async function wantedChecksum(archive: string): Promise<string | undefined> {
  const file = `${archive}.sha256`
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined
    throw new ArchiveError('archive-checksum', `${file} cannot be read: ${cause.message}`, 'Repair or remove it')
  })
  if (text === undefined) return undefined
  const lines = text.split(/\r?\n/).filter(line => line.trim() !== '')
  const found = lines.map(readLine).filter(entry => entry !== undefined)
  const mine = found.find(({ name }) => name === undefined || basename(name) === basename(archive))
  if (mine) return mine.hex.toLowerCase()
  const names = found.map(({ name }) => name).join(', ')
  throw new ArchiveError(
    'archive-checksum',
    found.length > 0 ? `${file} is about ${names}, not about ${basename(archive)}` : `${file} holds no sha256`,
    'Put the right checksum file beside the archive, or remove it',
  )
}

function readLine(line: string): { hex: string; name?: string } | undefined {
  const plain = /^([0-9a-fA-F]{64})(?:[ \t]+\*?(.+?))?[ \t]*$/.exec(line.trim())
  if (plain?.[1]) return { hex: plain[1], ...(plain[2] !== undefined && { name: plain[2] }) }
  const tagged = /^SHA2?-?256 ?\((.+)\)\s*= ?([0-9a-fA-F]{64})$/i.exec(line.trim())
  return tagged?.[1] && tagged[2] ? { hex: tagged[2], name: tagged[1] } : undefined
}
