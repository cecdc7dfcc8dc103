import { isDigest, isTag, repositoryFault } from './reference.ts'

/**
 * What a path under `docker/registry/v2` is for, by the layout that distribution (registry 2 and 3) keeps on a filesystem.
 * A link file holds a digest: `sha256:` and 64 hex digits, 71 bytes without a line end.
 */
export type Place =
  | { readonly kind: 'blob'; readonly digest: string }
  | { readonly kind: 'layer' | 'revision'; readonly repository: string; readonly digest: string }
  /** A signature of an old schema 1 manifest. */
  | { readonly kind: 'signature'; readonly repository: string; readonly digest: string }
  | { readonly kind: 'tag'; readonly repository: string; readonly tag: string }
  /** A digest that the tag has, or once had. */
  | { readonly kind: 'tag-index'; readonly repository: string; readonly tag: string; readonly digest: string }
  /** Part of an upload that was never finished. */
  | { readonly kind: 'upload'; readonly repository: string }

/** Size of every link file. */
export const LINK_BYTES = 71

const HEX = '[0-9a-f]{64}'
const BLOB = new RegExp(`^blobs/sha256/([0-9a-f]{2})/(${HEX})/data$`)
const PARTS: readonly [RegExp, (repository: string, first: string, second: string) => Place][] = [
  [
    new RegExp(`^_layers/sha256/(${HEX})/link$`),
    (repository, hex) => ({ kind: 'layer', repository, digest: `sha256:${hex}` }),
  ],
  [
    new RegExp(`^_manifests/revisions/sha256/(${HEX})/link$`),
    (repository, hex) => ({ kind: 'revision', repository, digest: `sha256:${hex}` }),
  ],
  [
    new RegExp(`^_manifests/revisions/sha256/${HEX}/signatures/sha256/(${HEX})/link$`),
    (repository, hex) => ({ kind: 'signature', repository, digest: `sha256:${hex}` }),
  ],
  [/^_manifests\/tags\/([^/]+)\/current\/link$/, (repository, tag) => ({ kind: 'tag', repository, tag })],
  [
    new RegExp(`^_manifests/tags/([^/]+)/index/sha256/(${HEX})/link$`),
    (repository, tag, hex) => ({ kind: 'tag-index', repository, tag, digest: `sha256:${hex}` }),
  ],
  [/^_uploads\/.+$/, repository => ({ kind: 'upload', repository })],
]

/** What a file's path (relative to `docker/registry/v2`) is for; undefined when the layout has no such file. */
export function placeOf(path: string): Place | undefined {
  const blob = BLOB.exec(path)
  if (blob) return blob[2]?.startsWith(blob[1] ?? '-') ? { kind: 'blob', digest: `sha256:${blob[2]}` } : undefined
  const repository = /^repositories\/(.+?)\/(_(?:layers|manifests|uploads)\/.+)$/.exec(path)
  const [, name = '', inside = ''] = repository ?? []
  if (!repository || repositoryFault(name)) return undefined
  for (const [pattern, build] of PARTS) {
    const match = pattern.exec(inside)
    if (!match) continue
    const place = build(name, match[1] ?? '', match[2] ?? '')
    return 'tag' in place && !isTag(place.tag) ? undefined : place
  }
  return undefined
}

/** Path of a manifest's link in a repository under `docker/registry/v2`. */
export const revisionPath = (repository: string, digest: string): string =>
  `repositories/${repository}/_manifests/revisions/sha256/${digest.slice('sha256:'.length)}/link`

/** The digest that a link's text names, or what is wrong with the text. The registry answers 500 to a link with a line end. */
export function readLink(text: string): { readonly digest: string } | { readonly wrong: string } {
  if (isDigest(text)) return { digest: text }
  if (isDigest(text.trim())) return { wrong: 'ends with a line break or space, to which the registry answers 500' }
  return {
    wrong: text === '' ? 'is empty' : `holds ${JSON.stringify(text.slice(0, 80))}, not sha256: and 64 hex digits`,
  }
}
