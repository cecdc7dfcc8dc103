import { dirname } from 'node:path/posix'
import { defineModule } from '../kit/module.ts'
import { ok, refuse } from '../kit/plan.ts'
import { CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import { type ContainerFacts, container, type Found } from '../questions/docker.ts'
import { imageArchive, type JudgedImages } from '../questions/image-archive.ts'
import { type Brought, importedPair } from '../questions/imported-pair.ts'
import { known } from '../questions/known.ts'
import { authority } from '../questions/pki.ts'
import { listeners } from '../questions/ports.ts'
import { site } from '../questions/site.ts'
import { type JudgedArchive, room, storageArchive } from '../questions/storage.ts'
import { WHERE } from './shared/registry-args.ts'
import {
  archiveFaults,
  authorityFaults,
  clockFaults,
  containerFaults,
  nameFaults,
  pathFaults,
  portFaults,
  type Trouble,
} from './shared/registry-faults.ts'

/** Everything about a registry's host and site that would stop the play later, looked at before anything changes. */
export default defineModule({
  name: 'registry_preflight',
  collection: 'regplay.registry',
  summary: 'Nothing stands in the way of a registry on this host: names, archives, CA, paths, port, container, clock',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['repo_host', 'ca_dir', 'cert_hosts', 'image', 'root', 'certificate', 'key'],
    properties: {
      ...WHERE,
      ca_dir: { type: 'string', minLength: 1, description: 'Directory of the controller with ca.pem and ca-key.pem' },
      cert_hosts: {
        type: 'array',
        items: { type: 'string' },
        description: 'Every name and address for which the certificate will be issued',
      },
      image: { type: 'string', minLength: 1, description: 'The image that the registry is run from' },
      image_archive: { type: 'string', controller: 'files', description: 'An archive of that image on the controller' },
      storage_archive: {
        type: 'string',
        controller: 'files',
        description: "An archive of a registry's storage on the controller",
      },
      root: { type: 'string', path: true, description: 'Directory of the host that holds certs/ and storage/' },
      container: { type: 'string', default: 'registry', description: 'Name of the container' },
      certificate: { type: 'string', path: true, description: 'Where the certificate goes on the host' },
      key: { type: 'string', path: true, description: 'Where its private key goes on the host' },
      source: {
        type: 'array',
        items: { type: 'string', controller: 'files' },
        description: 'Files of the controller with a finished certificate, its chain and its key',
      },
      replace: {
        type: 'boolean',
        default: false,
        description: 'A container of that name which regplay did not make may be replaced',
      },
    },
  },
  probe: args => ({
    ca: authority(args.ca_dir, (args.source ?? []).length > 0),
    brought:
      (args.source ?? []).length === 0
        ? known<Brought>({ pair: undefined, wrong: undefined })
        : importedPair(args.source ?? []),
    saved:
      args.image_archive === undefined ? known<JudgedImages | undefined>(undefined) : imageArchive(args.image_archive),
    stored:
      args.storage_archive === undefined
        ? known<JudgedArchive | undefined>(undefined)
        : storageArchive(args.storage_archive),
    now: present(args.container),
    ports: listeners(),
    paths: site(storageOf(args), pathsOf(args)),
    // Asked ahead, unlike where filling asks it: a second run makes no trip of its own for this look.
    free: { ...room(storageOf(args)), dear: false },
  }),
  plan(args, seen, host) {
    const { registry, faults: badNames } = nameFaults(args, seen.ca, seen.brought)
    const clock = clockFaults(host.clockSkew)
    const found: Trouble[] = [
      ...badNames,
      ...authorityFaults(args.ca_dir, (args.source ?? []).length > 0, seen.ca.found),
      ...archiveFaults(args, seen, host.machine),
      ...pathFaults({ ...args, port: registry?.port ?? args.port }, seen.paths),
      ...containerFaults(args.container, args.replace, seen.now),
      ...portFaults(registry?.port ?? args.port, seen.ports, seen.now),
      ...clock.faults,
    ]
    if (found.length > 0)
      return refuse(
        found.map(({ message }) => message).join('; '),
        [...new Set(found.map(({ remedy }) => remedy).filter(Boolean))].join('; '),
        { faults: found.map(({ message, remedy }) => `${message}: ${remedy}`) },
      )
    const index = seen.stored !== undefined && 'index' in seen.stored ? seen.stored.index : undefined
    return ok({
      url: registry?.url ?? '',
      prefix: registry?.prefix ?? '',
      images: Object.entries(index?.tags ?? {}).flatMap(([name, tags]) =>
        Object.keys(tags).map(tag => `${name}:${tag}`),
      ),
      warnings: [
        ...clock.warnings,
        ...(index?.warnings ?? []).map(({ message }) => message),
        ...(seen.ca.found.state === 'ready' ? seen.ca.found.authority.warnings : []).map(({ message }) => message),
      ],
    })
  },
})

const storageOf = ({ root }: { readonly root: string }): string => `${root}/storage`

const pathsOf = (args: { readonly root: string; readonly certificate: string; readonly key: string }): string[] => [
  ...new Set([args.root, dirname(args.certificate), storageOf(args), args.certificate, args.key]),
]

/** The container; an engine that is installed and not running is no fault yet, since the play will start it. */
const present = (name: string): TargetQuestion<Found<ContainerFacts>> => {
  const question = container(name)
  return {
    ...question,
    read: answer => {
      try {
        return question.read(answer)
      } catch (error) {
        if (error instanceof CouldNotTell) return 'no docker'
        throw error
      }
    },
  }
}
