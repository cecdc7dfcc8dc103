import { basename, dirname } from 'node:path/posix'
import type { AuthorityState } from '../../pki/ca-store.ts'
import { judgeServer } from '../../pki/judge.ts'
import { dnsNameFault, serverName } from '../../pki/names.ts'
import type { ContainerFacts, Found } from '../../questions/docker.ts'
import type { JudgedImages } from '../../questions/image-archive.ts'
import type { Brought } from '../../questions/imported-pair.ts'
import type { Listener } from '../../questions/ports.ts'
import type { Site } from '../../questions/site.ts'
import type { JudgedArchive, Room } from '../../questions/storage.ts'
import { registryContainer } from '../../registry/container.ts'
import { lintContainer } from '../../registry/container-lint.ts'
import { platformFault, selectImage } from '../../registry/image-archive.ts'
import { lintMounts } from '../../registry/mount-lint.ts'
import { parseReference, parseRepoHost, type RepoHost } from '../../registry/reference.ts'

/** Something that would stop the play later: what was found and where, and what to do. */
export interface Trouble {
  readonly message: string
  readonly remedy: string
}

const trouble = (message: string, remedy: string): Trouble => ({ message, remedy })

const asTrouble = ({ message, remedy = '' }: { readonly message: string; readonly remedy?: string }): Trouble => ({
  message,
  remedy,
})

/** repo_host can be used, and the certificate that is given or will be issued is good for it. */
export function nameFaults(
  args: { readonly repo_host: string; readonly port: number; readonly cert_hosts: readonly string[] },
  { found, now }: { readonly found: AuthorityState; readonly now: Date },
  { pair, wrong }: Brought,
): { readonly registry?: RepoHost; readonly faults: readonly Trouble[] } {
  const registry = parseRepoHost(args.repo_host, args.port)
  if ('wrong' in registry) return { faults: [trouble(registry.wrong, registry.remedy)] }
  if (wrong !== undefined)
    return { registry, faults: [trouble(wrong, 'give the certificate, its chain and its key, and no other files')] }
  if (pair !== undefined) {
    const anchors = found.state === 'ready' ? { anchors: found.authority.anchors } : {}
    const judged = judgeServer({
      chain: pair.chain,
      key: pair.key,
      hosts: [registry.host],
      now,
      what: 'the given certificate',
      ...anchors,
    })
    return { registry, faults: judged.filter(({ severity }) => severity === 'error').map(asTrouble) }
  }
  const faults: Trouble[] = []
  if (!args.cert_hosts.some(host => serverName(host).value === registry.host))
    faults.push(
      trouble(
        `the certificate would not be valid for repo_host ${registry.host}: its names will be ${args.cert_hosts.join(', ') || 'none'}`,
        `add ${registry.host} to cert_hosts (registry_cert_hosts)`,
      ),
    )
  for (const host of args.cert_hosts) {
    const { kind, value } = serverName(host)
    const odd = kind === 'dns' ? dnsNameFault(value, { wildcard: true }) : undefined
    if (odd !== undefined)
      faults.push(trouble(`'${host}' can be no name of a certificate: it ${odd}`, 'take it out of registry_cert_hosts'))
  }
  return { registry, faults }
}

/** What stands in the CA's directory can be used; nothing there is right too, unless the certificate comes from elsewhere. */
export function authorityFaults(dir: string, external: boolean, found: AuthorityState): Trouble[] {
  if (found.state === 'unusable') return found.faults.filter(({ severity }) => severity === 'error').map(asTrouble)
  if (external && found.state !== 'ready')
    return [
      trouble(
        `a finished certificate is given, but there is no ca.pem in ${dir}, which the clients need to trust it`,
        'put the certificate of the CA that signed it there, as ca.pem',
      ),
    ]
  return []
}

/** The archives can be used on this host, and there is room for what they bring. */
export function archiveFaults(
  args: { readonly image: string; readonly root: string },
  seen: {
    readonly saved: JudgedImages | undefined
    readonly stored: JudgedArchive | undefined
    readonly paths: Site
    readonly free: Room
  },
  machine: string,
): Trouble[] {
  const reference = parseReference(args.image)
  const faults: Trouble[] = 'wrong' in reference ? [trouble(reference.wrong, reference.remedy)] : []
  const { saved, stored } = seen
  if (saved !== undefined && 'wrong' in saved) faults.push(trouble(saved.wrong, saved.remedy))
  else if (saved !== undefined && faults.length === 0) {
    const image = selectImage(saved.archive, args.image)
    const wrong = 'code' in image ? image : platformFault(image, machine)
    if (wrong !== undefined) faults.push(asTrouble(wrong))
  }
  if (stored !== undefined && 'wrong' in stored) faults.push(trouble(stored.wrong, stored.remedy))
  else if (stored !== undefined && !seen.paths.filled) {
    const need = Math.ceil(stored.index.totalBytes * 1.1)
    if (seen.free.bytes < need)
      faults.push(
        trouble(
          `${seen.free.mount} has ${seen.free.bytes} bytes free, and the storage archive needs ${need}`,
          `free some space on ${seen.free.mount}, or set registry_root to a larger file system`,
        ),
      )
  }
  return faults
}

/** The directories are directories, and the registry will find its certificate and key in what is mounted. */
export function pathFaults(
  args: {
    readonly image: string
    readonly root: string
    readonly port: number
    readonly certificate: string
    readonly key: string
  },
  { paths, links }: Site,
): Trouble[] {
  const faults: Trouble[] = []
  const certs = dirname(args.certificate)
  for (const path of new Set([args.root, certs, `${args.root}/storage`])) {
    const link = links.get(path)
    const kind = paths.get(path)?.kind
    if (link !== undefined)
      faults.push(
        trouble(
          `${path} is a symbolic link (to ${link}), and files would be written through it`,
          `replace the link by a directory, or set registry_root to the directory itself`,
        ),
      )
    else if (kind === 'file' || kind === 'other')
      faults.push(trouble(`${path} is there and is no directory`, 'move it away, or choose another registry_root'))
  }
  if (dirname(args.key) !== certs)
    faults.push(
      trouble(
        `certificate and key are in different directories (${certs}, ${dirname(args.key)}), and only one is mounted`,
        'put both into one directory',
      ),
    )
  const plain = registryContainer({
    ...args,
    certificate: basename(args.certificate),
    key: basename(args.key),
  })
  const spec = { ...plain, volumes: [`${certs}:/certs:ro`, ...plain.volumes.slice(1)] }
  // What is not there yet is what the play will make.
  const there = new Map([...paths].filter(([path, { kind }]) => kind !== 'absent' || links.has(path)))
  const judged = [...lintContainer(spec), ...lintMounts(spec, there)].filter(({ severity }) => severity === 'error')
  return [...faults, ...judged.map(asTrouble)]
}

/** Containers that regplay made bear this label; another of the same name may be somebody's work. */
export const MANAGED = 'regplay.managed'

const ours = (now: ContainerFacts): boolean => now.Config.Labels?.[MANAGED] === 'true'

/** No container of that name that somebody else made, unless it may be replaced. */
export function containerFaults(name: string, replace: boolean, now: Found<ContainerFacts>): Trouble[] {
  if (typeof now === 'string' || replace || ours(now)) return []
  const ports = publishedBy(now)
  const mounts = now.Mounts.map(({ Source, Destination }) => `${Source}:${Destination}`)
  return [
    trouble(
      `there is a container ${name} that regplay did not make: image ${now.Config.Image}, ${now.State.Status}, made ${now.Created.slice(0, 19)}, ` +
        `${ports.length > 0 ? `port ${ports.join(', ')}` : 'no port published'}, ${mounts.length > 0 ? `mounts ${mounts.join(', ')}` : 'nothing mounted'}`,
      `remove it when nobody needs it (docker rm -f -v ${name}), or let it be replaced: -e registry_replace_container=true`,
    ),
  ]
}

const publishedBy = (now: ContainerFacts): string[] =>
  Object.values(now.HostConfig.PortBindings ?? {}).flatMap(bindings => (bindings ?? []).map(({ HostPort }) => HostPort))

/** Nothing but the registry's own container listens on its port. */
export function portFaults(port: number, ports: readonly Listener[], now: Found<ContainerFacts>): Trouble[] {
  const own = typeof now === 'object' && now.State.Running && publishedBy(now).includes(String(port))
  const others = ports.filter(listener => listener.port === port)
  if (own || others.length === 0) return []
  const who = [...new Set(others.map(({ by }) => by).filter(Boolean))].join(', ')
  const where = [...new Set(others.map(({ address }) => address))].join(', ')
  const proxy = who.startsWith('docker-proxy')
  return [
    trouble(
      `port ${port} is taken ${who === '' ? 'by another service' : `by ${who}`} (it listens on ${where})`,
      proxy
        ? `find the container that publishes it: docker ps --filter publish=${port}; stop it, or set registry_port`
        : `stop that service, or set registry_port to a free port`,
    ),
  ]
}

/** Certificates have a beginning and an end: clocks that disagree make good ones look bad. */
export function clockFaults(skew: number): { readonly faults: Trouble[]; readonly warnings: string[] } {
  const size = Math.abs(Math.round(skew))
  const words = `the clock of this host is ${size} s ${skew > 0 ? 'ahead of' : 'behind'} the controller's`
  if (size > 300)
    return {
      faults: [
        trouble(
          `${words}, so that certificates may look expired or not yet valid`,
          'set the clock: install and start an NTP client, such as chrony',
        ),
      ],
      warnings: [],
    }
  return { faults: [], warnings: size > 60 ? [words] : [] }
}
