import type { Effect, Fields, Put, Run } from '../../kit/effect.ts'
import type { Edit } from '../../kit/plan.ts'
import type { Entry } from '../../questions/files.ts'
import type { Ids } from '../../questions/system.ts'
import type { Dressed } from '../../questions/worn.ts'
import { chcon, type Label } from '../../shell/label.ts'
import { join, raw, type Script, sh } from '../../shell/script.ts'
import { chattr, chattrWord, hasFlags } from './flags.ts'
import { relabelled, wantedLabel } from './label.ts'
import { MODE_PATTERN, modeFrom, modeText } from './mode.ts'

const LABEL = '^[^\\s]+$'
const part = <T extends string>(name: T) => `The ${name} of its SELinux label; _default for the policy's` as const

/** Parameters that every module has that leaves files behind. */
export const OWNERSHIP = {
  mode: { type: 'string', pattern: MODE_PATTERN, description: 'Permissions, octal (0644) or symbolic (u=rw,g=r)' },
  owner: { type: 'string', minLength: 1, description: 'Name or number of the user that owns it' },
  group: { type: 'string', minLength: 1, description: 'Name or number of the group that owns it' },
  unsafe_writes: { type: 'boolean', description: 'Never needed: files are always replaced as a whole' },
  attributes: {
    type: 'string',
    pattern: '^[-+=]?[aAcCdDeEFhiIjmNPsStTuVxXZ]*$',
    aliases: ['attr'],
    description: 'Letters of chattr: these and no others, or after + and - those to set and to clear',
  },
  seuser: { type: 'string', pattern: LABEL, description: part('user') },
  serole: { type: 'string', pattern: LABEL, description: part('role') },
  setype: { type: 'string', pattern: LABEL, description: part('type') },
  selevel: { type: 'string', pattern: LABEL, description: part('level') },
} as const

/** What a task wants of a file beside its content. */
export interface Wanted {
  readonly mode?: string | undefined
  readonly owner?: string | undefined
  readonly group?: string | undefined
  readonly label?: Label | undefined
  readonly attributes?: string | undefined
}

/** What a task wants as far as this host can do it: without SELinux there are no labels, without chattr no attributes. */
export const wantedOf = ({ mode, owner, group, attributes, ...task }: Dressed, { marks }: Ids): Wanted => ({
  ...{ mode, owner, group },
  label: marks?.labels && wantedLabel(task, marks.labels),
  attributes: attributes === undefined || marks?.flags === undefined ? undefined : chattrWord(attributes),
})

/** A wish as fields of an effect; how its mode is said is up to the caller. */
export const dressing = ({
  owner,
  group,
  label,
  attributes,
}: Wanted): Pick<Put, 'owner' | 'group' | 'label' | 'attributes'> => ({
  ...(owner === undefined ? {} : { owner }),
  ...(group === undefined ? {} : { group }),
  ...(label === undefined ? {} : { label }),
  ...(attributes === undefined ? {} : { attributes }),
})

/** Permissions that something new begins with. */
const FRESH = { file: 0o644, directory: 0o755 } as const

/** A difference in what is beside the content; who makes it true is up to the caller. */
export interface Difference {
  readonly what: 'secontext' | 'owner' | 'group' | 'mode' | 'attributes'
  readonly from: string
  readonly to: string
}

/** Where what is there differs from what is wanted, in the order in which Ansible looks. A link has no mode of its own. */
export function differences(seen: Entry, wanted: Wanted, ids: Ids): Difference[] {
  const out: Difference[] = []
  const { owner, group } = wanted
  if (wanted.label !== undefined) {
    const to = relabelled(seen.label ?? '', wanted.label)
    if (to !== seen.label) out.push({ what: 'secontext', from: seen.label ?? 'none', to })
  }
  if (owner !== undefined && (ids.uid === undefined ? seen.owner !== owner : seen.uid !== ids.uid))
    out.push({ what: 'owner', from: seen.owner || String(seen.uid), to: owner })
  if (group !== undefined && (ids.gid === undefined ? seen.group !== group : seen.gid !== ids.gid))
    out.push({ what: 'group', from: seen.group || String(seen.gid), to: group })
  if (wanted.mode !== undefined && seen.type !== 'link') {
    const mode = modeFrom(wanted.mode, seen.mode, seen.type === 'directory')
    if (mode !== seen.mode) out.push({ what: 'mode', from: modeText(seen.mode), to: modeText(mode) })
  }
  const flags = ids.marks?.flags
  if (wanted.attributes !== undefined && flags !== undefined && !hasFlags(flags, wanted.attributes))
    out.push({ what: 'attributes', from: flags, to: wanted.attributes })
  return out
}

/** Edits that mend what is beside the content of something that is there: owner before mode, since chown takes setuid away. */
export const mend = (path: string, seen: Entry, wanted: Wanted, ids: Ids): Edit[] =>
  differences(seen, wanted, ids).map(({ what, from, to }) => ({
    what,
    from,
    to,
    by: run(mender(what, to, path, seen)),
  }))

const mender = (what: Difference['what'], to: string, path: string, seen: Entry): Script => {
  const self = seen.type === 'link' ? raw('-h') : raw('')
  if (what === 'secontext') return sh`chcon ${self} -- ${to} ${path}`
  if (what === 'attributes') return chattr(to, path, seen.type !== 'link')
  if (what === 'owner') return sh`chown ${self} -- ${to} ${path}`
  if (what === 'group') return sh`chgrp ${self} -- ${to} ${path}`
  return sh`chmod -- ${to} ${path}`
}

/** Shell text that gives something new all of it, ready to follow a command with `&&`. */
export function adorn(path: string, wanted: Wanted, kind: 'file' | 'directory'): Script {
  const { owner, group, mode, label, attributes } = wanted
  return join(
    [
      ...(label === undefined ? [] : [sh` && ${chcon(label)} -- ${path}`]),
      ...(owner === undefined ? [] : [sh` && chown -- ${owner} ${path}`]),
      ...(group === undefined ? [] : [sh` && chgrp -- ${group} ${path}`]),
      ...(mode === undefined ? [] : [sh` && chmod -- ${freshMode(mode, kind)} ${path}`]),
      ...(attributes === undefined ? [] : [sh` && ${chattr(attributes, path, true)}`]),
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
  ...(seen.label === undefined ? {} : { secontext: seen.label }),
})

/** A wish for something new as lines of a diff, all made true by one effect. */
export const dressEdits = (wanted: Wanted, kind: 'file' | 'directory', from: string, by: Effect): Edit[] => {
  const { owner, group, mode, label, attributes } = wanted
  const lines: readonly (readonly [what: string, to: string | undefined])[] = [
    ['secontext', label && Object.values(label).join(':')],
    ...([
      ['owner', owner],
      ['group', group],
    ] as const),
    ['mode', mode === undefined ? undefined : freshMode(mode, kind)],
    ['attributes', attributes],
  ]
  return lines.flatMap(([what, to]) => (to === undefined ? [] : [{ what, from, to, by }]))
}

/** What will be true of mode, owner and group, as far as the wish tells. */
export const prospect = (wanted: Wanted, kind: 'file' | 'directory'): Fields => ({
  state: kind,
  ...(wanted.mode === undefined ? {} : { mode: freshMode(wanted.mode, kind) }),
  ...(wanted.owner === undefined ? {} : { owner: wanted.owner }),
  ...(wanted.group === undefined ? {} : { group: wanted.group }),
})
