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

/** Why a registry would not start from this declaration, or would start and lose its data. */
export function registryFaults(
  spec: ContainerSpec | undefined,
  files: Site | undefined,
): { reason: string; remedy: string } | undefined {
  if (spec === undefined) return undefined
  const faults = [...lintContainer(spec), ...lintMounts(spec, files?.paths ?? new Map())].filter(
    ({ severity }) => severity === 'error',
  )
  if (faults.length === 0) return undefined
  return {
    reason: faults.map(({ message }) => message).join('; '),
    remedy: faults.map(({ remedy }) => remedy ?? '').join('; '),
  }
}
