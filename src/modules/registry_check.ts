import type { Effect } from '../kit/effect.ts'
import { defineModule } from '../kit/module.ts'
import { change, ok, type Plan, refuse } from '../kit/plan.ts'
import { ask, type TargetQuestion } from '../kit/question.ts'
import type { Certificate } from '../pki/certificate.ts'
import { judgeServer } from '../pki/judge.ts'
import { readPem } from '../pki/pem.ts'
import { image, images, type PulledImage } from '../questions/docker.ts'
import { text } from '../questions/files.ts'
import { known } from '../questions/known.ts'
import { type Served, served, type Tagged } from '../questions/registry.ts'
import { parseReference, parseRepoHost, type RepoHost } from '../registry/reference.ts'
import { sh } from '../shell/script.ts'
import { WHERE } from './shared/registry-args.ts'

/** The registry serves: its certificate is the right one, it has the images, and this host's engine can pull one. */
export default defineModule({
  name: 'registry_check',
  collection: 'regplay.registry',
  summary:
    'The registry serves under its name with a trusted certificate, has the images, and this host has pulled one',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['repo_host', 'ca_dir'],
    properties: {
      ...WHERE,
      ca_dir: { type: 'string', minLength: 1, description: 'Directory of the controller with ca.pem' },
      certificate: {
        type: 'string',
        path: true,
        description: 'The installed certificate on this host: the registry must serve this one',
      },
      images: {
        type: 'array',
        items: { type: 'string' },
        default: [],
        description: 'Images that the registry must have, as repository:tag',
      },
      pull: {
        type: 'string',
        description:
          'An image, as repository:tag, that this host must have pulled from it; `auto` is the first of images, or of the registry',
      },
      catalog: { type: 'boolean', default: true, description: 'List all repositories in the result' },
      wait: {
        type: 'integer',
        minimum: 0,
        default: 10,
        description: 'Seconds to wait for a registry that refuses connections, as one does that was just started',
      },
    },
  },
  probe(args) {
    const { registry, pull, repositories } = wishes(args)
    return {
      seen:
        registry === undefined
          ? known<Served | undefined>(undefined)
          : served({ registry, caDir: args.ca_dir, repositories, pull, catalog: args.catalog, wait: args.wait }),
      here:
        registry === undefined || pull === undefined
          ? known<Here>([])
          : pull === 'first'
            ? { ...images(), reads: [...images().reads, ...TRUST] }
            : digestsOf(registry, pull),
      installed: args.certificate === undefined ? known<string | undefined>(undefined) : text(args.certificate),
    }
  },
  plan(args, { seen, here, installed }) {
    const { registry, pull, wanted, wrong, remedy } = wishes(args)
    if (registry === undefined || seen === undefined) return refuse(wrong ?? 'repo_host cannot be used', remedy)
    const { ca } = seen
    if (ca.state === 'unusable') return refuse(ca.faults.map(fault => fault.message).join('; '), ca.faults[0]?.remedy)
    if (ca.state !== 'ready')
      return refuse(`there is no ca.pem in ${args.ca_dir}`, 'make a CA with registry_ca, or run playbooks/ca.yml')
    const judged = judgeServer({
      chain: seen.chain,
      anchors: ca.authority.anchors,
      hosts: [registry.host],
      now: seen.now,
      what: `the certificate that ${registry.host}:${registry.port} serves`,
    }).filter(fault => fault.severity === 'error')
    if (seen.chain.length > 0 && judged.length > 0)
      return refuse(
        judged.map(fault => fault.message).join('; '),
        `${judged[0]?.remedy ?? ''}; playbooks/registry.yml does it, and restarts the registry, which reads its certificate only when it starts`,
      )
    if (seen.wrong !== undefined) return refuse(`${seen.wrong.message} (seen from ${seen.from})`, remedyFor(seen.wrong))
    const stale = staleCertificate(args.certificate, installed, seen.chain[0])
    if (stale !== undefined) return stale
    const missing = wanted.filter(({ repository, tag }) => !(seen.tags[repository] ?? []).includes(tag))
    if (missing.length > 0)
      return refuse(
        `${registry.prefix} lacks ${missing.length} of ${wanted.length} images: ${missing.map(nameOf).join(', ')}`,
        'fill its storage with registry_populate (playbooks/populate.yml), and see that this storage is what the registry mounts as /var/lib/registry',
      )
    return pulled(registry, pull, seen, here)
  },
})

interface Wishes {
  readonly registry?: RepoHost
  readonly wanted: readonly Tagged[]
  readonly repositories: readonly string[]
  readonly pull: Tagged | 'first' | undefined
  readonly wrong?: string
  readonly remedy?: string
}

/** The arguments taken apart; without `registry` they cannot be used. */
function wishes(args: {
  readonly repo_host: string
  readonly port: number
  readonly images: readonly string[]
  readonly pull?: string
}): Wishes {
  const none = { wanted: [], repositories: [], pull: undefined }
  const registry = parseRepoHost(args.repo_host, args.port)
  if ('wrong' in registry) return { ...none, ...registry }
  const wanted: Tagged[] = []
  for (const name of [
    ...args.images,
    ...(args.pull === undefined || args.pull === '' || args.pull === 'auto' ? [] : [args.pull]),
  ]) {
    // With a registry before it, a name is read as Docker will read it.
    const read = parseReference(`${registry.host}:${registry.port}/${name}`)
    if ('wrong' in read) return { ...none, ...read }
    wanted.push({ repository: read.repository, tag: read.tag ?? 'latest' })
  }
  const auto = wanted[0] ?? 'first'
  const pull = args.pull === undefined || args.pull === '' ? undefined : args.pull === 'auto' ? auto : wanted.at(-1)
  return { registry, wanted, repositories: [...new Set(wanted.map(({ repository }) => repository))], pull }
}

const nameOf = ({ repository, tag }: Tagged): string => `${repository}:${tag}`

const referenceOf = (registry: RepoHost, image: Tagged): string => `${registry.prefix}/${nameOf(image)}`

/** Whether an image can be pulled rests on what the engine trusts and on the registry, too. */
const TRUST = ['path:/etc/docker/certs.d', 'registry']

/** What this host has: names with the digests by which they were pulled. */
type Here = readonly PulledImage[] | 'no docker'

/** The one image as this host has it. */
const digestsOf = (registry: RepoHost, pull: Tagged): TargetQuestion<Here> => {
  const name = referenceOf(registry, pull)
  const { read, reads, script } = image(name)
  return ask(script, [...reads, ...TRUST], answer => {
    const found = read(answer)
    if (found === 'no docker') return found
    if (found === 'absent') return []
    const mine = `${registry.prefix}/${pull.repository}@`
    const digests = (found.RepoDigests ?? []).filter(text => text.startsWith(mine)).map(text => text.slice(mine.length))
    return (digests.length === 0 ? ['<none>'] : digests).map(digest => ({ name, digest }))
  })
}

/** A registry reads its certificate when it starts: a new file alone changes nothing. */
function staleCertificate(
  path: string | undefined,
  installed: string | undefined,
  leaf: Certificate | undefined,
): Plan | undefined {
  if (path === undefined) return undefined
  const wanted = installed === undefined ? undefined : readPem(installed, path).certificates[0]
  if (wanted === undefined)
    return refuse(
      `${path} holds no certificate, so it cannot be what the registry serves`,
      'run playbooks/registry.yml',
    )
  if (leaf?.fingerprint === wanted.fingerprint) return undefined
  return refuse(
    `the registry serves the certificate with serial ${leaf?.serial}, and ${path} holds the one with serial ${wanted.serial}`,
    'restart the registry, which reads its certificate only when it starts: docker restart registry',
  )
}

function remedyFor({ fault }: { readonly fault: string }): string {
  if (fault === 'refused' || fault === 'lost')
    return 'see whether its container runs and what it says: docker ps -a; docker logs --tail 20 registry'
  if (fault === 'timeout') return 'check the address, and firewalls between here and there'
  if (fault === 'unauthorised') return 'the registry wants a login, which this check does not have'
  if (fault === 'not-a-registry') return 'another server has this port: find it with ss -ltnp on the host'
  return 'look at the log of the registry: docker logs --tail 20 registry'
}

function pulled(registry: RepoHost, pull: Tagged | 'first' | undefined, seen: Served, here: Here): Plan {
  const leaf = seen.chain[0]
  const facts = {
    url: registry.url,
    catalog: [...seen.catalog],
    images: Object.entries(seen.tags).flatMap(([name, tags]) => tags.map(tag => `${name}:${tag}`)),
    serial: leaf?.serial ?? '',
    fingerprint: leaf?.fingerprint ?? '',
    not_after: leaf?.notAfter.toISOString() ?? '',
    seen_from: seen.from,
  }
  if (pull === undefined) return ok(facts)
  if (here === 'no docker')
    return refuse('docker is not installed on this host', 'install it first: the play docker-prerequisites.yml does')
  const { found } = seen
  if (found === undefined)
    return pull === 'first'
      ? ok({ ...facts, pulled: '', warnings: [`${registry.prefix} holds no image, so none was pulled`] })
      : refuse(`${registry.prefix} lacks ${nameOf(pull)}`, 'fill its storage with playbooks/populate.yml')
  const ref = referenceOf(registry, found)
  const result = { ...facts, pulled: ref, digest: found.digest }
  const mine = here.filter(({ name }) => name === ref).map(({ digest }) => digest)
  if (mine.includes(found.digest)) return ok(result)
  const from = mine[0] === undefined ? 'absent' : mine[0] === '<none>' ? 'there, but not from this registry' : mine[0]
  return change([{ what: ref, from, to: found.digest, by: pulling(ref) }], [`image:${ref}`, 'images'], result)
}

/** Three tries, for a network or a registry that is still waking up, and two for a name: Docker remembers /etc/hosts for five seconds. Then the engine's own words and what they mean. */
const pulling = (ref: string): Effect => ({
  kind: 'run',
  doing: `pulling ${ref}`,
  script: sh`for n in 1 2 3; do
  e=$(docker pull -q ${ref} 2>&1 >/dev/null) && exit 0
  case $e in *x509*|*'not found'*|*denied*|*'HTTP response to HTTPS'*) break;; esac
  case $e in *'no such host'*) [ $n = 1 ] || break; sleep 6; continue;; esac
  [ $n = 3 ] || sleep 2
done
printf '%s\n' "$e" >&2
case $e in
*'unknown authority'*) echo 'the engine does not trust the CA: run registry_trust on this host' >&2;;
*'proxyconnect'*|*'Proxy'*) echo 'the engine asks a proxy: put the registry into its NO_PROXY' >&2;;
*'no such host'*) echo 'this host cannot resolve the name: add it to DNS or /etc/hosts' >&2;;
esac
exit 1`,
})
