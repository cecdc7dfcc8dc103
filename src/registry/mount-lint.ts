import { basename, dirname } from 'node:path/posix'
import type { Diagnostic } from '../base/diagnostic.ts'
import { fault } from '../pki/verdict.ts'
import { type ContainerSpec, type NeededFile, neededFiles } from './container.ts'

/** What is at a path of the host. */
export interface HostPath {
  readonly kind: 'file' | 'directory' | 'other' | 'absent'
  /** The path with every link followed, when it is another. */
  readonly realPath?: string
  /** Names beside it, for the words of a message. */
  readonly beside?: readonly string[]
}

/**
 * Faults that show only on the host: files that the environment names and the mount lacks, links that leave the mount, a CA
 * key in reach of the container.
 *
 * @param world what is on the host at each `hostPath` of `neededFiles`
 */
export function lintMounts(spec: ContainerSpec, world: ReadonlyMap<string, HostPath>): Diagnostic[] {
  return neededFiles(spec).flatMap(needed => lintFile(needed, spec, world))
}

function lintFile(needed: NeededFile, { volumes }: ContainerSpec, world: ReadonlyMap<string, HostPath>): Diagnostic[] {
  const { variable, path, mount, hostPath } = needed
  if (!mount || hostPath === undefined)
    return [
      fault(
        'registry-path-unmounted',
        `${variable} names ${path}, which lies in no mount (${volumes.join(', ') || 'there is none'})`,
        'Mount the directory of the host that holds the file',
      ),
    ]
  const found = world.get(hostPath)
  if (!found) return []
  const beside = found.beside ?? []
  const caKey = beside.find(name => /^ca-key\b/.test(name))
  const leaked = caKey
    ? [
        fault(
          'ca-key-mounted',
          `${dirname(hostPath)}/${caKey} is mounted into the container: the CA's key must not be on this host at all`,
          'Remove it from the host; it stays on the controller',
        ),
      ]
    : []
  if (found.kind === 'absent') return [...leaked, missingFile(needed, hostPath, beside)]
  if (found.kind !== 'file')
    return [
      ...leaked,
      fault(
        'registry-path-no-file',
        `${hostPath} is a ${found.kind}, not a file (docker run -v makes a directory of a path that is missing)`,
        `Remove it, and put the file there that ${variable} names`,
      ),
    ]
  const { realPath } = found
  if (realPath !== undefined && realPath !== hostPath && !inMount(realPath, mount.source))
    return [
      ...leaked,
      fault(
        'registry-link-leaves-mount',
        `${hostPath} is a link to ${realPath}, outside of what is mounted (${mount.source}): in the container it leads nowhere`,
        'Copy the file itself into the mounted directory',
      ),
    ]
  return leaked
}

const inMount = (path: string, source: string): boolean =>
  path === source || path.startsWith(`${source.replace(/\/$/, '')}/`)

function missingFile({ variable, path }: NeededFile, hostPath: string, beside: readonly string[]): Diagnostic {
  const stem = basename(hostPath).replace(/\.[^.]+$/, '')
  const near = beside.find(name => name.replace(/\.[^.]+$/, '') === stem)
  const there = beside.length > 0 ? `; there are ${beside.slice(0, 8).join(', ')}` : ''
  return fault(
    'registry-path-missing',
    `${variable} names ${path}, but ${hostPath} is not there${there}`,
    near
      ? `Set ${variable} to ${dirname(path)}/${near}, or rename the file to ${basename(path)}`
      : 'Put the file there, or name the one that is there',
  )
}
