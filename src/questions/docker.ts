import { ask, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import type { Answer } from '../shell/answer.ts'
import { raw, type Script, sh } from '../shell/script.ts'
import { inspectContainer } from './docker-inspect.ts'

/** `docker image inspect`, as far as anybody here reads it. */
export interface ImageFacts {
  readonly Id: string
  readonly RepoTags: readonly string[] | null
  readonly RepoDigests: readonly string[] | null
  readonly Architecture: string
  readonly Os?: string
  readonly Variant?: string
  readonly Config: {
    readonly Env: readonly string[] | null
    readonly Cmd: readonly string[] | null
    readonly Entrypoint: readonly string[] | null
    readonly Labels: Readonly<Record<string, string>> | null
  } | null
}

export interface PortBinding {
  readonly HostIp: string
  readonly HostPort: string
}

export interface MountFacts {
  readonly Type: string
  readonly Source: string
  readonly Destination: string
  readonly RW: boolean
  readonly Name?: string
  /** Words of the option `-v`, behind the last colon. */
  readonly Mode?: string
}

/** A mount as the daemon was told of it. */
export interface MountSpec {
  readonly Type: string
  readonly Source?: string
  readonly Target: string
  readonly ReadOnly?: boolean
  readonly Consistency?: string
  readonly BindOptions?: { readonly Propagation?: string }
  readonly VolumeOptions?: {
    readonly NoCopy?: boolean
    readonly Labels?: Readonly<Record<string, string>> | null
    readonly DriverConfig?: { readonly Name?: string; readonly Options?: Readonly<Record<string, string>> | null }
  }
  readonly TmpfsOptions?: { readonly SizeBytes?: number; readonly Mode?: number }
}

/** `docker container inspect`, as far as anybody here reads it. */
export interface ContainerFacts {
  readonly Id: string
  readonly Name: string
  readonly Image: string
  readonly Created: string
  readonly State: {
    readonly Status: string
    readonly Running: boolean
    readonly Paused?: boolean
    readonly Restarting: boolean
    readonly ExitCode: number
    readonly Error: string
    readonly StartedAt: string
  }
  readonly Config: {
    readonly Image: string
    readonly Env: readonly string[] | null
    readonly Cmd: readonly string[] | null
    readonly Entrypoint: readonly string[] | null
    readonly Labels: Readonly<Record<string, string>> | null
    readonly User: string
    readonly Hostname: string
  }
  readonly HostConfig: {
    readonly Binds: readonly string[] | null
    readonly Mounts?: readonly MountSpec[] | null
    readonly NetworkMode: string
    readonly PortBindings: Readonly<Record<string, readonly PortBinding[] | null>> | null
    readonly RestartPolicy: { readonly Name: string; readonly MaximumRetryCount: number }
    readonly Privileged: boolean
    readonly ReadonlyRootfs: boolean
    readonly CapAdd: readonly string[] | null
    readonly SecurityOpt: readonly string[] | null
  }
  readonly Mounts: readonly MountFacts[]
  readonly NetworkSettings?: {
    readonly Networks?: Readonly<Record<string, EndpointFacts>> | null
  }
}

/** A container's place in a network. */
export interface EndpointFacts {
  readonly Aliases?: readonly string[] | null
  readonly Links?: readonly string[] | null
  readonly IPAMConfig?: { readonly IPv4Address?: string; readonly IPv6Address?: string } | null
}

/** What a docker question may find: the thing, nothing of that name, or a host without docker. */
export type Found<T> = T | 'absent' | 'no docker'

/** Reads a reply of `docker ... inspect`; a silent daemon is neither "there" nor "not there". */
function readInspect<T>(answer: Answer): Found<T> {
  if (withoutDocker(answer)) return 'no docker'
  if (answer.code === 0) return one<T>(answer.stdout)
  if (/no such|not found/i.test(answer.stderr)) return 'absent'
  throw silent(answer)
}

/** Whether there is no docker command. */
export const withoutDocker = (answer: Answer): boolean => answer.code === 127

/** Docker shows a list of things; one was asked for. */
function one<T>(text: string): Found<T> {
  const said = JSON.parse(text) as T | readonly T[]
  return Array.isArray(said) ? ((said as readonly T[])[0] ?? 'absent') : (said as T)
}

const silent = (answer: Answer): CouldNotTell =>
  new CouldNotTell(`docker does not answer: ${answer.stderr.trim() || `status ${answer.code}`}`)

/** The docker command of the host and the daemon that it finds by itself. */
const DOCKER = raw('docker')

/** What every answer of docker rests on; `docker` stands for all that a daemon has. */
const ALL = ['docker', 'unit:docker', 'package:docker'] as const

/** The version of a daemon that answers. */
export const daemon = (docker: Script): TargetQuestion<string> =>
  ask(sh`${docker} version --format '{{.Server.Version}}'`, ALL, answer => {
    if (withoutDocker(answer)) return 'no docker'
    if (answer.code !== 0) throw silent(answer)
    return answer.stdout.trim()
  })

/** An image by name, digest or id. */
export const image = (name: string, docker: Script = DOCKER): TargetQuestion<Found<ImageFacts>> =>
  ask(sh`${docker} image inspect -- ${name}`, [`image:${name}`, ...ALL], answer => readInspect<ImageFacts>(answer))

/** A container by name. */
export const container = (name: string, docker: Script = DOCKER): TargetQuestion<Found<ContainerFacts>> =>
  ask(inspectContainer(docker, name), [`container:${name}`, 'networks', ...ALL], answer =>
    readInspect<ContainerFacts>(answer),
  )

/** The ids of some containers by their names; one that is not there is missing. */
export const containerIds = (names: readonly string[], docker: Script): TargetQuestion<ReadonlyMap<string, string>> =>
  ask(
    names.length === 0 ? raw(':') : sh`${docker} container inspect --format '{{.Name}} {{.Id}}' -- ${names}`,
    [...names.map(name => `container:${name}`), 'containers', ...ALL],
    answer =>
      new Map(
        answer.stdout
          .split('\n')
          .filter(line => line !== '')
          .map(line => [line.slice(1, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]),
      ),
  )

/** `docker network inspect`, as far as anybody here reads it. */
export interface NetworkFacts {
  readonly Id: string
  readonly Driver: string
  readonly Scope: string
  readonly Internal: boolean
  readonly Attachable: boolean
  readonly EnableIPv6: boolean
  readonly Options: Readonly<Record<string, string>> | null
  readonly Labels: Readonly<Record<string, string>> | null
  readonly IPAM: {
    readonly Driver: string
    readonly Options: Readonly<Record<string, string>> | null
    readonly Config: readonly Readonly<Record<string, unknown>>[] | null
  } | null
  readonly Containers: Readonly<Record<string, { readonly Name: string }>> | null
}

/** A network by name. */
export const network = (name: string, docker: Script = DOCKER): TargetQuestion<Found<NetworkFacts>> =>
  ask(sh`${docker} network inspect -- ${name}`, [`network:${name}`, 'networks', 'containers', ...ALL], answer =>
    readInspect<NetworkFacts>(answer),
  )

/** `docker volume inspect`, as far as anybody here reads it. */
export interface VolumeFacts {
  readonly Driver: string
  readonly Options: Readonly<Record<string, string>> | null
  readonly Labels: Readonly<Record<string, string>> | null
}

/** A volume by name. */
export const volume = (name: string, docker: Script = DOCKER): TargetQuestion<Found<VolumeFacts>> =>
  ask(sh`${docker} volume inspect -- ${name}`, [`volume:${name}`, 'volumes', 'containers', ...ALL], answer =>
    readInspect<VolumeFacts>(answer),
  )

/** Those of some images that are there; without names, every image once. */
export const imageList = (names: readonly string[], docker: Script): TargetQuestion<Found<readonly unknown[]>> =>
  ask(
    names.length > 0
      ? sh`${docker} image inspect -- ${names}`
      : sh`ids=$(${docker} image ls -q --no-trunc) || exit; set -- $(printf '%s\n' "$ids" | awk '!seen[$0]++'); [ $# -gt 0 ] || { echo '[]'; exit; }; ${docker} image inspect "$@"`,
    ['images', ...names.map(name => `image:${name}`), ...ALL],
    answer => {
      if (withoutDocker(answer)) return 'no docker'
      const others = answer.stderr.split('\n').filter(line => line !== '' && !/no such image/i.test(line))
      if (answer.code !== 0 && (others.length > 0 || answer.stderr === '')) throw silent(answer)
      return JSON.parse(answer.stdout || '[]') as readonly unknown[]
    },
    { keep: 16 * 1024 * 1024 },
  )

/** To which networks each of some containers belongs, running or not; a container that is not there is missing. */
export const memberships = (
  names: readonly string[],
  docker: Script,
): TargetQuestion<ReadonlyMap<string, readonly string[]>> =>
  ask(
    names.length === 0
      ? raw(':')
      : sh`${docker} container inspect --format '{{.Name}}{{range $name, $_ := .NetworkSettings.Networks}} {{$name}}{{end}}' -- ${names}`,
    [...names.map(name => `container:${name}`), 'containers', 'networks', ...ALL],
    answer =>
      new Map(
        answer.stdout
          .split('\n')
          .filter(line => line !== '')
          .map(line => {
            const [name = '', ...networks] = line.split(' ')
            return [name.replace(/^\//, ''), networks]
          }),
      ),
  )

/** A name under which an image is on the host, and the digest by which it was pulled under that name. */
export interface PulledImage {
  readonly name: string
  readonly digest: string
}

/** Every image of the host by name, for when it is not known yet which one matters. */
export const images = (): TargetQuestion<Exclude<Found<readonly PulledImage[]>, 'absent'>> =>
  ask(
    sh`docker image ls --digests --no-trunc --format '{{.Repository}}:{{.Tag}} {{.Digest}}'`,
    ['images', 'unit:docker', 'package:docker'],
    answer => {
      if (withoutDocker(answer)) return 'no docker'
      if (answer.code !== 0)
        throw new CouldNotTell(`docker does not answer: ${answer.stderr.trim() || `status ${answer.code}`}`)
      return answer.stdout
        .split('\n')
        .map(line => line.split(' '))
        .flatMap(([name, digest]) => (name && digest ? [{ name, digest }] : []))
    },
  )
