import { posix } from 'node:path'
import type { Content, Fields, Put } from '../../kit/effect.ts'
import type { HostInfo } from '../../kit/host.ts'
import { change, type Edit, ok, type Plan, refuse } from '../../kit/plan.ts'
import { hash, type LocalFile } from '../../questions/controller.ts'
import { at, type Entry, SHOWN } from '../../questions/files.ts'
import type { Landing } from '../../questions/landing.ts'
import type { Ids } from '../../questions/system.ts'
import { sh } from '../../shell/script.ts'
import { differences, dressing, facts, freshMode, mend, prospect, run, type Wanted } from './attributes.ts'

/** Parameters of every module that puts whole files, beside `OWNERSHIP`. */
export const PLACING = {
  backup: { type: 'boolean', default: false, description: 'Keep the old file beside the new one' },
  force: { type: 'boolean', default: true, aliases: ['thirsty'], description: 'Replace a file that differs' },
  follow: { type: 'boolean', default: false, description: 'Write through a link instead of replacing it' },
  validate: {
    type: 'string',
    pattern: '%s',
    description: 'Command that must accept the new file, %s stands for its path',
  },
} as const

/** A file that is to be at a path. */
export interface Placing {
  readonly path: string
  readonly content: Content
  readonly size: number
  readonly sha256: string
  /** Ansible's `checksum`. */
  readonly sha1: string
  /** The bytes, where they are few. */
  readonly bytes?: Buffer | undefined
  readonly wanted: Wanted
  /** Where it is to go, as it was written, for the result of what stays as it is. */
  readonly dest?: string | undefined
  /** Where it comes from, for the result. */
  readonly src?: string | undefined
  /** A directory that is made first. */
  readonly into?: string | undefined
  readonly backup?: boolean | undefined
  readonly force?: boolean | undefined
  /** A link at the path is written through, and not replaced. */
  readonly follow?: boolean | undefined
  readonly validate?: string | undefined
  /** The sha1 that it must have where it is copied. */
  readonly expected?: string | undefined
}

/** What Ansible says of content that is not what was expected. */
export const MISMATCH = 'Copied file does not match the expected checksum. Transfer failed.'

/** The refusal of content that is not what was expected. */
export const unexpected = (expected: string | undefined, checksum: string): Plan | undefined =>
  expected === undefined || expected === checksum
    ? undefined
    : refuse(MISMATCH, 'give the sha1 of the content, or none', { checksum, expected_checksum: expected })

type Held = Pick<Placing, 'content' | 'size' | 'sha256' | 'sha1' | 'bytes'>

/** Content that is text at hand. */
export const ofText = (text: string): Held => ofBytes(Buffer.from(text))

/** Content that is bytes at hand: as text where they are, since text needs no channel of its own. */
export function ofBytes(bytes: Buffer): Held {
  const text = bytes.toString('utf8')
  const content = Buffer.from(text).equals(bytes) ? { text } : { bytes }
  return { content, size: bytes.length, sha256: hash('sha256', bytes), sha1: hash('sha1', bytes), bytes }
}

/** Content that is a file of the controller. */
export const ofFile = (file: LocalFile): Held => ({
  content: bytesOf(file) ?? { file: file.path },
  size: file.size,
  sha256: file.sha256,
  sha1: file.sha1,
  ...(file.bytes ? { bytes: file.bytes } : {}),
})

/** The bytes at hand, a vault's too. */
function bytesOf({ bytes, opened }: LocalFile): Content | undefined {
  const held = opened ?? bytes
  return held && { bytes: held }
}

/** Where a file goes: into `dest` when that ends with a slash or is a directory, else it is `dest`. */
export const pathOf = (written: string, dest: string, name: string, landing: Landing): string =>
  landing.directory || written.endsWith('/') ? posix.join(dest, name) : dest

/** A path of the target as it was asked for, also with the slash at its end. */
export const asked = (path: string, host: HostInfo): string => `${at(path, host)}${/.\/$/.test(path) ? '/' : ''}`

/** What stays as it is because nothing is to be replaced. */
export const untouched = ({ path, dest = path, src }: Pick<Placing, 'path' | 'dest' | 'src'>, seen?: Entry): Plan =>
  ok({ ...(src === undefined ? {} : { src }), dest, ...(seen ? facts(seen) : {}) })

/** Whether what stands at `dest` stays: Ansible asks of a link that is neither to be followed nor replaced no more than that it is there. */
export const stays = (args: { dest: string; follow: boolean; force: boolean }, landing: Landing): boolean =>
  (landing.through || (landing.link && landing.entry?.type === 'directory')) === true &&
  !args.follow &&
  !args.force &&
  !args.dest.endsWith('/')

/** The plan that makes a file be at its path, content, owner and permissions alike. */
export function place(file: Placing, landing: Landing, ids: Ids): Plan {
  const { path, wanted } = file
  const seen = landing.entry
  // Where the content is there already, Ansible answers as its module `file` does.
  const replaced = landing.link === true && !file.follow
  const same = seen?.type === 'file' && landing.sha256 === file.sha256 && !replaced
  const result: Fields = {
    ...(same ? { path } : file.src === undefined ? {} : { src: file.src }),
    dest: path,
    checksum: file.sha1,
    size: file.size,
  }
  if (seen !== undefined && seen.type !== 'file')
    return refuse(
      `${path} is a ${seen.type}, no file can be put there`,
      'give another dest, or remove it first',
      result,
    )
  if (file.force === false && (seen !== undefined || replaced)) return untouched(file, seen)
  const wrong = same ? undefined : unexpected(file.expected, file.sha1)
  if (wrong !== undefined) return wrong
  const make =
    file.into === undefined
      ? []
      : [{ what: file.into, from: 'absent', to: 'directory', by: run(sh`mkdir -p -- ${file.into}`) }]
  return change(
    [...make, ...placing(file, landing, ids)],
    [`path:${file.into ?? path}`],
    { ...result, ...(seen ? { ...facts(seen), size: file.size } : prospect(wanted, 'file')) },
    // Once it is there, the same question would be answered with the path as it was written.
    file.force === false ? { dest: path } : {},
  )
}

/** The edits of `place`. Content and permissions that change together are one effect. */
export function placing(file: Placing, { entry: seen, sha256, before, link }: Landing, ids: Ids): Edit[] {
  const { path, wanted } = file
  if (seen !== undefined && sha256 === file.sha256 && (!link || file.follow)) return mend(path, seen, wanted, ids)
  const differing = seen === undefined ? [] : differences(seen, wanted, ids)
  const fresh = wanted.mode === undefined ? undefined : freshMode(wanted.mode, 'file')
  const mode =
    seen === undefined || (link && !file.follow)
      ? fresh
      : (differing.find(({ what }) => what === 'mode')?.to ?? undefined)
  const by: Put = {
    kind: 'put',
    path,
    content: file.content,
    checksum: `sha256:${file.sha256}`,
    ...(mode === undefined ? {} : { mode }),
    ...dressing(wanted),
    ...(file.backup && seen !== undefined ? { backup: true } : {}),
    ...(file.validate === undefined ? {} : { validate: file.validate }),
  }
  const texts = textsOf(seen === undefined ? Buffer.alloc(0) : before, file.bytes)
  const content: Edit = {
    what: path,
    from: seen === undefined ? 'absent' : `sha256:${(sha256 ?? '').slice(0, 12)}`,
    to: `sha256:${file.sha256.slice(0, 12)}`,
    by,
    ...(texts ? { texts } : {}),
  }
  return [content, ...differing.map(({ what, from, to }) => ({ what, from, to, by }))]
}

/** Both texts for a diff, unless one is too long, not at hand, or not text. */
export function textsOf(before: Buffer | undefined, after: Buffer | undefined): Edit['texts'] {
  if (before === undefined || after === undefined) return undefined
  if (before.length > SHOWN || after.length > SHOWN || before.includes(0) || after.includes(0)) return undefined
  return { before: before.toString('utf8'), after: after.toString('utf8') }
}
