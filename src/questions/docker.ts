import { ask, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import type { Answer } from '../shell/answer.ts'
import { sh } from '../shell/script.ts'

/** `docker image inspect`, as far as anybody here reads it. */
export interface ImageFacts {
  readonly Id: string
  readonly RepoTags: readonly string[] | null
  readonly RepoDigests: readonly string[] | null
  readonly Architecture: string
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
    readonly Mounts?:
      | readonly {
          readonly Type: string
          readonly Source: string
          readonly Target: string
          readonly ReadOnly?: boolean
        }[]
      | null
    readonly NetworkMode: string
    readonly PortBindings: Readonly<Record<string, readonly PortBinding[] | null>> | null
    readonly RestartPolicy: { readonly Name: string; readonly MaximumRetryCount: number }
    readonly Privileged: boolean
    readonly ReadonlyRootfs: boolean
    readonly CapAdd: readonly string[] | null
  }
  readonly Mounts: readonly MountFacts[]
}

/** What a docker question may find: the thing, nothing of that name, or a host without docker. */
export type Found<T> = T | 'absent' | 'no docker'

/** Reads a reply of `docker ... inspect --format '{{json .}}'`; a silent daemon is neither "there" nor "not there". */
function readInspect<T>(answer: Answer): Found<T> {
  if (answer.code === 127) return 'no docker'
  if (answer.code === 0) return JSON.parse(answer.stdout) as T
  if (/no such|not found/i.test(answer.stderr)) return 'absent'
  throw new CouldNotTell(`docker does not answer: ${answer.stderr.trim() || `status ${answer.code}`}`)
}

/** An image by name, digest or id. */
export const image = (name: string): TargetQuestion<Found<ImageFacts>> =>
  ask(
    sh`docker image inspect --format '{{json .}}' -- ${name}`,
    [`image:${name}`, 'unit:docker', 'package:docker'],
    answer => readInspect<ImageFacts>(answer),
  )

/** A container by name. */
export const container = (name: string): TargetQuestion<Found<ContainerFacts>> =>
  ask(
    sh`docker container inspect --format '{{json .}}' -- ${name}`,
    [`container:${name}`, 'unit:docker', 'package:docker'],
    answer => readInspect<ContainerFacts>(answer),
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
      if (answer.code === 127) return 'no docker'
      if (answer.code !== 0)
        throw new CouldNotTell(`docker does not answer: ${answer.stderr.trim() || `status ${answer.code}`}`)
      return answer.stdout
        .split('\n')
        .map(line => line.split(' '))
        .flatMap(([name, digest]) => (name && digest ? [{ name, digest }] : []))
    },
  )
