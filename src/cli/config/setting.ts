import type { Kind } from './kinds.ts'

/** One setting: what it means, where it may be written, and what it is when nobody says. */
export interface Setting<T> extends Kind<T> {
  readonly what: string
  /** Environment variables; the last that is set wins. */
  readonly env: readonly string[]
  /** `section.key` of ansible.cfg; the last that is there wins. */
  readonly ini: readonly string[]
  /** Why a value cannot be honoured; a run that meant it must not start. */
  readonly refuse?: (value: T) => string | undefined
}

/** `ANSIBLE_NAME` or `section.key` are told apart by their dots. */
export function setting<T>(
  what: string,
  names: string,
  kind: Kind<T>,
  refuse?: (value: T) => string | undefined,
): Setting<T> {
  const all = names.split(' ')
  return {
    ...kind,
    what,
    env: all.filter(name => !name.includes('.')),
    ini: all.filter(name => name.includes('.')),
    ...(refuse ? { refuse } : {}),
  }
}

/** Says why when a value is not fine. */
export const unless =
  <T>(fine: (value: T) => boolean, why: string) =>
  (value: T): string | undefined =>
    fine(value) ? undefined : why
