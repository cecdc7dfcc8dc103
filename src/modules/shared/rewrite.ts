import { posix } from 'node:path'
import { bytesOfText, textOfBytes } from '../../base/lossless.ts'
import type { Fields } from '../../kit/effect.ts'
import type { HostInfo } from '../../kit/host.ts'
import { act, change, type Edit, ok, type Plan, refuse } from '../../kit/plan.ts'
import type { TargetQuestion } from '../../kit/question.ts'
import { hash } from '../../questions/controller.ts'
import { at, bytes, type Entry, entry, real } from '../../questions/files.ts'
import { known } from '../../questions/known.ts'
import type { Ids } from '../../questions/system.ts'
import { type Dressed, worn } from '../../questions/worn.ts'
import { sh } from '../../shell/script.ts'
import { differences, freshMode, mend, run, type Wanted, wantedOf } from './attributes.ts'
import { ended } from './ended.ts'
import { modeFrom, modeText } from './mode.ts'
import { ofBytes, placing } from './place.ts'

/** Parameters of every module that edits a text in place, beside `OWNERSHIP`. */
export const REWRITING = {
  backup: { type: 'boolean', default: false, description: 'Keep the old file beside the new one' },
  validate: {
    type: 'string',
    pattern: '%s',
    description: 'Command that must accept the new file, %s stands for its path',
  },
} as const

export interface RewriteWish extends Dressed {
  readonly path: string
  readonly create?: boolean
  readonly backup: boolean
  readonly validate?: string
  /** The message tells of the text, and not of permissions besides. */
  readonly terse?: boolean
  /** Whether a link is written through, as it is unless this says no; the file takes its place then. */
  readonly follow?: boolean
}

/** What must be seen of a file before its text is edited. */
export const textAt = (wish: RewriteWish, host: HostInfo) => {
  const path = at(wish.path, host)
  const parent = wish.create ? entry(posix.dirname(path), true) : known<Entry | undefined>(undefined)
  return {
    self: entry(path, true),
    link: wish.follow === false ? entry(path) : known<Entry | undefined>(undefined),
    real: wish.follow === false ? known(path) : real(path),
    text: textOf(path),
    parent,
    ids: worn({ path, follow: true }, wish),
  }
}

/** The text of a file, whatever its bytes; what is no file has none, and is refused by its kind. */
const textOf = (path: string): TargetQuestion<string | undefined> => {
  const question = bytes(path)
  return {
    ...question,
    read: answer => {
      const seen = answer.stderr.trimEnd().endsWith(': Is a directory') ? undefined : question.read(answer)
      return seen && textOfBytes(seen)
    },
  }
}

export interface Seen {
  readonly self: Entry | undefined
  /** What stands at the path itself, where a link is not followed. */
  readonly link?: Entry | undefined
  /** What is written to. */
  readonly real: string
  readonly text: string | undefined
  /** The directory that a new file goes into. */
  readonly parent: Entry | undefined
  readonly ids: Ids
}

/**
 * The plan that makes a file's text be what `edit` makes of it. An edit that would edit its own result again cannot be proven by
 * asking again: it is an act.
 * @param more what the result says besides, of the file
 * @param deed what it says besides, of the change
 */
export function rewrite(
  wish: RewriteWish,
  seen: Seen,
  edit: (text: string) => { text: string; msg?: string; found?: number },
  more: Fields = {},
  deed: Fields = {},
): Plan {
  const { backup, validate } = wish
  const path = seen.real
  if (seen.self === undefined && !wish.create)
    return refuse(`Path ${path} does not exist !`, 'set create: true to make it', { rc: 257 })
  if (seen.self !== undefined && seen.self.type !== 'file')
    return refuse(`Path ${path} is a ${seen.self.type} !`, undefined, { rc: 256 })
  const before = seen.text ?? ''
  const { text: after, msg, found } = edit(before)
  const link = seen.link?.type === 'link' ? seen.link : undefined
  const wanted = wantedOf(wish, seen.ids)
  const told = [
    msg ?? '',
    ...(!wish.terse && dressed(wanted, seen) ? ['ownership, perms or SE linux context changed'] : []),
  ]
  const result: Fields = { ...more, path }
  const done: Fields = {
    ...deed,
    ...(msg === undefined ? {} : { msg: told.filter(text => text !== '').join(' and ') }),
    ...(found === undefined ? {} : { found }),
  }
  if (after === before && seen.self !== undefined)
    return change(mend(path, link ?? seen.self, wanted, seen.ids), [`path:${path}`], result, done)
  if (after === before && (msg ?? '') === '') return ok({ ...result, ...done })
  const old = bytesOfText(before)
  const landing = {
    directory: false,
    link: link !== undefined,
    entry: seen.self,
    sha256: seen.self && hash('sha256', old),
    before: old,
  }
  const given = link === undefined || seen.self === undefined ? wanted : inPlaceOf(seen.self, wanted)
  const placed = placing({ path, ...ofBytes(bytesOfText(after)), wanted: given, backup, validate }, landing, seen.ids)
  const field = BACKUPS.find(name => name in more)
  const edits = field === undefined ? placed : placed.map(edit => tellingBackup(edit, field))
  const parent = posix.dirname(path)
  const make =
    seen.self === undefined && seen.parent === undefined
      ? [{ what: parent, from: 'absent', to: 'directory', by: run(sh`mkdir -p -- ${parent}`) }]
      : []
  const stable = edit(after).text === after
  const [first] = edits
  if (!stable && first !== undefined && seen.self !== undefined)
    return act(
      `edit ${path}`,
      first.by,
      outcome => ended(outcome, { ...result, ...done, ...Object.fromEntries(outcome.fields ?? []) }),
      {
        touches: [`path:${path}`],
        dry: 'pretend',
      },
    )
  return change([...make, ...edits], [`path:${path}`], result, done)
}

/** What a file gets that takes the place of a link: what is wanted, and for the rest what the file has that the link led to. */
const inPlaceOf = (self: Entry, wanted: Wanted): Wanted => ({
  ...wanted,
  mode: modeText(wanted.mode === undefined ? self.mode : modeFrom(wanted.mode, self.mode, false)),
  owner: wanted.owner ?? (self.owner || String(self.uid)),
  group: wanted.group ?? (self.group || String(self.gid)),
})

/** Fields by which modules tell where the old file is, besides `backup_file`. */
const BACKUPS = ['backup', 'backupdest'] as const

/** The edit, whose outcome tells the path of the backup in a field more. */
const tellingBackup = (edit: Edit, backupField: string): Edit =>
  edit.by.kind === 'put' ? { ...edit, by: { ...edit.by, backupField } } : edit

/** Whether a file gets other permissions or another owner than it has, or than it would be made with. */
function dressed(wanted: Wanted, { self, ids: numbers }: Seen): boolean {
  if (self !== undefined) return differences(self, wanted, numbers).length > 0
  const { mode, owner, group, label, attributes } = wanted
  if (label !== undefined || attributes !== undefined) return true
  return owner !== undefined || group !== undefined || (mode !== undefined && freshMode(mode, 'file') !== '0644')
}
