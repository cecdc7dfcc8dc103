/** Something a manifest points to. */
export interface Descriptor {
  readonly digest: string
  readonly size: number
  readonly mediaType: string
  /** `linux/amd64`, of the entries of an index. */
  readonly platform?: string
  /** The bytes are fetched from elsewhere (foreign layers of Windows): a registry need not have them. */
  readonly foreign?: true
}

/** What a manifest says, whichever of the four kinds it is. */
export interface Manifest {
  readonly kind: 'image' | 'index' | 'schema1'
  readonly mediaType: string
  readonly config?: Descriptor
  /** Layers of an image, in order from the bottom. */
  readonly layers: readonly Descriptor[]
  /** Manifests of an index. */
  readonly manifests: readonly Descriptor[]
}

export const MEDIA_TYPES = {
  dockerManifest: 'application/vnd.docker.distribution.manifest.v2+json',
  dockerList: 'application/vnd.docker.distribution.manifest.list.v2+json',
  ociManifest: 'application/vnd.oci.image.manifest.v1+json',
  ociIndex: 'application/vnd.oci.image.index.v1+json',
} as const

/** The largest manifest that the registry takes. */
export const MAX_MANIFEST_BYTES = 4 * 1024 * 1024

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

function descriptor(value: unknown): Descriptor | undefined {
  if (!isObject(value) || !/^sha256:[0-9a-f]{64}$/.test(textOf(value['digest']))) return undefined
  const { digest, size, mediaType, platform, urls } = value
  const type = textOf(mediaType)
  const foreign = Array.isArray(urls) || type.includes('foreign') || type.includes('nondistributable')
  return {
    digest: textOf(digest),
    size: typeof size === 'number' ? size : -1,
    mediaType: type,
    ...(isObject(platform) && { platform: `${textOf(platform['os'])}/${textOf(platform['architecture'])}` }),
    ...(foreign && { foreign: true as const }),
  }
}

function descriptors(value: unknown): Descriptor[] | undefined {
  if (!Array.isArray(value)) return undefined
  const found = value.map(descriptor)
  return found.every(item => item !== undefined) ? found : undefined
}

/** Reads a manifest; undefined when the bytes are none, a text when they are one that must not be trusted. */
export function readManifest(bytes: Buffer): Manifest | { readonly wrong: string } | undefined {
  if (bytes.length > MAX_MANIFEST_BYTES || !/^\s*\{/.test(bytes.subarray(0, 64).toString('latin1'))) return undefined
  let data: unknown
  try {
    data = JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
  if (!isObject(data) || (data['schemaVersion'] !== 1 && data['schemaVersion'] !== 2)) return undefined
  if (data['schemaVersion'] === 1) return readSchema1(data)
  const { config, layers, manifests } = data
  const mediaType = textOf(data['mediaType'])
  if (manifests !== undefined && (layers !== undefined || config !== undefined))
    return { wrong: 'has both layers and manifests: clients disagree about what it is' }
  if (manifests !== undefined) {
    const children = descriptors(manifests)
    return children
      ? { kind: 'index', mediaType: mediaType || MEDIA_TYPES.ociIndex, layers: [], manifests: children }
      : { wrong: 'has entries without a sha256 digest' }
  }
  const [image, parts] = [descriptor(config), descriptors(layers)]
  if (!image || !parts) return { wrong: 'has no config or layers with sha256 digests' }
  return { kind: 'image', mediaType: mediaType || MEDIA_TYPES.ociManifest, config: image, layers: parts, manifests: [] }
}

function readSchema1(data: Record<string, unknown>): Manifest | { readonly wrong: string } | undefined {
  const { fsLayers } = data
  if (!Array.isArray(fsLayers)) return undefined
  const layers = fsLayers.map(layer => descriptor({ digest: isObject(layer) ? layer['blobSum'] : '', size: -1 }))
  if (!layers.every(layer => layer !== undefined)) return { wrong: 'has layers without a sha256 digest' }
  return { kind: 'schema1', mediaType: 'application/vnd.docker.distribution.manifest.v1+json', layers, manifests: [] }
}

/** Everything a manifest points to. */
export const references = ({ config, layers, manifests }: Manifest): readonly Descriptor[] => [
  ...(config ? [config] : []),
  ...layers,
  ...manifests,
]
