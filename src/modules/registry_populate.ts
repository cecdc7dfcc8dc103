import type { Effect } from '../kit/effect.ts'
import { defineModule } from '../kit/module.ts'
import { change, type Edit, ok, refuse } from '../kit/plan.ts'
import { type Room, room, type Storage, storage, storageArchive } from '../questions/storage.ts'
import type { ArchiveIndex } from '../registry/storage-archive.ts'

/** A registry's storage holds everything that a storage archive of the controller holds; only what is missing travels. */
export default defineModule({
  name: 'registry_populate',
  collection: 'regplay.registry',
  summary: "A registry's storage holds every image of a storage archive, each blob proven by its digest",
  attended: true,
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['archive', 'storage'],
    properties: {
      archive: {
        type: 'string',
        controller: 'files',
        description: 'Storage archive on the controller: tar, or tar with gzip',
      },
      storage: {
        type: 'string',
        path: true,
        description: 'Directory of the host that is mounted as /var/lib/registry',
      },
      verify: {
        type: 'string',
        enum: ['new', 'all'],
        default: 'new',
        description: '`new` hashes blobs that regplay did not bring itself, `all` hashes every blob again',
      },
    },
  },
  probe: args => ({
    judged: storageArchive(args.archive),
    now: storage(args.storage, args.verify),
    free: room(args.storage),
  }),
  plan(args, { judged, now, free }) {
    if ('wrong' in judged) return refuse(judged.wrong, judged.remedy)
    if (now.link !== undefined)
      return refuse(
        `${now.link} is a symbolic link, and files would be written through it`,
        'replace the link by the directory itself, or give that directory as storage',
      )
    const { index } = judged
    const blobs = index.blobs.filter(blob => now.files.get(blob.path) !== blob.size || now.wrong.has(blob.path))
    const links = index.links.filter(
      link =>
        now.files.get(link.path) !== link.content.length || (now.tags.get(link.path) ?? link.content) !== link.content,
    )
    const result = facts(index)
    if (blobs.length === 0 && links.length === 0) return ok({ ...result, damaged: 0 })
    const bytes = blobs.reduce((sum, blob) => sum + blob.size, 0)
    const short = shortage(bytes, blobs.length + links.length, free)
    if (short !== undefined)
      return refuse(
        short,
        `free some space on ${free.mount}, or set registry_root to a larger file system; nothing was written`,
      )
    const damaged = blobs.filter(blob => now.files.has(blob.path)).length
    const by: Effect = { kind: 'populate', archive: index, storage: args.storage, blobs, links }
    return change(
      edits(args.storage, now, index, { blobs: blobs.length, links: links.length, bytes, damaged }, by),
      [`path:${args.storage}`, 'registry'],
      { ...result, damaged },
    )
  },
})

/** What a person wants to know: how many of how many, and how much of it was there but wrong. */
function edits(
  dir: string,
  now: Storage,
  index: ArchiveIndex,
  missing: { blobs: number; links: number; bytes: number; damaged: number },
  by: Effect,
): Edit[] {
  const there = index.blobs.length - missing.blobs
  const broken = missing.damaged === 0 ? '' : `, ${missing.damaged} damaged`
  const out: Edit[] = []
  if (missing.blobs > 0)
    out.push({
      what: `${dir}: blobs`,
      from: `${there} of ${index.blobs.length}${broken}`,
      to: `${index.blobs.length} (${missing.bytes} bytes to bring)`,
      by,
    })
  if (missing.links > 0)
    out.push({
      what: `${dir}: links`,
      from: `${index.links.length - missing.links} of ${index.links.length}`,
      to: String(index.links.length),
      by,
    })
  return now.files.size === 0 && out[0] !== undefined ? [{ ...out[0], from: 'empty' }, ...out.slice(1)] : out
}

/** Bytes and inodes with a tenth to spare, before the first byte goes out. */
function shortage(bytes: number, files: number, free: Room): string | undefined {
  const need = Math.ceil(bytes * 1.1)
  if (free.bytes < need)
    return `${free.mount} has ${free.bytes} bytes free, and ${need} are needed (${bytes} bytes of blobs and a tenth to spare)`
  // Each blob and each link lies in a directory of its own.
  const inodes = files * 3
  if (free.inodes !== undefined && free.inodes < inodes)
    return `${free.mount} has ${free.inodes} inodes free, and ${inodes} are needed`
  return undefined
}

const facts = (index: ArchiveIndex) => ({
  repositories: [...index.repositories],
  images: Object.entries(index.tags).flatMap(([repository, tags]) =>
    Object.keys(tags).map(tag => `${repository}:${tag}`),
  ),
  blobs: index.blobs.length,
  bytes: index.totalBytes,
})
