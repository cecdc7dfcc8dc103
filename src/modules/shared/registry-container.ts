import type { Question } from '../../kit/question.ts'
import type { Wanted } from '../../questions/container-spec.ts'
import { known } from '../../questions/known.ts'
import { type Site, site } from '../../questions/site.ts'
import { type ContainerSpec, neededFiles } from '../../registry/container.ts'
import { lintContainer } from '../../registry/container-lint.ts'
import { lintMounts } from '../../registry/mount-lint.ts'

/** A declared container as a registry's, when its environment says that it is one. */
export function registrySpec(wanted: Omit<Wanted, 'started'>): ContainerSpec | undefined {
  const env = Object.fromEntries(Object.entries(wanted.env ?? {}).map(([name, value]) => [name, String(value)]))
  if (!Object.keys(env).some(name => name.startsWith('REGISTRY_HTTP_TLS_'))) return undefined
  return {
    image: wanted.image ?? '',
    volumes: wanted.volumes ?? [],
    env,
    ports: wanted.published_ports ?? [],
    ...(wanted.restart_policy === undefined ? {} : { restartPolicy: wanted.restart_policy }),
    ...(wanted.command === undefined ? {} : { command: wanted.command }),
  }
}

/** What stands on the host where the registry will look for its files. */
export function registryFiles(spec: ContainerSpec | undefined): Question<Site | undefined> {
  const paths =
    spec === undefined ? [] : neededFiles(spec).flatMap(({ hostPath }) => (hostPath === undefined ? [] : [hostPath]))
  return paths.length === 0 ? known<Site | undefined>(undefined) : site('/nonexistent', paths)
}

/** What is to be said of a registry's declaration. */
export interface RegistryVerdict {
  /** Why it would not start, or would start and lose its data. */
  readonly wrong?: { readonly reason: string; readonly remedy: string }
  readonly warnings: readonly string[]
}

/** Judges a registry's declaration. */
export function registryVerdict(spec: ContainerSpec | undefined, files: Site | undefined): RegistryVerdict {
  if (spec === undefined) return { warnings: [] }
  const found = [...lintContainer(spec), ...lintMounts(spec, files?.paths ?? new Map())]
  const faults = found.filter(({ severity }) => severity === 'error')
  const warnings = found
    .filter(({ severity }) => severity !== 'error')
    .map(({ message, remedy }) => (remedy === undefined ? message : `${message}. ${remedy}`))
  if (faults.length === 0) return { warnings }
  const reason = faults.map(({ message }) => message).join('; ')
  return { wrong: { reason, remedy: faults.map(({ remedy }) => remedy ?? '').join('; ') }, warnings }
}
