import type { Marks, MarksWish } from '../../questions/marks.ts'
import type { Label } from '../../shell/label.ts'

/** The parts of a label. A level may hold colons. */
const partsOf = (label: string): Label => {
  const [, user, role, type, level] = /^([^:]*):([^:]*):([^:]*)(?::(.*))?$/s.exec(label) ?? []
  if (user === undefined || role === undefined || type === undefined) return {}
  return { user, role, type, ...(level === undefined ? {} : { level }) }
}

/** What a task asks of a label, `_default` being what the policy says; on a file system with one label for all, that one. */
export function wantedLabel(
  { seuser, serole, setype, selevel }: MarksWish,
  { mls, usual, fixed }: NonNullable<Marks['labels']>,
): Label | undefined {
  if (fixed !== undefined) return partsOf(fixed)
  const policy = partsOf(usual ?? '')
  const word = (name: keyof Label, wish: string | undefined): Label => {
    const value = wish === '_default' ? policy[name] : wish
    return value === undefined ? {} : { [name]: value }
  }
  const label = {
    ...word('user', seuser),
    ...word('role', serole),
    ...word('type', setype),
    ...(mls ? word('level', selevel) : {}),
  }
  return Object.keys(label).length === 0 ? undefined : label
}

/** A label with other parts. */
export function relabelled(label: string, wanted: Label): string {
  const { user = '', role = '', type = '', level } = { ...partsOf(label), ...wanted }
  return [user, role, type, ...(level === undefined ? [] : [level])].join(':')
}
