import type { Packages } from '../../questions/packages.ts'
import { debianOrder } from './debian-version.ts'
import { fnmatch } from './fnmatch.ts'

/** A package as a task names it: `name`, `name=version`, `name=1.2*`, `name>=version`, `name/release`, `name:arch`, `name*`. */
export interface Spec {
  readonly text: string
  readonly name: string
  readonly version?: string
  /** That version or a newer one will do. */
  readonly least?: true
  /** The name is a shell pattern. */
  readonly pattern?: true
  /** Why it cannot be understood. */
  readonly odd?: string
}

export function parseSpec(text: string): Spec {
  const [, name = '', sign, version, more] = /^(.*?)(?:(>?=)([^=]*)(=)?.*)?$/s.exec(text) ?? []
  const plain = name.split('/')[0] ?? ''
  if (more !== undefined) return { text, name: plain, odd: 'more than one =' }
  if (/[*?[\]!]/.test(plain))
    return /^[a-z0-9+.*?[\]!-]+$/.test(plain)
      ? { text, name: plain, pattern: true }
      : { text, name: plain, odd: 'this is not a pattern of package names' }
  if (!/^[a-z0-9][a-z0-9+.-]*(:[a-z0-9-]+)?$/.test(plain))
    return { text, name: plain, odd: 'this is not a package name' }
  const least = sign === '>=' ? { least: true as const } : {}
  return { text, name: plain, ...(version === undefined ? {} : { version: version.trim(), ...least }) }
}

/** Patterns replaced by the names that they match; whatever version stands behind a pattern says nothing, as in Ansible. */
export const expanded = (specs: readonly Spec[], { matched }: Packages): Spec[] =>
  specs.flatMap(spec => {
    if (!spec.pattern) return [spec]
    const pattern = fnmatch(spec.name)
    return matched.filter(name => pattern.test(name)).map(name => ({ text: name, name }))
  })

/** A package that is not as it should be; `to` is undefined when apt does not know it. */
export interface Lack {
  /** As apt-get is to be asked for it. */
  readonly spec: Spec
  readonly from: string
  readonly to: string | undefined
}

/** What is missing of a package: nothing, or the step that mends it. */
export function lacking(spec: Spec, found: Packages, latest: boolean): Lack[] {
  const now = found.known.get(spec.name)
  const candidate = found.candidates.get(spec.name)
  const virtual = candidate === undefined || candidate === 'none'
  const there = now?.state === 'installed'
  if (spec.version !== undefined) {
    const from = there ? now.version : 'absent'
    const [best] = (found.versions.get(spec.name) ?? []).filter(version => fits(spec, version))
    // A pattern of versions means the newest that it matches.
    if (
      there &&
      fits(spec, now.version) &&
      (spec.least ? !latest || best === now.version : (best ?? now.version) === now.version)
    )
      return []
    return [{ spec: best === undefined ? spec : { ...spec, text: `${spec.name}=${best}` }, from, to: best }]
  }
  if (!there) {
    if (now?.state !== 'broken' && virtual && found.provided.has(spec.name)) return []
    const to = virtual ? (candidate === 'none' ? 'a package that provides it' : undefined) : candidate
    return [{ spec, from: now?.state === 'broken' ? `${now.version} (not configured)` : 'absent', to }]
  }
  return latest && !virtual && candidate !== now.version ? [{ spec, from: now.version, to: candidate }] : []
}

/** Whether a version is one that was asked for. */
export const fits = ({ version, least }: Spec, of: string): boolean =>
  version === undefined || (least ? debianOrder(of, version) >= 0 : fnmatch(version).test(of))
