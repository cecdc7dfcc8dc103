import { fromJson, type Value } from '../../base/value.ts'
import { type Config, TABLE } from './table.ts'

/**
 * A setting by the name that Ansible gives it: `DEFAULT_FORKS` is what ANSIBLE_FORKS says. Undefined for names that mean nothing here.
 */
export function settingOf(config: Config): (name: string) => Value | undefined {
  const byVariable = new Map(
    Object.entries(TABLE).flatMap(([name, row]) => row.env.map(variable => [variable, name as keyof Config] as const)),
  )
  return name => {
    const known = byVariable.get(`ANSIBLE_${name.replace(/^DEFAULT_/, '')}`)
    return known === undefined ? undefined : fromJson(config[known])
  }
}
