import type { Fields, Run } from '../../kit/effect.ts'
import type { Edit } from '../../kit/plan.ts'
import type { Entry } from '../../questions/files.ts'
import type { Ids } from '../../questions/system.ts'
import { join, raw, type Script, sh } from '../../shell/script.ts'
import { MODE_PATTERN, modeFrom, modeText } from './mode.ts'

/** Parameters that every module has that leaves files behind. */
export const OWNERSHIP = {
  mode: { type: 'string', pattern: MODE_PATTERN, description: 'Permissions, octal (0644) or symbolic (u=rw,g=r)' },
  owner: { type: 'string', minLength: 1, description: 'Name or number of the user that owns it' },
  group: { type: 'string', minLength: 1, description: 'Name or number of the group that owns it' },
  unsafe_writes: { type: 'boolean', description: 'Never needed: files are always replaced as a whole' },
  attributes: { type: 'string', aliases: ['attr'], refused: 'file attributes (chattr) are not managed' },
  seuser: { type: 'string', refused: 'SELinux labels are not managed' },
  serole: { type: 'string', refused: 'SELinux labels are not managed' },
  setype: { type: 'string', refused: 'SELinux labels are not managed' },
  selevel: { type: 'string', refused: 'SELinux labels are not managed' },
} as const

/** What a task wants of a file beside its content. */
export interface Wanted {
  readonly mode?: string | undefined
  readonly owner?: string | undefined
  readonly group?: string | undefined
}

/** Permissions that something new begins with. */
const FRESH = { file: 0o644, directory: 0o755 } as const

/** A difference in mode, owner or group; who makes it true is up to the caller. */
export interface Difference {
  readonly what: 'owner' | 'group' | 'mode'
  readonly from: string
  readonly to: string
}

/** Where mode, owner and group of what is there differ from what is wanted. A link has no mode of its own. */
export function differences(seen: Entry, wanted: Wanted, ids: Ids): Difference[] {
  const out: Difference[] = []
  const { owner, group } = wanted
  if (owner !== undefined && (ids.uid === undefined ? seen.owner !== owner : seen.uid !== ids.uid))
    out.push({ what: 'owner', from: seen.owner || String(seen.uid), to: owner })
  if (group !== undefined && (ids.gid === undefined ? seen.group !== group : seen.gid !== ids.gid))
    out.push({ what: 'group', from: seen.group || String(seen.gid), to: group })
  if (wanted.mode !== undefined && seen.type !== 'link') {
    const mode = modeFrom(wanted.mode, seen.mode, seen.type === 'directory')
    if (mode !== seen.mode) out.push({ what: 'mode', from: modeText(seen.mode), to: modeText(mode) })
  }
  return out
}

/** Edits that mend mode, owner and group of something that is there: owner first, since chown takes setuid away. */
export const mend = (path: string, seen: Entry, wanted: Wanted, ids: Ids): Edit[] =>
  differences(seen, wanted, ids).map(({ what, from, to }) => ({
    what,
    from,
    to,
    by: run(mender(what, to, path, seen)),
  }))

const mender = (what: Difference['what'], to: string, path: string, seen: Entry): Script => {
  const self = seen.type === 'link' ? raw('-h') : raw('')
  if (what === 'owner') return sh`chown ${self} -- ${to} ${path}`
  if (what === 'group') return sh`chgrp ${self} -- ${to} ${path}`
  return sh`chmod -- ${to} ${path}`
}

/** Shell text that gives something new its owner, group and mode, ready to follow a command with `&&`. */
export function adorn(path: string, wanted: Wanted, kind: 'file' | 'directory'): Script {
  const { owner, group, mode } = wanted
  return join(
    [
      ...(owner === undefined ? [] : [sh` && chown -- ${owner} ${path}`]),
      ...(group === undefined ? [] : [sh` && chgrp -- ${group} ${path}`]),
      ...(mode === undefined ? [] : [sh` && chmod -- ${freshMode(mode, kind)} ${path}`]),
    ],
    '',
  )
}

/** The mode that a wish means for something new. */
export const freshMode = (mode: string, kind: 'file' | 'directory'): string =>
  modeText(modeFrom(mode, FRESH[kind], kind === 'directory'))

/** A script as an effect. */
export const run = (script: Script, doing?: string): Run => ({
  kind: 'run',
  script,
  ...(doing === undefined ? {} : { doing }),
})

const STATES: Readonly<Record<Entry['type'], string>> = {
  file: 'file',
  directory: 'directory',
  link: 'link',
  block: 'file',
  char: 'file',
  fifo: 'file',
  socket: 'file',
}

/** What Ansible's file modules return of a file. */
export const facts = (seen: Entry): Fields => ({
  state: STATES[seen.type],
  mode: modeText(seen.mode),
  uid: seen.uid,
  gid: seen.gid,
  size: seen.size,
  ...(seen.owner === '' ? {} : { owner: seen.owner }),
  ...(seen.group === '' ? {} : { group: seen.group }),
})

/** What will be true of mode, owner and group, as far as the wish tells. */
export const prospect = (wanted: Wanted, kind: 'file' | 'directory'): Fields => ({
  state: kind,
  ...(wanted.mode === undefined ? {} : { mode: freshMode(wanted.mode, kind) }),
  ...(wanted.owner === undefined ? {} : { owner: wanted.owner }),
  ...(wanted.group === undefined ? {} : { group: wanted.group }),
})
