/** What people write of an entry. */
interface AclWish {
  readonly entry?: string
  readonly etype?: string
  readonly entity: string
  readonly permissions?: string
  readonly state: 'absent' | 'present' | 'query'
  readonly default: boolean
  readonly recursive: boolean
  readonly recalculate_mask: string
}

/** Options of both tools. */
export function optionsOf(args: AclWish & { readonly follow: boolean }): { set: string[]; get: string[] } {
  const both = [
    ...((byEntry(args)?.default ?? args.default) ? ['-d'] : []),
    ...(args.recursive ? ['-R'] : []),
    ...(args.follow ? [] : ['-P']),
  ]
  const mask = { default: [], mask: ['--mask'], no_mask: ['--no-mask'] }[args.recalculate_mask] ?? []
  return { get: both, set: [...both, ...mask] }
}

/** What `setfacl` is told to do; nothing for a query. */
export function wordsOf(args: AclWish): string[] {
  if (args.state === 'query') return []
  const { etype, entity, permissions } = byEntry(args) ?? args
  const words = [etype ?? '', entity, ...(args.state === 'present' && permissions ? [permissions] : [])]
  return [args.state === 'present' ? '-m' : '-x', words.join(':')]
}

/** The parts of `entry`. */
function byEntry({
  entry,
}: AclWish): { default?: true; etype?: string; entity: string; permissions?: string } | undefined {
  if (entry === undefined || entry === '') return undefined
  const isDefault = /^d/i.test(entry)
  const [type = '', entity = '', permissions] = entry.split(':').slice(isDefault ? 1 : 0)
  const etype = ['user', 'group', 'mask', 'other'].find(
    name => name.startsWith(type.charAt(0).toLowerCase()) && type !== '',
  )
  return {
    ...(isDefault ? { default: true } : {}),
    ...(etype ? { etype } : {}),
    entity,
    ...(permissions ? { permissions } : {}),
  }
}

/** What is contradictory about a wish. */
export function wrongIn(args: AclWish): string | undefined {
  const { state, entry, etype, entity, permissions } = args
  const colons = (entry ?? '').split(':').length - 1
  const wrong: [boolean, string][] = entry
    ? [
        [
          etype !== undefined || entity !== '' || permissions !== undefined,
          "'entry' MUST NOT be set when 'entity', 'etype' or 'permissions' are set.",
        ],
        [
          state === 'present' && colons !== 2 && colons !== 3,
          "'entry' MUST have 3 or 4 sections divided by ':' when 'state=present'.",
        ],
        [
          state === 'absent' && colons !== 1 && colons !== 2,
          "'entry' MUST have 2 or 3 sections divided by ':' when 'state=absent'.",
        ],
        [state === 'query', "'entry' MUST NOT be set when 'state=query'."],
      ]
    : [
        [state === 'query' && args.recursive, "'recursive' MUST NOT be set when 'state=query'."],
        [
          state === 'query' && args.recalculate_mask !== 'default',
          "'recalculate_mask' MUST NOT be set to 'mask' or 'no_mask' when 'state=query'.",
        ],
        [state === 'absent' && !!permissions, "'permissions' MUST NOT be set when 'state=absent'."],
        [state === 'absent' && entity === '', "'entity' MUST be set when 'state=absent'."],
        [state !== 'query' && etype === undefined, `'etype' MUST be set when 'state=${state}'.`],
      ]
  return wrong.find(([is]) => is)?.[1]
}
