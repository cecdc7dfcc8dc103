import { defineModule } from '../kit/module.ts'
import { change, type Edit, ok, type Plan, refuse } from '../kit/plan.ts'
import { type Found, type ImageFacts, image } from '../questions/docker.ts'
import { at, type Entry, entry } from '../questions/files.ts'
import { imageArchive, type JudgedImages } from '../questions/image-archive.ts'
import { known } from '../questions/known.ts'
import { type SavedImage, savedImage } from '../questions/saved-image.ts'
import { platformFault, selectImage } from '../registry/image-archive.ts'
import { join, nothing, sh } from '../shell/script.ts'
import { run } from './shared/attributes.ts'
import { DAEMON, docker, flagged, noDocker } from './shared/docker.ts'
import {
  type Bringing,
  BUILD,
  bring,
  build,
  buildScript,
  followed,
  imageShown,
  isId,
  loadScript,
  pushed,
  reference,
  tagFault,
  tagged,
} from './shared/docker-image.ts'

/** An image is on the host: pulled, built, or loaded from an archive that is judged on the controller first. */
export default defineModule({
  name: 'docker_image',
  collection: 'community.docker',
  summary: 'An image is on the host: pulled, built or loaded; it may have another name, be saved and pushed',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['name'],
    properties: {
      name: { type: 'string', minLength: 1 },
      tag: { type: 'string', default: 'latest' },
      source: { type: 'string', enum: ['pull', 'load', 'local', 'build'], default: 'pull' },
      state: { type: 'string', enum: ['present', 'absent'], default: 'present' },
      force_source: { type: 'boolean', default: false, description: 'Bring it though it is there' },
      force_absent: { type: 'boolean', default: false, description: 'Remove it though it has other names' },
      force_tag: { type: 'boolean', default: false, description: 'Give the other name though another image has it' },
      load_path: { type: 'string', path: true, description: 'An archive on the host, made by docker save' },
      archive: {
        type: 'string',
        controller: 'files',
        description: 'An archive on the controller, made by docker save; judged before it is sent',
      },
      archive_path: { type: 'string', path: true, description: 'Where on the host docker save puts it' },
      repository: { type: 'string', description: 'Another name for the image' },
      push: { type: 'boolean', default: false, description: 'Push the other name, or the name' },
      pull: {
        type: 'object',
        additionalProperties: false,
        properties: { platform: { type: 'string' } },
      },
      build: {
        type: 'object',
        additionalProperties: false,
        required: ['path'],
        properties: {
          ...BUILD,
          rm: { type: 'boolean', default: true },
          container_limits: {
            type: 'object',
            additionalProperties: false,
            properties: {
              cpusetcpus: { type: 'string' },
              cpushares: { type: 'integer' },
              memory: { type: 'string' },
              memswap: { type: 'string' },
            },
          },
          http_timeout: { type: 'integer', description: 'Without effect: the docker command waits' },
          use_config_proxy: { type: 'boolean', description: 'Without effect: the docker command always does' },
        },
      },
      ...DAEMON,
    },
  },
  probe: (args, host) => ({
    now: image(reference(args.name, args.tag), docker(args)),
    saved: args.archive === undefined ? known<JudgedImages | undefined>(undefined) : imageArchive(args.archive),
    other:
      args.repository === undefined
        ? known<Found<ImageFacts> | undefined>(undefined)
        : image(targetOf(args), docker(args)),
    context:
      args.build?.path === undefined ? known<Entry | undefined>(undefined) : entry(at(args.build.path, host), true),
    kept:
      args.archive_path === undefined
        ? known<SavedImage | undefined>(undefined)
        : savedImage(at(args.archive_path, host)),
  }),
  plan(args, { now, saved, other, kept, context }, host) {
    if (now === 'no docker' || other === 'no docker') return noDocker()
    const fault = tagFault(args.tag)
    if (fault !== undefined) return refuse(fault, 'give letters, digits, dots, dashes and underscores')
    const cli = docker(args)
    const ref = reference(args.name, args.tag)
    const touches = [`image:${ref}`, 'images']
    if (args.state === 'absent') {
      const remove = run(sh`${cli} image rm ${args.force_absent ? ['-f'] : []} -- ${ref} >/dev/null`)
      return now === 'absent'
        ? ok(imageShown('absent'))
        : change([{ what: ref, from: now.Id, to: 'absent', by: remove }], touches)
    }
    const base = { ref, now, touches, docker: cli, folder: context?.type === 'directory' }
    const first = source(args, base, saved, host.machine)
    if (first.kind === 'refuse') return first
    const edits: Edit[] = []
    const target = args.repository === undefined ? undefined : targetOf(args)
    const theirs = other === undefined || other === 'absent' ? undefined : other.Id
    const moved = args.force_tag && (now === 'absent' || theirs !== now.Id)
    if (target !== undefined && (theirs === undefined || moved))
      edits.push(tagged(cli, ref, target, theirs ?? 'absent'))
    const path = args.archive_path === undefined ? undefined : at(args.archive_path, host)
    if (path !== undefined && (now === 'absent' || kept?.id !== now.Id || kept.names.join(' ') !== ref))
      edits.push({
        what: path,
        from: kept?.names.join(' ') ?? 'absent',
        to: ref,
        by: run(sh`${cli} save -o ${path} -- ${ref}`),
      })
    const more = target === undefined ? touches : [...touches, `image:${target}`]
    if (args.push) return pushed({ ...base, touches: more }, first, edits, target ?? ref)
    return edits.length === 0
      ? first
      : followed(first, edits, [...more, ...(path === undefined ? [] : [`path:${path}`])])
  },
})

/** The other name; it has the tag of the name, where it names none. */
function targetOf({ name, tag, repository = '' }: { name: string; tag: string; repository?: string }): string {
  const ref = reference(name, tag)
  return reference(repository, /@|^sha256:/.test(ref) ? tag : ref.slice(ref.lastIndexOf(':') + 1))
}

/** How the image itself comes to be there. */
function source(
  args: {
    readonly name: string
    readonly source: 'pull' | 'load' | 'local' | 'build'
    readonly force_source: boolean
    readonly archive?: string
    readonly load_path?: string
    readonly pull?: { readonly platform?: string }
    readonly build?: Parameters<typeof buildScript>[3]
  },
  base: Omit<Bringing, 'to' | 'script'> & { readonly folder: boolean },
  saved: JudgedImages | undefined,
  machine: string,
): Plan {
  const { ref, now, docker: cli, touches } = base
  if (args.source === 'load' && saved !== undefined) return load(args.archive ?? '', ref, now, saved, touches, machine)
  if (args.source === 'load' && args.load_path === undefined)
    return refuse('nothing to load from', 'give archive (a file of the controller) or load_path (a file of the host)')
  if (now !== 'absent' && (!args.force_source || args.source === 'local')) return ok(imageShown(now))
  if (args.source === 'local')
    return refuse(`the image ${ref} is not on this host`, 'pull it, build it, or load it from an archive')
  if (args.source === 'load') {
    const script = loadScript(cli, args.load_path ?? '', ref)
    return bring({ ...base, to: `loaded from ${args.load_path}`, script, again: args.force_source })
  }
  if (isId(args.name)) return refuse(`Image name must not be an image ID for source=${args.source}`, 'give a name')
  if (args.source === 'pull') {
    const script = sh`${cli} pull -q ${flagged('--platform', args.pull?.platform)} -- ${ref} >/dev/null`
    return bring({ ...base, to: 'pulled', script, again: args.force_source })
  }
  const path = args.build?.path
  if (args.build === undefined || path === undefined) return refuse('nothing to build from', 'give build with its path')
  if (!base.folder)
    return refuse(`Requested build path ${path} could not be found or you do not have access.`, 'bring it with copy')
  return build({ ...base, script: buildScript(cli, ref, path, args.build) }, path)
}

function load(
  archive: string,
  ref: string,
  now: ImageFacts | 'absent',
  saved: JudgedImages,
  touches: readonly string[],
  machine: string,
): Plan {
  if ('wrong' in saved) return refuse(saved.wrong, saved.remedy)
  const wanted = selectImage(saved.archive, ref)
  if ('code' in wanted) return refuse(wanted.message, wanted.remedy)
  const platform = platformFault(wanted, machine)
  if (platform !== undefined) return refuse(platform.message, platform.remedy)
  if (now !== 'absent' && now.Id === wanted.configDigest) return ok(imageShown(now))
  const rename = wanted.tags.includes(ref) ? nothing : sh`docker tag ${wanted.configDigest} ${ref}`
  const by = { kind: 'feed', file: archive, script: join([sh`docker load -q`, rename], ' && ') } as const
  const from = now === 'absent' ? 'absent' : now.Id
  return change([{ what: ref, from, to: wanted.configDigest, by }], touches)
}
