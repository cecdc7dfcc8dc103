import type { Resource } from '../kit/question.ts'
import type { Answer } from '../shell/answer.ts'
import { type Script, sh } from '../shell/script.ts'
import { covers } from './resources.ts'

/** Asks which of some paths are symbolic links: their places among them, a line each. */
export interface LinksAsked {
  readonly paths: readonly string[]
  readonly script: Script
}

/**
 * Which paths of a machine are symbolic links, of those that its questions read and of those on the way there. What lies behind a
 * link has other names as well: a change by one name may be one to what was read by another.
 */
export class Aliases {
  readonly #known = new Set<string>()
  readonly #links = new Set<string>()

  /** What to ask so that it is known of all that these read; undefined where it is known. With `anew`, all of it. */
  asking(reads: Iterable<Resource>, anew = false): LinksAsked | undefined {
    const paths = new Set<string>()
    for (const read of reads) for (const path of onTheWay(read)) if (anew || !this.#known.has(path)) paths.add(path)
    return paths.size === 0 ? undefined : asked([...paths])
  }

  /** Takes in what came of it; of what could not be asked nothing is known. */
  learn({ paths }: LinksAsked, answer: Answer): void {
    if (!answer.ok) return
    const links = new Set(answer.stdout.split('\n'))
    for (const [i, path] of paths.entries()) {
      this.#known.add(path)
      if (links.has(String(i))) this.#links.add(path)
      else this.#links.delete(path)
    }
  }

  /** Whether there may be another name for it. */
  many(resource: Resource): boolean {
    for (const link of this.#links) if (covers(`path:${link}`, resource)) return true
    return false
  }

  /** Something was changed: what is there, or below it, may be a link now, or none any more. */
  forget(resources: readonly Resource[]): void {
    if (resources.includes('everything') || resources.some(resource => this.many(resource))) this.#known.clear()
    else
      for (const path of this.#known)
        if (resources.some(resource => covers(resource, `path:${path}`))) this.#known.delete(path)
    for (const path of this.#links) if (!this.#known.has(path)) this.#links.delete(path)
  }
}

const asked = (paths: readonly string[]): LinksAsked => ({
  paths,
  script: sh`i=0; for p in ${paths}; do [ ! -L "$p" ] || echo $i; i=$((i+1)); done`,
})

/** A path of the target and every directory on the way to it. */
function onTheWay(resource: Resource): string[] {
  if (!resource.startsWith('path:')) return []
  const path = resource.slice('path:'.length)
  return [...path.matchAll(/(?<=[^/])(?:\/|$)/g)].map(({ index }) => path.slice(0, index))
}
