import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { extract } from 'tar-stream'
import { ask, type ControllerQuestion, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import { LABEL_WORD } from '../shell/label.ts'
import { sh } from '../shell/script.ts'
import { vaultedContent } from './controller.ts'

export type Format = 'tar' | 'tar.gz' | 'tar.xz' | 'tar.zst' | 'tar.bz2' | 'zip'

const ENDINGS: readonly (readonly [RegExp, Format])[] = [
  [/\.(tar\.gz|tgz)$/i, 'tar.gz'],
  [/\.(tar\.xz|txz)$/i, 'tar.xz'],
  [/\.(tar\.zst|tzst)$/i, 'tar.zst'],
  [/\.(tar\.bz2|tbz2?)$/i, 'tar.bz2'],
  [/\.tar$/i, 'tar'],
  [/\.(zip|jar|war)$/i, 'zip'],
]

/** The format of an archive by the end of its name. */
export const formatOf = (path: string): Format | undefined => ENDINGS.find(([ending]) => ending.test(path))?.[1]

/** A member of an archive: a path and, for files, a size. */
export interface Member {
  readonly name: string
  readonly size: number | undefined
}

/**
 * The members of an archive of the controller; undefined where its compression cannot be read here.
 * @param decrypt open it where it is vaulted
 */
export const members = (
  path: string,
  format: Format,
  decrypt = true,
): ControllerQuestion<readonly Member[] | undefined> => ({
  of: 'controller',
  key: `members ${decrypt} ${path}`,
  reads: [`controller:${path}`],
  ask: async on => {
    const { signal } = on
    if (format !== 'tar' && format !== 'tar.gz') return undefined
    const out: Member[] = []
    const reader = extract()
    const vaulted = decrypt ? await vaultedContent(path).ask(on) : undefined
    const source = vaulted ? Readable.from([vaulted]) : createReadStream(path, { signal })
    const packed = format === 'tar' ? source : source.pipe(createGunzip())
    source.on('error', (error: Error) => reader.destroy(error))
    packed.on('error', (error: Error) => reader.destroy(error))
    try {
      for await (const one of packed.pipe(reader)) {
        const { name, type, size = 0 } = one.header
        out.push({ name, size: type === 'file' || type === 'contiguous-file' ? size : undefined })
        one.resume()
      }
    } catch (error) {
      if (signal.aborted) throw error
      throw new CouldNotTell(`${path} cannot be read as ${format}: ${(error as Error).message}`)
    }
    return out
  },
})

/** How many entries of a directory are looked at to find what an archive already left there. */
const MOST = 20_000

/** What stands below a directory: the size of files, and whose it is. */
export interface Below {
  readonly size: number | undefined
  readonly dress: Dress
}

/** What is below a directory, by paths; undefined when there is too much to tell. */
export const entriesBelow = (path: string): TargetQuestion<ReadonlyMap<string, Below> | undefined> =>
  ask(
    sh`[ -d ${path} ] || exit 0; cd -- ${path} && { ${LABEL_WORD} LC_ALL=C find . -exec stat -c "//%s $z"'%f %u %g %U %G %n' -- {} + | head -n ${MOST + 1}; }`,
    [`path:${path}`],
    answer => {
      const lines = `\n${answer.stdout.replace(/\n$/, '')}`.split('\n//').slice(1)
      if (lines.length > MOST || answer.dropped > 0) return undefined
      return new Map(
        lines.flatMap(line => {
          const [, size, fields = '', name = ''] =
            /^(\d+) ((?:\S*:\S* |[C?] )?(?:\S+ ){4}\S+) \.\/?(.*)$/s.exec(line) ?? []
          const dress = dressOf(fields)
          return dress === undefined ? [] : [[name, { size: dress.file ? Number(size) : undefined, dress }] as const]
        }),
      )
    },
  )

/** By the file type bits of st_mode. */
const [LINK, FILE, DIRECTORY] = [10, 8, 4]

/** What `stat -c '%f %u %g %U %G'` says of an entry, behind a label where SELinux is on. */
export function dressOf(said: string): Dress | undefined {
  const words = said.split(' ')
  const label = words.length > 5 ? words.shift() : undefined
  const [bits, uid, gid, owner, group] = words
  if (bits === undefined || uid === undefined || gid === undefined) return undefined
  const raw = Number.parseInt(bits, 16)
  const type = raw >> 12
  const mode = type === LINK ? undefined : raw & 0o7777
  const own = label?.includes(':') ? { label } : {}
  return {
    mode,
    directory: type === DIRECTORY,
    file: type === FILE,
    owners: [uid, owner],
    groups: [gid, group],
    ...own,
  }
}

/** Whose an entry is, by number and name, and how open. */
export interface Dress {
  readonly mode: number | undefined
  readonly directory: boolean
  readonly file: boolean
  readonly owners: readonly (string | undefined)[]
  readonly groups: readonly (string | undefined)[]
  readonly label?: string
}
