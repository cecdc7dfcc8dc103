import type { ArgsSchema } from '../../kit/schema.ts'

/** The arguments that a module has when none are given. */
export const defaultsOf = (schema: ArgsSchema): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(schema.properties).flatMap(([name, property]) =>
      'default' in property ? [[name, property.default]] : [],
    ),
  )
