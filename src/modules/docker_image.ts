import { fromJson } from '../base/value.ts'
import { defineModule } from '../kit/module.ts'
import { act, change, type Edit, ok, type Plan, refuse } from '../kit/plan.ts'
import { type ImageFacts, image } from '../questions/docker.ts'
import { imageArchive, type JudgedImages } from '../questions/image-archive.ts'
import { known } from '../questions/known.ts'
import { platformFault, selectImage } from '../registry/image-archive.ts'
import { join, nothing, type Script, sh } from '../shell/script.ts'
import { run } from './shared/attributes.ts'
import { ended } from './shared/ended.ts'

/** An image is on the host: pulled, or loaded from an archive that is judged on the controller first. */
export default defineModule({
  name: 'docker_image',
  collection: 'community.docker',
  summary: 'An image is on the host: pulled from a registry, or loaded from an archive and verified',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['name'],
    properties: {
      name: { type: 'string', minLength: 1 },
      tag: { type: 'string', default: 'latest' },
      source: { type: 'string', enum: ['pull', 'load', 'local'], default: 'pull' },
      state: { type: 'string', enum: ['present', 'absent'], default: 'present' },
      force_source: { type: 'boolean', default: false },
      load_path: { type: 'string', path: true, description: 'An archive on the host, made by docker save' },
      archive: {
        type: 'string',
        controller: 'files',
        description: 'An archive on the controller, made by docker save; judged before it is sent',
      },
      build: {
        type: 'object',
        refused: 'building is for the place where images come from; save the image and load it here',
      },
      archive_path: { type: 'string', refused: 'use a command task with docker save' },
      push: { type: 'boolean', refused: 'use a command task with docker push' },
      repository: { type: 'string', refused: 'use a command task with docker tag' },
    },
  },
  probe: ({ name, tag, archive }) => ({
    now: image(reference(name, tag)),
    saved: archive === undefined ? known<JudgedImages | undefined>(undefined) : imageArchive(archive),
  }),
  plan(args, { now, saved }, host) {
    const ref = reference(args.name, args.tag)
    if (now === 'no docker')
      return refuse('docker is not installed on this host', 'install it first: the play docker-prerequisites.yml does')
    const touches = [`image:${ref}`, 'images']
    if (args.state === 'absent')
      return now === 'absent'
        ? ok()
        : change(
            [{ what: ref, from: now.Id, to: 'absent', by: run(sh`docker image rm -- ${ref} >/dev/null`) }],
            touches,
          )
    if (args.source === 'load') return load(args, ref, now, saved, touches, host.machine)
    if (now !== 'absent' && !args.force_source) return ok(facts(now))
    if (args.source === 'local')
      return refuse(`the image ${ref} is not on this host`, 'pull it, or load it from an archive')
    return bring(ref, now, 'pulled', sh`docker pull -q -- ${ref}`, touches)
  },
})

/** An image comes in. Where one is there already, only the tool's words tell whether anything was new. */
function bring(ref: string, now: ImageFacts | 'absent', to: string, script: Script, touches: string[]): Plan {
  if (now === 'absent') return change([{ what: ref, from: 'absent', to, by: run(script) }], touches)
  const id = sh`docker image inspect --format '{{.Id}}' -- ${ref}`
  return act(
    `${ref}: ${to}`,
    run(sh`${script} >/dev/null && ${id}`),
    outcome => ended(outcome, {}, outcome.stdout.trim() !== now.Id),
    {
      touches,
      dry: 'pretend',
    },
  )
}

function load(
  args: { archive?: string; load_path?: string; force_source: boolean },
  ref: string,
  now: ImageFacts | 'absent',
  saved: JudgedImages | undefined,
  touches: string[],
  machine: string,
): Plan {
  if (saved === undefined) {
    if (args.load_path === undefined)
      return refuse('nothing to load from', 'give archive (a file of the controller) or load_path (a file of the host)')
    if (now !== 'absent' && !args.force_source) return ok(facts(now))
    return bring(ref, now, `loaded from ${args.load_path}`, sh`docker load -q -i ${args.load_path}`, touches)
  }
  if ('wrong' in saved) return refuse(saved.wrong, saved.remedy)
  const wanted = selectImage(saved.archive, ref)
  if ('code' in wanted) return refuse(wanted.message, wanted.remedy)
  const platform = platformFault(wanted, machine)
  if (platform !== undefined) return refuse(platform.message, platform.remedy)
  if (now !== 'absent' && now.Id === wanted.configDigest) return ok(facts(now))
  const edits: Edit[] = [
    {
      what: ref,
      from: now === 'absent' ? 'absent' : now.Id,
      to: wanted.configDigest,
      by: {
        kind: 'feed',
        file: args.archive ?? '',
        script: join(
          [sh`docker load -q`, wanted.tags.includes(ref) ? nothing : sh`docker tag ${wanted.configDigest} ${ref}`],
          ' && ',
        ),
      },
    },
  ]
  return change(edits, touches)
}

/** `name:tag`; a name that has a tag or a digest already keeps it. */
export const reference = (name: string, tag: string): string => (/@|:[^/]*$/.test(name) ? name : `${name}:${tag}`)

const facts = (now: ImageFacts) => ({ image: fromJson(now) })
