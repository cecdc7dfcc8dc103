/** A container as people declare it: the words of `docker run` and of the module docker_container. */
export interface ContainerSpec {
  readonly image: string
  /** `source:target[:options]`. */
  readonly volumes: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** `[address:]host:container[/protocol]`. */
  readonly ports: readonly string[]
  readonly restartPolicy?: string
  readonly command?: readonly string[]
}

/** A directory or file of the host that stands in the container under another path. */
export interface Mount {
  readonly source: string
  readonly target: string
  readonly options: readonly string[]
}

/** A port of the host that leads to one of the container. */
export interface Published {
  readonly address?: string
  readonly host: number
  readonly container: number
}

export interface RegistrySite {
  readonly image: string
  /** Directory of the host that holds `certs/` and `storage/`. */
  readonly root: string
  /** The port by which clients call the registry; it listens on the same one inside. */
  readonly port: number
  /** File names in `certs/`. */
  readonly certificate: string
  readonly key: string
}

const CERTS = '/certs'
const STORAGE = '/var/lib/registry'

/** The registry's container: TLS by the pair in `certs/`, its data in `storage/`, started again whenever it ends. */
export const registryContainer = ({ image, root, port, certificate, key }: RegistrySite): ContainerSpec => ({
  image,
  volumes: [`${root}/certs:${CERTS}:ro`, `${root}/storage:${STORAGE}`],
  env: {
    REGISTRY_HTTP_ADDR: `0.0.0.0:${port}`,
    REGISTRY_HTTP_TLS_CERTIFICATE: `${CERTS}/${certificate}`,
    REGISTRY_HTTP_TLS_KEY: `${CERTS}/${key}`,
    REGISTRY_STORAGE_DELETE_ENABLED: 'true',
    // Registry 3 would look for a collector of traces that is not there, and log every failure.
    OTEL_TRACES_EXPORTER: 'none',
  },
  ports: [`${port}:${port}`],
  restartPolicy: 'always',
})

/** Reads `source:target[:options]`; undefined when it is a volume without a place of the host. */
export function readMount(text: string): Mount | undefined {
  const [source, target, options] = text.split(':')
  if (!source || !target) return undefined
  return { source, target, options: options?.split(',') ?? [] }
}

const portOf = (text: string | undefined): number | undefined =>
  text !== undefined && /^[1-9]\d{0,4}$/.test(text) && Number(text) < 65_536 ? Number(text) : undefined

/** Reads `[address:]host:container[/protocol]`; undefined when it is not that, as with the placeholders of a guide. */
export function readPublished(text: string): Published | undefined {
  const parts = text.replace(/\/(tcp|udp)$/, '').split(':')
  const container = portOf(parts.pop())
  const host = portOf(parts.pop())
  if (container === undefined || host === undefined) return undefined
  return { host, container, ...(parts.length > 0 && { address: parts.join(':') }) }
}

/** The port that a registry listens on inside its container (`REGISTRY_HTTP_ADDR`, `:5000` when absent). */
export const listenPort = (env: ContainerSpec['env']): number | undefined =>
  portOf((env['REGISTRY_HTTP_ADDR'] ?? ':5000').split(':').at(-1))

/** Variables of the registry that name a file of the container. */
const FILES =
  /^REGISTRY_(HTTP_TLS_(CERTIFICATE|KEY|CLIENTCAS_\d+)|AUTH_HTPASSWD_PATH|AUTH_TOKEN_ROOTCERTBUNDLE|PROXY_REMOTECA)$/

/** A file that the registry will open, and where it must then be on the host. */
export interface NeededFile {
  readonly variable: string
  readonly path: string
  /** The mount that the path lies in; undefined when none covers it. */
  readonly mount: Mount | undefined
  /** The path on the host; undefined without a mount. */
  readonly hostPath: string | undefined
}

const inside = (path: string, dir: string): boolean => path === dir || path.startsWith(dir === '/' ? '/' : `${dir}/`)

/** Every file that the environment names, with its place on the host: what a question to the host must look for. */
export function neededFiles({ env, volumes }: ContainerSpec): NeededFile[] {
  const mounts = volumes.map(readMount).filter(mount => mount !== undefined)
  return Object.entries(env)
    .filter(([variable]) => FILES.test(variable))
    .map(([variable, path]) => {
      // The deepest mount wins, as in the container's own file system.
      const [mount] = mounts
        .filter(({ target }) => inside(path, target))
        .sort((a, b) => b.target.length - a.target.length)
      return { variable, path, mount, hostPath: mount && mount.source + path.slice(mount.target.length) }
    })
}
