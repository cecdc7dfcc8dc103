import type { FaultList } from './fault-list.ts'
import { type Manifest, readManifest } from './manifest.ts'

/** One image of an archive. */
export interface ImageInfo {
  /** As the archive writes them, for example `registry:2`. */
  readonly tags: readonly string[]
  /** `sha256:...` of the configuration: what Docker shows as the image's id. */
  readonly configDigest: string
  /** Digests of the uncompressed layers, from the bottom. */
  readonly layers: readonly string[]
  readonly os: string
  /** In Go's words: `amd64`, `arm64`, `arm` ... */
  readonly architecture: string
  readonly entrypoint: readonly string[]
  readonly cmd: readonly string[]
  readonly env: readonly string[]
  readonly volumes: readonly string[]
  readonly ports: readonly string[]
}

/** What one pass leaves: digest and size of every file, links resolved, and the small JSON files themselves. */
export interface ArchiveContents {
  /** By path: the sha256 as hex. */
  readonly digests: ReadonlyMap<string, string>
  readonly json: ReadonlyMap<string, unknown>
}

const AGAIN = 'Make it again where the image is: docker save -o FILE.tar registry:2'

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.filter(item => typeof item === 'string') : [])

const objects = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.filter(isObject) : [])

/** Reads what `manifest.json` of docker save lists: for each image its configuration, tags and layer files. */
export function readDockerImages(contents: ArchiveContents, faults: FaultList): ImageInfo[] {
  const images: ImageInfo[] = []
  for (const entry of objects(contents.json.get('manifest.json'))) {
    const path = String(entry['Config'])
    const name = texts(entry['RepoTags'])[0] ?? path
    const digest = contents.digests.get(path)
    const config = contents.json.get(path)
    if (digest === undefined || !isObject(config)) {
      faults.add('image-config-missing', `the configuration of ${name} (${path}) is not in the archive`, AGAIN)
      continue
    }
    const named = /([0-9a-f]{64})(\.json)?$/.exec(path)?.[1]
    if (named !== undefined && named !== digest)
      faults.add('image-damaged', `the configuration ${path} has the digest ${digest}`, AGAIN)
    const files = texts(entry['Layers'])
    const layers = layersOf(config)
    if (files.length !== layers.length)
      faults.add('image-damaged', `${name} lists ${files.length} layers, its configuration ${layers.length}`, AGAIN)
    for (const [i, file] of files.entries()) judgeLayer(file, layers[i] ?? '', contents, faults)
    images.push(infoOf(config, `sha256:${digest}`, texts(entry['RepoTags'])))
  }
  return images
}

/** A layer is there, and its bytes are those of its name (`blobs/sha256/HEX`) or of the configuration (`ID/layer.tar`). */
function judgeLayer(file: string, layer: string, { digests }: ArchiveContents, faults: FaultList): void {
  const found = digests.get(file)
  if (found === undefined) {
    faults.add('image-layer-missing', `the layer ${layer} (${file}) is not in the archive`, AGAIN)
    return
  }
  const wanted = /^blobs\/sha256\/([0-9a-f]{64})$/.exec(file)?.[1] ?? layer.slice('sha256:'.length)
  if (found !== wanted) faults.add('image-damaged', `the layer ${file} has the digest ${found}, not ${wanted}`, AGAIN)
}

/** Reads an OCI layout: index.json, manifests (of indexes too), configurations; layers by their digest. */
export function readOciImages(contents: ArchiveContents, faults: FaultList): ImageInfo[] {
  const images: ImageInfo[] = []
  const open = objects(indexOf(contents)).map(entry => ({ digest: String(entry['digest']), tags: refNames(entry) }))
  const seen = new Set<string>()
  for (let next = open.shift(); next; next = open.shift()) {
    const { digest, tags } = next
    if (seen.has(digest)) continue
    seen.add(digest)
    const manifest = manifestOf(digest, contents, faults)
    if (!manifest) continue
    // An index may list platforms that were not saved; one of them is enough.
    const children = manifest.manifests.filter(child => contents.digests.has(blobFile(child.digest)))
    if (children.length === 0 && manifest.manifests.length > 0)
      faults.add('image-layer-missing', `${digest} is an index, and none of its images is in the archive`, AGAIN)
    open.push(...children.map(child => ({ digest: child.digest, tags })))
    if (!manifest.config) continue
    for (const { digest: part, foreign } of [manifest.config, ...manifest.layers])
      if (!foreign) judgeBlob(part, contents, faults)
    const config = contents.json.get(blobFile(manifest.config.digest))
    // Attestations have a configuration without a platform; they are no images.
    if (isObject(config) && typeof config['architecture'] === 'string' && config['architecture'] !== 'unknown')
      images.push(infoOf(config, manifest.config.digest, tags))
  }
  return images
}

const blobFile = (digest: string): string => `blobs/sha256/${digest.slice('sha256:'.length)}`

const indexOf = ({ json }: ArchiveContents): unknown => {
  const index = json.get('index.json')
  return isObject(index) ? index['manifests'] : undefined
}

function refNames(entry: Record<string, unknown>): string[] {
  const { annotations } = entry
  if (!isObject(annotations)) return []
  return texts([annotations['io.containerd.image.name'] ?? annotations['org.opencontainers.image.ref.name']])
}

function manifestOf(digest: string, contents: ArchiveContents, faults: FaultList): Manifest | undefined {
  if (!judgeBlob(digest, contents, faults)) return undefined
  const manifest = readManifest(Buffer.from(JSON.stringify(contents.json.get(blobFile(digest)) ?? null)))
  if (manifest && !('wrong' in manifest)) return manifest
  faults.add('image-damaged', `${digest} ${manifest ? manifest.wrong : 'is no manifest'}`, AGAIN)
  return undefined
}

function judgeBlob(digest: string, { digests }: ArchiveContents, faults: FaultList): boolean {
  const found = digests.get(blobFile(digest))
  if (found === undefined) faults.add('image-layer-missing', `${digest} is not in the archive`, AGAIN)
  else if (`sha256:${found}` !== digest)
    faults.add('image-damaged', `${blobFile(digest)} has the digest ${found}`, AGAIN)
  return `sha256:${found}` === digest
}

const layersOf = (config: Record<string, unknown>): string[] => {
  const { rootfs } = config
  return isObject(rootfs) ? texts(rootfs['diff_ids']) : []
}

function infoOf(data: Record<string, unknown>, configDigest: string, tags: readonly string[]): ImageInfo {
  const config = isObject(data['config']) ? data['config'] : {}
  const keys = (value: unknown): string[] => (isObject(value) ? Object.keys(value) : [])
  return {
    tags,
    configDigest,
    layers: layersOf(data),
    os: String(data['os'] ?? ''),
    architecture: String(data['architecture'] ?? ''),
    entrypoint: texts(config['Entrypoint']),
    cmd: texts(config['Cmd']),
    env: texts(config['Env']),
    volumes: keys(config['Volumes']),
    ports: keys(config['ExposedPorts']),
  }
}
