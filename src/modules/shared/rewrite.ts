import { posix } from 'node:path'
import type { Fields } from '../../kit/effect.ts'
import type { HostInfo } from '../../kit/host.ts'
import { act, change, ok, type Plan, refuse } from '../../kit/plan.ts'
import { hash } from '../../questions/controller.ts'
import { at, type Entry, entry, real, text } from '../../questions/files.ts'
import { known } from '../../questions/known.ts'
import { type Ids, ids } from '../../questions/system.ts'
import { sh } from '../../shell/script.ts'
import { differences, freshMode, mend, run, type Wanted } from './attributes.ts'
import { ended } from './ended.ts'
import { ofText, placing } from './place.ts'

/** Parameters of every module that edits a text in place, beside `OWNERSHIP`. */
export const REWRITING = {
  backup: { type: 'boolean', default: false, description: 'Keep the old file beside the new one' },
  validate: {
    type: 'string',
    pattern: '%s',
    description: 'Command that must accept the new file, %s stands for its path',
  },
} as const

export interface RewriteWish extends Wanted {
  readonly path: string
  readonly create?: boolean
  readonly backup: boolean
  readonly validate?: string
}

/** What must be seen of a file before its text is edited. */
export const textAt = (wish: RewriteWish, host: HostInfo) => {
  const path = at(wish.path, host)
  const parent = wish.create ? entry(posix.dirname(path), true) : known<Entry | undefined>(undefined)
  return { self: entry(path, true), real: real(path), text: text(path), parent, ids: ids(wish.owner, wish.group) }
}

export interface Seen {
  readonly self: Entry | undefined
  readonly real: string
  readonly text: string | undefined
  /** The directory that a new file goes into. */
  readonly parent: Entry | undefined
  readonly ids: Ids
}

/**
 * The plan that makes a file's text be what `edit` makes of it; links are written through. An edit that would edit its own
 * result again cannot be proven by asking again: it is an act.
 * @param more what the result says besides
 */
export function rewrite(
  wish: RewriteWish,
  seen: Seen,
  edit: (text: string) => { text: string; msg: string; found?: number },
  more: Fields = {},
): Plan {
  const { mode, owner, group, backup, validate } = wish
  const path = seen.real
  if (seen.self === undefined && !wish.create)
    return refuse(`Path ${path} does not exist !`, 'set create: true to make it', { rc: 257 })
  if (seen.self !== undefined && seen.self.type !== 'file')
    return refuse(`Path ${path} is a ${seen.self.type} !`, undefined, { rc: 256 })
  const before = seen.text ?? ''
  const { text: after, msg, found } = edit(before)
  const wanted = { mode, owner, group }
  const told = [msg, ...(dressed(wanted, seen) ? ['ownership, perms or SE linux context changed'] : [])]
  const result: Fields = {
    ...more,
    path,
    msg: told.filter(text => text !== '').join(' and '),
    ...(found === undefined ? {} : { found }),
  }
  if (after === before && seen.self !== undefined)
    return change(mend(path, seen.self, wanted, seen.ids), [`path:${path}`], result)
  if (after === before && msg === '') return ok(result)
  const bytes = Buffer.from(before)
  const landing = { directory: false, entry: seen.self, sha256: seen.self && hash('sha256', bytes), before: bytes }
  const edits = placing({ path, ...ofText(after), wanted, backup, validate }, landing, seen.ids)
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
      outcome => ended(outcome, { ...result, ...Object.fromEntries(outcome.fields ?? []) }),
      {
        touches: [`path:${path}`],
        dry: 'pretend',
      },
    )
  return change([...make, ...edits], [`path:${path}`], result)
}

/** Whether a file gets other permissions or another owner than it has, or than it would be made with. */
function dressed(wanted: Wanted, { self, ids: numbers }: Seen): boolean {
  if (self !== undefined) return differences(self, wanted, numbers).length > 0
  const { mode, owner, group } = wanted
  return owner !== undefined || group !== undefined || (mode !== undefined && freshMode(mode, 'file') !== '0644')
}
