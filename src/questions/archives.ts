import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { extract } from 'tar-stream'
import { ask, type ControllerQuestion, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import { raw, type Script, sh } from '../shell/script.ts'
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

/** Sizes of the files below a directory by their paths, directories without; undefined when there are too many to tell. */
export const sizesBelow = (path: string): TargetQuestion<ReadonlyMap<string, number | undefined> | undefined> =>
  ask(
    sh`[ -d ${path} ] || exit 0; cd -- ${path} && LC_ALL=C find . -exec stat -c '%F %s %n' -- {} + | head -n ${MOST + 1}`,
    [`path:${path}`],
    answer => {
      const lines = answer.stdout.split('\n').filter(line => line !== '')
      if (lines.length > MOST || answer.dropped > 0) return undefined
      return new Map(
        lines.map(line => {
          const [, kind, size, name = ''] = /^(regular(?: empty)? file)?.*? (\d+) \.\/?(.*)$/.exec(line) ?? []
          return [name, kind === undefined ? undefined : Number(size)] as const
        }),
      )
    },
  )

const OPENERS: Readonly<Record<Exclude<Format, 'zip'>, Script>> = {
  tar: raw('cat'),
  'tar.gz': raw('gzip -dc'),
  'tar.xz': raw('xz -dc'),
  'tar.zst': raw('zstd -dc'),
  'tar.bz2': raw('bzip2 -dc'),
}

/** What tar says of a member that unpacking would change. Times and owners are not content. */
const CHANGES = 'Contents differ|Size differs|No such file|Not a directory|File type differs|Symlink differs'

/**
 * What an archive of the target would still change below a directory: `absent`, `same`, `differs`, or `unknown` where the
 * archive cannot be read to its end. GNU tar compares contents; others, and unzip, only tell which names are missing.
 */
export const remoteDifference = (
  archive: string,
  format: Format,
  into: string,
): TargetQuestion<'absent' | 'same' | 'differs' | 'unknown'> => {
  const compare = sh`o=$(LC_ALL=C tar -d --force-local -C ${into} -f ${archive} 2>&1)
case $? in
0) echo same;;
1) if printf '%s\n' "$o" | grep -Eq ${CHANGES}; then echo differs; else echo same; fi;;
*) echo unknown;;
esac`
  const listing = format === 'zip' ? sh`unzip -Z1 ${archive}` : sh`${OPENERS[format]} <${archive} | tar -tf -`
  const names = sh`cd -- ${into} && ${listing} >/dev/null 2>&1 || { echo unknown; exit; }
${listing} | { while IFS= read -r n; do [ -e "./$n" ] || [ -L "./$n" ] || { echo differs; exit; }; done; echo same; }`
  const look =
    format === 'zip' ? names : sh`if tar --version 2>/dev/null | grep -q GNU; then\n${compare}\nelse\n${names}\nfi`
  return ask(
    sh`[ -f ${archive} ] || { echo absent; exit; }\n${look}`,
    [`path:${archive}`, `path:${into}`],
    answer => {
      const said = answer.stdout.trim()
      return said === 'absent' || said === 'same' || said === 'differs' ? said : 'unknown'
    },
    { dear: true },
  )
}
