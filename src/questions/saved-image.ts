import { ask, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import { sh } from '../shell/script.ts'

/** The image that an archive of `docker save` holds. */
export interface SavedImage {
  readonly id: string
  readonly names: readonly string[]
}

/** What a file of the host holds, when it is an archive of one image; undefined when it is none, or there is no file. */
export const savedImage = (path: string): TargetQuestion<SavedImage | undefined> =>
  ask(
    sh`[ -e ${path} ] || exit 3; tar -xOf ${path} manifest.json 2>/dev/null || exit 4`,
    [`path:${path}`],
    ({ code, stdout }) => {
      if (code === 3 || code === 4) return undefined
      if (code !== 0) throw new CouldNotTell(`${path} cannot be read`)
      return savedIn(stdout)
    },
  )

/** The manifest of an archive: which image, by which names. */
function savedIn(manifest: string): SavedImage | undefined {
  try {
    const [one, ...more] = JSON.parse(manifest) as { Config?: string; RepoTags?: readonly string[] | null }[]
    const digest = /([0-9a-f]{64})/.exec(one?.Config ?? '')?.[1]
    return more.length > 0 || digest === undefined ? undefined : { id: `sha256:${digest}`, names: one?.RepoTags ?? [] }
  } catch {
    // What is no JSON is no archive of docker save, and is written over.
    return undefined
  }
}
