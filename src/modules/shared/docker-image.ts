import { dict, fromJson, type Value } from '../../base/value.ts'
import { act, change, type Edit, type Plan, refuse } from '../../kit/plan.ts'
import type { ImageFacts } from '../../questions/docker.ts'
import { join, type Script, sh } from '../../shell/script.ts'
import { run } from './attributes.ts'
import { documents, flagged, pairs } from './docker.ts'
import { ended } from './ended.ts'

/** `name:tag`; a name that has a tag or a digest already, or is an id, keeps it. */
export const reference = (name: string, tag: string): string => (/@|:[^/]*$/.test(name) ? name : `${name}:${tag}`)

/** Why something is no tag. */
export const tagFault = (tag: string): string | undefined =>
  /^\w[\w.-]{0,127}$/.test(tag) ? undefined : `"${tag}" is not a valid docker tag!`

/** Loads an archive of the host, and says which images were in it where the wanted one was not. */
export const loadScript = (docker: Script, path: string, ref: string): Script =>
  sh`said=$(${docker} load -i ${path} 2>&1) || { printf '%s\n' "$said" >&2; exit 1; }
${docker} image inspect -- ${ref} >/dev/null 2>&1 || {
found=
for one in $(printf '%s\n' "$said" | sed -n -e 's/^Loaded image: //p' -e 's/^Loaded image ID: //p'); do
[ -z "$found" ] || found="$found, "; found="$found'$one'"
done
if [ -n "$found" ]; then printf '%s\n' "The archive did not contain image '"${ref}"'. Instead, found $found." >&2
else echo 'Detected no loaded images. Archive potentially corrupt?' >&2; fi
exit 1; }`

/** The id of an image, which is no name. */
export const isId = (name: string): boolean => /^sha256:[0-9a-f]{64}$/i.test(name)

/** An image as a result; empty where there is none. */
export const imageShown = (now: ImageFacts | 'absent'): { image: Value } => ({
  image: now === 'absent' ? dict({}) : fromJson(now),
})

/** How an image comes in, and which. */
export interface Bringing {
  readonly ref: string
  readonly now: ImageFacts | 'absent'
  /** What is done, for the diff. */
  readonly to: string
  /** Brings it; says nothing. */
  readonly script: Script
  readonly touches: readonly string[]
  readonly docker: Script
  /** It comes though it is there. */
  readonly again?: boolean
}

/** An image comes in. Where one is there already, only what is there afterwards tells whether anything was new. */
export function bring({ ref, now, to, script, touches, docker, again }: Bringing): Plan {
  if (now === 'absent' && again !== true)
    return change([{ what: ref, from: 'absent', to, by: run(script) }], touches, imageShown('absent'))
  return act(
    `${ref}: ${to}`,
    run(sh`${script} && ${docker} image inspect -- ${ref}`),
    outcome => {
      const after = documents(outcome.stdout)[0] as ImageFacts | undefined
      return ended(outcome, imageShown(after ?? now), after !== undefined && (now === 'absent' || after.Id !== now.Id))
    },
    { touches, dry: 'pretend' },
  )
}

/** What both modules that build take. */
export const BUILD = {
  path: { type: 'string', path: true, minLength: 1, description: 'A folder of the host, with what is built from' },
  dockerfile: { type: 'string', description: 'Its name in the folder, when it is not Dockerfile' },
  args: { type: 'object', description: 'They stand in the image, and in the command line while it is built' },
  cache_from: { type: 'array', items: { type: 'string' } },
  etc_hosts: { type: 'object' },
  labels: { type: 'object' },
  network: { type: 'string' },
  nocache: { type: 'boolean', default: false },
  platform: { type: 'string' },
  pull: { type: 'boolean', default: false, description: 'Look for newer images to build from' },
  shm_size: { type: 'string' },
  target: { type: 'string' },
} as const

/** What is to be built. */
export interface Building {
  readonly path?: string
  readonly dockerfile?: string
  readonly args?: Readonly<Record<string, unknown>>
  readonly cache_from?: readonly string[]
  readonly etc_hosts?: Readonly<Record<string, unknown>>
  readonly labels?: Readonly<Record<string, unknown>>
  readonly network?: string
  readonly nocache?: boolean
  readonly platform?: string
  readonly pull?: boolean
  readonly shm_size?: string
  readonly target?: string
  readonly rm?: boolean
  readonly container_limits?: {
    readonly cpusetcpus?: string
    readonly cpushares?: number
    readonly memory?: string
    readonly memswap?: string
  }
}

/** Builds an image and tells what was said on the way. */
export const buildScript = (docker: Script, ref: string, path: string, wish: Building): Script =>
  sh`${docker} build ${[
    '--tag',
    ref,
    ...(wish.dockerfile === undefined
      ? []
      : ['--file', wish.dockerfile.startsWith('/') ? wish.dockerfile : `${path}/${wish.dockerfile}`]),
    ...pairs('--build-arg', wish.args),
    ...(wish.cache_from ?? []).flatMap(one => ['--cache-from', one]),
    ...pairs('--add-host', wish.etc_hosts, ':'),
    ...pairs('--label', wish.labels),
    ...flagged('--network', wish.network),
    ...(wish.nocache ? ['--no-cache'] : []),
    ...flagged('--platform', wish.platform),
    ...(wish.pull ? ['--pull'] : []),
    ...flagged('--shm-size', wish.shm_size),
    ...flagged('--target', wish.target),
    ...(wish.rm === false ? ['--rm=false'] : []),
    ...flagged('--memory', wish.container_limits?.memory),
    ...flagged('--memory-swap', wish.container_limits?.memswap),
    ...flagged('--cpu-shares', wish.container_limits?.cpushares),
    ...flagged('--cpuset-cpus', wish.container_limits?.cpusetcpus),
  ]} -- ${path} 2>&1 </dev/null`

/** An image is built, however it is now; `changed` says whether another one came of it, or always with `anew`. */
export const build = ({ ref, now, script, touches, docker }: Omit<Bringing, 'to'>, path: string, anew = false): Plan =>
  act(
    `${ref}: built from ${path}`,
    run(sh`${script} && echo && ${docker} image inspect -- ${ref}`),
    outcome => {
      const after = documents(outcome.stdout)[0] as ImageFacts | undefined
      const stdout = outcome.stdout.slice(0, after === undefined ? undefined : outcome.stdout.lastIndexOf('\n\n['))
      const fresh = anew || now === 'absent' || after?.Id !== now.Id
      return ended(outcome, { ...imageShown(after ?? 'absent'), stdout }, fresh)
    },
    { touches, dry: 'pretend' },
  )

/** Other names of processors. */
const PROCESSORS: Readonly<Record<string, string>> = {
  x86_64: 'amd64',
  aarch64: 'arm64',
  armhf: 'arm',
  armel: 'arm',
  i386: '386',
}

/** Whether an image is of a platform (`linux/arm64/v8`, `amd64`, `linux`); what is not said of the platform may be any. */
export function isPlatform(now: ImageFacts, platform: string): boolean {
  const parts = platform.toLowerCase().split('/')
  const [system, processor, variant] =
    parts.length > 1 ? parts : /^(linux|windows)$/.test(parts[0] ?? '') ? parts : [undefined, ...parts]
  const named = processor && (PROCESSORS[processor] ?? processor)
  return (
    (system === undefined || system === (now.Os ?? 'linux')) &&
    (named === undefined || named === now.Architecture) &&
    (variant === undefined || (now.Variant ?? '') === '' || variant === now.Variant)
  )
}

/** Another name for an image. */
export const tagged = (docker: Script, ref: string, other: string, from: string): Edit => ({
  what: other,
  from,
  to: ref,
  by: run(sh`${docker} tag ${ref} ${other}`),
})

/** The scripts of a plan's effects, or undefined when one of them is no shell text. */
function scriptsOf(plan: Plan): readonly Script[] | undefined {
  const effects =
    plan.kind === 'act' ? [plan.by] : plan.kind === 'change' ? [...new Set(plan.edits.map(one => one.by))] : []
  const scripts = effects.flatMap(one => (one.kind === 'run' ? [one.script] : []))
  return scripts.length === effects.length ? scripts : undefined
}

/** One after another, as long as each does well. */
const chained = (scripts: readonly Script[]): Script =>
  join(
    scripts.map(script => sh`{ ${script}\n}`),
    ' && ',
  )

/** What follows when the image is there. Where that is an act, all of it is one. */
export function followed(first: Plan, edits: readonly Edit[], touches: readonly string[]): Plan {
  if (first.kind === 'ok') return change(edits, touches, first.result)
  if (first.kind === 'change') return { ...first, edits: [...first.edits, ...edits], touches }
  const rest = scriptsOf(change(edits, touches))
  if (first.kind !== 'act' || first.by.kind !== 'run' || rest === undefined) return first
  return {
    ...first,
    touches,
    by: run(chained([first.by.script, ...rest])),
    report: outcome => {
      const told = first.report(outcome)
      return told.failed === undefined ? { ...told, changed: true } : told
    },
  }
}

/** An image is brought, named, saved and pushed; whether that changed anything says the registry. */
export function pushed(
  { now, touches, docker }: Omit<Bringing, 'to' | 'script'>,
  first: Plan,
  edits: readonly Edit[],
  target: string,
): Plan {
  const before = scriptsOf(first)
  const rest = scriptsOf(change(edits, touches))
  if (before === undefined || rest === undefined)
    return refuse(
      'an archive of the controller is not pushed in the task that loads it',
      'push it in a task of its own',
    )
  const push = sh`${docker} push ${target} && echo && ${docker} image inspect -- ${target}`
  return act(
    `push ${target}`,
    run(chained([...before, ...rest, push])),
    outcome => {
      const after = documents(outcome.stdout)[0]
      const said = outcome.stdout.slice(0, after === undefined ? undefined : outcome.stdout.lastIndexOf('\n\n['))
      const push_status = said.trim().split('\n').at(-1) ?? ''
      const image = fromJson(after === undefined ? {} : { ...(after as object), push_status })
      const news = now === 'absent' || edits.length > 0 || /: (?:Pushing|Pushed)$/m.test(said)
      return ended(outcome, { image }, news)
    },
    { touches, dry: 'pretend' },
  )
}
