import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { gzipSync } from 'node:zlib'
import { type Header, pack } from 'tar-stream'

/** A member to pack: a file unless the header says otherwise. */
export interface Entry extends Partial<Omit<Header, 'name'>> {
  readonly name: string
  readonly content?: string | Buffer
}

export const sha256 = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex')

/** A tar of these members, as bytes. */
export async function tarOf(entries: readonly Entry[]): Promise<Buffer> {
  const tar = pack()
  const chunks: Buffer[] = []
  const read = (async () => {
    for await (const chunk of tar) chunks.push(chunk as Buffer)
  })()
  for (const { content, ...rest } of entries) {
    const header = { mtime: new Date(0), ...rest }
    await new Promise<void>((resolve, reject) => {
      const done = (error?: Error | null) => (error ? reject(error) : resolve())
      if (header.type && header.type !== 'file') tar.entry(header, done)
      else tar.entry(header, Buffer.from(content ?? ''), done)
    })
  }
  tar.finalize()
  await read
  return Buffer.concat(chunks)
}

export const tarGzOf = async (entries: readonly Entry[]): Promise<Buffer> =>
  gzipSync(await tarOf(entries), { level: 1 })

/** The storage of a registry that holds one image under each tag, without anything before `blobs/` and `repositories/`. */
export function storageOf(repository: string, tags: readonly string[], text = 'layer'): Entry[] {
  const layer = Buffer.from(`${text} of ${repository}`)
  const config = Buffer.from(JSON.stringify({ architecture: 'amd64', os: 'linux', text }))
  const describe = (mediaType: string, bytes: Buffer) => ({
    mediaType,
    size: bytes.length,
    digest: `sha256:${sha256(bytes)}`,
  })
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
      config: describe('application/vnd.docker.container.image.v1+json', config),
      layers: [describe('application/vnd.docker.image.rootfs.diff.tar.gzip', layer)],
    }),
  )
  const digest = sha256(manifest)
  const home = `repositories/${repository}`
  const link = (path: string, hex: string): Entry => ({ name: `${home}/${path}/link`, content: `sha256:${hex}` })
  return [
    ...[layer, config, manifest].map(blob),
    ...[layer, config].map(bytes => link(`_layers/sha256/${sha256(bytes)}`, sha256(bytes))),
    link(`_manifests/revisions/sha256/${digest}`, digest),
    ...tags.flatMap(tag => [
      link(`_manifests/tags/${tag}/current`, digest),
      link(`_manifests/tags/${tag}/index/sha256/${digest}`, digest),
    ]),
  ]
}

export const blob = (content: Buffer): Entry => {
  const hex = sha256(content)
  return { name: `blobs/sha256/${hex.slice(0, 2)}/${hex}/data`, content }
}

/** Puts a lead before every name. */
export const under = (lead: string, entries: readonly Entry[]): Entry[] =>
  entries.map(entry => ({ ...entry, name: lead + entry.name }))

/** Streams a tar with one file of `size` bytes, made piece by piece, to a path; returns the sha256 of the file in it. */
export async function writeLargeTar(path: string, name: (hex: string) => string, size: number): Promise<string> {
  const piece = Buffer.alloc(1024 * 1024, 'regplay ')
  const hash = createHash('sha256')
  for (let left = size; left > 0; left -= piece.length) hash.update(piece.subarray(0, Math.min(left, piece.length)))
  const hex = hash.digest('hex')
  const tar = pack()
  const written = pipeline(tar as unknown as NodeJS.ReadableStream, createWriteStream(path))
  const entry = tar.entry({ name: name(hex), size })
  for (let left = size; left > 0; left -= piece.length)
    if (!entry.write(piece.subarray(0, Math.min(left, piece.length))))
      await new Promise<void>(resolve => entry.once('drain', () => resolve()))
  entry.end(undefined)
  tar.finalize()
  await written
  return hex
}
