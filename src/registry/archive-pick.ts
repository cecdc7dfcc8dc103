import { ArchiveError } from './archive-error.ts'
import { type ReadOptions, readMembers } from './archive-reader.ts'
import { type FileIdentity, identify, sameFile } from './file-identity.ts'

/** One wanted file of an archive, on its way. Its body must be read before the next one comes. */
export interface Picked {
  /** Path under `docker/registry/v2`. */
  readonly path: string
  readonly size: number
  readonly body: AsyncIterable<Buffer>
}

/**
 * Reads a judged archive a second time and yields the wanted files in the order of the archive; stops after the last one.
 *
 * @param index says which file was judged, and where in it the storage stands
 * @throws ArchiveError `archive-changed` when it is no longer the file that was judged
 */
export async function* pickFromArchive(
  index: { readonly file: FileIdentity; readonly root: string },
  wanted: ReadonlySet<string>,
  options: ReadOptions = {},
): AsyncGenerator<Picked, void> {
  const changed = () =>
    new ArchiveError(
      'archive-changed',
      `${index.file.path} was changed after it was read`,
      'Leave the archive alone while a run uses it, and run again',
    )
  const same = async () => {
    const now = await identify(index.file.path).catch(() => undefined)
    return now !== undefined && sameFile(now, index.file)
  }
  if (wanted.size === 0) return
  if (!(await same())) throw changed()
  const left = new Set(wanted)
  try {
    for await (const member of readMembers(index.file.path, options)) {
      const name = member.name.replace(/^(\.\/+)+/, '')
      const path = name.startsWith(index.root) ? name.slice(index.root.length) : undefined
      if (path === undefined || member.type !== 'file' || !left.delete(path)) continue
      yield { path, size: member.size, body: member.body }
      if (left.size === 0) break
    }
  } catch (cause) {
    if (cause instanceof ArchiveError && !(await same())) throw changed()
    throw cause
  }
  if (left.size > 0 || !(await same())) throw changed()
}
