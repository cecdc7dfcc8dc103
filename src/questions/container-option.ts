import { jsonLine } from '../base/value.ts'
import type { ContainerFacts } from './docker.ts'

/** How much a declared list or mapping says: all that there is, or what must be among it. */
export type Strictness = 'ignore' | 'allow_more_present' | 'strict'

/** A parameter of a container that one flag of `docker create` stands for. */
export interface Option {
  /** The words of `docker create`. */
  words(value: unknown): string[]
  /** What is wanted, as texts; several for a list or mapping. Undefined when it cannot be compared. */
  wants(value: unknown): readonly string[] | undefined
  /** What the container has, in the same words. */
  has(now: ContainerFacts): readonly string[]
  /** A list or mapping whose order means nothing, or a list whose order counts. */
  readonly many?: true | 'in order'
  /** What is there besides and never is a difference. */
  readonly spare?: (found: string) => boolean
  /** How it is compared where nobody says. */
  readonly usual?: Strictness
}

/** What docker says, by name. */
export type Facts = Readonly<Record<string, unknown>>
/** Where in `docker container inspect` it stands. */
export type Where = readonly ['HostConfig' | 'Config', string]

/** What a container has there. */
export const at = (now: ContainerFacts, [part, key]: Where): unknown => (now[part] as unknown as Facts)[key]
/** One or several, as texts. */
export const texts = (value: unknown): string[] =>
  value === undefined || value === null ? [] : (Array.isArray(value) ? value : [value]).map(textOf)
/** A value as docker would write it. */
export const textOf = (value: unknown): string =>
  typeof value === 'object' && value !== null ? jsonLine(value) : String(value)

/** A mapping as texts. */
export const entries = (given: unknown, between: string): string[] =>
  Object.entries((given ?? {}) as Facts).map(([key, one]) => `${key}${between}${textOf(one ?? '')}`)
