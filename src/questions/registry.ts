import { setMaxListeners } from 'node:events'
import type { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ControllerQuestion, Vantage } from '../kit/question.ts'
import { type AuthorityState, readAuthority } from '../pki/ca-store.ts'
import type { Certificate } from '../pki/certificate.ts'
import { RegistryClient } from '../registry/client.ts'
import { dialRegistry } from '../registry/dial.ts'
import type { RepoHost } from '../registry/reference.ts'
import { RegistryError } from '../registry/registry-error.ts'

/** An image of a registry. */
export interface Tagged {
  readonly repository: string
  readonly tag: string
}

/** What to find out of a registry. */
export interface Look {
  readonly registry: RepoHost
  /** Directory of the controller with ca.pem. */
  readonly caDir: string
  /** Repositories whose tags are wanted. */
  readonly repositories: readonly string[]
  /** The tag whose digest is wanted, or whichever comes first. */
  readonly pull: Tagged | 'first' | undefined
  readonly catalog: boolean
  /** Seconds to wait for a registry that refuses or drops connections, as one does that was just started. */
  readonly wait: number
}

/** What a registry serves, and the moment at which it did: plans may not look at a clock. */
export interface Served {
  readonly now: Date
  readonly ca: AuthorityState
  /** Leaf first; empty when there was no TLS handshake. */
  readonly chain: readonly Certificate[]
  readonly catalog: readonly string[]
  readonly tags: Readonly<Record<string, readonly string[]>>
  /** The wanted tag and its digest; undefined when the registry does not have it. */
  readonly found: (Tagged & { readonly digest: string }) | undefined
  /** Why the look ended early. */
  readonly wrong: RegistryError | undefined
  /** The machine whose connection this was. */
  readonly from: string
}

/** Asks a registry from this machine, or through the host where this machine does not get an answer that it can trust. */
export const served = (look: Look): ControllerQuestion<Served> => {
  const { registry, caDir, repositories, pull, catalog, wait } = look
  const key = `registry ${JSON.stringify([registry.url, caDir, repositories, pull, catalog, wait])}`
  return {
    of: 'controller',
    key,
    reads: ['registry', 'net:ports', `net:${registry.port}`, `controller:${caDir}`],
    ask: on => patiently(look, key, on),
  }
}

async function patiently(look: Look, key: string, on: Vantage): Promise<Served> {
  const until = Date.now() + look.wait * 1000
  for (;;) {
    const seen = await fromAnywhere(look, key, on)
    if (!starting(seen.wrong) || Date.now() >= until) return seen
    await sleep(500, undefined, { signal: on.signal })
  }
}

/** Nothing listens yet, or what listens hangs up: what a service does in its first moments. */
const starting = (wrong: RegistryError | undefined): boolean =>
  wrong !== undefined &&
  (wrong.fault === 'refused' ||
    wrong.code === 'ECONNRESET' ||
    /connection refused|hung? up|closed the/i.test(wrong.message))

async function fromAnywhere(look: Look, key: string, on: Vantage): Promise<Served> {
  const direct = await together(on.signal, key, () => see(look, 'the controller', on.signal, dialRegistry))
  return direct.wrong === undefined ? direct : see(look, on.host, on.signal, (host, port) => on.connect(host, port))
}

const underWay = new WeakMap<AbortSignal, Map<string, Promise<Served>>>()

/** Hosts of one run that ask the same at the same time share one look; a look that is over is never handed out again. */
function together(signal: AbortSignal, key: string, start: () => Promise<Served>): Promise<Served> {
  const mine = underWay.get(signal) ?? new Map<string, Promise<Served>>()
  underWay.set(signal, mine)
  const there = mine.get(key)
  if (there !== undefined) return there
  const look = start().finally(() => mine.delete(key))
  mine.set(key, look)
  return look
}

async function see(
  look: Look,
  from: string,
  run: AbortSignal,
  connect: (host: string, port: number, signal: AbortSignal) => Promise<Duplex>,
): Promise<Served> {
  // Each request listens for the end of the run, and there may be many at once.
  const signal = AbortSignal.any([run])
  setMaxListeners(0, signal)
  const now = new Date()
  const ca = await readAuthority(look.caDir, { now, external: true })
  const seen: Served = { now, ca, chain: [], catalog: [], tags: {}, found: undefined, wrong: undefined, from }
  if (ca.state !== 'ready') return seen
  const { host, port } = look.registry
  const client = new RegistryClient({
    host,
    port,
    ca: ca.authority.certificatePem,
    connect: (name, number) => connect(name, number, signal),
    signal,
  })
  let chain: readonly Certificate[] = []
  try {
    chain = await client.servedChain()
    await client.ping()
    return { ...seen, chain, ...(await contents(client, look)) }
  } catch (cause) {
    if (signal.aborted || !(cause instanceof RegistryError)) throw cause
    return { ...seen, chain, wrong: cause }
  }
}

async function contents(
  client: RegistryClient,
  { repositories, pull, catalog }: Look,
): Promise<Pick<Served, 'catalog' | 'tags' | 'found'>> {
  const names = catalog || pull === 'first' ? await client.catalog() : []
  const [lists, wanted] = await Promise.all([
    Promise.all(repositories.map(async name => [name, await client.tags(name)] as const)),
    pull === 'first' ? firstOf(client, names) : pull,
  ])
  const found = wanted === undefined ? undefined : await digestOf(client, wanted)
  return { catalog: names, tags: Object.fromEntries(lists), found }
}

/** The first tag in the order of names; repositories whose tags were all deleted are still listed. */
async function firstOf(client: RegistryClient, names: readonly string[]): Promise<Tagged | undefined> {
  for (const repository of [...names].sort()) {
    const [tag] = [...(await client.tags(repository))].sort()
    if (tag !== undefined) return { repository, tag }
  }
  return undefined
}

async function digestOf(client: RegistryClient, { repository, tag }: Tagged): Promise<Served['found']> {
  try {
    return { repository, tag, digest: (await client.manifest(repository, tag)).digest }
  } catch (cause) {
    if (cause instanceof RegistryError && cause.fault === 'not-found') return undefined
    throw cause
  }
}
