import type { Fields } from '../../kit/effect.ts'
import type { ArgsSchema } from '../../kit/schema.ts'

/** The arguments that a module has when none are given. */
export const defaultsOf = (schema: ArgsSchema): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(schema.properties).flatMap(([name, property]) =>
      'default' in property ? [[name, property.default]] : [],
    ),
  )

/** Arguments as Ansible tells them again in a result: those of these names that were not given are null. */
export const nulled = (args: Readonly<Record<string, unknown>>, names: readonly string[]): Fields => ({
  ...Object.fromEntries(names.map(name => [name, null])),
  ...(args as Fields),
})
