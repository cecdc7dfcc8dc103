import type { Diagnostic } from '../base/diagnostic.ts'
import type { FaultList } from './fault-list.ts'
import { placeOf, readLink, revisionPath } from './layout.ts'
import type { Manifest } from './manifest.ts'

/** What is known of a registry's storage: which blobs it has, what its links say, what its manifests point to. */
export interface StorageTree {
  /** Digests whose bytes are there and right. */
  readonly blobs: ReadonlySet<string>
  /** Text of each link file by its path under `docker/registry/v2`. */
  readonly links: ReadonlyMap<string, string>
  readonly manifests: ReadonlyMap<string, Manifest>
}

/** The repositories of a storage tree, with the digest of every tag. */
export interface Catalog {
  readonly repositories: readonly string[]
  readonly tags: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly warnings: readonly Diagnostic[]
}

/**
 * Reads the catalog of a storage tree and proves it: every tag resolves to a manifest of its repository, and everything
 * that the manifest points to is there. Links that nothing reaches may dangle, for garbage collection leaves such behind.
 *
 * @param faults takes what would make a pull fail
 */
export function readCatalog(tree: StorageTree, faults: FaultList): Catalog {
  const tags = new Map<string, Map<string, string>>()
  const dangling: string[] = []
  const repositories = new Set<string>()
  for (const [path, text] of tree.links) {
    const place = placeOf(path)
    if (!place || place.kind === 'blob' || place.kind === 'upload') continue
    repositories.add(place.repository)
    const link = readLink(text)
    if ('wrong' in link) {
      faults.add('storage-link', `${path} ${link.wrong}`, 'Make the archive again from a registry that is whole')
      continue
    }
    if ('digest' in place && place.digest !== link.digest)
      faults.add(
        'storage-link',
        `${path} names ${link.digest}, another digest than its own path`,
        'Make the archive again',
      )
    if (place.kind !== 'tag' && !tree.blobs.has(link.digest)) dangling.push(path)
    if (place.kind === 'tag') {
      const known = tags.get(place.repository) ?? new Map<string, string>()
      tags.set(place.repository, known.set(place.tag, link.digest))
      proveTag(tree, place.repository, place.tag, link.digest, faults)
    }
  }
  const warnings = [...danglingWarning(dangling), ...proveReached(tree, tags, faults)]
  const sorted = <T>(map: ReadonlyMap<string, T>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    repositories: [...repositories].sort(),
    tags: Object.fromEntries(sorted(tags).map(([name, known]) => [name, Object.fromEntries(sorted(known))])),
    warnings,
  }
}

function proveTag(tree: StorageTree, repository: string, tag: string, digest: string, faults: FaultList): void {
  const name = `${repository}:${tag}`
  if (!tree.blobs.has(digest))
    faults.add(
      'storage-blob-missing',
      `tag ${name} names ${digest}, whose blob is not in the archive`,
      'Make the archive again, of the whole storage directory',
    )
  else if (!tree.links.has(revisionPath(repository, digest)))
    faults.add(
      'storage-tag',
      `tag ${name} names ${digest}, which is no manifest of that repository (${revisionPath(repository, digest)} is missing)`,
      'Make the archive again, of the whole storage directory',
    )
  else if (!tree.manifests.has(digest))
    faults.add('storage-manifest', `tag ${name} names ${digest}, which is no manifest`, 'Push that image again')
}

/** Follows every tag down; each digest once. */
function proveReached(
  tree: StorageTree,
  tags: ReadonlyMap<string, ReadonlyMap<string, string>>,
  faults: FaultList,
): Diagnostic[] {
  const seen = new Set<string>()
  const warnings: Diagnostic[] = []
  const old: string[] = []
  for (const [repository, known] of tags)
    for (const [tag, root] of known) {
      const open = [root]
      for (let digest = open.pop(); digest !== undefined; digest = open.pop()) {
        const manifest = tree.manifests.get(digest)
        if (seen.has(digest) || !manifest) continue
        seen.add(digest)
        if (manifest.kind === 'schema1') old.push(`${repository}:${tag}`)
        const needed = [...(manifest.config ? [manifest.config] : []), ...manifest.layers]
        for (const part of needed)
          if (!part.foreign && !tree.blobs.has(part.digest))
            faults.add(
              'storage-blob-missing',
              `${repository}:${tag} needs the blob ${part.digest}, which is not in the archive`,
              'Make the archive again, of the whole storage directory',
            )
        const gone = manifest.manifests.filter(child => !tree.blobs.has(child.digest))
        if (gone.length > 0 && gone.length === manifest.manifests.length)
          faults.add(
            'storage-blob-missing',
            `${repository}:${tag} is an index, and none of its images is in the archive`,
            'Push the image again',
          )
        else if (gone.length > 0)
          warnings.push({
            code: 'storage-index-sparse',
            severity: 'warning',
            message: `${repository}:${tag} lacks the images for ${gone.map(child => child.platform ?? child.digest).join(', ')}`,
          })
        open.push(...manifest.manifests.map(child => child.digest))
      }
    }
  if (old.length > 0)
    warnings.push({
      code: 'storage-schema1',
      severity: 'warning',
      message: `${old.length} tags are of the old manifest schema 1 (${old.slice(0, 5).join(', ')}), which new Docker engines no longer pull`,
    })
  return warnings
}

function danglingWarning(dangling: readonly string[]): Diagnostic[] {
  if (dangling.length === 0) return []
  return [
    {
      code: 'storage-link-dangling',
      severity: 'warning',
      message: `${dangling.length} links name blobs that are not there (first: ${dangling[0]}); no tag needs them`,
    },
  ]
}
