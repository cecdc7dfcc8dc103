import type { Packages } from '../../questions/packages.ts'
import { fnmatch } from './fnmatch.ts'

/** A package as a task names it: `name`, `name=version`, `name=1.2*`, `name/release`, `name:arch`. */
export interface Spec {
  readonly text: string
  readonly name: string
  readonly version?: string
  /** Why it cannot be understood. */
  readonly odd?: string
}

export function parseSpec(text: string): Spec {
  const [name = '', version, more] = text.split('=')
  if (/[<>!]/.test(text)) return { text, name, odd: 'version comparisons are not understood' }
  if (more !== undefined) return { text, name, odd: 'more than one =' }
  const plain = name.split('/')[0] ?? ''
  if (/[*?[\]]/.test(plain)) return { text, name: plain, odd: 'patterns of names are not understood' }
  if (!/^[a-z0-9][a-z0-9+.-]*(:[a-z0-9-]+)?$/.test(plain))
    return { text, name: plain, odd: 'this is not a package name' }
  return { text, name: plain, ...(version === undefined ? {} : { version: version.trim() }) }
}

/** A package that is not as it should be; `to` is undefined when apt does not know it. */
export interface Lack {
  readonly spec: Spec
  readonly from: string
  readonly to: string | undefined
}

/** What is missing of a package: nothing, or the step that mends it. */
export function lacking(spec: Spec, found: Packages, latest: boolean): Lack[] {
  const now = found.known.get(spec.name)
  const candidate = found.candidates.get(spec.name)
  const virtual = candidate === undefined || candidate === 'none'
  if (now?.state !== 'installed') {
    if (now?.state !== 'broken' && virtual && spec.version === undefined && found.provided.has(spec.name)) return []
    const to = spec.version ?? (virtual ? (candidate === 'none' ? 'a package that provides it' : undefined) : candidate)
    return [{ spec, from: now?.state === 'broken' ? `${now.version} (not configured)` : 'absent', to }]
  }
  if (spec.version !== undefined)
    return fnmatch(spec.version).test(now.version) ? [] : [{ spec, from: now.version, to: spec.version }]
  return latest && !virtual && candidate !== now.version ? [{ spec, from: now.version, to: candidate }] : []
}
